// The BPMN editor with the Zeebe properties panel. Pages import { createModeler } and load and save with it.
import "camunda-bpmn-js/dist/assets/camunda-cloud-modeler.css";
import "../editors.css";
import Modeler from "camunda-bpmn-js/lib/camunda-cloud/Modeler";

export function createModeler({ canvas, properties, ...options }) {
  return new Modeler({
    container: canvas,
    propertiesPanel: { parent: properties, getFeelPopupLinks: () => [] }, // no links that leave the plant's network
    keyboard: { bind: true },
    ...options,
  });
}
