// A check's problems as numbered rows; an editor that can, marks them where they are.
export class ProblemList {
  constructor(words) {
    this.words = words;
    this.list = document.querySelector("[data-problems]");
  }

  // Shows the problems and answers how many of them are errors.
  show(problems) {
    const errors = problems.filter((one) => one.severity === "error").length;
    this.count("[data-errors]", errors, this.words.error, this.words.errors);
    this.count("[data-warnings]", problems.length - errors, this.words.warning, this.words.warnings);
    this.list.replaceChildren(...problems.map((problem, index) => this.row(problem, index + 1)));
    return errors;
  }

  count(place, number, one, many) {
    const tag = document.querySelector(place);
    tag.hidden = !number;
    tag.textContent = number === 1 ? one : many.replace("{n}", number);
  }

  row(problem, number) {
    const row = document.createElement("li");
    row.dataset.element = problem.element;
    const kind = problem.severity === "error" ? "" : " soon";
    row.innerHTML = `<span class="mark${kind}">${number}</span><a href="#main" class="where cut"></a><span class="mid what"></span><span class="small quiet rule"></span>`;
    row.querySelector(".where").textContent = this.name(problem);
    row.querySelector(".what").textContent = problem.message;
    row.querySelector(".rule").textContent = problem.rule;
    return row;
  }

  name(problem) { return problem.element || this.words.file; }
}
