/* Saves each answer of the page by itself. Without this file the page's Save button saves them all. */

import { Answer } from "./autosave/answer.js";
import { conflict } from "./autosave/conflict.js";
import { Patience, post } from "./autosave/line.js";
import { offer } from "./autosave/offer.js";
import { Shelf } from "./autosave/shelf.js";
import { signIn } from "./autosave/signin.js";
import { tally } from "./autosave/tally.js";

const PAUSE = 1000; // milliseconds after the last key until an answer goes

class Desk {
  constructor(form) {
    this.form = form;
    this.words = document.getElementById("autosave").dataset;
    this.notice = document.getElementById("line");
    this.shelf = new Shelf(form.dataset.person, form.dataset.submission);
    this.kept = true; // whether the browser could keep the last text
    this.patience = new Patience();
    this.answers = new Map();
    for (const { name } of form.querySelectorAll('[name$="-seen"]')) {
      const code = name.slice(1, -"-seen".length);
      this.answers.set(code, new Answer(document.getElementById(`i${code}`), code, this));
    }
    this.listen();
  }

  get unsaved() {
    return [...this.answers.values()].filter((answer) => answer.isUnsaved);
  }

  listen() {
    const { form } = this;
    form.autocomplete = "off"; // a browser that fills fields in again by itself would mix texts and revisions
    form.addEventListener("input", ({ target }) => this.touched(target, PAUSE));
    form.addEventListener("change", ({ target }) => this.touched(target, 0));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const { name = "", dataset } = event.submitter ?? {};
      if (dataset?.fields) this.confirm(name, JSON.parse(dataset.fields));
      else this.saveAll(name === "continue");
    });
    document.addEventListener("visibilitychange", () => document.hidden && this.hurry());
    addEventListener("beforeunload", (event) => this.unsaved.length && event.preventDefault());
  }

  touched({ name = "" }, delay) {
    const code = name.match(/^i([A-Za-z0-9.]+)-/)?.[1];
    const answer = this.answers.get(code);
    if (!answer) return;
    answer.confirmed = false;
    answer.touched(delay);
    this.work();
  }

  /* "No change": last time's answer stands, as the server keeps it; what was intended next stays. */
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

  /* The Save buttons: everything at once, then on to the next page if nothing is left. */
  async saveAll(onwards) {
    this.leaving = onwards;
    for (const answer of this.unsaved) if (answer.blocked === "problem") answer.blocked = "";
    await this.hurry();
    const [left] = this.unsaved;
    if (left) left.root.focus();
    else if (this.leaving) location.assign(this.form.dataset.onward);
    else this.form.querySelector(".action-bar .save-state").textContent = this.words.all;
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
    const { status, told } = await post(this.form.dataset.save, [["person", this.form.dataset.person], ...answer.parcel()]);
    if (status === 200 && told) this.received(answer, told.answers[answer.code]);
    else if (status === 401) await this.signedOut(told.sentence);
    else if (told?.sentence) this.refused(answer, told.sentence);
    else if (status === 403 || status === 404) await this.stranger(answer);
    else await this.unheard(status);
  }

  received(answer, outcome) {
    this.patience.reset();
    this.say("");
    if (outcome.conflict) conflict(answer, outcome);
    else if (outcome.problem) answer.refuse(outcome.problem);
    else {
      answer.acknowledge(outcome.revision, outcome.at);
      if ("answered" in outcome) tally(answer, outcome.answered);
      if (outcome.evidence) answer.lay(outcome.evidence);
    }
  }

  async signedOut(sentence) {
    this.leaving = false;
    this.say(sentence);
    await signIn(document.getElementById("sign-in"), this.notice, sentence);
    this.say("");
  }

  /* Nobody may write now: the sentence says why. */
  refused(answer, sentence) {
    this.leaving = false;
    answer.refuse(sentence);
    this.say(`${sentence} ${this.kept ? this.words.kept : ""}`);
  }

  /* The token is out of date, which a fresh one mends, or the page is not this person's any more. */
  async stranger(answer) {
    if (this.renewed) return this.refused(answer, this.words.gone);
    this.renewed = true;
    await fetch(location.href, { credentials: "same-origin" }).catch(() => null);
  }

  async unheard(status) {
    this.leaving = false;
    const reason = status ? this.words.unwell : this.words.offline;
    this.say(`${reason} ${this.kept ? this.words.kept : this.words.unkept}`);
    for (const answer of this.unsaved) if (!answer.blocked) answer.say("waiting", this.words.waiting);
    await this.patience.wait();
  }

  say(sentence) {
    this.notice.hidden = !sentence;
    this.notice.querySelector("p").textContent = sentence;
  }
}

const form = document.querySelector("form[data-save]");
if (form) offer(new Desk(form));
