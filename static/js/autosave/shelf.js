/* What was typed and is not saved yet, kept in the browser until the server has it. */

const ALL = "unsaved";

/* Texts of one person in one submission. Each window has its own place, so that two of them never overwrite. */
export class Shelf {
  constructor(person, submission) {
    this.prefix = `${ALL}:${person}:${submission}:`;
    this.window = `${Date.now().toString(36)}${Math.random().toString(36).slice(2)}`;
    // Held as long as this window lives: it tells other windows that its texts are not left behind.
    navigator.locks?.request(`${ALL}:${this.window}`, () => new Promise(() => {}));
  }

  /* Keeps an entry for the answer; returns whether the browser took it. */
  put(code, entry) {
    try {
      localStorage.setItem(`${this.prefix}${code}:${this.window}`, JSON.stringify(entry));
      return true;
    } catch {
      return false; // no room, or storage is switched off
    }
  }

  drop(code) {
    this.remove(`${this.prefix}${code}:${this.window}`);
  }

  remove(key) {
    try {
      localStorage.removeItem(key);
    } catch {
      // what cannot be stored cannot be removed
    }
  }

  /* Returns the entries that windows left behind which are gone now, the oldest first, each with its key and code. */
  async left() {
    const held = (await navigator.locks?.query())?.held ?? [];
    const alive = new Set(held.map((lock) => lock.name));
    let keys = [];
    try {
      keys = Object.keys(localStorage);
    } catch {
      // storage is switched off
    }
    return keys
      .filter((key) => key.startsWith(this.prefix))
      .map((key) => ({ key, place: key.slice(this.prefix.length).split(":") }))
      .filter(({ place }) => place[1] !== this.window && !alive.has(`${ALL}:${place[1]}`))
      .map(({ key, place }) => ({ ...JSON.parse(localStorage.getItem(key)), key, code: place[0] }))
      .sort((one, other) => one.at - other.at);
  }
}

/* The moment when a text was typed, as this browser writes moments. */
export function moment(at) {
  return new Date(at).toLocaleString(document.documentElement.lang, { dateStyle: "long", timeStyle: "short" });
}
