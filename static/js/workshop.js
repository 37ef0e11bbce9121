/* A participant's phone: without a line it says so, keeps the rating in the page, and sends it once the line is back. */

const line = document.getElementById("no-line");
const form = document.querySelector("form[data-rate]");
const pause = 3000;

for (const name of ["htmx:sendError", "htmx:timeout"]) document.addEventListener(name, () => (line.hidden = false));
document.addEventListener("htmx:afterOnLoad", () => (line.hidden = true));

let sending = false;

async function send() {
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
    if (answer.status >= 500) throw new Error(answer.statusText);
    location.reload(); // the page says what has arrived, or that the room has gone on
  } catch {
    form.querySelector("[data-said]").hidden = true;
    form.querySelector("[data-offline]").hidden = false;
    setTimeout(send, pause);
  }
}

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  if (sending) return;
  sending = true;
  send();
});
