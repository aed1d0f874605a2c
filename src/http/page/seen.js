/** The list of the gallery as it was seen last, for when the server is out of reach. One for each key. */

import { key } from "./state.js";

const store = "drawbridge-seen";

/** More orders than these are not remembered. */
const most = 1000;

const pauseMs = 1000;

/** Raised where recipes change: those of another form are not read. */
const form = 2;

let waiting = 0;

/** Browsers have no such store where the page does not count as secure. */
const isPossible = "caches" in globalThis && globalThis.crypto.subtle !== undefined;

/** @param {readonly import("./recipe.js").Recipe[]} list newest first */
export function rememberSeen(list) {
  const owner = key.peek();
  if (!isPossible || owner === null) return;
  clearTimeout(waiting);
  waiting = setTimeout(async () => {
    const cache = await caches.open(store);
    const text = JSON.stringify(list.slice(0, most));
    await cache.put(await addressFor(owner), new Response(text));
  }, pauseMs);
}

/** @returns {Promise<readonly import("./recipe.js").Recipe[]>} what was remembered for the key of now */
export async function recallSeen() {
  if (!isPossible || key.value === null) return [];
  try {
    const cache = await caches.open(store);
    const found = await cache.match(await addressFor(key.value));
    return (await found?.json()) ?? [];
  } catch {
    return [];
  }
}

/** With the thumbnails: whoever sits here next sees nothing of it. */
export function forgetSeen() {
  clearTimeout(waiting);
  if (!isPossible) return;
  for (const name of [store, "drawbridge-tiles"]) void caches.delete(name);
}

/** The key itself is in no address. @param {string} owner */
async function addressFor(owner) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(owner));
  const hash = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0"));
  return new URL(`seen/${form}/${hash.join("")}`, document.baseURI).href;
}
