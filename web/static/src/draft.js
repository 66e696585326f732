// A file of a process on the bench: checked while one works on it, deployed as a new version, never lost.
// The editor: { content(): Promise<text>, changed(): Promise<bool>, saved(), undo(), redo(), can(): { undo, redo } }.
const PAUSE = 900; // ms without a change before the file is checked by itself
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
const one = (place) => document.querySelector(place);
const button = (act) => one(`[data-act="${act}"]`);

export class Draft {
  constructor(editor, problems, words) {
    Object.assign(this, { editor, problems, words, page: one("#studio"), checks: 0, timer: 0, dirty: false });
    this.version = Number(this.page.dataset.version);
    document.addEventListener("click", (event) => this.act(event.target.closest("[data-act]")?.dataset.act));
    addEventListener("beforeunload", (event) => { if (this.dirty) event.preventDefault(); });
  }

  act(name) {
    if (name === "undo" || name === "redo") this.editor[name]();
    else if (name === "check") this.check();
    else if (name === "deploy") this.deploy();
    else if (name === "anyway") this.deploy(true);
    else if (name === "download") this.download();
  }

  get isNew() { return this.version === 0; }

  say(text) { one("[data-status]").textContent = text; }

  allow(may) { button("deploy").setAttribute("aria-disabled", String(!may)); }

  async changed() {
    const can = this.editor.can();
    button("undo").disabled = !can.undo;
    button("redo").disabled = !can.redo;
    this.allow(false);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.check(), PAUSE);
    this.dirty = await this.editor.changed();
    this.say(this.dirty || this.isNew ? this.words.unsaved : this.words.unchanged);
  }

  async send(address, body) {
    const { file, key } = this.page.dataset;
    const answer = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": one('meta[name="csrf-token"]').content },
      body: JSON.stringify({ file, key, version: this.version, content: await this.editor.content(), ...body }),
    });
    if (![200, 409, 422].includes(answer.status)) throw new Error(String(answer.status));
    return { status: answer.status, body: await answer.json() };
  }

  async check() {
    clearTimeout(this.timer);
    const mine = ++this.checks;
    one("[data-checked]").textContent = this.words.checking;
    try {
      const { body } = await this.send(this.page.dataset.check);
      if (mine === this.checks) await this.show(body); // else a later one is on its way
    } catch {
      if (mine === this.checks) { one("[data-checked]").textContent = this.words.failed; this.allow(false); }
    }
  }

  async show(body) {
    const errors = this.problems.show(body.problems);
    one("[data-checked]").textContent = fill(this.words.checked, { time: body.at });
    one("[data-why]").textContent = errors ? this.words.mend : body.problems.length ? "" : this.words.fine;
    const pip = one("[data-pip]");
    if (pip) {
      pip.hidden = !body.problems.length;
      pip.textContent = body.problems.length;
      pip.className = `pip ${errors ? "late" : "soon"}`;
    }
    this.dirty = await this.editor.changed();
    this.allow(!errors && (this.dirty || this.isNew));
  }

  async deploy(anyway = false) {
    if (button("deploy").getAttribute("aria-disabled") === "true" && !anyway) return;
    clearTimeout(this.timer);
    this.say(this.words.deploying);
    this.allow(false);
    const note = one("[data-meanwhile]");
    note.hidden = true;
    const mark = this.editor.mark();
    try {
      const { status, body } = await this.send(this.page.dataset.save, { anyway });
      if (status === 409) {
        note.hidden = false;
        note.querySelector("p").textContent = body.meanwhile;
        this.say(this.words.unsaved);
      } else if (status === 422) {
        await this.show(body);
        this.say(this.words.unsaved);
      } else {
        await this.deployed(body, mark);
      }
    } catch {
      this.say(this.words.failed);
      this.allow(true);
    }
  }

  async deployed(body, mark) {
    const first = this.isNew;
    this.version = body.version;
    this.editor.saved(await mark);
    await this.show(body);
    this.say(fill(body.same ? this.words.same : this.words.deployed, { version: body.version, time: body.at }));
    const base = one("[data-base]");
    base.textContent = fill(base.dataset.draft, { version: body.version });
    if (first) { history.replaceState(null, "", body.edit); this.page.querySelector(".back").href = body.href; }
    if (this.dirty) this.changed(); // worked on while it was deployed
  }

  async download() {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([await this.editor.content()], { type: "application/octet-stream" }));
    link.download = this.page.dataset.file;
    link.click();
    URL.revokeObjectURL(link.href);
  }
}
