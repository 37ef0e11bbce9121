/* Lists what this browser still keeps unsaved of the person's texts in a submission. */

import { texts } from "./autosave/offer.js";
import { moment, Shelf } from "./autosave/shelf.js";

const list = document.getElementById("unsaved");
const shelf = new Shelf(list.dataset.person, list.dataset.submission);

for (const entry of await shelf.left()) {
  const row = list.querySelector("template").content.firstElementChild.cloneNode(true);
  const link = row.querySelector("a");
  link.href = entry.url;
  link.textContent = entry.label;
  row.querySelector("[data-when]").textContent = moment(entry.at);
  row.querySelector(".told").textContent = texts(entry);
  row.querySelector("button").addEventListener("click", () => {
    shelf.remove(entry.key);
    row.remove();
    list.hidden = !list.querySelector("li");
  });
  list.querySelector("ul").append(row);
  list.hidden = false;
}
