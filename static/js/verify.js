/* A file is chosen or dropped, its SHA-256 reckoned here, and only that is sent. Without this file the sum is pasted. */
const box = document.getElementById("verify-file");
const form = document.getElementById("verify");
const status = document.getElementById("verify-status");

if (globalThis.crypto?.subtle) {
  box.hidden = false;
  document.getElementById("file").addEventListener("change", (event) => verify(event.target.files[0]));
  for (const name of ["dragover", "drop"]) addEventListener(name, (event) => event.preventDefault());
  addEventListener("drop", (event) => verify(event.dataTransfer.files[0]));
}

async function verify(file) {
  if (!file) return;
  status.textContent = box.dataset.working;
  try {
    const sum = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
    form.elements.sha256.value = [...new Uint8Array(sum)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    form.requestSubmit();
  } catch {
    status.textContent = box.dataset.failed;
  }
}
