/* Signing out on a browser that keeps texts: they can be discarded first. */

import { keptOf, remove } from "./shelf.js";
import { dialogOf } from "./signin.js";

export function offerToDiscard(keeper) {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.getAttribute("action") !== keeper.words.signout) return;
    const kept = keptOf(keeper.person);
    if (!kept.length) return;
    event.preventDefault();
    const dialog = dialogOf("sign-out");
    dialog.addEventListener("close", () => dialog.remove());
    const leave = () => {
      keeper.isLeaving = true;
      form.submit();
    };
    dialog.querySelector("[data-discard]").onclick = () => {
      keeper.isDiscarded = true;
      for (const { key } of keptOf(keeper.person)) remove(key);
      leave();
    };
    dialog.querySelector("[data-leave]").onclick = leave;
    dialog.querySelector("[data-stay]").onclick = () => dialog.close();
    const list = dialog.querySelector("ul");
    const item = ({ label }) => Object.assign(document.createElement("li"), { textContent: label });
    list.replaceChildren(...kept.map(item));
    dialog.showModal();
  });
}
