/* Rows are added in place; without this file the button asks the server. */
"use strict";

for (const form of document.querySelectorAll("[data-figures]")) {
  const body = form.querySelector("tbody");

  // A text that the browser kept may have more rows than the page.
  form.addEventListener("keep:filling", ({ detail: names }) => {
    const last = Math.max(...names.map((name) => Number(name.match(/^r(\d+)-/)?.[1] ?? 0)));
    while (body.rows.length && Number(body.lastElementChild.querySelector("th").textContent) < last) {
      body.appendChild(emptied(body.lastElementChild));
    }
  });

  // A field of one line drops line ends; figures that stood in several cells must not become one.
  form.addEventListener("paste", (event) => {
    const field = event.target, parts = event.clipboardData.getData("text/plain").trim().split(/[\r\n\t]+/);
    if (!field.matches("input.num") || parts.length < 2) return;
    event.preventDefault();
    field.setRangeText(parts.join(" / "), field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });

  form.querySelector("[name=add]").addEventListener("click", (event) => {
    event.preventDefault();
    const added = [1, 2, 3].map(() => body.appendChild(emptied(body.lastElementChild)));
    added[0].querySelector("input, select").focus();
  });

  // A copy of the last row with the next number and nothing in it.
  function emptied(row) {
    const before = row.querySelector("th").textContent.trim();
    const next = String(Number(before) + 1);
    const copy = row.cloneNode(true);
    for (const error of copy.querySelectorAll(".field-error")) error.remove();
    copy.querySelector("th").textContent = next;
    for (const part of [copy, ...copy.querySelectorAll("*")]) {
      part.removeAttribute("aria-invalid");
      part.removeAttribute("aria-describedby");
      for (const name of ["id", "name", "for", "aria-labelledby"]) {
        const value = part.getAttribute(name);
        if (value) part.setAttribute(name, value.replace(`r${before}-`, `r${next}-`).replace(`row-${before}`, `row-${next}`));
      }
    }
    for (const field of copy.querySelectorAll("input, select")) {
      if (field.type === "checkbox") field.checked = false;
      else field.value = "";
    }
    const hidden = copy.querySelector(".visually-hidden");
    hidden.textContent = hidden.textContent.replace(before, next);
    return copy;
  }
}
