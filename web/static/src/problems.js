// The problems of a diagram, numbered as the marks on it.
import { ProblemList } from "./problemlist.js";

export class Problems extends ProblemList {
  constructor(modeler, words) {
    super(words);
    this.modeler = modeler;
    this.marks = [];
    this.list.addEventListener("click", (event) => this.select(event.target.closest("li")));
    modeler.on("selection.changed", ({ newSelection }) => this.light(newSelection.map((one) => one.id)));
  }

  show(problems) {
    this.clear();
    const errors = super.show(problems);
    problems.forEach((problem, index) => this.mark(problem, index + 1));
    return errors;
  }

  name(problem) {
    const element = this.modeler.get("elementRegistry").get(problem.element);
    const object = element?.businessObject;
    if (!object) return problem.element || this.words.file;
    return object.name || (element.waypoints ? `${this.words.flow} ${problem.element}` : problem.element);
  }

  mark(problem, number) {
    const element = this.modeler.get("elementRegistry").get(problem.element);
    if (!element || element === this.modeler.get("canvas").getRootElement()) return;
    const error = problem.severity === "error";
    const marker = error ? "bad" : "doubt";
    this.modeler.get("canvas").addMarker(element, marker);
    const html = document.createElement("span");
    html.className = `mark${error ? "" : " soon"}`;
    html.textContent = number;
    const before = this.marks.filter((one) => one.element === element).length;
    const middle = element.waypoints?.[Math.floor(element.waypoints.length / 2) - 1];
    const position = middle ? { top: middle.y - Math.min(...element.waypoints.map((p) => p.y)) - 10, left: middle.x - Math.min(...element.waypoints.map((p) => p.x)) + 8 + 22 * before } : { top: -10, right: 10 + 22 * before };
    const overlay = this.modeler.get("overlays").add(element, { position, html, show: {}, scale: false });
    this.marks.push({ element, marker, overlay });
  }

  clear() {
    for (const { element, marker, overlay } of this.marks.splice(0)) {
      if (this.modeler.get("elementRegistry").get(element.id)) this.modeler.get("canvas").removeMarker(element, marker);
      this.modeler.get("overlays").remove(overlay);
    }
  }

  select(row) {
    const element = row && this.modeler.get("elementRegistry").get(row.dataset.element);
    if (!element) return;
    this.modeler.get("canvas").scrollToElement(element, { top: 80, bottom: 80, left: 80, right: 80 });
    this.modeler.get("selection").select(element);
  }

  light(ids) {
    for (const row of this.list.children) row.classList.toggle("is-on", ids.includes(row.dataset.element));
  }
}
