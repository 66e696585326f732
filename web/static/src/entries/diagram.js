// The read-only diagram: import { openDiagram } from the address that the manifest gives for diagram.js.
import "camunda-bpmn-js/dist/assets/camunda-cloud-navigated-viewer.css";

export { openDiagram } from "../diagram.js";
