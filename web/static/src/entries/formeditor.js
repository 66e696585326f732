// The form editor: palette, canvas and properties of a .form file.
import "@bpmn-io/form-js-viewer/dist/assets/form-js.css";
import "@bpmn-io/form-js-editor/dist/assets/form-js-editor.css";
import "@bpmn-io/form-js-editor/dist/assets/dragula.css";
import "@bpmn-io/form-js-editor/dist/assets/properties-panel.css";
import "../editors.css";
import { createFormEditor } from "@bpmn-io/form-js-editor";

export { createFormEditor };
