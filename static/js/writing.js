/* Writing a chapter: the preview follows what is saved, and names are put into the text. Works without this file too. */
"use strict";

const preview = document.querySelector("[data-preview]");
const text = document.querySelector(".writing textarea");

// The server has another text now: show it; an approval is of what shows.
document.addEventListener("answer:saved", async () => {
  const response = await fetch(preview.dataset.preview, { credentials: "same-origin", redirect: "error" }).catch(() => null);
  if (response?.ok) preview.innerHTML = await response.text();
});

for (const name of document.querySelectorAll("[data-insert]")) {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-quiet btn-sm" });
  name.replaceWith(button);
  button.append(name);
  button.addEventListener("click", () => {
    text.setRangeText(name.textContent, text.selectionStart, text.selectionEnd, "end");
    text.focus();
    text.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
