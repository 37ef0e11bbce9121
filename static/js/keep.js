/* Nothing typed is lost: every form of the page is kept by the browser until the server has taken what it says.
   A new form needs nothing for it. Without this file forms are sent as browsers send them. */

import { Saver } from "./keep/saver.js";
import { Keeper } from "./keep/keeper.js";
import { list } from "./keep/list.js";
import { offer } from "./keep/offer.js";
import { Sheet } from "./keep/sheet.js";
import { dropTaken, sweep } from "./keep/shelf.js";
import { offerToDiscard } from "./keep/signout.js";

sweep();
dropTaken();

const words = document.getElementById("keeping").dataset;
const keeper = new Keeper(words);
const sheets = new Map(); // by form
const savers = [];

function attach() {
  const counted = {};
  for (const form of document.querySelectorAll("main form[method=post]")) {
    if (form.dataset.save) {
      if (!savers.some((saver) => saver.form === form)) savers.push(new Saver(form, keeper));
      continue;
    }
    const name = form.getAttribute("id") ?? form.getAttribute("action") ?? "form";
    counted[name] = (counted[name] ?? 0) + 1;
    const code = `${name}-${counted[name]}`.replace(/[^\w-]/g, "-");
    if (form.dataset.keep !== "no" && !sheets.has(form)) sheets.set(form, new Sheet(form, code, keeper));
  }
}

const live = () => [...savers, ...[...sheets.values()].filter(({ form }) => form.isConnected)];

function heard({ target }) {
  sheets.get(target.form)?.touched();
}

offerToDiscard(keeper);
if (!("apart" in words)) {
  attach();
  document.addEventListener("input", heard);
  document.addEventListener("change", heard);
  // A part of the page that was put anew has forms too, and what it answers is taken.
  document.addEventListener("htmx:afterSettle", () => {
    dropTaken();
    attach();
  });
  const parts = new Map(savers.flatMap((saver) => [...saver.answers]));
  for (const sheet of sheets.values()) if (sheet.keeps) parts.set(sheet.code, sheet);
  await offer(keeper.shelf, parts);
}
for (const place of document.querySelectorAll("[data-unsaved-list]")) await list(place, keeper.person);

addEventListener("beforeunload", (event) => {
  if (!keeper.isLeaving && live().some((part) => part.isUnsaved)) event.preventDefault();
});
// A page that comes back as it was, with the browser's back button: what it sent may have been taken.
addEventListener("pageshow", ({ persisted }) => {
  if (!persisted) return;
  keeper.isLeaving = true;
  location.reload();
});
document.addEventListener("visibilitychange", async () => {
  if (document.hidden) for (const sheet of sheets.values()) sheet.keep();
  else if (live().length) {
    const { status, data } = await keeper.session();
    if (status === 401 && data?.person) await keeper.signIn(data); // somebody else sits here now
  }
});
words.ready = "yes";
