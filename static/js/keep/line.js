/* The line to the server: one request at a time, repeated until it was answered. */

const PATIENCE = 20_000; // milliseconds until a request counts as lost
const WAITS = [1, 2, 4, 8, 15, 30]; // seconds before each next try

/* The current token: signing in, here or in another window, changes it. Over https its name has a prefix; a cookie
   without it can be left from before. */
export const token = () =>
  (document.cookie.match(/(?:^|; )__Host-csrftoken=([^;]*)/) ?? document.cookie.match(/(?:^|; )csrftoken=([^;]*)/))?.[1] ?? "";

/* Sends fields; returns {status, data}, with status 0 if there was no answer. */
export const post = (url, fields, headers = {}) =>
  ask(url, { method: "POST", body: new URLSearchParams(fields), headers: { "X-CSRFToken": token(), ...headers } });

/* Asks for an address, as JSON; returns what `post` returns. */
export async function ask(url, { headers, ...options } = {}) {
  try {
    const response = await fetch(url, {
      ...options,
      headers: { Accept: "application/json", ...headers },
      credentials: "same-origin",
      redirect: "manual",
      signal: AbortSignal.timeout(PATIENCE),
    });
    const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
    return { status: response.status, data: isJson ? await response.json() : null };
  } catch {
    return { status: 0, data: null };
  }
}

/* How long to wait before the next try, cut short when the browser says that the line is back. */
export class Patience {
  #failures = 0;

  wait() {
    const seconds = WAITS[Math.min(this.#failures, WAITS.length - 1)];
    this.#failures += 1;
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, seconds * 1000);
      addEventListener("online", () => resolve(clearTimeout(timer)), { once: true });
    });
  }

  reset() {
    this.#failures = 0;
  }
}
