/* Enhancements only; every page works without this file. */
"use strict";

// After a failed submit the list of problems is the first thing to read.
document.querySelector(".error-summary")?.focus();

// A second click while the first is on its way sends nothing.
const sent = new WeakSet();

function mark(form, busy) {
  if (busy) sent.add(form);
  else sent.delete(form);
  for (const button of form.elements) {
    if (button.type !== "submit") continue;
    if (busy) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
  }
}

addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (sent.has(form)) {
    event.preventDefault();
    return;
  }
  mark(form, true);
  // Whoever stopped a slow page, or got a file instead of a page, may send again.
  setTimeout(() => mark(form, false), 8000);
});

// So may whoever comes back with the browser's back button.
addEventListener("pageshow", (event) => {
  if (event.persisted) for (const form of document.forms) mark(form, false);
});

// Who follows a link to a place on a page, and has to sign in or changes the language first, still gets to that place.
if (location.hash) {
  for (const form of document.forms) if (form.elements.next) form.action = form.getAttribute("action") + location.hash;
}
