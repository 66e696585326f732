// The inbox: keys, selection and the live check. Rows that are read are never moved: news waits behind a button.
import { wireDialogs } from "../dialogs.js";
import { poll } from "../polling.js";

const work = document.getElementById("inbox");
const live = document.querySelector(".live");
const liveText = live?.textContent;
const picked = new Set();
let at = null; // the id of the row that the keys are at

wireDialogs(document);
work.addEventListener("change", ({ target }) => {
  if (!target.matches(".box")) return;
  if (target.checked) picked.add(target.value); else picked.delete(target.value);
  draw();
});
work.addEventListener("click", ({ target }) => {
  if (target.closest("[data-clear]")) clear();
});
document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-fresh]")) location.reload();
});

document.addEventListener("keydown", (event) => {
  if (event.metaKey || event.ctrlKey || event.altKey || document.querySelector("dialog[open]")) return;
  const typing = event.target.closest("input:not([type=checkbox]), textarea, select");
  if (event.key === "Escape") { if (typing) event.target.blur(); else clear(); return; }
  if (typing) return;
  const acts = { j: () => move(1), k: () => move(-1), x: toggle, c: claim, Enter: openRow, "?": () => document.getElementById("keys").showModal() };
  if (event.key === "Enter" && event.target.closest("a, button")) return;
  if (acts[event.key]) { event.preventDefault(); acts[event.key](); }
});

if (work.dataset.live) {
  poll(() => work.dataset.live, {
    every: 15000,
    changed: show,
    failed: (when) => { live.classList.add("is-off"); live.textContent = live.dataset.offline.replace("{time}", when.toTimeString().slice(0, 5)); },
    back: () => { live.classList.remove("is-off"); live.textContent = liveText; },
  });
}

function rows() { return [...work.querySelectorAll(".li")]; }

function move(step) {
  const all = rows();
  if (!all.length) return;
  const now = all.findIndex((row) => row.dataset.id === at);
  at = all[Math.min(Math.max(now + step, 0), all.length - 1)].dataset.id;
  draw();
  const row = all.find((one) => one.dataset.id === at);
  row.scrollIntoView({ block: "nearest" });
  row.querySelector(".c-step").focus({ preventScroll: true });
}

function toggle() {
  const box = work.querySelector(`.li[data-id="${at}"] .box:not(:disabled)`);
  if (!box) return;
  if (picked.has(at)) picked.delete(at); else picked.add(at);
  draw();
}

function claim() {
  if (!picked.size && at) toggle();
  if (picked.size) document.getElementById("bulk").requestSubmit();
}

function openRow() { work.querySelector(`.li[data-id="${at}"] .c-step`)?.click(); }

function clear() { picked.clear(); draw(); }

function draw() {
  for (const row of rows()) {
    const box = row.querySelector(".box");
    if (box) box.checked = picked.has(row.dataset.id);
    row.classList.toggle("picked", picked.has(row.dataset.id));
    row.classList.toggle("at", row.dataset.id === at);
  }
  const bulk = work.querySelector("[data-bulk]");
  if (!bulk) return;
  bulk.hidden = !picked.size;
  work.querySelector("[data-range]").hidden = picked.size > 0;
  const count = bulk.querySelector("[data-selected]");
  count.textContent = count.dataset.selected.replace("{n}", picked.size);
}

function show({ ids, html }) {
  const shown = rows().map((row) => row.dataset.id);
  const fresh = ids.filter((id) => !shown.includes(id)).length;
  const gone = shown.filter((id) => !ids.includes(id)).length;
  for (const button of document.querySelectorAll("[data-fresh]")) {
    button.hidden = !(fresh || gone);
    const text = button.querySelector("[data-new]");
    text.textContent = fresh ? text.dataset.new.replace("{n}", fresh) : text.dataset.gone;
  }
  if (fresh || gone) return;
  const focused = document.activeElement.closest("#inbox .li")?.dataset.id;
  const scrolled = work.querySelector(".scroll")?.scrollTop || 0; // the same rows: only clocks and counts move on
  work.innerHTML = html; // rendered and escaped by the server's template
  if (work.querySelector(".scroll")) work.querySelector(".scroll").scrollTop = scrolled;
  draw();
  if (focused) work.querySelector(`.li[data-id="${focused}"] .c-step`)?.focus({ preventScroll: true });
}
