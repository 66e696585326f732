// The state of a case on its diagram: path, visits, tokens, incidents. The page's JSON says it all; nothing is computed here.
import { openDiagram } from "./diagram.js";

const RING = { size: 30, radius: 14 };

export async function openCase(box, state, options) {
  const phone = matchMedia("(max-width: 760px)").matches; // the phone shows here and what is next
  const diagram = await openDiagram(box, phone ? { ...options, pad: 36, maxZoom: 1.5 } : { ...options, pad: 24, foot: 28 });
  let shown = state;

  function draw(next = shown) {
    shown = next;
    diagram.clear();
    const places = standIns(diagram, next);
    const flows = next.flows.filter(diagram.has);
    diagram.mark("done", next.done.map((id) => places(id)).filter(Boolean));
    diagram.tint(flows, "var(--accent-ink)");
    diagram.mark("path", flows);
    const tokens = new Map();
    for (const token of next.tokens) {
      const at = places(token.element);
      if (at) tokens.set(at, [...(tokens.get(at) || []), token]);
    }
    diagram.mark("here", [...tokens.keys()]);
    const broken = next.incidents.map((incident) => places(incident.element)).filter(Boolean);
    diagram.mark("bad", broken);
    broken.forEach((id) => diagram.put(id, `<span class="mark" role="img" aria-label="${escape(next.words.incident)}">!</span>`, { top: -10, right: 10 }));
    for (const [id, visits] of Object.entries(next.visits)) {
      if (visits > 1 && places(id) === id) diagram.put(id, `<span class="visits">${visits}×</span>`, { bottom: 9, right: 12 });
    }
    tokens.forEach((here, id) => chip(id, here));
  }

  function chip(id, tokens) {
    const first = tokens[0];
    const rest = tokens.length > 1 ? `<b class="also" aria-hidden="true">+${tokens.length - 1}</b>` : "";
    const face = first.face ? `<span class="dial" aria-hidden="true">${ring(first.share)}<span class="face ${escape(first.tone)}">${escape(first.face)}</span></span>` : `<span class="dial" aria-hidden="true">${ring(first.share)}<span class="face free">${first.icon}</span></span>`;
    const element = diagram.view.get("elementRegistry").get(id);
    const small = element.height <= 50; // events stand close together: the dial alone, the words on pointing and in the strip
    const inner = `${face}${first.text && !small ? `<em aria-hidden="true">${escape(first.text)}</em>` : ""}${rest}`;
    const title = tokens.map((token) => token.label).join("\n");
    const html = document.createElement(first.href ? "a" : "div");
    html.className = `token ${first.state}${small ? " small" : ""}`;
    if (first.href) html.href = tokens.length > 1 ? shown.tasks : first.href; // several: their list
    html.title = title;
    html.innerHTML = `${inner}<span class="visually-hidden">${escape(title)}</span>`;
    html.style.cssText = "position:absolute;visibility:hidden"; // measured once, to sit in the middle of the step's upper edge
    box.append(html);
    const width = html.offsetWidth;
    html.remove();
    html.style.cssText = "";
    const scale = diagram.canvas.zoom();
    diagram.put(id, html, { top: small ? -42 : -24, left: element.width / 2 - width / scale / 2 });
  }

  function near() { // where it is and what comes next
    const here = [...new Set(shown.tokens.map((token) => standIns(diagram, shown)(token.element)).filter(Boolean))];
    const registry = diagram.view.get("elementRegistry");
    const next = here.flatMap((id) => registry.get(id).outgoing.map((flow) => flow.target.id));
    if (!here.length && shown.last && diagram.has(shown.last)) here.push(shown.last);
    return { here, next: [...new Set([...here, ...next])] };
  }

  function frame(how = {}) {
    const { here, next } = near();
    diagram.frame(phone && shown.tokens.length && here.length && !how.whole ? { around: next, focus: here } : { focus: here }, how);
    draw(); // chips are placed by the zoom
  }

  draw();
  frame();
  return { diagram, draw, frame, phone };
}

// An element of a called process is shown at the step that calls it; one that is drawn is shown at itself.
function standIns(diagram, state) {
  const registry = diagram.view.get("elementRegistry");
  const callers = new Map();
  registry.filter((e) => e.businessObject?.$type === "bpmn:CallActivity").forEach((e) => {
    const called = e.businessObject.extensionElements?.values?.find((value) => value.$type === "zeebe:CalledElement")?.processId;
    if (called) callers.set(called, e.id);
  });
  const seen = (id, depth = 0) => {
    if (!id || depth > 9) return null;
    if (registry.get(id) && registry.get(id).type !== "bpmn:Process") return id;
    return callers.get(id) || seen(state.scopes[id], depth + 1);
  };
  return seen;
}

function ring(share) {
  const length = 2 * Math.PI * RING.radius;
  const used = (length * Math.min(Math.max(share, 0), 100)) / 100;
  const circle = `cx="15" cy="15" r="${RING.radius}"`;
  return `<svg class="ring" viewBox="0 0 30 30" aria-hidden="true"><circle class="trk" ${circle}/><circle ${circle} stroke-dasharray="${used.toFixed(1)} ${length.toFixed(1)}"/></svg>`;
}

const escape = (text) => String(text ?? "").replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
