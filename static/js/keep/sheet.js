/* A form that is sent as a whole: kept while it is filled in, and sent only to a server that knows its person. */

import { bases, fill, isText, printed, read, texts, typed } from "./fields.js";
import { token } from "./line.js";

const PAUSE = 300; // milliseconds after the last key until the browser keeps the text

export class Sheet {
  #isPassing = false;
  #isChecking = false;

  constructor(form, code, keeper) {
    Object.assign(this, { form, code, keeper });
    this.taken = JSON.stringify(printed(typed(form))); // what the server has
    this.keeps = typed(form).some(isText); // a form with buttons and ticks alone has nothing to lose
    form.autocomplete = "off"; // a browser that fills fields in again by itself would mix texts and revisions
    form.addEventListener("submit", (event) => this.submitted(event), { capture: true });
    form.dataset.kept = this.keeps ? "yes" : "no";
    // This page answers what the form sent: it shows what was typed, and the server has not stored it.
    if (keeper.answered === code && form.dataset.keep !== "asks") this.taken = null;
    if (this.isUnsaved) this.keep();
  }

  get isUnsaved() {
    return this.keeps && this.content() !== this.taken;
  }

  get place() {
    const first = typed(this.form).find(isText);
    return first.closest("table")?.parentElement ?? first.closest(".field") ?? first;
  }

  focus() {
    typed(this.form).find(isText)?.focus();
  }

  content() {
    return JSON.stringify(read(typed(this.form)));
  }

  touched() {
    this.keeper.isLeaving = false;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(), PAUSE);
  }

  keep() {
    clearTimeout(this.timer);
    if (!this.isUnsaved) return this.keeper.shelf.drop(this.code);
    this.keeper.put(this.code, {
      label: this.label,
      url: this.keeper.page,
      told: texts(typed(this.form)),
      fields: JSON.parse(this.content()),
      bases: read(bases(this.form)),
      sent: this.number,
    });
  }

  get label() {
    return document.querySelector("h1").textContent.replace(/\s+/g, " ").trim();
  }

  get number() {
    return `${this.keeper.shelf.window}-${this.code}`;
  }

  /* The text of a window that is gone, with the revision that it began from. */
  takeBack(entry) {
    this.form.dispatchEvent(new CustomEvent("keep:filling", { detail: entry.fields.map(([name]) => name) }));
    fill(typed(this.form), entry.fields);
    fill(bases(this.form), entry.bases);
    this.keep();
    this.focus();
  }

  /* Sends the form once the server says that its person is signed in; until then the page stays as it is. */
  async submitted(event) {
    if (this.#isPassing || !this.keeps) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (this.#isChecking) return this.keeper.remind();
    this.#isChecking = true;
    this.keep();
    this.keeper.speakAt(this.form);
    const isHere = await this.#isSignedIn();
    this.#isChecking = false;
    if (isHere) this.#send(event.submitter);
  }

  async #isSignedIn() {
    for (;;) {
      const { status, data } = await this.keeper.session();
      if (status === 200) return true;
      if (status !== 401) {
        this.keeper.unheard(status, this.keeper.words.again);
        return false;
      }
      await this.keeper.signIn(data);
    }
  }

  #send(submitter) {
    this.keeper.say("");
    this.#put("csrfmiddlewaretoken", token());
    if (this.isUnsaved) this.#put("draft", this.number);
    this.keeper.sending(this);
    this.#isPassing = true;
    this.form.requestSubmit(submitter?.form === this.form ? submitter : null);
    this.#isPassing = false;
  }

  #put(name, value) {
    let field = this.form.querySelector(`input[type=hidden][name=${name}]`);
    if (!field) {
      field = Object.assign(document.createElement("input"), { type: "hidden", name });
      this.form.append(field);
    }
    field.value = value;
  }
}
