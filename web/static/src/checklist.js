// Checklists: each row takes its state from its answer, the strip counts, n leads to the next open one.

export function wireChecklists(form) {
  const items = [...form.querySelectorAll("[data-item]")];
  if (!items.length || form.dataset.readonly !== undefined) return;
  const shown = () => items.filter((item) => !item.closest("[hidden]"));
  const count = () => recount(form, shown());
  for (const item of items) wireItem(item, count);
  form.addEventListener("change", count); // a condition may have hidden a checklist
  const next = () => {
    const open = shown().filter((item) => item.classList.contains("open"));
    const after = open.find((item) => item.compareDocumentPosition(document.activeElement) & Node.DOCUMENT_POSITION_PRECEDING
      && !item.contains(document.activeElement));
    const goal = after || open[0];
    if (!goal) return;
    goal.scrollIntoView({ block: "center" });
    (goal.querySelector("[data-measure]") || goal.querySelector("input[type=radio]") || goal).focus({ preventScroll: true });
  };
  form.querySelector("[data-next-open]")?.addEventListener("click", next);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "n" || event.metaKey || event.ctrlKey || event.altKey) return;
    if (event.target.closest("input:not([type=radio], [type=checkbox], [type=file]), textarea, select, dialog")) return;
    event.preventDefault();
    next();
  });
  for (const button of form.querySelectorAll("[data-rest]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      for (const item of button.closest("[data-checklist]").querySelectorAll(".item.open")) {
        const pass = item.querySelector("input[value=pass]");
        if (pass) { pass.checked = true; pass.dispatchEvent(new Event("change", { bubbles: true })); }
      }
    });
  }
  for (const button of document.querySelectorAll("[data-complete]")) {
    button.addEventListener("click", (event) => {
      if (button.getAttribute("aria-disabled") !== "true") return;
      event.preventDefault();
      next();
    });
  }
  count();
}

function wireItem(item, count) {
  const measure = item.querySelector("[data-measure]");
  const note = item.querySelector("[data-note]");
  let timer;
  const settle = () => { setState(item, measure); item.classList.remove("again"); count(); };
  const later = (wait) => { clearTimeout(timer); timer = setTimeout(settle, wait); };
  // A fail opens a box: never between the press and the release of a click elsewhere, which would then miss its goal.
  item.addEventListener("change", () => { if (measure) later(200); else settle(); });
  measure?.addEventListener("input", () => { point(item, measure); later(600); });
  measure?.addEventListener("focus", () => item.classList.add("typing"));
  measure?.addEventListener("blur", () => setTimeout(() => item.classList.remove("typing"), 200));
  item.querySelector("[data-reopen]")?.addEventListener("click", () => {
    item.classList.add("again");
    (measure || item.querySelector("input[type=radio]:checked"))?.focus();
  });
  if (note) {
    note.hidden = false;
    note.addEventListener("click", () => { item.classList.add("noted"); item.querySelector(".failbox textarea").focus(); });
  }
  const camera = item.querySelector(".camera input");
  camera?.addEventListener("change", () => {
    const shots = item.querySelector(".shots");
    shots.textContent = camera.files.length;
    shots.hidden = !camera.files.length;
    if (camera.files.length) camera.parentElement.classList.remove("wanted");
  });
}

const number = (text) => {
  const plain = (text || "").normalize("NFKC").replace(/\s/g, "");
  return plain !== "" && Number.isFinite(Number(plain)) ? Number(plain) : null;
};

function within(measure, value) {
  const { low, high } = measure.dataset;
  return (low === undefined || value >= Number(low)) && (high === undefined || value <= Number(high));
}

function setState(item, measure) {
  let state = "open";
  if (measure) {
    const value = number(measure.value);
    if (value !== null) state = within(measure, value) ? "ok" : "fail";
    const unit = measure.nextElementSibling?.textContent || "";
    for (const text of item.querySelectorAll("[data-text]")) text.textContent = value === null ? text.dataset.text : `${measure.value.trim()} ${unit}`.trim();
    measure.toggleAttribute("aria-invalid", false);
    if (state === "fail") measure.setAttribute("aria-invalid", "true");
  } else {
    const answer = item.querySelector("input[type=radio]:checked")?.value;
    state = { pass: "ok", fail: "fail" }[answer] || "open";
  }
  item.classList.remove("ok", "fail", "open");
  item.classList.add(state);
}

function point(item, measure) {
  const needle = item.querySelector(".needle");
  if (!needle) return;
  const value = number(measure.value);
  needle.hidden = value === null;
  const { start, end } = measure.dataset;
  if (value !== null) needle.style.left = `${Math.min(Math.max(((value - start) / (end - start)) * 100, 0), 100)}%`;
}

function recount(form, items) {
  const strip = form.querySelector("[data-strip]");
  if (!strip) return;
  const state = (item) => ["ok", "fail"].find((name) => item.classList.contains(name)) || "open";
  const states = items.map(state);
  const counts = { ok: 0, fail: 0, open: 0 };
  for (const one of states) counts[one] += 1;
  for (const box of strip.querySelectorAll("[data-count]")) box.textContent = counts[box.dataset.count];
  strip.querySelector("[data-count=fail]").parentElement.classList.toggle("bad", counts.fail > 0);
  const meter = strip.querySelector(".meter");
  meter.replaceChildren(...states.map((one) => Object.assign(document.createElement("i"), { className: { ok: "p", fail: "f", open: "o" }[one] })));
  meter.setAttribute("aria-label", meter.dataset.says.replace("{passed}", counts.ok).replace("{failed}", counts.fail).replace("{open}", counts.open));
  for (const list of form.querySelectorAll("[data-checklist]")) {
    const own = [...list.querySelectorAll("[data-item]")];
    const words = list.querySelector("[data-answered]");
    const answered = own.filter((item) => state(item) !== "open").length;
    words.textContent = words.dataset.answered.replace("{answered}", answered).replace("{all}", own.length);
  }
  complete(strip, counts.open);
}

// The button says how many are open and leads to them; when all are answered it completes.
function complete(strip, open) {
  const next = strip.querySelector("[data-next-open]");
  next.hidden = open === 0;
  for (const button of document.querySelectorAll("[data-complete]")) {
    button.dataset.plain ??= button.textContent;
    button.toggleAttribute("aria-disabled", false);
    button.removeAttribute("aria-describedby");
    if (open) {
      button.setAttribute("aria-disabled", "true");
      button.setAttribute("aria-describedby", "open-items");
    }
    button.textContent = open ? next.dataset.completeOpen.replace("{n}", open) : button.dataset.plain;
  }
}
