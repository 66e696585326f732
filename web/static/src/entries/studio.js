// The editor of a process's diagram.
import "camunda-bpmn-js/dist/assets/camunda-cloud-modeler.css";
import "../editors.css";
import "../studio.css";
import { Draft } from "../draft.js";
import { createModeler } from "../modeler.js";
import { Problems } from "../problems.js";

const words = JSON.parse(document.getElementById("words").textContent);
const modeler = createModeler({ canvas: document.getElementById("main"), properties: document.querySelector(".props") });
const commands = () => modeler.get("commandStack");
let base = -1; // place in the command stack that is deployed; -1 is the file as it was opened

const draft = new Draft({
  content: async () => (await modeler.saveXML({ format: true })).xml,
  changed: async () => commands()._stackIdx !== base,
  mark: () => commands()._stackIdx,
  saved: (mark) => { base = mark; },
  can: () => ({ undo: commands().canUndo(), redo: commands().canRedo() }),
  undo: () => commands().undo(),
  redo: () => commands().redo(),
}, new Problems(modeler, words), words);

window.modeler = modeler; // for tests and for curious owners: it is the page's own
open().catch((error) => draft.say(words.unreadable.replace("{reason}", error.message)));

async function open() {
  await document.fonts.load("500 12px Inter");
  await modeler.importXML(JSON.parse(document.getElementById("file").textContent));
  frame();
  modeler.on("commandStack.changed", () => draft.changed());
  document.documentElement.dataset.ready = "true";
  await draft.check();
}

function frame() {
  const canvas = modeler.get("canvas");
  canvas.zoom("fit-viewport", "auto");
  if (canvas.zoom() > 0.9) return;
  const start = modeler.get("elementRegistry").find((e) => e.type === "bpmn:StartEvent"); // too small to read: begin where it begins
  const { inner, outer } = canvas.viewbox();
  const middle = start ? start.y + start.height / 2 : inner.y + inner.height / 2;
  canvas.viewbox({ x: inner.x - 40, y: Math.max(middle - outer.height / 2, inner.y - 40), width: outer.width, height: outer.height });
}
