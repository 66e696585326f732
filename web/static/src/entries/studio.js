// The editor of a process: checks while one draws, deploys a checked new version, loses nothing.
import "camunda-bpmn-js/dist/assets/camunda-cloud-modeler.css";
import "../editors.css";
import "../studio.css";
import { createModeler } from "../modeler.js";
import { Problems } from "../problems.js";

const PAUSE = 900; // ms without a change before the diagram is checked by itself
const page = document.getElementById("studio");
const words = JSON.parse(document.getElementById("words").textContent);
const status = page.querySelector("[data-status]");
const button = (act) => document.querySelector(`[data-act="${act}"]`);
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

const modeler = createModeler({ canvas: document.getElementById("main"), properties: document.querySelector(".props") });
const problems = new Problems(modeler, words);
let version = Number(page.dataset.version);
let saved = -1; // place in the command stack that is deployed; -1 is the file as it was opened
let checks = 0;
let timer = 0;

window.modeler = modeler; // for tests and for curious owners: it is the page's own
open().catch((error) => say(fill(words.unreadable, { reason: error.message })));

async function open() {
  await document.fonts.load("500 12px Inter");
  await modeler.importXML(JSON.parse(document.getElementById("diagram").textContent));
  frame();
  modeler.on("commandStack.changed", changed);
  document.documentElement.dataset.ready = "true";
  await check();
}

function frame() {
  const canvas = modeler.get("canvas");
  canvas.zoom("fit-viewport", "auto");
  if (canvas.zoom() > 0.9) return;
  const start = modeler.get("elementRegistry").find((e) => e.type === "bpmn:StartEvent"); // too small to read: begin where it begins
  const { inner, outer } = canvas.viewbox();
  const middle = start ? start.y + start.height / 2 : inner.y + inner.height / 2;
  canvas.viewbox({ x: inner.x - 40, y: Math.max(middle - outer.height / 2, inner.y - 40), width: outer.width, height: outer.height });
}

const place = () => modeler.get("commandStack")._stackIdx;
const dirty = () => place() !== saved || version === 0;

function changed() {
  button("undo").disabled = !modeler.get("commandStack").canUndo();
  button("redo").disabled = !modeler.get("commandStack").canRedo();
  say(dirty() ? words.unsaved : words.unchanged);
  allow(false);
  clearTimeout(timer);
  timer = setTimeout(check, PAUSE);
}

function say(text) { status.textContent = text; }

function allow(may) { button("deploy").setAttribute("aria-disabled", String(!may)); }

async function xml() { return (await modeler.saveXML({ format: true })).xml; }

async function send(address, body) {
  const answer = await fetch(address, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": document.querySelector('meta[name="csrf-token"]').content },
    body: JSON.stringify({ file: page.dataset.file, key: page.dataset.key, version, ...body }),
  });
  if (![200, 409, 422].includes(answer.status)) throw new Error(String(answer.status));
  return { status: answer.status, body: await answer.json() };
}

async function check() {
  clearTimeout(timer);
  const mine = ++checks;
  document.querySelector("[data-checked]").textContent = words.checking;
  try {
    const { body } = await send(page.dataset.check, { xml: await xml() });
    if (mine !== checks) return; // a later one is on its way
    show(body);
  } catch {
    if (mine === checks) { document.querySelector("[data-checked]").textContent = words.failed; allow(false); }
  }
}

function show(body) {
  const errors = problems.show(body.problems);
  document.querySelector("[data-checked]").textContent = fill(words.checked, { time: body.at });
  document.querySelector("[data-why]").textContent = errors ? words.mend : body.problems.length ? "" : words.fine;
  const pip = document.querySelector("[data-pip]");
  if (pip) {
    pip.hidden = !body.problems.length;
    pip.textContent = body.problems.length;
    pip.className = `pip ${errors ? "late" : "soon"}`;
  }
  allow(!errors && dirty());
}

async function deploy(anyway = false) {
  if (button("deploy").getAttribute("aria-disabled") === "true" && !anyway) return;
  clearTimeout(timer);
  const at = place();
  say(words.deploying);
  allow(false);
  const note = document.querySelector("[data-meanwhile]");
  note.hidden = true;
  try {
    const { status: code, body } = await send(page.dataset.save, { xml: await xml(), anyway });
    if (code === 409) {
      note.hidden = false;
      note.querySelector("p").textContent = body.meanwhile;
      say(words.unsaved);
    } else if (code === 422) {
      show(body);
      say(words.unsaved);
    } else {
      const first = version === 0;
      saved = at;
      version = body.version;
      show(body);
      say(fill(body.same ? words.same : words.deployed, { version, time: body.at }));
      document.querySelector("[data-base]").textContent = fill(document.querySelector("[data-base]").dataset.draft, { version });
      if (first) { history.replaceState(null, "", body.edit); page.querySelector(".back").href = body.href; }
      if (dirty()) changed(); // drawn on while it was deployed
    }
  } catch {
    say(words.failed);
    allow(true);
  }
}

async function download() {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([await xml()], { type: "application/xml" }));
  link.download = page.dataset.file;
  link.click();
  URL.revokeObjectURL(link.href);
}

document.addEventListener("click", (event) => {
  const act = event.target.closest("[data-act]")?.dataset.act;
  if (act === "undo" || act === "redo") modeler.get("commandStack")[act]();
  else if (act === "check") check();
  else if (act === "deploy") deploy();
  else if (act === "anyway") deploy(true);
  else if (act === "download") download();
});

addEventListener("beforeunload", (event) => {
  if (place() !== saved) event.preventDefault();
});
