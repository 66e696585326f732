// The read-only diagram of a version, with what it added and changed.
import "camunda-bpmn-js/dist/assets/camunda-cloud-navigated-viewer.css";
import "../case.css";
import "../process.css";
import { openDiagram } from "../diagram.js";
import { wireDialogs } from "../dialogs.js";

wireDialogs(document);
const { added, changed } = JSON.parse(document.getElementById("marks").textContent);

openDiagram(document.querySelector(".cmp"), { pad: 20, foot: 28, focus: added.length || changed.length ? [...added, ...changed] : null }).then((diagram) => {
  diagram.mark("plus", added);
  diagram.mark("here", changed);
  document.addEventListener("click", (event) => {
    const act = event.target.closest("[data-zoom]")?.dataset.zoom;
    if (act === "fit") diagram.frame(undefined, { whole: true });
    else if (act) diagram.zoom(act === "in" ? 1.25 : 0.8);
  });
});
