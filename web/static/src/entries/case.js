// The page of a case: its diagram, live; tabs and dialogs.
import "camunda-bpmn-js/dist/assets/camunda-cloud-navigated-viewer.css";
import "../case.css";
import { openCase } from "../caseview.js";
import { wireDialogs } from "../dialogs.js";
import { poll } from "../polling.js";

const page = document.getElementById("case");
const part = document.querySelector(".big");
const box = part.querySelector(".dia");
const state = JSON.parse(document.getElementById("case-state").textContent);
const live = document.querySelector(".live");
const liveText = live?.textContent;

wireDialogs(document);
const shown = openCase(box, state, {});
shown.then((view) => {
  part.querySelector(".zoom")?.addEventListener("click", (event) => {
    const act = event.target.closest("button")?.dataset.zoom;
    if (act === "fit") view.frame({ whole: true });
    else if (act) { view.diagram.zoom(act === "in" ? 1.25 : 0.8); view.draw(); }
  });
  part.querySelector(".whole")?.addEventListener("click", ({ currentTarget }) => {
    const whole = currentTarget.getAttribute("aria-pressed") !== "true";
    currentTarget.setAttribute("aria-pressed", String(whole));
    view.frame({ whole });
  });
  for (const choice of document.querySelectorAll("[data-show-model]")) {
    choice.addEventListener("change", async () => { await view.diagram.load(choice.dataset.showModel); view.frame(); });
  }
}).catch(() => { part.querySelector(".no-diagram").hidden = false; });

if (page.dataset.live) {
  poll(() => page.dataset.state, {
    changed: async (next) => {
      (await shown).draw(next.diagram);
      for (const [name, html] of Object.entries(next.parts)) replace(name, html);
      if (next.over) location.reload(); // what can be done changes with it
    },
    failed: (at) => { if (live) { live.classList.add("is-off"); live.textContent = live.dataset.offline.replace("{time}", at.toTimeString().slice(0, 5)); } },
    back: () => { if (live) { live.classList.remove("is-off"); live.textContent = liveText; } },
  });
}

function replace(name, html) { // what someone reads or types into is left alone
  const part = document.querySelector(`[data-part="${name}"]`);
  if (!part || part.contains(document.activeElement) || !getSelection().isCollapsed || part.querySelector("details[open]")) return;
  const scrolled = part.querySelector("[data-scroll]")?.scrollTop || 0;
  part.innerHTML = html; // rendered and escaped by the server's template
  const scroll = part.querySelector("[data-scroll]");
  if (scroll) scroll.scrollTop = scrolled;
}
