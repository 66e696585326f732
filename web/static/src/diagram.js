// Opens a BPMN diagram in a box. Colours are CSS variables, so a theme switch needs no redraw.
// The box names its model: data-model is the address of the XML, data-label the accessible name.
import NavigatedViewer from "camunda-bpmn-js/lib/camunda-cloud/NavigatedViewer";

export const INK = { defaultFillColor: "var(--surface)", defaultStrokeColor: "var(--flow)", defaultLabelColor: "var(--ink)" };
const ILLEGIBLE = 7; // px: below this, only the shapes, the path and the tokens are shown
const READABLE = 10; // px: text below this size is not shown; the view is cropped instead

export function fonts(fontSize) {
  const font = { fontFamily: "Inter, system-ui, 'Noto Sans CJK SC', sans-serif", fontSize, fontWeight: "500", lineHeight: 1.15 };
  return { defaultStyle: font, externalStyle: { ...font, fontSize: fontSize - 1, fontWeight: "400" } };
}

// around: ids to frame alone. focus: ids to keep in sight where the whole would be too small to read.
export async function openDiagram(box, { around = null, focus = null, pad = 24, foot = 0, left = 0, maxZoom = 1.3, fontSize = 12 } = {}) {
  await document.fonts.load("500 12px Inter");
  const view = new NavigatedViewer({ container: box, bpmnRenderer: INK, textRenderer: fonts(fontSize) });
  const canvas = view.get("canvas");
  view.on("import.parse.complete", ({ definitions }) => {
    if (!definitions) return;
    localise(definitions, document.documentElement.lang.replace("-", "_"));
    widen(definitions, fontSize - 1);
  });
  const minZoom = READABLE / (fontSize - 1);
  const tinted = new Set();
  const marked = [];
  const put = [];
  let wanted = { around, focus };
  let touched = false; // once someone has moved the view, only the fit button frames it again

  async function load(address) {
    const answer = await fetch(address, { headers: { Accept: "application/xml" } });
    if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
    await view.importXML(await answer.text());
    tinted.clear();
    marked.length = put.length = 0;
    const svg = box.querySelector(".djs-container > svg");
    if (svg) { svg.setAttribute("role", "img"); svg.setAttribute("aria-label", box.dataset.label || "Process diagram"); }
  }

  function extent(ids) {
    const all = view.get("elementRegistry").filter((e) => e.parent && canvas.findRoot(e) === canvas.getRootElement() && (!ids || ids.includes(e.id)));
    if (!all.length) return null;
    const xs = all.flatMap((e) => e.waypoints ? e.waypoints.map((p) => p.x) : [e.x, e.x + e.width]);
    const ys = all.flatMap((e) => e.waypoints ? e.waypoints.map((p) => p.y) : [e.y, e.y + e.height]);
    return { x: Math.min(...xs), y: Math.min(...ys), w: Math.max(...xs) - Math.min(...xs), h: Math.max(...ys) - Math.min(...ys) };
  }

  function frame({ whole = false } = {}) {
    const all = extent(whole ? null : wanted.around) || extent(null);
    const [bw, bh] = [box.clientWidth, box.clientHeight];
    if (!all) return;
    const fit = Math.min(maxZoom, (bw - left - 2 * pad) / all.w, (bh - 2 * pad - foot) / all.h);
    if (!(fit > 0)) return; // not on screen yet
    const zoom = whole ? fit : Math.max(fit, Math.min(minZoom, maxZoom));
    const [vw, vh] = [(bw - left) / zoom, (bh - foot) / zoom];
    let x = all.x - (vw - all.w) / 2;
    let y = all.y - (vh - all.h) / 2;
    if (zoom > fit) { // cropped: show the focus, else where it begins
      const here = (wanted.focus && extent(wanted.focus)) || beginning() || all;
      if (all.w > vw - 2 * pad / zoom) x = clamp(here.x + here.w / 2 - vw / 2, all.x - pad / zoom, all.x + all.w + pad / zoom - vw);
      if (all.h > vh - 2 * pad / zoom) y = clamp(here.y + here.h / 2 - vh / 2, all.y - pad / zoom, all.y + all.h + pad / zoom - vh);
    }
    canvas.viewbox({ x: x - left / zoom, y, width: bw / zoom, height: bh / zoom });
  }

  function overview() { // words that nobody can read are only dirt
    box.classList.toggle("overview", canvas.zoom() * fontSize < ILLEGIBLE);
  }

  function beginning() {
    const starts = view.get("elementRegistry").filter((e) => e.type === "bpmn:StartEvent" && e.parent?.type !== "bpmn:SubProcess");
    return starts.length ? extent([starts[0].id]) : null;
  }

  function recolour(id, colour) { // through the diagram's own colours, so that the arrowheads follow
    const element = view.get("elementRegistry").get(id);
    if (!element?.di) return;
    element.di.set("bioc:stroke", colour);
    view.get("graphicsFactory").update(element.waypoints ? "connection" : "shape", element, canvas.getGraphics(element));
  }

  view.get("eventBus").on("canvas.viewbox.changed", overview);
  await load(box.dataset.model);
  frame();
  new ResizeObserver(() => { if (!touched) frame(); }).observe(box);
  for (const kind of ["wheel", "pointerdown"]) box.addEventListener(kind, (event) => { if (event.target.closest("svg")) touched = true; }, { passive: true });
  box.querySelector(".bjs-powered-by")?.setAttribute("aria-label", "Powered by bpmn.io");

  return {
    view, canvas, load,
    has: (id) => Boolean(view.get("elementRegistry").get(id)),
    frame: (next = wanted, how = {}) => { wanted = { around: null, focus: null, ...next }; touched = false; frame(how); },
    zoom: (factor) => { touched = true; canvas.zoom(Math.min(4, Math.max(0.2, canvas.zoom() * factor))); },
    tint: (ids, colour) => ids.forEach((id) => { tinted.add(id); recolour(id, colour); }),
    mark: (name, ids) => ids.forEach((id) => { if (view.get("elementRegistry").get(id)) { canvas.addMarker(id, name); marked.push([id, name]); } }),
    put: (id, html, position) => view.get("elementRegistry").get(id) && put.push(view.get("overlays").add(id, { position, html, show: {}, scale: false })),
    clear: () => { // takes tints, marks and overlays away
      tinted.forEach((id) => recolour(id, undefined));
      tinted.clear();
      marked.splice(0).forEach(([id, name]) => canvas.removeMarker(id, name));
      put.splice(0).forEach((overlay) => view.get("overlays").remove(overlay));
    },
  };
}

// Names in the page's language, from the property name:<locale>; for looking only, an editor must keep the file's own.
function localise(element, locale, seen = new Set()) {
  if (!element?.$type || seen.has(element)) return;
  seen.add(element);
  const named = (one) => one?.extensionElements?.values?.find((value) => value.$type === "zeebe:Properties")?.properties
    ?.find((property) => property.name === `name:${locale}`)?.value;
  const name = named(element) || (element.$type === "bpmn:Participant" && named(element.processRef)); // a pool is called as its process
  if (name) element.name = name;
  for (const part of ["rootElements", "participants", "flowElements", "laneSets", "lanes", "artifacts", "messageFlows", "childLaneSet"]) {
    for (const child of [element[part] || []].flat()) localise(child, locale, seen);
  }
}

// A label that is narrower than its longest word would break inside it: widened on both sides.
function widen(definitions, fontSize) {
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = `400 ${fontSize}px Inter, system-ui, sans-serif`;
  for (const element of (definitions.diagrams || []).flatMap((diagram) => diagram.plane?.planeElement || [])) {
    const bounds = element.label?.bounds;
    const words = (element.bpmnElement?.name || "").split(/[\s\u3400-\u9fff]+/);
    const missing = bounds ? Math.ceil(Math.max(...words.map((word) => pen.measureText(word).width)) + 4 - bounds.width) : 0;
    if (missing > 0) Object.assign(bounds, { x: bounds.x - missing / 2, width: bounds.width + missing });
  }
}

function clamp(value, low, high) {
  return Math.min(Math.max(value, low), Math.max(low, high));
}
