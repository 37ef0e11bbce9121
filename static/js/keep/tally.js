/* What the server says of an answer, at its card and in the strip above, and in the count of its area. */

/* Shows a state, "saved", "incomplete", "open" or "problem", except over what waits for the person in any case. */
export function mark({ id }, state, word = document.querySelector(".strip")?.dataset[state] ?? "") {
  for (const place of document.querySelectorAll(`[data-of="${CSS.escape(id)}"]`)) {
    if (place.matches(".is-returned, .is-suggestion, .is-question")) continue;
    place.className = `answer-mark is-${state}`;
    place.firstElementChild.textContent = word;
  }
}

/* Updates the count of the area and the marks of the indicator as the server's answer says. */
export function tally({ root, saver: { words } }, { answered, incomplete }) {
  if (answered) root.querySelector("[data-gap]")?.remove();
  if (incomplete) mark(root, "incomplete", incomplete);
  else mark(root, answered ? "saved" : "open");
  const counted = document.querySelector(`.strip [data-of="${CSS.escape(root.id)}"]`);
  if (!counted || (counted.dataset.answered === "yes") === answered) return;
  counted.dataset.answered = answered ? "yes" : "no";
  const count = document.querySelector('.area-tabs [aria-current="page"] .num');
  count.dataset.done = Number(count.dataset.done) + (answered ? 1 : -1);
  count.firstChild.data = words.count.replace("DONE", count.dataset.done).replace("TOTAL", count.dataset.total);
}
