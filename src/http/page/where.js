/** Where the reader is: which view, and which picture as large as the window. The address says it, so Back and Forward go there. */

import { signal } from "@preact/signals";

/** @typedef {"make" | "keep" | "connect" | "admin" | "setup"} View */
/** @typedef {{ code: string, number: number }} Shown */

/** @type {import("@preact/signals").Signal<View>} */
export const view = signal(viewOf());

/** @type {import("@preact/signals").Signal<Shown | null>} the picture that lies over the view */
export const shown = signal(shownOf());

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

function look() {
  view.value = viewOf();
  const next = shownOf();
  if (next?.code !== shown.value?.code || next?.number !== shown.value?.number) shown.value = next;
}

window.addEventListener("hashchange", look);
window.addEventListener("popstate", look);

const hashes = { make: "#", keep: "#gallery" };

/** @param {"make" | "keep"} to away from the picture that lies over it, too */
export function goTo(to) {
  if (view.value === to && shown.value === null) return;
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

/** Takes the picture away, as Back does. */
export function leavePicture() {
  if (shown.value === null) return;
  const { over } = history.state ?? {};
  if (over === true) return history.back();
  history.replaceState(null, "", view.value === "keep" ? hashes.keep : hashes.make);
  look();
}
