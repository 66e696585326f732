// What every page of the staff runs: htmx, without eval, sending the page's CSRF token.
import htmx from "htmx.org";

Object.assign(htmx.config, {
  allowEval: false, // the content security policy forbids it anyway: no hx-on, no trigger filters
  allowScriptTags: false,
  includeIndicatorStyles: false, // closeloop.css has them
  historyCacheSize: 0, // pages of one person never stay in the browser's storage for the next
});

document.addEventListener("htmx:configRequest", ({ detail }) => {
  const token = document.querySelector('meta[name="csrf-token"]')?.content;
  if (token && detail.verb !== "get") detail.headers["X-CSRFToken"] = token;
});
