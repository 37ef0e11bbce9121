/* Ticks the boxes of a whole group; without this file they are ticked one by one. */
"use strict";

for (const bar of document.querySelectorAll("[data-tick]")) {
  const boxes = bar.closest("form").querySelectorAll(`[name="${bar.dataset.tick}"]`);
  bar.hidden = false;
  bar.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (!button) return;
    const { group, clear } = button.dataset;
    for (const box of boxes) {
      if (clear !== undefined) box.checked = false;
      else if (!group || box.dataset.groups.split(" ").includes(group)) box.checked = true;
    }
  });
}
