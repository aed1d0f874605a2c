/** What this browser remembers: the key and the language for good, this visit's pictures and wish until the tab closes. */

const keyName = "drawbridge.key";
const languageName = "drawbridge.language";
const visitName = "drawbridge.visit";
const wishName = "drawbridge.wish";

/**
 * @typedef {object} Memory
 * @property {() => string | null} key
 * @property {(key: string) => void} rememberKey
 * @property {() => void} forgetKey
 * @property {() => string | null} language
 * @property {(language: string) => void} rememberLanguage
 * @property {() => unknown[]} visit newest first; whatever lay there, so not to be trusted
 * @property {(visit: readonly unknown[]) => void} rememberVisit
 * @property {() => unknown} wish the order whose picture is still to come; not to be trusted either
 * @property {(wish: unknown) => void} rememberWish null forgets it
 */

/** @returns {Memory} one that forgets at the end of the visit where the browser allows no storage */
export function openMemory() {
  const lasting = shelf(() => window.localStorage);
  const visiting = shelf(() => window.sessionStorage);
  return {
    key: () => lasting.read(keyName),
    rememberKey: (key) => lasting.write(keyName, key),
    forgetKey: () => lasting.write(keyName, null),
    language: () => lasting.read(languageName),
    rememberLanguage: (language) => lasting.write(languageName, language),
    visit: () => readList(visiting.read(visitName)),
    wish: () => parsed(visiting.read(wishName)),
    rememberWish: (wish) => visiting.write(wishName, wish === null ? null : JSON.stringify(wish)),
    rememberVisit: (visit) => visiting.write(visitName, JSON.stringify(visit)),
  };
}

/**
 * Merely naming a Storage throws where cookies are blocked, and writing throws when it is full.
 * @param {() => Storage} storage
 */
function shelf(storage) {
  /** @type {Map<string, string | null>} */
  const unsaved = new Map();
  return {
    /** @param {string} name */
    read(name) {
      const held = unsaved.get(name);
      if (held !== undefined) return held;
      try {
        return storage().getItem(name);
      } catch {
        return null;
      }
    },
    /** @param {string} name @param {string | null} value */
    write(name, value) {
      try {
        if (value === null) storage().removeItem(name);
        else storage().setItem(name, value);
        unsaved.delete(name);
      } catch {
        unsaved.set(name, value);
      }
    },
  };
}

/**
 * @param {string | null} text
 * @returns {unknown[]}
 */
function readList(text) {
  const value = parsed(text);
  return Array.isArray(value) ? value : [];
}

/**
 * @param {string | null} text
 * @returns {unknown} null when it cannot be read
 */
function parsed(text) {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return null;
  }
}

/**
 * Takes `#key=…` out of the address at once, so that it stays in no bookmark, history entry or screenshot.
 * `+` is a plus sign here, not a space: a fragment is no form.
 * @returns {string | null} the key, if the address had one
 */
export function takeKeyFromAddress() {
  const part = location.hash
    .slice(1)
    .split("&")
    .find((piece) => piece.startsWith("key="));
  if (part === undefined) return null;
  history.replaceState(null, "", location.pathname + location.search);
  return readKey(decoded(part.slice("key=".length)));
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
