/* One answer on the page: its fields, what of them the server has, and the line that says so. */

import { fill, printed, read, texts } from "./fields.js";
import { mark } from "./tally.js";

export class Answer {
  constructor(root, code, saver) {
    this.root = root;
    this.code = code;
    this.saver = saver;
    this.prefix = `i${code}-`;
    this.seen = root.querySelector(`[name="${this.prefix}seen"]`);
    this.state = root.querySelector(".answer-state");
    this.isConfirmed = false; // whether the person said "no change" and nothing else since
    // What the server holds, as JSON: what it printed, unless that is what it refused.
    const isRefused = root.querySelector("[data-refused]");
    this.acknowledged = isRefused ? null : JSON.stringify(printed(this.fields));
    this.sending = null; // what is on its way: it goes again, unchanged, until the server has answered it
    this.blocked = isRefused ? "problem" : ""; // "problem" or "conflict": waits for the person
    this.due = Infinity;
  }

  get label() {
    return this.root.querySelector(".answer-title .code").textContent;
  }

  get controls() {
    return [...this.seen.form.elements].filter(
      ({ name, type }) => name?.startsWith(this.prefix) && !["file", "submit", "button"].includes(type),
    );
  }

  /* What the person fills in. */
  get fields() {
    return this.controls.filter((control) => control !== this.seen);
  }

  get place() {
    return this.root.querySelector("[data-conflict]");
  }

  get confirmed() {
    return this.isConfirmed;
  }

  /* "No change" shows that it was pressed, until something else is chosen or typed. */
  set confirmed(isConfirmed) {
    this.isConfirmed = isConfirmed;
    this.root.querySelector(`[name="${this.prefix}confirmed"]`)?.setAttribute("aria-pressed", isConfirmed);
  }

  /* The fields as they would be sent, without the revision, as JSON so that two states can be compared. */
  content() {
    const fields = read(this.fields);
    if (this.confirmed) fields.push([`${this.prefix}confirmed`, "on"]);
    return JSON.stringify(fields);
  }

  get isUnsaved() {
    return this.sending !== null || this.content() !== this.acknowledged;
  }

  get isReady() {
    return !this.blocked && this.isUnsaved && this.due <= Date.now();
  }

  /* Puts values, pairs of name and value, into the fields; scripts that draw fields of their own hear of it. */
  fill(pairs) {
    this.confirmed = pairs.some(([name]) => name === `${this.prefix}confirmed`);
    fill(this.fields, pairs);
    this.root.dispatchEvent(new CustomEvent("answer:filled", { bubbles: true, detail: new Map(pairs) }));
  }

  /* The person changed something: keep it in the browser, and let it go `delay` milliseconds from now. */
  touched(delay) {
    if (!this.isUnsaved) {
      if (this.due < Infinity) this.settle("");
      return;
    }
    this.keep();
    this.due = Date.now() + delay;
    if (this.blocked === "problem") this.blocked = "";
    if (!this.blocked) this.say("waiting", this.saver.words.waiting);
  }

  keep() {
    this.saver.keeper.put(this.code, {
      label: this.label,
      url: `${this.saver.keeper.page}#i${this.code}`,
      told: texts(this.fields),
      base: this.seen.value,
      fields: JSON.parse(this.content()),
      sending: this.sending,
    });
  }

  /* The text of a window that is gone. What was on its way then may have arrived: the text goes on from there. */
  takeBack({ sending, base, fields }) {
    const hasArrived = sending !== null && sending === this.acknowledged;
    if (!hasArrived) this.seen.value = base;
    this.fill(fields);
    this.touched(0);
    this.saver.work();
    this.focus();
  }

  focus() {
    this.open();
    (this.root.querySelector(":scope > summary") ?? this.root).focus();
  }

  /* Unfolds its card, where it has one. */
  open() {
    if ("open" in this.root) this.root.open = true;
  }

  /* What was chosen is taken back. */
  clear() {
    const rated = this.controls.filter(({ name, type }) => type === "radio" && name === `${this.prefix}answer`);
    const chosen = rated.find((radio) => radio.checked);
    if (!chosen) return;
    chosen.checked = false;
    chosen.focus();
    chosen.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /* What goes to the server: what is on its way already, else the fields as they are. */
  parcel() {
    if (this.sending === null) {
      this.sending = this.content();
      this.keep();
    }
    return [...JSON.parse(this.sending), [this.seen.name, this.seen.value]];
  }

  /* The server has what was sent, as `revision`, since `at`. */
  acknowledge(revision, at) {
    this.acknowledged = this.sending;
    this.sending = null;
    this.seen.value = revision;
    this.root.querySelector("p[data-refused]")?.remove();
    if (this.content() === this.acknowledged) this.settle(at);
    else this.keep();
    this.root.dispatchEvent(new CustomEvent("answer:saved", { bubbles: true }));
  }

  /* Nothing waits any more. */
  settle(at) {
    this.due = Infinity;
    this.blocked = "";
    this.saver.keeper.shelf.drop(this.code);
    this.say(at ? "saved" : "", at ? this.saver.words.saved.replace("TIME", at) : "");
  }

  /* The server refused what was sent, for a reason that only the person can correct. */
  refuse(sentence) {
    const isCurrent = this.content() === this.sending;
    this.sending = null;
    this.keep();
    if (!isCurrent) return; // what was changed meanwhile, such as a reason that was missing, goes by itself
    this.blocked = "problem";
    this.open();
    this.say("problem", sentence);
    mark(this.root, "problem");
  }

  /* The answer's evidence is another one now; evidence.js puts the list anew. */
  replaceEvidence(html) {
    const detail = html;
    this.root.querySelector(".evidence")?.dispatchEvent(new CustomEvent("evidence:fresh", { bubbles: true, detail }));
  }

  say(kind, sentence) {
    if (!this.state || this.state.textContent === sentence) return;
    this.state.dataset.state = kind;
    this.state.textContent = sentence;
  }
}
