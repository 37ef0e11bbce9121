/* Ticks or unticks all boxes, and says how many are ticked; without this file they are ticked one by one. */
"use strict";

for (const bar of document.querySelectorAll("[data-tick]")) {
  const boxes = [...bar.closest("form").querySelectorAll(`[name="${bar.dataset.tick}"]`)];
  const words = bar.querySelector("[data-words]");
  const count = () => {
    words.textContent = words.dataset.words.replace("{n}", boxes.filter((box) => box.checked).length);
  };
  bar.hidden = false;
  bar.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (!button) return;
    for (const box of boxes) box.checked = "all" in button.dataset;
    count();
  });
  for (const box of boxes) box.addEventListener("change", count);
  count();
}
