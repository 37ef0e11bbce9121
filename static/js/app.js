/* Enhancements only; every page works without this file. */
"use strict";

// After a failed submit the list of problems is the first thing to read.
document.querySelector(".error-summary")?.focus();

// A second click while the first is on its way sends nothing. Forms that answer with a file stay open: data-again.
addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.dataset.again !== undefined) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  // After the event, so that the pressed button's own name and value are still sent.
  setTimeout(() => {
    for (const button of form.elements) if (button.type === "submit") button.setAttribute("aria-disabled", "true");
  });
});

// Coming back with the browser's back button opens the form again.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.forms) {
    delete form.dataset.sent;
    for (const button of form.elements) if (button.type === "submit") button.removeAttribute("aria-disabled");
  }
});
