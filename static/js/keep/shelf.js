/* What was typed and is not stored yet, kept in the browser until the server has it or thirty days have passed. */

const ALL = "unsaved";
const DAYS = 30;

/* The texts of one person on one page. Each window has its own place, so that two of them never overwrite. */
export class Shelf {
  constructor(person, page) {
    this.prefix = `${ALL}:${person}:${encodeURIComponent(page)}:`;
    this.window = `${Date.now().toString(36)}${Math.random().toString(36).slice(2)}`;
    // Held as long as this window lives: it tells other windows that its texts are not left behind.
    navigator.locks?.request(`${ALL}:${this.window}`, () => new Promise(() => {}));
  }

  key(code) {
    return `${this.prefix}${code}:${this.window}`;
  }

  /* Keeps an entry under a code of the page; returns whether the browser took it. */
  put(code, entry) {
    try {
      localStorage.setItem(this.key(code), JSON.stringify({ ...entry, at: Date.now() }));
      return true;
    } catch {
      return false; // no room, or storage is switched off
    }
  }

  drop(code) {
    remove(this.key(code));
  }

  /* Returns the entries of this page that windows left behind which are gone now, the oldest first. */
  async left() {
    return (await abandoned(entries(this.prefix))).filter((entry) => entry.window !== this.window);
  }
}

/* Returns all that the browser keeps of a person. */
export const keptOf = (person) => entries(`${ALL}:${person}:`);

/* Returns those of the entries whose window is gone. */
export async function abandoned(found) {
  const held = (await navigator.locks?.query())?.held ?? [];
  const alive = new Set(held.map((lock) => lock.name));
  return found.filter((entry) => !alive.has(`${ALL}:${entry.window}`));
}

/* Removes what is older than thirty days, whoever typed it, and what cannot be read. */
export function sweep() {
  const fresh = new Set(entries(`${ALL}:`).filter(({ at }) => at > Date.now() - DAYS * 86_400_000).map(({ key }) => key));
  for (const key of keys(`${ALL}:`)) if (!fresh.has(key)) remove(key);
}

/* Removes what the server says it has taken: it sets a cookie for each text that was sent and led on. */
export function dropTaken() {
  for (const [, name, sent] of document.cookie.matchAll(/(?:^|; )(taken-([\w.-]+))=/g)) {
    for (const entry of entries(`${ALL}:`)) if (entry.sent === sent) remove(entry.key);
    document.cookie = `${name}=; max-age=0; path=/`;
  }
}

export function remove(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // what cannot be stored cannot be removed
  }
}

function keys(prefix) {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(prefix));
  } catch {
    return []; // storage is switched off
  }
}

function entries(prefix) {
  const found = keys(prefix).map((key) => {
    const [code, window] = key.split(":").slice(-2);
    try {
      return { ...JSON.parse(localStorage.getItem(key)), key, code, window };
    } catch {
      return null;
    }
  });
  return found.filter(Boolean).sort((one, other) => one.at - other.at);
}

/* The moment when a text was typed, as this browser writes moments. */
export function moment(at) {
  return new Date(at).toLocaleString(document.documentElement.lang, { dateStyle: "long", timeStyle: "short" });
}
