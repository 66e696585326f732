// Opens a BPMN diagram in a box. Colours are CSS variables, so a theme switch needs no redraw.
// The box names its model: data-model is the address of the XML, data-label the accessible name.
import NavigatedViewer from "camunda-bpmn-js/lib/camunda-cloud/NavigatedViewer";

const INK = { defaultFillColor: "var(--surface)", defaultStrokeColor: "var(--flow)", defaultLabelColor: "var(--ink)" };

export async function openDiagram(box, { around = null, pad = 24, foot = 0, left = 0, maxZoom = 1.1, fontSize = 13 } = {}) {
  const font = { fontFamily: "Inter, system-ui, 'Noto Sans CJK SC', sans-serif", fontSize, fontWeight: "500", lineHeight: 1.15 };
  await document.fonts.load("500 13px Inter");
  const view = new NavigatedViewer({ container: box, bpmnRenderer: INK, textRenderer: { defaultStyle: font, externalStyle: { ...font, fontSize: fontSize - 1, fontWeight: "400" } } });
  await view.importXML(await (await fetch(box.dataset.model)).text());
  const canvas = view.get("canvas");
  const frame = () => {
    const all = view.get("elementRegistry").filter((e) => e.parent && (!around || around.includes(e.id)));
    const xs = all.flatMap((e) => e.waypoints ? e.waypoints.map((p) => p.x) : [e.x, e.x + e.width]);
    const ys = all.flatMap((e) => e.waypoints ? e.waypoints.map((p) => p.y) : [e.y, e.y + e.height]);
    const [x, y, w, h] = [Math.min(...xs), Math.min(...ys), Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys)];
    const [bw, bh] = [box.clientWidth, box.clientHeight];
    const zoom = Math.min(maxZoom, (bw - left - 2 * pad) / w, (bh - 2 * pad - foot) / h);
    if (!(zoom > 0)) return; // not on screen yet
    canvas.viewbox({ x: x - left / zoom - ((bw - left) / zoom - w) / 2, y: y - ((bh - foot) / zoom - h) / 2, width: bw / zoom, height: bh / zoom });
  };
  frame();
  new ResizeObserver(frame).observe(box);
  const svg = box.querySelector("svg[data-element-id], .djs-container > svg");
  if (svg) { svg.setAttribute("role", "img"); svg.setAttribute("aria-label", box.dataset.label || "Process diagram"); }
  const logo = box.querySelector(".bjs-powered-by");
  if (logo) logo.setAttribute("aria-label", "Powered by bpmn.io");
  return {
    view, canvas,
    tint: (ids, colour) => ids.forEach((id) => { // recolours a shape or flow with its arrowhead
      const element = view.get("elementRegistry").get(id);
      element.di.$attrs["bioc:stroke"] = colour; element.di.get("bioc:stroke") || element.di.set("bioc:stroke", colour);
      view.get("graphicsFactory").update(element.waypoints ? "connection" : "shape", element, canvas.getGraphics(element));
    }),
    mark: (name, ids) => ids.forEach((id) => canvas.addMarker(id, name)),
    put: (id, html, position) => view.get("overlays").add(id, { position, html, show: {}, scale: false }),
  };
}
