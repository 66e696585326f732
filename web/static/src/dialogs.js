// Buttons with data-opens open the dialog of that id; data-closes closes the one around it. Keys: data-key on the opener.
export function wireDialogs(root) {
  root.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) {
      event.preventDefault();
      opener.closest("details")?.removeAttribute("open");
      opener.closest("dialog")?.close();
      open(opener.dataset.opens);
    } else if (event.target.closest("[data-closes]")) {
      event.preventDefault();
      event.target.closest("dialog").close();
    }
  });
  root.addEventListener("keydown", (event) => {
    if (event.target.closest("input, textarea, select, dialog") || event.metaKey || event.ctrlKey || event.altKey) return;
    const opener = [...document.querySelectorAll("[data-opens][data-key]")].find((one) => one.dataset.key === event.key);
    if (opener) { event.preventDefault(); open(opener.dataset.opens); }
  });
  root.addEventListener("click", ({ target }) => { // a menu closes when one clicks beside it
    for (const menu of document.querySelectorAll("details.anchor[open]")) if (!menu.contains(target)) menu.open = false;
  });
  const asked = document.querySelector("dialog[data-show]");
  if (asked) asked.showModal();
}

function open(id) {
  const dialog = document.getElementById(id);
  dialog.showModal();
  dialog.querySelector("[autofocus], select, textarea, input:not([type=hidden])")?.focus();
}
