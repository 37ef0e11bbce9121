/* Updates the count of the area and the mark of the indicator as the server's answer says. */

export function tally({ root, saver: { words } }, answered) {
  const mark = document.querySelector(`.jump a[href="#${CSS.escape(root.id)}"]`);
  if (answered) root.querySelector("[data-gap]")?.remove();
  if (!mark || (mark.dataset.answered === "yes") === answered) return;
  mark.dataset.answered = answered ? "yes" : "no";
  if (!mark.classList.contains("is-asked")) {
    mark.classList.toggle("is-done", answered);
    mark.querySelector(".visually-hidden").textContent = answered ? words.answered : words.unanswered;
  }
  const count = document.querySelector('.side-nav [aria-current="page"] .num');
  count.dataset.done = Number(count.dataset.done) + (answered ? 1 : -1);
  count.firstChild.data = words.count.replace("DONE", count.dataset.done).replace("TOTAL", count.dataset.total);
}
