// The editor of a decision file: tables, literal expressions and the requirement graph.
import "dmn-js/dist/assets/diagram-js.css";
import "dmn-js/dist/assets/dmn-js-shared.css";
import "dmn-js/dist/assets/dmn-js-drd.css";
import "dmn-js/dist/assets/dmn-js-decision-table.css";
import "dmn-js/dist/assets/dmn-js-decision-table-controls.css";
import "dmn-js/dist/assets/dmn-js-literal-expression.css";
import "dmn-js/dist/assets/dmn-js-boxed-expression.css";
import "dmn-js/dist/assets/dmn-js-boxed-expression-controls.css";
import "dmn-js/dist/assets/dmn-font/css/dmn-embedded.css";
import "../editors.css";
import "../studio.css";
import DmnModeler from "dmn-js/lib/Modeler";
import { INK } from "../diagram.js";
import { Draft } from "../draft.js";
import { ProblemList } from "../problemlist.js";

const words = JSON.parse(document.getElementById("words").textContent);
const tabs = document.querySelector("[data-views]");
const modeler = new DmnModeler({ container: document.getElementById("main"), drd: { drillDown: { enabled: true }, drdRenderer: INK } });
const commands = () => modeler.getActiveViewer()?.get("commandStack", false);
const content = async () => (await modeler.saveXML({ format: true })).xml;
const heard = new WeakSet();
let base = "";

const draft = new Draft({
  content,
  changed: async () => (await content()) !== base,
  mark: content, // a promise: what is sent is what is marked
  saved: (mark) => { base = mark; },
  can: () => ({ undo: Boolean(commands()?.canUndo()), redo: Boolean(commands()?.canRedo()) }),
  undo: () => commands()?.undo(),
  redo: () => commands()?.redo(),
}, new ProblemList(words), words);

window.modeler = modeler; // for tests and for curious owners: it is the page's own
open().catch((error) => draft.say(words.unreadable.replace("{reason}", error.message)));

async function open() {
  modeler.on("views.changed", ({ activeView }) => {
    list(activeView);
    const viewer = modeler.getActiveViewer();
    if (!viewer || heard.has(viewer)) return;
    heard.add(viewer);
    viewer.on("commandStack.changed", () => draft.changed());
  });
  await modeler.importXML(JSON.parse(document.getElementById("file").textContent));
  const table = modeler.getViews().find((view) => view.type === "decisionTable");
  if (table) await modeler.open(table);
  base = await content();
  document.documentElement.dataset.ready = "true";
  await draft.check();
}

function list(active) {
  tabs.replaceChildren(...modeler.getViews().map((view) => {
    const tab = document.createElement("button");
    tab.type = "button";
    tab.className = "btn btn-small btn-quiet";
    tab.textContent = view.type === "drd" ? words.graph : view.name || view.id;
    if (view === active || view.element === active?.element) tab.setAttribute("aria-current", "page");
    tab.addEventListener("click", () => modeler.open(view));
    return tab;
  }));
}
