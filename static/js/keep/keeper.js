/* What the forms of a page share: whose page it is, what the browser keeps, one notice, one way to sign in again. */

import { ask } from "./line.js";
import { remove, Shelf } from "./shelf.js";
import { signIn } from "./signin.js";

const SENT = "sent"; // what this tab sent last

export class Keeper {
  #signingIn = null;

  constructor(words) {
    this.words = words;
    this.person = words.person;
    this.page = `${location.pathname}${location.search}`;
    this.goOn();
    this.shelf = new Shelf(this.person, this.page);
    this.notice = document.getElementById("line");
    this.isDiscarded = false; // the person wants nothing of the page to be kept
    this.isLeaving = false; // the person has decided to leave the page
    this.kept = true; // whether the browser could keep the last text
  }

  /* A page that answers a form without leading on shows its text again: it goes on as the page of that form. */
  goOn() {
    const sent = JSON.parse(sessionStorage.getItem(SENT) ?? "null");
    sessionStorage.removeItem(SENT);
    if (!("posted" in this.words) || sent?.to !== location.pathname) return;
    this.page = sent.page;
    this.answered = sent.code;
    remove(sent.key);
  }

  /* A form is about to be sent. */
  sending({ form, code }) {
    const to = new URL(form.getAttribute("action") || location.href, location.href).pathname;
    sessionStorage.setItem(SENT, JSON.stringify({ to, page: this.page, code, key: this.shelf.key(code) }));
    this.isLeaving = true;
  }

  put(code, entry) {
    if (this.isDiscarded) return;
    this.kept = this.shelf.put(code, entry);
  }

  /* Returns {status, data}: 200 while the person is signed in, 401 with a sentence if nobody or somebody else is. */
  session() {
    return ask(`${this.words.session}?person=${this.person}`);
  }

  /* Resolves when the person is signed in again, here or in another window. */
  signIn({ sentence, person }) {
    if (person) this.cover(true);
    this.#signingIn ??= this.#askToSignIn(sentence).finally(() => {
      this.#signingIn = null;
    });
    return this.#signingIn;
  }

  /* Brings the dialog back that waits for the person to sign in. */
  remind() {
    const again = this.notice.querySelector("button");
    if (!again.hidden) again.click();
  }

  async #askToSignIn(sentence) {
    this.say(sentence);
    // Whoever signed in may be somebody else, who must neither see nor send what is here.
    const isPerson = async () => {
      const { status, data } = await this.session();
      this.cover(status === 401 && data?.person);
      return status === 200 ? "" : data?.sentence || this.words.unwell;
    };
    await signIn(this.notice, sentence, isPerson);
    this.cover(false);
    this.say("");
  }

  /* Hides the page from somebody else, until its owner is back. */
  cover(isHidden) {
    document.querySelector("main").classList.toggle("is-covered", Boolean(isHidden));
  }

  /* Says that the server could not be reached, or not as it should be. */
  unheard(status, again) {
    const reason = status ? this.words.unwell : this.words.offline;
    this.say(`${reason} ${this.kept ? again : this.words.unkept}`);
  }

  say(sentence) {
    this.notice.hidden = !sentence;
    this.notice.querySelector("p").textContent = sentence;
  }

  /* Puts the notice where the person looks: at the buttons of this form. */
  speakAt(form) {
    const bar = form.querySelector(".action-bar");
    const buttons = [...form.querySelectorAll(".actions")].at(-1);
    if (bar) bar.prepend(this.notice);
    else if (buttons) buttons.before(this.notice);
    else form.append(this.notice);
  }
}
