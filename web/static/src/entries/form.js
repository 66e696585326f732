// What a form does while it is typed into; without it the server does the same when the form is sent.
import "../form.css";
import { wireChecklists } from "../checklist.js";
import { wireForm } from "../form.js";
import { wirePickers } from "../picker.js";

for (const form of document.querySelectorAll("[data-form]")) {
  form.classList.add("js");
  wireForm(form);
  wireChecklists(form);
  wirePickers(form);
}
