/* The fields of a form as pairs of name and value: as they are, and as the server printed them. */

const NEVER = ["password", "file", "submit", "button", "image", "reset"];
const SECRET = /(^| )(one-time-code|current-password|new-password|cc-\S+)( |$)/;
const CHOICES = ["radio", "checkbox"];
const BASE = /(^|-)seen$/; // the revision that what is typed began from

/* Returns the fields that a person fills in. Passwords, codes, keys and files are never among them. */
export const typed = (form) => eligible(form).filter(({ type }) => type !== "hidden");

/* Returns the hidden fields that say which revision the fields began from. */
export const bases = (form) => eligible(form).filter(({ type, name }) => type === "hidden" && BASE.test(name));

function eligible(form) {
  return [...form.elements].filter(
    (control) =>
      control.matches("input, textarea, select") &&
      control.name &&
      !NEVER.includes(control.type) &&
      !SECRET.test(control.autocomplete) &&
      control.dataset.keep !== "no",
  );
}

/* Whether a person types text into it, rather than choosing. */
export const isText = ({ type }) => !CHOICES.includes(type) && !type.startsWith("select") && type !== "hidden";

/* Returns what the fields would send. */
export function read(controls) {
  return controls.flatMap((control) => {
    const { name, type, value, checked } = control;
    if (CHOICES.includes(type)) return checked ? [[name, value]] : [];
    if (type === "select-multiple") return [...control.selectedOptions].map((option) => [name, option.value]);
    return [[name, value.replaceAll("\r\n", "\n")]];
  });
}

/* Returns what they would send as the server printed them, whatever was typed before this script arrived. */
export function printed(controls) {
  const form = document.createElement("form");
  form.append(...controls.map((control) => control.cloneNode(true)));
  form.reset();
  return read([...form.elements]);
}

/* Puts pairs of name and value into the fields; a field without one is emptied. */
export function fill(controls, pairs) {
  const given = new Map();
  for (const [name, value] of pairs) given.set(name, [...(given.get(name) ?? []), value]);
  for (const control of controls) {
    const values = given.get(control.name) ?? [];
    if (CHOICES.includes(control.type)) control.checked = values.includes(control.value);
    else if (control.type === "select-multiple") {
      for (const option of control.options) option.selected = values.includes(option.value);
    } else control.value = values.shift() ?? "";
  }
}

/* Returns, to read, what was typed into the fields since the server printed them. */
export function texts(controls) {
  const before = new Map(printed(controls));
  const changed = ({ name, value }) => value.trim() && value.replaceAll("\r\n", "\n") !== before.get(name);
  return controls.filter((control) => isText(control) && changed(control)).map(({ value }) => value).join("\n");
}
