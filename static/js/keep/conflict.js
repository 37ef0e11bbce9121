/* A colleague's answer against the person's own: both are shown, and the person decides. */

import { mark } from "./tally.js";

export function conflict(answer, { conflict: html, revision, theirs, problem }) {
  const { words } = answer.saver;
  answer.sending = null;
  answer.blocked = "conflict";
  answer.keep();
  answer.say("problem", problem);
  mark(answer.root, "problem");
  answer.saver.keeper.speakAt(answer.saver.form);
  answer.saver.keeper.say(problem);

  const panel = place(answer, html);
  const comment = answer.controls.find(({ name }) => /-(comment|text)$/.test(name));
  const theirComment = theirs[comment.name];
  const decided = () => {
    panel.remove();
    answer.saver.keeper.say("");
    answer.blocked = "";
    answer.seen.value = revision;
  };
  const decisions = {
    // The person saw theirs and wants what is in the fields.
    mine() {
      decided();
      answer.touched(0);
      answer.saver.work();
    },
    theirs() {
      decided();
      answer.fill(Object.entries(theirs));
      answer.acknowledged = answer.content();
      answer.settle("");
      answer.say("saved", words.theirs);
      mark(answer.root, theirs[`${answer.prefix}answer`] ? "saved" : "open");
    },
    both({ target }) {
      comment.value = [theirComment, comment.value].filter(Boolean).join("\n\n");
      answer.keep();
      target.disabled = true;
      comment.focus();
    },
  };
  for (const button of panel.querySelectorAll("button[data-decide]")) {
    const { decide } = button.dataset;
    if (decide === "both") button.hidden = !theirComment || theirComment === comment.value;
    button.addEventListener("click", (event) => {
      decisions[decide](event);
      if (decide !== "both") comment.focus();
    });
  }
  const field = document.activeElement;
  // In the frame after next the browser itself has kept the field where it stood, if it does that.
  if (answer.root.contains(field)) requestAnimationFrame(() => requestAnimationFrame(() => reveal(panel, field)));
}

/* Brings the panel into view as far as the field in which somebody types stays there too, above the bar. */
function reveal(panel, field) {
  const bar = document.querySelector(".action-bar")?.offsetHeight ?? 0;
  const hidden = 16 - panel.getBoundingClientRect().top;
  const room = innerHeight - bar - 16 - field.getBoundingClientRect().bottom;
  scrollBy(0, room < 0 ? -room : -Math.max(0, Math.min(hidden, room)));
}

function place(answer, html) {
  answer.root.querySelector(".callout-conflict")?.remove();
  const template = document.createElement("template");
  template.innerHTML = html;
  const panel = template.content.querySelector(".callout-conflict");
  answer.open();
  answer.place.before(panel);
  return panel;
}
