/* What a window left behind unsaved is offered back: keep it, or drop it. */

import { moment, remove } from "./shelf.js";

/* Offers the page's kept texts. Each of its `parts`, by code, can tell its content and take a text back. */
export async function offer(shelf, parts) {
  for (const entry of await shelf.left()) {
    const part = parts.get(entry.code);
    if (!part) continue;
    if (JSON.stringify(entry.fields) === part.content()) remove(entry.key); // it was saved after all
    else show(part, entry);
  }
}

function show(part, entry) {
  const panel = document.getElementById("offer").content.firstElementChild.cloneNode(true);
  const title = panel.querySelector(".callout-title");
  title.textContent = title.textContent.replace("WHEN", moment(entry.at));
  panel.querySelector(".as-typed").textContent = entry.told;
  panel.querySelector("[data-keep-it]").addEventListener("click", () => {
    close();
    part.takeBack(entry);
  });
  panel.querySelector("[data-drop-it]").addEventListener("click", close);
  for (let box = part.place.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
  part.place.before(panel);

  function close() {
    remove(entry.key);
    panel.remove();
    part.focus();
  }
}
