/* The review page with keys, unless they are turned off; and links to an answer open it. The page works without it. */
"use strict";

const OFF = "review-keys-off";
const hint = document.getElementById("keys");
const cards = () => [...document.querySelectorAll(".rev")];

// Private windows may refuse to keep anything: then the keys are on.
function areOff() {
  try { return localStorage.getItem(OFF) === "yes"; } catch { return false; }
}

function turn(off) {
  try { localStorage.setItem(OFF, off ? "yes" : ""); } catch { /* for this page alone */ }
  show(off);
}

let off;
function show(now) {
  off = now;
  hint.hidden = false;
  for (const part of hint.querySelectorAll("[data-when-on]")) part.hidden = off;
  hint.querySelector("[data-keys-on]").hidden = !off;
}

hint.querySelector("[data-keys-off]").addEventListener("click", () => {
  turn(true);
  hint.querySelector("[data-keys-on]").focus();
});
hint.querySelector("[data-keys-on]").addEventListener("click", () => {
  turn(false);
  hint.querySelector("[data-keys-off]").focus();
});
show(areOff());

// The card with the focus, else the one that had it last.
let last = "";
document.addEventListener("focusin", ({ target }) => { last = target.closest(".rev")?.id ?? last; });

const deeds = {
  j: (card) => step(card, 1),
  k: (card) => step(card, -1),
  o: (card) => { if (card) card.open = !card.open; },
  l: (card) => card?.querySelector('[data-key="l"]')?.click(),
  q: (card) => card?.querySelector('[data-key="q"]')?.click(),
  r: (card) => {
    const mark = card?.querySelector(".rev-mark");
    if (!mark) return;
    card.open = mark.open = true;
    mark.querySelector("textarea").focus();
  },
};

function step(card, by) {
  const all = cards();
  const next = card ? all[all.indexOf(card) + by] : all[0];
  next?.querySelector("summary").focus();
}

document.addEventListener("keydown", (event) => {
  if (off || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
  if (event.target.closest("input, textarea, select, dialog, [contenteditable]")) return;
  const deed = deeds[event.key.toLowerCase()];
  if (!deed) return;
  event.preventDefault();
  deed(document.getElementById(last));
});

// A link to an answer opens it; one of another area, as older mails have it, leads there.
function follow() {
  const id = decodeURIComponent(location.hash.slice(1));
  const target = document.getElementById(id);
  const card = target?.closest(".rev");
  if (card) {
    card.open = true;
    last = card.id;
    target.scrollIntoView();
  } else if (id.startsWith("reading-")) {
    const code = CSS.escape(id.slice("reading-".length));
    const area = document.querySelector(`#areas [data-codes~="${code}"]`);
    if (area && !area.hasAttribute("aria-current")) location.replace(area.href + location.hash);
  }
}
addEventListener("hashchange", follow);
follow();

// An answer that was swapped for its new state stays as open as it was.
const opened = new Map();
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.target.matches(".rev")) opened.set(detail.target.id, detail.target.open);
});
document.addEventListener("htmx:afterSettle", () => {
  for (const [id, open] of opened) document.getElementById(id)?.toggleAttribute("open", open);
  opened.clear();
});
