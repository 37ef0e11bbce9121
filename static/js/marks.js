/* Marks are saved in place, so that reasons typed elsewhere on the page stay; without this file the page reloads. */
"use strict";

// Whatever is not this page again (a refusal, a lost session) is asked for once more as a plain form, which shows it.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { serverResponse, requestConfig, target } = event.detail;
  if (serverResponse.includes(`id="${target.id}"`)) return;
  event.detail.shouldSwap = false;
  const { elt: form, triggeringEvent } = requestConfig;
  const pressed = triggeringEvent?.submitter;
  if (pressed?.name) {
    const { name, value } = pressed;
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }
  form.submit();
});

document.addEventListener("htmx:sendError", () => {
  const marked = document.getElementById("marked");
  marked.textContent = marked.dataset.offline;
});
