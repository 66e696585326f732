// The two kinds of field that are our own, for the form editor: picked records and inspection items.
import { Textfield, iconsByType } from "@bpmn-io/form-js-viewer";
import { h } from "preact";

const KINDS = [
  { type: "recordpicker", name: "record", group: "selection", icon: "select", own: { id: "recordType", label: "register" } },
  { type: "inspection", name: "inspection", group: "container", icon: "checklist", own: { id: "itemsExpression", label: "items" } },
];

export function ownFields(words) {
  class Fields {
    constructor(formFields) {
      for (const kind of KINDS) {
        const Field = (props) => Textfield({ ...props, field: { ...props.field, type: "textfield" } });
        Field.config = {
          ...Textfield.config,
          type: kind.type,
          name: words[kind.name],
          label: words[kind.name],
          group: kind.group,
          icon: iconsByType(kind.icon),
          propertiesPanelEntries: ["key", "label", "description", "disabled", "readonly"],
          create: (options = {}) => ({ label: words[kind.name], ...options }),
        };
        formFields.register(kind.type, Field);
      }
    }
  }
  Fields.$inject = ["formFields"];

  class Properties {
    constructor(propertiesPanel) { propertiesPanel.registerProvider(this, 500); }

    getGroups(field, editField) {
      return (groups) => {
        const own = KINDS.find((kind) => kind.type === field.type)?.own;
        if (own) groups[0]?.entries.push({ id: own.id, component: () => entry(own, words, field, editField) });
        return groups;
      };
    }
  }
  Properties.$inject = ["propertiesPanel"];

  return { __init__: ["ownFields", "ownProperties"], ownFields: ["type", Fields], ownProperties: ["type", Properties] };
}

function entry(own, words, field, editField) {
  const id = `own-${own.id}`;
  return h("div", { class: "bio-properties-panel-entry" },
    h("div", { class: "bio-properties-panel-textfield" },
      h("label", { for: id, class: "bio-properties-panel-label" }, words[own.label]),
      h("input", { id, class: "bio-properties-panel-input", value: field[own.id] || "", onChange: (event) => editField(field, [own.id], event.target.value) })));
}
