/* What a window left behind unsaved is offered back: keep it, or drop it. */

import { moment } from "./shelf.js";

export async function offer(desk) {
  for (const entry of await desk.shelf.left()) {
    const answer = desk.answers.get(entry.code);
    if (!answer) continue;
    if (JSON.stringify(entry.fields) === answer.content()) desk.shelf.remove(entry.key); // it was saved after all
    else show(desk, answer, entry);
  }
}

function show(desk, answer, entry) {
  const panel = document.getElementById("offer").content.firstElementChild.cloneNode(true);
  panel.querySelector(".callout-title").textContent = desk.words.offer.replace("WHEN", moment(entry.at));
  panel.querySelector(".told").textContent = texts(entry);
  panel.querySelector("[data-keep]").addEventListener("click", () => {
    // What was on its way when the window closed may have arrived: then the text goes on from there.
    const arrived = entry.sending !== null && entry.sending === answer.acknowledged;
    if (!arrived) answer.seen.value = entry.base;
    answer.fill(entry.fields);
    answer.touched(0);
    close();
    desk.work();
  });
  panel.querySelector("[data-drop]").addEventListener("click", close);
  answer.root.closest("details")?.setAttribute("open", "");
  answer.root.querySelector(".ladder").before(panel);

  function close() {
    desk.shelf.remove(entry.key);
    panel.remove();
    answer.root.focus();
  }
}

/* What people typed of an entry, without choices and ticks. */
export function texts({ fields }) {
  return fields
    .filter(([name, value]) => /-(reason|comment|next|changed|why|text)$/.test(name) && value)
    .map(([, value]) => value)
    .join("\n\n");
}
