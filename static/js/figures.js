/* Rows are added in place, and the server says the sums and what is doubtful as cells are left.
   Without this file the buttons ask the server. */
"use strict";

for (const form of document.querySelectorAll("[data-figures]")) {
  const body = form.querySelector("tbody");
  const lastRow = () => [...body.querySelectorAll("tr:not(.row-notes)")].at(-1);

  // A text that the browser kept may have more rows than the page.
  form.addEventListener("keep:filling", ({ detail: names }) => {
    const last = Math.max(...names.map((name) => Number(name.match(/^r(\d+)-/)?.[1] ?? 0)));
    while (Number(lastRow().querySelector("th").textContent) < last) body.append(emptied(lastRow()));
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
    const added = [1, 2, 3].map(() => body.appendChild(emptied(lastRow())));
    added[0].querySelector("input, select").focus();
  });

  // What the server says of the table as it is: only the last answer counts.
  let asked = 0;
  form.addEventListener("change", async ({ target }) => {
    if (!target.closest("tbody")) return;
    const turn = ++asked;
    const data = new FormData(form);
    data.append("check", "on");
    const response = await fetch(location.pathname, { method: "POST", body: data, redirect: "error" }).catch(() => null);
    if (!response?.ok || turn !== asked) return;
    const { sums, notes } = await response.json();
    for (const [code, text] of Object.entries(sums)) form.querySelector(`[data-sum="${code}"]`).textContent = text;
    for (const old of body.querySelectorAll(".row-notes")) old.remove();
    for (const [number, sentences] of Object.entries(notes)) tell(number, sentences);
    form.querySelector("[data-said]").textContent = Object.values(notes).flat().join(" ");
  });

  // Puts sentences beneath a row.
  function tell(number, sentences) {
    const row = document.getElementById(`row-${number}`).parentElement;
    const place = document.createElement("td");
    Object.assign(place, { id: `notes-${number}`, colSpan: row.cells.length });
    place.setAttribute("role", "cell");
    place.append(...sentences.map((text) => Object.assign(document.createElement("p"), { textContent: text })));
    const line = document.createElement("tr");
    line.className = "row-notes";
    line.setAttribute("role", "row");
    line.append(place);
    row.after(line);
  }

  // A copy of the last row with the next number and nothing in it.
  function emptied(row) {
    const before = row.querySelector("th").textContent.trim();
    const next = String(Number(before) + 1);
    const copy = row.cloneNode(true);
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
