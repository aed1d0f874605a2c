/** Where the reader is: which view, and what lies over it. The address says it, so Back and Forward go there. */

import { signal } from "@preact/signals";

const hashes = { make: "#", keep: "#gallery", selecting: "#gallery/select" };

/** @typedef {"make" | "keep" | "connect" | "admin" | "setup"} View */
/** @typedef {{ code: string, number: number }} Shown */

/** @type {import("@preact/signals").Signal<View>} */
export const view = signal(viewOf());

/** @type {import("@preact/signals").Signal<Shown | null>} the picture that lies over the view */
export const shown = signal(shownOf());

/** @type {import("@preact/signals").Signal<boolean>} whether pictures of the gallery are being selected */
export const selecting = signal(isSelecting());

/** @returns {View} */
function viewOf() {
  const last = location.pathname.split("/").at(-1);
  if (last === "setup" || last === "admin" || last === "connect") return last;
  return /^#gallery\b/.test(location.hash) ? "keep" : "make";
}

/** @returns {Shown | null} */
function shownOf() {
  const [, code, number = "1"] =
    /^#(?:gallery\/)?(zi-[0-9A-Z]{10})(?:\.(\d{1,2}))?$/.exec(location.hash) ?? [];
  return code === undefined ? null : { code, number: Number(number) };
}

function isSelecting() {
  return location.hash === hashes.selecting;
}

function look() {
  view.value = viewOf();
  const next = shownOf();
  // A picture may lie over what is being selected, too.
  if (next === null) selecting.value = isSelecting();
  if (next?.code !== shown.value?.code || next?.number !== shown.value?.number) shown.value = next;
}

window.addEventListener("hashchange", look);
window.addEventListener("popstate", look);

/** @param {"make" | "keep"} to away from the picture that lies over it, too */
export function goTo(to) {
  if (view.value === to && shown.value === null && !selecting.value) return;
  location.hash = hashes[to];
  look();
}

/** @param {Shown} picture lays it over the view, or puts it in the place of the one that lies there */
export function showPicture({ code, number }) {
  const hash = `${view.value === "keep" ? "#gallery/" : "#"}${code}.${number}`;
  if (shown.value === null) history.pushState({ over: true }, "", hash);
  else history.replaceState(history.state, "", hash);
  look();
}

/** Begins to select pictures of the gallery. */
export function beginSelecting() {
  // Whoever is done is still where they selected last.
  history.scrollRestoration = "manual";
  history.pushState({ over: true }, "", hashes.selecting);
  look();
}

/** Takes away the picture, or else the selection, as Back does. */
export function leaveOver() {
  if (shown.value === null && !selecting.value) return;
  const { over } = history.state ?? {};
  if (over === true) return history.back();
  history.replaceState(null, "", view.value === "keep" ? hashes.keep : hashes.make);
  look();
}
