/* A form that saves each answer by itself. Without this file the page's Save button saves them all. */

import { Answer } from "./answer.js";
import { conflict } from "./conflict.js";
import { Patience, post } from "./line.js";
import { tally } from "./tally.js";

const PAUSE = 1000; // milliseconds after the last key until an answer goes

export class Saver {
  constructor(form, keeper) {
    this.form = form;
    this.keeper = keeper;
    this.words = { ...keeper.words, ...form.dataset };
    this.patience = new Patience();
    this.answers = new Map();
    for (const { name } of form.querySelectorAll('[name$="-seen"]')) {
      const code = name.slice(1, -"-seen".length);
      this.answers.set(code, new Answer(document.getElementById(`i${code}`), code, this));
    }
    this.listen();
    // What was answered before this script arrived differs from what the server printed: it goes now.
    for (const answer of this.answers.values()) {
      if (answer.blocked) answer.keep();
      else answer.touched(0);
    }
    this.work();
  }

  get isUnsaved() {
    return this.unsaved.length > 0;
  }

  /* Whether nothing is stored and nothing is to be. */
  get isEmpty() {
    return !this.isUnsaved && [...this.answers.values()].every((answer) => !answer.seen.value);
  }

  get unsaved() {
    return [...this.answers.values()].filter((answer) => answer.isUnsaved);
  }

  listen() {
    const { form } = this;
    form.addEventListener("input", ({ target }) => this.touched(target, PAUSE));
    form.addEventListener("change", ({ target }) => this.touched(target, 0));
    form.addEventListener("submit", (event) => {
      if ("asks" in form.dataset && this.isEmpty && !event.submitter?.value) return; // the server says what is missing
      event.preventDefault();
      const { name = "", dataset = {} } = event.submitter ?? {};
      if (dataset.fields) this.confirm(name, JSON.parse(dataset.fields));
      else if (name.endsWith("-cleared")) this.answers.get(name.slice(1, -"-cleared".length)).clear();
      else this.saveAll(dataset.onward ?? (name === "continue" ? form.dataset.onward : ""));
    });
    document.addEventListener("visibilitychange", () => document.hidden && this.hurry());
  }

  touched({ name = "" }, delay) {
    const code = name.match(/^i([A-Za-z0-9.]+)-/)?.[1];
    const answer = this.answers.get(code);
    if (!answer) return;
    answer.confirmed = false;
    answer.touched(delay);
    this.work();
  }

  /* "No change": last time's answer is confirmed, as the server stores it; what was intended next stays. */
  confirm(name, fields) {
    const answer = this.answers.get(name.slice(1, -"-confirmed".length));
    const next = answer.controls.filter((control) => control.name === `${answer.prefix}next`);
    answer.fill([...Object.entries(fields), ...next.map((control) => [control.name, control.value])]);
    answer.confirmed = true;
    answer.touched(0);
    this.work();
  }

  hurry() {
    for (const answer of this.unsaved) answer.due = Math.min(answer.due, Date.now());
    return this.work();
  }

  /* The Save buttons: everything at once, then on to the next page, if there is one and nothing is left. */
  async saveAll(onward) {
    this.onward = onward;
    for (const answer of this.unsaved) if (answer.blocked === "problem") answer.blocked = "";
    await this.hurry();
    const [left] = this.unsaved;
    if (left) left.focus();
    else if (this.onward) location.assign(this.onward);
    else this.tell(this.words.all);
  }

  /* The bar with the buttons shows the state of the page as a whole. */
  tell(sentence) {
    const bar = this.form.querySelector(".action-bar .save-state");
    if (bar) bar.textContent = sentence;
  }

  /* Sends what is ready, one answer after the other; the same promise serves all who call meanwhile. */
  work() {
    this.working ??= this.#work().finally(() => {
      this.working = null;
      this.#sleep();
    });
    return this.working;
  }

  async #work() {
    for (;;) {
      const answer = [...this.answers.values()].find((one) => one.isReady);
      if (!answer) return;
      await this.send(answer);
    }
  }

  /* Wakes when the next answer is due. */
  #sleep() {
    clearTimeout(this.timer);
    const waiting = this.unsaved.filter((answer) => !answer.blocked);
    const due = Math.min(...waiting.map((answer) => answer.due));
    if (due < Infinity) this.timer = setTimeout(() => this.work(), Math.max(0, due - Date.now()));
  }

  async send(answer) {
    const { status, data } = await post(this.form.dataset.save, [["person", this.keeper.person], ...answer.parcel()]);
    if (status === 200 && data) this.received(answer, data.answers[answer.code]);
    else if (status === 401) await this.signedOut(data);
    else if (data?.sentence) this.refused(answer, data.sentence);
    else if (status === 403 || status === 404) await this.stranger(answer);
    else await this.unheard(status);
  }

  received(answer, outcome) {
    this.patience.reset();
    this.keeper.say("");
    if (outcome.conflict) conflict(answer, outcome);
    else if (outcome.problem) answer.refuse(outcome.problem);
    else {
      answer.acknowledge(outcome.revision, outcome.at);
      if (outcome.at) this.tell(this.words.last.replace("TIME", outcome.at));
      if ("answered" in outcome) tally(answer, outcome);
      if (outcome.evidence) answer.replaceEvidence(outcome.evidence);
    }
  }

  async signedOut(data) {
    this.onward = "";
    this.keeper.speakAt(this.form);
    await this.keeper.signIn(data);
  }

  /* Nobody may write now: the sentence says why. */
  refused(answer, sentence) {
    this.onward = "";
    answer.refuse(sentence);
    this.keeper.speakAt(this.form);
    this.keeper.say(`${sentence} ${this.keeper.kept ? this.words.still : ""}`);
  }

  /* The token is out of date, which a fresh one solves, or the page is not this person's any more. */
  async stranger(answer) {
    const { status, data } = await this.keeper.session(); // which gives this browser a token, too
    if (status === 401) return this.signedOut(data);
    if (this.renewed) return this.refused(answer, this.words.gone);
    this.renewed = true;
  }

  async unheard(status) {
    this.onward = "";
    this.keeper.speakAt(this.form);
    this.keeper.unheard(status, this.words.kept);
    for (const answer of this.unsaved) if (!answer.blocked) answer.say("waiting", this.words.waiting);
    await this.patience.wait();
  }
}
