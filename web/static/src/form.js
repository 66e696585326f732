// Conditions followed while typing: what a condition hides disappears, and has no value for the conditions after it.

export function wireForm(form) {
  const summary = form.querySelector("[data-summary]");
  if (summary) summary.focus();
  if (form.dataset.readonly !== undefined || !form.querySelector("[data-hide]")) return;
  import("feelin").then(({ evaluate }) => {
    const follow = () => hideAndShow(form, evaluate);
    form.addEventListener("input", follow);
    form.addEventListener("change", follow);
    follow();
  });
}

function hideAndShow(form, evaluate) {
  const values = JSON.parse(form.dataset.live);
  for (const field of form.querySelectorAll("[data-key]")) {
    const value = read(field);
    if (value !== undefined) put(values, field.dataset.key, value);
  }
  for (const part of form.querySelectorAll("[data-hide]")) {
    if (part.parentElement.closest("[data-hide][hidden]")) continue;
    const hidden = holds(part.dataset.hide, values, evaluate);
    part.hidden = hidden;
    if (!hidden) continue;
    for (const field of [part, ...part.querySelectorAll("[data-key]")]) {
      if (field.dataset.key) put(values, field.dataset.key, null);
    }
  }
}

function holds(condition, values, evaluate) {
  try {
    return evaluate(condition, values).value === true;
  } catch {
    return false; // the server says what is wrong with it
  }
}

// The value of a field as the server will read it; undefined where it is shown only.
function read(field) {
  const inputs = [...field.querySelectorAll("input[name], select[name], textarea[name]")];
  if (!inputs.length) return undefined;
  switch (field.dataset.kind) {
    case "checkbox": return inputs[0].checked;
    case "radio": return inputs.find((one) => one.checked)?.value ?? null;
    case "checklist": return inputs.filter((one) => one.checked).map((one) => one.value);
    case "number": {
      const text = inputs[0].value.normalize("NFKC").replace(/\s/g, "");
      return text !== "" && Number.isFinite(Number(text)) ? Number(text) : null;
    }
    case "filepicker": return inputs.flatMap((one) => (one.type === "file" ? [...one.files].map((file) => file.name) : one.checked ? [one.value] : []));
    case "select": case "datetime": return inputs[0].value || null;
    default: return inputs[0].value;
  }
}

function put(values, key, value) {
  const names = key.split(".");
  const last = names.pop();
  let inner = values;
  for (const name of names) {
    if (typeof inner[name] !== "object" || inner[name] === null) inner[name] = {};
    inner = inner[name];
  }
  inner[last] = value;
}
