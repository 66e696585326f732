// The editor of a .form file: palette, canvas and properties.
import "@bpmn-io/form-js-viewer/dist/assets/form-js.css";
import "@bpmn-io/form-js-editor/dist/assets/form-js-editor.css";
import "@bpmn-io/form-js-editor/dist/assets/dragula.css";
import "@bpmn-io/form-js-editor/dist/assets/properties-panel.css";
import "../editors.css";
import "../studio.css";
import { FormEditor } from "@bpmn-io/form-js-editor";
import { Draft } from "../draft.js";
import { ownFields } from "../ownfields.js";
import { ProblemList } from "../problemlist.js";

const words = JSON.parse(document.getElementById("words").textContent);
const file = JSON.parse(JSON.parse(document.getElementById("file").textContent));
const editor = new FormEditor({
  container: document.getElementById("main"),
  propertiesPanel: { parent: document.querySelector(".props"), getFeelPopupLinks: () => [] },
  additionalModules: [ownFields(words)],
});
const commands = () => editor.get("commandStack");
const content = async () => `${JSON.stringify(editor.saveSchema(), null, 2)}\n`;
let base = "";

const draft = new Draft({
  content,
  changed: async () => (await content()) !== base,
  mark: content,
  saved: (mark) => { base = mark; },
  can: () => ({ undo: commands().canUndo(), redo: commands().canRedo() }),
  undo: () => commands().undo(),
  redo: () => commands().redo(),
}, new ProblemList(words), words);

window.editor = editor; // for tests and for curious owners: it is the page's own
open().catch((error) => draft.say(words.unreadable.replace("{reason}", error.message)));

async function open() {
  const { warnings } = await editor.importSchema(file);
  if (warnings?.length) throw new Error(warnings.map((one) => one.message || one).join("; "));
  base = await content();
  editor.on("changed", () => draft.changed());
  document.documentElement.dataset.ready = "true";
  await draft.check();
}
