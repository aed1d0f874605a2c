/** What every part of the page is made with. */

// Text goes in as text nodes only, so words are never markup.
export { html } from "htm/preact";

/**
 * @param {unknown} value
 * @returns {Record<string, unknown>} empty for anything that is no object
 */
export function fields(value) {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

/** @param {unknown} value @returns {string | null} a number as its digits, an empty text as none */
export function text(value) {
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value.trim() !== "" ? value : null;
}

/** @param {unknown} value @returns {number | null} */
export function number(value) {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/** @param {unknown} value @returns {string | null} an http or https address, and nothing else */
export function webAddress(value) {
  if (typeof value !== "string" || !URL.canParse(value, document.baseURI)) return null;
  const { protocol, href } = new URL(value, document.baseURI);
  return protocol === "http:" || protocol === "https:" ? href : null;
}

/**
 * @param {string} text
 * @param {number} most characters
 */
export function shortened(text, most) {
  const letters = [...text];
  return letters.length > most ? `${letters.slice(0, most).join("")}…` : text;
}

/** @param {string} text @returns {Promise<boolean>} false where the clipboard is out of reach */
export async function copyText(text) {
  try {
    // Only where the page counts as secure: https, or this very machine.
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** A new id that cannot be guessed. randomUUID is there for https and this very machine alone. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
