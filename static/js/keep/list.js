/* Lists what this browser still keeps of the person's texts, all of them or those of pages under one address. */

import { abandoned, keptOf, moment, remove } from "./shelf.js";

export async function list(place, person) {
  const entries = await abandoned(keptOf(person));
  for (const entry of entries.filter(({ url }) => url.startsWith(place.dataset.under))) {
    const row = place.querySelector("template").content.firstElementChild.cloneNode(true);
    const link = row.querySelector("a");
    link.href = entry.url;
    link.textContent = entry.label;
    row.querySelector("[data-when]").textContent = moment(entry.at);
    row.querySelector(".as-typed").textContent = entry.told;
    row.querySelector("button").addEventListener("click", () => {
      remove(entry.key);
      row.remove();
      place.hidden = !place.querySelector("li");
    });
    place.querySelector("ul").append(row);
    place.hidden = false;
  }
}
