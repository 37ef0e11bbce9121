/* Files are dropped onto an answer or chosen there, and sent one after the other while their progress shows.
   Without this file the page of the evidence takes them as a plain form. */

import { token } from "./keep/line.js";

const words = document.getElementById("evidence-sentences");

document.querySelectorAll("[data-upload]").forEach(prepare);

// Beside an area, a file that misses its place must not replace the page and what is typed there.
for (const name of ["dragover", "drop"]) addEventListener(name, (event) => event.preventDefault());

// `place` is the line of an answer's evidence, which gets the field to choose files, or a box of the page of the evidence.
function prepare(place) {
  if (place.matches("details")) place.querySelector(".details-body").prepend(fieldFor(place.dataset.of));
  place.hidden = false;
  const zone = place.closest(".evidence"); // also while the line that offers to choose files is folded
  zone.addEventListener("dragover", () => zone.classList.add("is-over"));
  zone.addEventListener("dragleave", () => zone.classList.remove("is-over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("is-over");
    sendAll(zone, [...event.dataTransfer.files]);
  });
  place.querySelector("input")?.addEventListener("change", async ({ target }) => {
    const box = boxOf(zone);
    await sendAll(zone, [...target.files]);
    box().querySelector(".drop input").focus(); // the list was put anew, and the field with it
  });
}

// The plain form of the page sends in the same way.
document.getElementById("files")?.form.addEventListener("submit", (event) => {
  const { files } = document.getElementById("files");
  if (!files.length) return;
  event.preventDefault();
  event.stopPropagation();
  sendAll(document.querySelector("[data-upload]"), [...files]).then(() => event.target.reset());
});

// Last time's evidence is kept without leaving what is typed on the page.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-keep-evidence]");
  if (!button) return;
  event.preventDefault();
  const box = boxOf(document.getElementById(`evidence-${button.dataset.code}`));
  const problems = await post(box, button.formAction, new FormData(), button.dataset.keepEvidence);
  if (problems.length) show(box(), problems);
  else kept(button);
});

// An answer that was saved by itself can bring its list of evidence along.
document.addEventListener("evidence:fresh", ({ target, detail }) => {
  put(target, detail);
  const ofAnswer = (button) => target.id === `evidence-${button.dataset.code}`;
  [...document.querySelectorAll("[data-keep-evidence]")].filter(ofAnswer).forEach(kept);
});

/* Returns a function that finds the answer's box of evidence as it is at that moment. */
function boxOf(element) {
  const { id } = element.closest(".evidence");
  return () => document.getElementById(id);
}

function kept(button) {
  button.replaceWith(Object.assign(document.createElement("span"), { className: "hint", textContent: words.dataset.kept }));
}

// Returns the field to choose files, or to drop them on, for the indicator of this label.
function fieldFor(label) {
  const field = document.getElementById("drop").content.cloneNode(true);
  const hidden = field.querySelector(".visually-hidden");
  hidden.textContent = hidden.textContent.replace("LABEL", label);
  return field;
}

async function sendAll(element, files) {
  const sentences = [];
  const box = boxOf(element);
  for (const file of files) sentences.push(...(await send(box, file)));
  show(box(), sentences);
}

// Sends one file; returns the sentences to show, and puts the answer's list of evidence anew.
async function send(box, file) {
  if (file.size > Number(words.dataset.most)) return [say("large", file.name)];
  show(box(), [say("sending", file.name)]);
  const body = new FormData();
  body.append("files", file);
  const problems = await post(box, box().querySelector("[data-upload]").dataset.upload, body, file.name);
  return problems.length ? problems : [say("stored", file.name)];
}

function post(box, url, body, name) {
  const progress = box().querySelector("progress");
  progress.ariaLabel = words.dataset.progress;
  progress.hidden = false;
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.setRequestHeader("X-CSRFToken", token());
    request.setRequestHeader("X-Requested-With", "XMLHttpRequest");
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) progress.value = (100 * event.loaded) / event.total;
    });
    request.upload.addEventListener("load", () => { // it has arrived: what is left is its type and the virus scanner
      progress.removeAttribute("value");
      show(box(), [say("checking", name)]);
    });
    request.addEventListener("error", () => resolve([say("failed", name)]));
    request.addEventListener("load", () => resolve(answered(box, request, name)));
    request.addEventListener("loadend", () => { progress.hidden = true; });
    request.send(body);
  });
}

function answered(box, request, name) {
  const problems = put(box(), request.responseText);
  if (problems) return problems;
  const page = new DOMParser().parseFromString(request.responseText, "text/html");
  const refusal = page.querySelector("[data-refusal]"); // a page that says why, such as one for what is too large
  if (refusal) return [refusal.textContent];
  return [say(request.status >= 500 ? "refused" : "session", name)]; // an error, or a page to sign in
}

// Puts the list anew from the server's page; returns the problems that it shows, nothing if it has no such list.
function put(old, html) {
  const fresh = new DOMParser().parseFromString(html, "text/html").getElementById(old.id);
  if (!fresh) return null;
  fresh.querySelector("details")?.toggleAttribute("open", old.querySelector("details").open);
  old.replaceWith(document.adoptNode(fresh));
  prepare(fresh.querySelector("[data-upload]"));
  return [...fresh.querySelectorAll(".upload-status li")].map((item) => item.textContent);
}

function show(box, sentences) {
  const items = sentences.map((text) => Object.assign(document.createElement("li"), { textContent: text }));
  box.querySelector(".upload-status").replaceChildren(...items);
}

function say(word, name) {
  return words.dataset[word].replace("%s", name);
}
