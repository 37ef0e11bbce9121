/* Files are dropped onto an answer or chosen there, and sent one after the other while their progress shows.
   Without this file the page of the evidence takes them as a plain form. */
"use strict";

const token = () => document.querySelector("[name=csrfmiddlewaretoken]").value;

for (const drop of document.querySelectorAll(".drop")) prepare(drop);

// Beside an area, a file that misses its place must not replace the page and what is typed there.
for (const name of ["dragover", "drop"]) addEventListener(name, (event) => event.preventDefault());

function prepare(drop) {
  drop.hidden = false;
  drop.addEventListener("dragover", () => drop.classList.add("is-over"));
  drop.addEventListener("dragleave", () => drop.classList.remove("is-over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("is-over");
    sendAll(drop, [...event.dataTransfer.files]);
  });
}

// The plain form of the page sends in the same way.
document.getElementById("files")?.form.addEventListener("submit", (event) => {
  const { files } = document.getElementById("files");
  if (!files.length) return;
  event.preventDefault();
  event.stopPropagation();
  sendAll(document.querySelector(".drop"), [...files]).then(() => event.target.reset());
});

async function sendAll(drop, files) {
  const told = [];
  const box = drop.closest(".evidence").id;
  for (const file of files) told.push(...(await send(document.querySelector(`#${CSS.escape(box)} .drop`), file)));
  const list = document.querySelector(`#${CSS.escape(box)} .told-uploads`);
  list.replaceChildren(...told.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
}

// Sends one file; gives the sentences to tell, and puts the answer's list of evidence anew.
function send(drop, file) {
  const words = Object.fromEntries(Object.entries(drop.dataset).map(([key, text]) => [key, text.replace("%s", file.name)]));
  if (file.size > Number(drop.dataset.most)) return Promise.resolve([words.large]);
  const progress = drop.querySelector("progress");
  const said = drop.closest(".evidence").querySelector(".told-uploads");
  said.replaceChildren(Object.assign(document.createElement("li"), { textContent: words.sending }));
  progress.hidden = false;
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", drop.dataset.upload);
    request.setRequestHeader("X-CSRFToken", token());
    request.setRequestHeader("X-Requested-With", "XMLHttpRequest");
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) progress.value = (100 * event.loaded) / event.total;
    });
    request.addEventListener("error", () => resolve([words.failed]));
    request.addEventListener("load", () => resolve(answered(drop, request, words)));
    request.addEventListener("loadend", () => { progress.hidden = true; });
    const body = new FormData();
    body.append("files", file);
    request.send(body);
  });
}

function answered(drop, request, words) {
  const old = drop.closest(".evidence");
  const page = new DOMParser().parseFromString(request.responseText, "text/html");
  const fresh = page.getElementById(old.id);
  if (!fresh) return [request.status >= 500 ? words.refused : words.session]; // an error, or a page to sign in
  const problems = [...fresh.querySelectorAll(".told-uploads li")].map((item) => item.textContent);
  old.replaceWith(document.adoptNode(fresh));
  prepare(fresh.querySelector(".drop"));
  return problems.length ? problems : [words.stored];
}
