// The BPMN editor with the Zeebe properties panel, in the colours and the language of the page.
import Modeler from "camunda-bpmn-js/lib/camunda-cloud/Modeler";
import { translate } from "./modeler_zh.js";
import { INK, fonts } from "./diagram.js";

export function createModeler({ canvas, properties }) {
  const words = document.documentElement.lang.startsWith("zh") ? [{ translate: ["value", translate] }] : [];
  return new Modeler({
    container: canvas,
    propertiesPanel: { parent: properties, getFeelPopupLinks: () => [] }, // no links that leave the plant's network
    bpmnRenderer: INK,
    textRenderer: fonts(12),
    disableAdjustOrigin: true, // saving would move every shape of the diagram
    additionalModules: [{ minimap: ["value", null], dataPropertiesProvider: ["value", null] }, ...words],
  });
}
