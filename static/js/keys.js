/* Keys on a list of suggestions: they work while one of them has the focus, and nowhere else.
   What was decided with a key leaves the list, and the focus is on what takes its place. */
"use strict";

const items = [...document.querySelectorAll("[data-keys]")];
document.querySelectorAll("[data-keys-hint]").forEach((hint) => { hint.hidden = false; });
items.forEach((item) => { item.tabIndex = 0; });
const decided = sessionStorage.getItem("decided");
if (decided !== null && items.length) items[Math.min(Number(decided), items.length - 1)].focus();
sessionStorage.removeItem("decided");

document.addEventListener("keydown", (event) => {
  const item = event.target.closest("[data-keys]");
  const typing = event.target.closest("input, textarea, select");
  if (!item || typing || event.ctrlKey || event.altKey || event.metaKey) return;
  const key = event.key.toLowerCase();
  const step = { j: 1, k: -1 }[key];
  const target = step ? items[items.indexOf(item) + step] : item.querySelector(`[data-key="${key}"]`);
  if (!target) return;
  event.preventDefault();
  if (step) return target.focus();
  sessionStorage.setItem("decided", items.indexOf(item));
  target.click();
});
