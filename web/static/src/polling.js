// Asks an address again and again, as long as the page is looked at; 304 means nothing changed.
export function poll(address, { every = 5000, changed, failed, back }) {
  let tag = "";
  let lost = false;
  let timer = 0;

  async function ask() {
    clearTimeout(timer);
    if (!document.hidden) {
      try {
        const answer = await fetch(address(), { headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store" });
        if (answer.ok) {
          tag = answer.headers.get("ETag") || "";
          changed(await answer.json());
        } else if (answer.status !== 304) throw new Error(String(answer.status));
        if (lost) { lost = false; back(); }
      } catch {
        if (!lost) { lost = true; failed(new Date()); }
      }
    }
    timer = setTimeout(ask, every);
  }

  document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });
  timer = setTimeout(ask, every);
  return { now: ask, forget: () => { tag = ""; } };
}
