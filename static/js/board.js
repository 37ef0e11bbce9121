/* Counts the ticked countries of the board and ticks all that are shown; without this file each is ticked by itself. */
"use strict";

const board = document.querySelector("[data-board]");
const count = board?.querySelector("[data-count]");

if (count) {
  const none = count.textContent;
  const boxes = [...board.querySelectorAll("tbody input[type=checkbox]")];
  const all = board.querySelector("[data-all]");

  const show = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    const words = count.closest("[data-ticked]")?.dataset.ticked ?? "{n}";
    count.textContent = ticked ? words.replace("{n}", String(ticked)) : none;
    all.checked = ticked === boxes.length;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
  };

  board.addEventListener("change", ({ target }) => {
    if (target === all) for (const box of boxes) box.checked = all.checked;
    show();
  });
  show(); // the browser's back button keeps the ticks
}
