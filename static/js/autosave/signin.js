/* Signing in where the page stands, so that nothing typed has to leave it. */

import { post } from "./line.js";

/* Asks the person to sign in; resolves when they have, here or in another window. */
export function signIn(dialog, notice, sentence) {
  const form = dialog.querySelector("form");
  const told = dialog.querySelector("[data-told]");
  const again = notice.querySelector("button");
  return new Promise((resolve) => {
    const listening = new AbortController();
    const on = (target, event, act) => target.addEventListener(event, act, { signal: listening.signal });
    const done = () => {
      listening.abort();
      dialog.close();
      form.password.value = "";
      again.hidden = true;
      resolve();
    };
    const open = () => {
      told.textContent = sentence;
      if (!dialog.open) dialog.showModal();
    };
    on(form, "submit", async (event) => {
      event.preventDefault();
      // Asking for the page first gives this browser a token, should it have lost it.
      await fetch(form.action, { credentials: "same-origin" }).catch(() => null);
      const fields = [["login", form.login.value], ["password", form.password.value]];
      const { status, told: answer } = await post(form.action, fields, { "X-Requested-With": "XMLHttpRequest" });
      if (status === 200) done();
      else told.textContent = problems(answer) || form.dataset.failed;
    });
    on(dialog.querySelector("[data-done]"), "click", done);
    on(dialog.querySelector("[data-later]"), "click", () => dialog.close());
    // Whoever closes the dialog to look at something finds the way back beside the notice.
    on(dialog, "close", () => {
      again.hidden = false;
      again.focus();
    });
    on(again, "click", open);
    open();
  });
}

function problems(answer) {
  const form = answer?.form;
  if (!form) return "";
  return [...form.errors, ...Object.values(form.fields).flatMap((field) => field.errors)].join(" ");
}
