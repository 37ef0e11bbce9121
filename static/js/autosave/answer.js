/* One answer on the page: its fields, what of them the server has, and the line that says so. */

export class Answer {
  constructor(root, code, desk) {
    this.root = root;
    this.code = code;
    this.desk = desk;
    this.prefix = `i${code}-`;
    this.seen = root.querySelector(`[name="${this.prefix}seen"]`);
    this.state = root.querySelector(".answer-state");
    this.acknowledged = this.content(); // what the server holds, as JSON
    this.sending = null; // what is on its way: it goes again, unchanged, until the server has answered it
    this.blocked = ""; // "problem" or "conflict": waits for the person
    this.due = Infinity;
    this.confirmed = false; // whether the person said "no change" and nothing else since
  }

  get label() {
    return this.root.querySelector(".answer-title .code").textContent;
  }

  get controls() {
    return [...this.seen.form.elements].filter(
      ({ name, type }) => name?.startsWith(this.prefix) && !["file", "submit", "button"].includes(type),
    );
  }

  /* The fields as they would be sent, without the revision, as JSON so that two states can be compared. */
  content() {
    const sent = ({ type, checked }) => !["radio", "checkbox"].includes(type) || checked;
    const fields = this.controls
      .filter((control) => control !== this.seen && sent(control))
      .map(({ name, value }) => [name, value.replaceAll("\r\n", "\n")]);
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
    const has = (name, value) => (pairs.find((pair) => pair[0] === name)?.[1] ?? "") === value;
    for (const control of this.controls) {
      if (control === this.seen) continue;
      if (["radio", "checkbox"].includes(control.type)) control.checked = has(control.name, control.value);
      else control.value = pairs.find((pair) => pair[0] === control.name)?.[1] ?? "";
    }
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
    if (!this.blocked) this.say("waiting", this.desk.words.waiting);
  }

  keep() {
    const entry = {
      label: this.label,
      url: `${location.pathname}#i${this.code}`,
      at: Date.now(),
      base: Number(this.seen.value),
      fields: JSON.parse(this.content()),
      sending: this.sending,
    };
    this.desk.kept = this.desk.shelf.put(this.code, entry);
  }

  /* What goes to the server: what is on its way already, else the fields as they stand. */
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
    if (this.content() === this.acknowledged) this.settle(at);
    else this.keep();
    this.root.dispatchEvent(new CustomEvent("answer:saved", { bubbles: true }));
  }

  /* Nothing waits any more. */
  settle(at) {
    this.due = Infinity;
    this.blocked = "";
    this.desk.shelf.drop(this.code);
    this.say(at ? "saved" : "", at ? this.desk.words.saved.replace("TIME", at) : "");
  }

  /* The server refused what was sent, for a reason that only the person can mend. */
  refuse(sentence) {
    this.sending = null;
    this.blocked = "problem";
    this.keep();
    this.say("problem", sentence);
  }

  /* The answer's evidence is another one now; evidence.js puts the list anew. */
  lay(html) {
    const detail = html;
    this.root.querySelector(".evidence")?.dispatchEvent(new CustomEvent("evidence:fresh", { bubbles: true, detail }));
  }

  say(kind, sentence) {
    if (!this.state || this.state.textContent === sentence) return;
    this.state.dataset.state = kind;
    this.state.textContent = sentence;
  }
}
