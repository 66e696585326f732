// What every page of the staff runs: htmx, without eval, sending the page's CSRF token.
import htmx from "htmx.org";

Object.assign(htmx.config, {
  allowEval: false, // the content security policy forbids it anyway: no hx-on, no trigger filters
  allowScriptTags: false,
  includeIndicatorStyles: false, // closeloop.css has them
  historyCacheSize: 0, // pages of one person never stay in the browser's storage for the next
});

document.addEventListener("htmx:configRequest", ({ detail }) => {
  const token = document.querySelector('meta[name="csrf-token"]')?.content;
  if (token && detail.verb !== "get") detail.headers["X-CSRFToken"] = token;
});

document.addEventListener("change", ({ target }) => { // settings that count at once
  target.closest("form[data-submit-on-change]")?.requestSubmit();
});

document.addEventListener("click", async ({ target }) => {
  if (target.closest("[data-side]")) document.body.classList.toggle("side-open");
  const copy = target.closest("[data-copy]");
  if (copy) {
    await copyText(copy.dataset.copy);
    copy.lastChild.textContent = copy.dataset.copied;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") document.body.classList.remove("side-open");
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, dialog")) return;
  const search = document.querySelector(".bar .search input[type=search]");
  if (search) { event.preventDefault(); search.focus(); search.select(); }
});

const chosen = document.querySelector(".filters [aria-current]"); // on a phone they are one line; the start of Tab stays the page's
if (chosen) chosen.parentElement.scrollLeft = chosen.offsetLeft - (chosen.parentElement.clientWidth - chosen.offsetWidth) / 2;

async function copyText(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = document.createElement("textarea"); // on plain HTTP there is no clipboard
  field.value = text;
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}
