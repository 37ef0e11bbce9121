/* Shows the level above the one that is chosen; without this file the page shows it after a save. */

document.addEventListener("change", ({ target }) => {
  if (!target.matches?.(".ladder input[type=radio], [name$='-answer']")) return;
  const place = target.closest(".answer")?.querySelector("[data-next-rung]");
  if (!place) return;
  const above = target.closest(".ladder .choice")?.nextElementSibling?.querySelector("label");
  const row = document.createElement("div");
  row.className = "reading-answer";
  row.append(...(above ? [...above.cloneNode(true).children] : []));
  place.replaceChildren(...(above ? [row] : []));
});
