// The form editor: palette, canvas and properties of a .form file.
import "@bpmn-io/form-js-editor/dist/assets/form-js-editor.css";
import "@bpmn-io/form-js-editor/dist/assets/dragula.css";
import "@bpmn-io/form-js-editor/dist/assets/properties-panel.css";
import { createFormEditor } from "@bpmn-io/form-js-editor";

export { createFormEditor };
