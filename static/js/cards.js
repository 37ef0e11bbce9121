/* The cards of an area: saved ones fold, a folded one says what it holds, and rows of links are one stop of Tab.
   Without this file every card is open, and each link is a stop. */

const cards = [...document.querySelectorAll("details.answer")];

// Whoever was quicker than this file may have begun to answer, or is led here by a link.
const isInUse = (card) =>
  card.contains(document.activeElement) ||
  card.id === decodeURIComponent(location.hash.slice(1)) ||
  [...card.querySelectorAll("input, textarea")].some(
    (field) => field.value !== field.defaultValue || field.checked !== field.defaultChecked,
  );

for (const card of cards) {
  if ("folds" in card.dataset && !isInUse(card)) card.open = false;
  card.addEventListener("toggle", () => { if (!card.open) sumUp(card); });
  card.addEventListener("focusin", () => here(card));
}
// Folding moved what the link leads to; and the browser, which cannot focus a card, takes the focus away until then.
if (location.hash) addEventListener("load", follow);
addEventListener("hashchange", follow);

function follow() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const card = target?.closest("details.answer");
  if (!card) return;
  card.open = true;
  target.scrollIntoView();
  if (!card.contains(document.activeElement)) (target === card ? card.firstElementChild : target).focus({ preventScroll: true });
}

// What the folded line says: the choice, the first words of the comment, the number of pieces of evidence.
function sumUp(card) {
  const label = card.querySelector(".answer-level :checked + label");
  const short = label?.querySelector(".rung")?.cloneNode(true) ?? label?.firstChild.cloneNode(true) ?? "";
  card.querySelector("[data-short]").replaceChildren(short);
  card.querySelector("[data-words]").textContent = card.querySelector("[name$='-comment']").value.slice(0, 90);
  const pieces = card.querySelectorAll(".evidence .piece").length;
  card.querySelector("[data-pieces]").textContent = pieces;
  card.querySelector(".answer-pieces").hidden = !pieces;
}

// One link of a row is the stop of Tab, the arrows move on from there.
function rest(row, link) {
  for (const one of row.querySelectorAll("a")) one.tabIndex = one === link ? 0 : -1;
}

for (const row of document.querySelectorAll("[data-arrows]")) {
  rest(row, row.querySelector("[aria-current]") ?? row.querySelector("a"));
  row.addEventListener("focusin", ({ target }) => rest(row, target));
  row.addEventListener("keydown", (event) => {
    const all = [...row.querySelectorAll("a")];
    const at = all.indexOf(event.target);
    const forward = getComputedStyle(row).direction === "rtl" ? -1 : 1;
    const next = { ArrowRight: at + forward, ArrowLeft: at - forward, Home: 0, End: all.length - 1 }[event.key];
    if (next === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    all[Math.max(0, Math.min(next, all.length - 1))].focus();
  });
}

// The strip shows which card has the focus.
function here(card) {
  const strip = document.querySelector(".strip");
  for (const link of strip.querySelectorAll("a")) {
    const isHere = link.hash === `#${card.id}`;
    link.toggleAttribute("aria-current", isHere);
    if (isHere) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
    if (isHere) rest(strip, link);
  }
}

// A browser that does not size fields by their content.
if (!CSS.supports("field-sizing", "content")) {
  const grow = (field) => {
    field.style.blockSize = "auto";
    field.style.blockSize = `${field.scrollHeight + field.offsetHeight - field.clientHeight}px`;
  };
  addEventListener("input", ({ target }) => { if (target.matches("textarea")) grow(target); });
  for (const field of document.querySelectorAll("textarea")) if (field.value) grow(field);
}
