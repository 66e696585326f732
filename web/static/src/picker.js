// Records searched as one types (ARIA combobox with a listbox): arrows choose, Enter takes, Escape closes.

export function wirePickers(root) {
  for (const picker of root.querySelectorAll("[data-pick]")) wire(picker);
}

function wire(picker) {
  const input = picker.querySelector("[role=combobox]");
  const list = picker.querySelector("[role=listbox]");
  const said = picker.querySelector("[data-picked]");
  let at = -1;
  let timer;
  let asked = 0;

  const options = () => [...list.querySelectorAll("[role=option]")];
  const close = () => { list.hidden = true; at = -1; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); };
  const mark = (place) => {
    const all = options();
    at = all.length ? (place + all.length) % all.length : -1;
    all.forEach((one, index) => one.setAttribute("aria-selected", String(index === at)));
    if (at < 0) return;
    input.setAttribute("aria-activedescendant", all[at].id);
    all[at].scrollIntoView({ block: "nearest" });
  };
  const take = (option) => {
    input.value = option.dataset.key;
    said.textContent = option.dataset.title === option.dataset.key ? "" : option.dataset.title;
    close();
    input.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const search = async () => {
    const mine = ++asked;
    const answer = await fetch(`${picker.dataset.pick}?q=${encodeURIComponent(input.value)}`, { headers: { Accept: "text/html" } });
    if (mine !== asked || !answer.ok || document.activeElement !== input) return;
    list.innerHTML = await answer.text();
    options().forEach((one, index) => { one.id = `${list.id}-${index}`; });
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    mark(options().length ? 0 : -1);
  };

  input.addEventListener("input", () => { said.textContent = ""; clearTimeout(timer); timer = setTimeout(search, 150); });
  input.addEventListener("focus", () => { if (!input.value) search(); });
  input.addEventListener("blur", () => { clearTimeout(timer); asked += 1; close(); });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) search(); else mark(at + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && !list.hidden && at >= 0) {
      event.preventDefault();
      take(options()[at]);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    }
  });
  list.addEventListener("mousedown", (event) => { // before the input loses its focus
    event.preventDefault();
    const option = event.target.closest("[role=option]");
    if (option) take(option);
  });
}
