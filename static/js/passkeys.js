// Passkeys: asks the browser for one and sends what it answers with the form.
"use strict";

const KINDS = {
  // A new passkey; one that is to sign in alone is stored on the device and confirms who uses it.
  async create(form) {
    const { creation_options: options } = given();
    const alone = Boolean(form.elements.passwordless?.checked);
    const wanted = options.publicKey.authenticatorSelection;
    wanted.residentKey = alone ? "required" : "discouraged";
    wanted.requireResidentKey = alone;
    if (alone) wanted.userVerification = "required";
    return webauthnJSON.create(options);
  },
  async get() {
    return webauthnJSON.get(given().request_options);
  },
  async login(form) {
    const response = await fetch(form.action, { headers: { Accept: "application/json" } });
    if (!response.ok) throw new Error(response.statusText);
    return webauthnJSON.get((await response.json()).request_options);
  },
};

function given() {
  return JSON.parse(document.getElementById("passkey-options").textContent);
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const failure = form.querySelector("[data-failed]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    failure.hidden = true;
    try {
      form.elements.credential.value = JSON.stringify(await KINDS[form.dataset.passkey](form));
      form.submit();
    } catch {
      failure.textContent = failure.dataset.failed;
      failure.hidden = false;
    }
  });
}
