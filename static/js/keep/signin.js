/* Signing in on the page, so that nothing typed has to leave it. */

import { post } from "./line.js";

/* Asks to sign in; resolves when `check` finds the page's own person signed in. It gives a sentence if it does not. */
export function signIn(notice, sentence, check) {
  const dialog = dialogOf("sign-in");
  const form = dialog.querySelector("form");
  form.login.value = document.getElementById("keeping").dataset.login;
  const message = dialog.querySelector("[data-message]");
  const again = notice.querySelector("button");
  return new Promise((resolve) => {
    const listening = new AbortController();
    const on = (target, event, act) => target.addEventListener(event, act, { signal: listening.signal });
    const done = async () => {
      form.password.value = "";
      message.textContent = await check();
      if (message.textContent) return;
      listening.abort();
      dialog.close(); // gives the focus back to where it was
      dialog.remove();
      again.hidden = true;
      resolve();
    };
    const open = () => {
      message.textContent = sentence;
      if (!dialog.open) dialog.showModal();
    };
    on(form, "submit", async (event) => {
      event.preventDefault();
      // Asking for the page first gives this browser a token, should it have lost it.
      await fetch(form.action, { credentials: "same-origin" }).catch(() => null);
      const fields = [["login", form.login.value], ["password", form.password.value]];
      const { status, data } = await post(form.action, fields, { "X-Requested-With": "XMLHttpRequest" });
      if (status === 200 && data.location?.startsWith(form.dataset.factor)) {
        message.textContent = form.dataset.second;
        form.querySelector("a").href = form.dataset.factor;
      } else if (status === 200) await done();
      else message.textContent = problems(data) || form.dataset.failed;
    });
    on(dialog.querySelector("[data-done]"), "click", done);
    on(dialog.querySelector("[data-later]"), "click", () => dialog.close());
    // Whoever closes the dialog to look at something finds the way back next to the notice.
    on(dialog, "close", () => {
      again.hidden = false;
      again.focus();
    });
    on(again, "click", open);
    open();
  });
}

/* Puts a dialog of the page's templates into the page. */
export function dialogOf(id) {
  const dialog = document.getElementById(id).content.firstElementChild.cloneNode(true);
  return document.body.appendChild(dialog);
}

function problems(data) {
  const form = data?.form;
  if (!form) return "";
  return [...form.errors, ...Object.values(form.fields).flatMap((field) => field.errors)].join(" ");
}
