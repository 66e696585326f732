// Runs before the first paint: "light" and "dark" come from the profile, anything else follows the system.
(() => {
  const root = document.documentElement;
  if (root.dataset.theme === "light" || root.dataset.theme === "dark") {
    root.dataset.bsTheme = root.dataset.theme;
    return;
  }
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => { root.dataset.bsTheme = dark.matches ? "dark" : "light"; };
  dark.addEventListener("change", apply);
  apply();
})();
