// The page of a task: the diagram around it, dialogs, the side sheet on a phone.
import "camunda-bpmn-js/dist/assets/camunda-cloud-navigated-viewer.css";
import { openDiagram } from "../diagram.js";
import { wireDialogs } from "../dialogs.js";

wireDialogs(document);

const box = document.querySelector(".dia.mini");
let drawn = false;
const look = new IntersectionObserver((seen) => {
  if (drawn || !seen.some((one) => one.isIntersecting)) return;
  drawn = true;
  look.disconnect();
  draw().catch(() => { box.closest("section").hidden = true; }); // a called process has its diagram elsewhere
});
if (box) look.observe(box);

async function draw() {
  const { here, done, path, text } = box.dataset;
  const diagram = await openDiagram(box, { pad: 32, foot: 6, fontSize: 13 });
  const registry = diagram.view.get("elementRegistry");
  diagram.frame({ around: near(registry, here), focus: [here] });
  const known = (ids) => ids.split(" ").filter((id) => id && registry.get(id));
  const flows = known(path);
  diagram.mark("done", known(done));
  diagram.tint(flows, "var(--accent-ink)");
  diagram.mark("path", flows);
  diagram.mark("here", [here]);
  const label = document.createElement("span");
  label.className = "visits solid";
  label.textContent = text;
  diagram.put(here, label, { top: -27, left: -12 });
}

// The element, what leads to it and the next two steps.
function near(registry, id) {
  const here = registry.get(id);
  if (!here) throw new Error(`not in this diagram: ${id}`);
  const next = (elements) => elements.flatMap((one) => (one.outgoing || []).map((flow) => flow.target)).filter(Boolean);
  const first = next([here, ...(here.attachers || [])]);
  return [...new Set([here, ...first, ...next(first.filter((one) => one.type.endsWith("Gateway")))])].map((one) => one.id);
}

const answer = document.getElementById("answer");
let sent = false;
let typed = Boolean(document.querySelector("#answer [role=alert]")); // refused before: what stands there is not kept yet
answer.addEventListener("input", () => { typed = true; });
answer.addEventListener("submit", (event) => { // one click, one answer
  if (sent) event.preventDefault();
  sent = true;
});
addEventListener("beforeunload", (event) => { // leaving would lose it: the browser asks
  if (typed && !sent) event.preventDefault();
});
addEventListener("pageshow", () => { sent = false; }); // back again: what was typed is still there
