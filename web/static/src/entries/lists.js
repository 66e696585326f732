// Lists and choices: j and k move, Enter opens, / searches, digits open what carries them; dialogs open.
import "../case.css";
import "../process.css";
import { wireDialogs } from "../dialogs.js";

const rows = [...document.querySelectorAll("[data-rows] > *")];
let at = -1;

wireDialogs(document);

document.addEventListener("keydown", (event) => {
  if (event.target.closest("input, textarea, select, dialog") || event.metaKey || event.ctrlKey || event.altKey) return;
  const search = document.querySelector("[data-key-focus]");
  if (event.key === search?.dataset.keyFocus) { event.preventDefault(); search.focus(); return; }
  const card = /^[0-9]$/.test(event.key) && document.querySelector(`a[data-digit="${event.key}"]`);
  if (card) { event.preventDefault(); card.click(); return; }
  if (event.key === "j" || event.key === "k") move(event.key === "j" ? 1 : -1);
  else if (event.key === "Enter" && at >= 0 && !event.target.closest("a, button, summary")) rows[at].querySelector("a").click();
});

function move(step) {
  if (!rows.length) return;
  rows[at]?.classList.remove("at");
  at = Math.min(Math.max(at + step, 0), rows.length - 1);
  rows[at].classList.add("at");
  rows[at].scrollIntoView({ block: "nearest" });
}

for (const search of document.querySelectorAll("input[data-filters]")) { // narrows what the page holds already
  search.addEventListener("input", () => {
    const words = search.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    for (const one of document.querySelectorAll(search.dataset.filters)) {
      one.hidden = !words.every((word) => one.textContent.toLocaleLowerCase().includes(word));
    }
  });
  search.form?.addEventListener("submit", (event) => event.preventDefault());
}
