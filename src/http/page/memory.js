/** What this browser remembers: the key, the language, the light, the draft and the orders under way. */

/** @typedef {"key" | "language" | "theme" | "draft" | "orders" | "words"} Name */

/** @type {Map<string, string | null>} what the browser would not take, until the tab closes */
const unsaved = new Map();

/**
 * Merely naming a Storage throws where cookies are blocked, and writing throws when it is full.
 * @param {Name} name
 * @returns {string | null}
 */
export function recall(name) {
  const held = unsaved.get(name);
  if (held !== undefined) return held;
  try {
    return window.localStorage.getItem(`drawbridge.${name}`);
  } catch {
    return null;
  }
}

/** @param {Name} name @param {string | null} value null forgets it */
export function remember(name, value) {
  try {
    if (value === null) window.localStorage.removeItem(`drawbridge.${name}`);
    else window.localStorage.setItem(`drawbridge.${name}`, value);
    unsaved.delete(name);
  } catch {
    unsaved.set(name, value);
  }
}

/** @param {Name} name @returns {unknown} null when there is nothing, or nothing that can be read */
export function recallJson(name) {
  try {
    return JSON.parse(recall(name) ?? "null");
  } catch {
    return null;
  }
}

/**
 * Takes `#key=…` out of the address at once, so that it stays in no bookmark, history entry or screenshot.
 * `+` is a plus sign here, not a space: a fragment is no form.
 * @param {"key" | "once"} name
 * @returns {string | null} the key, if the address had one
 */
export function takeFromAddress(name) {
  const key = keyIn(location.href, name);
  if (location.hash.includes(`${name}=`))
    history.replaceState(null, "", location.pathname + location.search);
  return key;
}

/** @param {string} address @param {"key" | "once"} [name] @returns {string | null} the key behind its `#` */
export function keyIn(address, name = "key") {
  const [, ...fragment] = address.split("#");
  const part = fragment
    .join("#")
    .split("&")
    .find((piece) => piece.startsWith(`${name}=`));
  return part === undefined ? null : readKey(decoded(part.slice(name.length + 1)));
}

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * @param {string} typed
 * @returns {string | null} the key, or null when it cannot be one: it travels in a header, so it is visible ASCII
 */
export function readKey(typed) {
  const key = typed.trim();
  return /^[\x21-\x7e]+$/.test(key) ? key : null;
}
