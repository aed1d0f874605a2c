/** The sheets on the right: a picture being drawn, one that is done, one that failed. */

import { bridgeScene, copyText, element, pressable } from "./dom.js";
import { elapsedTime } from "./words.js";

/** @typedef {import("./service.js").Picture} Picture */
/** @typedef {import("./service.js").Failure} Failure */
/** @typedef {import("./words.js").Words} Words */

const feedbackMs = 1600;

/**
 * @param {{ ratio: string | null, own: string, restarting: boolean, cancel: () => void }} work
 * @param {Words} words
 */
export function waitingCard({ ratio, own, restarting, cancel }, words) {
  const frame = element("div", { class: "frame waiting-frame" }, bridgeScene());
  frame.style.setProperty("--ratio", String(proportion(ratio)));
  const elapsed = element("span", { class: "elapsed", role: "timer", "aria-live": "off" });
  return element(
    "article",
    { class: "sheet waiting", "aria-label": words.card.waiting },
    frame,
    element("p", { class: "own-words" }, own),
    element(
      "div",
      { class: "sheet-foot" },
      element(
        "p",
        { class: "progress" },
        elapsed,
        restarting ? words.card.restarting : words.page.drawing,
      ),
      pressable(words.card.cancel, cancel, "plain"),
    ),
  );
}

/** @param {string | null} ratio a:b; the frame is 3 by 2 until something better is known */
function proportion(ratio) {
  const [width, height] = (ratio ?? "").split(":").map(Number);
  return width && height ? width / height : 1.5;
}

/**
 * @param {{ failure: Failure, retry: () => void }} end
 * @param {Words} words
 */
export function failureCard({ failure, retry }, words) {
  const { kind, detail, waitMs, maybePaid, requestId } = failure;
  const lines = [
    waitMs === null ? null : words.waitFor(words.spelledDuration(waitMs)),
    detail === null ? null : words.serverSays(detail),
    maybePaid ? words.maybePaid : null,
    requestId === null ? null : words.requestId(requestId),
  ];
  return element(
    "article",
    { class: kind === "cancelled" ? "sheet ended" : "sheet ended failed", "data-failure": kind },
    element(
      "div",
      { role: "alert" },
      element("p", { class: "what-happened" }, words.failure[kind]),
      ...lines
        .filter((line) => line !== null)
        .map((line) => element("p", { class: "detail" }, line)),
    ),
    pressable(words.card.retry, retry, "plain"),
  );
}

/**
 * @param {Picture} picture
 * @param {number} elapsedMs
 * @param {{ words: Words, keepSeed: (seed: string) => void, say: (text: string) => void }} desk
 */
export function pictureCard(picture, elapsedMs, desk) {
  const { words } = desk;
  const tall = picture.size !== null && picture.size.height > picture.size.width;
  return element(
    "article",
    { class: tall ? "sheet picture tall" : "sheet picture" },
    pictureFrame(picture, words),
    element(
      "div",
      { class: "about" },
      wordsBeside(picture, words),
      noticeList(picture.notices, words),
      titleBlock(picture, elapsedMs, desk),
      actions(picture, desk),
    ),
  );
}

/** @param {Picture} picture @param {Words} words */
function pictureFrame(picture, words) {
  const { url, size } = picture;
  const image = element("img", {
    src: url,
    alt: words.card.alt(shortened(picture.enhanced ?? picture.own)),
    decoding: "async",
    ...size,
  });
  const link = element("a", { ...newTab(url), class: "frame", "aria-label": image.alt }, image);
  if (size !== null) link.style.setProperty("--ratio", String(size.width / size.height));
  image.addEventListener("error", () => {
    image.replaceWith(element("p", { class: "lost" }, words.card.pictureLost));
  });
  return link;
}

/** @param {string} text */
function shortened(text) {
  const letters = [...text];
  return letters.length > 160 ? `${letters.slice(0, 160).join("")}…` : text;
}

/** @param {string} url */
function newTab(url) {
  return { href: url, target: "_blank", rel: "noopener noreferrer" };
}

/** @param {Picture} picture @param {Words} words */
function wordsBeside({ own, enhanced }, words) {
  const columns = element(
    "div",
    { class: "words-beside" },
    spoken(words.card.own, own, "own-words"),
  );
  if (enhanced !== null) columns.append(spoken(words.card.enhanced, enhanced, "enhanced-words"));
  return columns;
}

/** @param {string} heading @param {string} text @param {string} className */
function spoken(heading, text, className) {
  return element(
    "section",
    {},
    element("h3", {}, heading),
    element("p", { class: className }, text),
  );
}

/** @param {readonly string[]} notices @param {Words} words */
function noticeList(notices, words) {
  const items = notices.map((notice) => element("li", {}, notice));
  return element(
    "ul",
    { class: "notices", "aria-label": words.card.notices, hidden: items.length === 0 },
    ...items,
  );
}

/**
 * The box in the corner of a technical drawing: how the sheet came to be.
 * @param {Picture} picture
 * @param {number} elapsedMs
 * @param {{ words: Words, say: (text: string) => void }} desk
 */
function titleBlock(picture, elapsedMs, desk) {
  const { card } = desk.words;
  const { ratio, size, seed, code, model } = picture;
  const cells = [
    cell(card.ratio, ratio === "Custom" ? card.customRatio : ratio),
    cell(card.size, size && `${size.width} × ${size.height}`),
    copyCell(card.seed, seed, desk),
    copyCell(card.code, code, desk),
    cell(card.model, model),
    cell(card.time, elapsedTime(elapsedMs, desk.words)),
  ];
  return element("dl", { class: "title-block" }, ...cells.filter((one) => one !== null));
}

/** @param {string} name @param {string | null} value */
function cell(name, value) {
  if (value === null) return null;
  return element("div", {}, element("dt", {}, name), element("dd", {}, value));
}

/**
 * @param {string} name
 * @param {string | null} value
 * @param {{ words: Words, say: (text: string) => void }} desk
 */
function copyCell(name, value, { words, say }) {
  if (value === null) return null;
  const shown = element("span", {}, value);
  const button = pressable("", () => void copy(), "copy", shown);
  button.setAttribute("aria-label", words.card.copy(name, value));
  async function copy() {
    const copied = await copyText(String(value), shown);
    say(copied ? words.said.copied : words.card.selected);
    flash(button, copied ? words.card.copied : words.card.selected);
  }
  return element("div", {}, element("dt", {}, name), element("dd", {}, button));
}

/** @param {HTMLElement} button @param {string} feedback shown by the style sheet beside the button's own words */
function flash(button, feedback) {
  button.dataset["feedback"] = feedback;
  setTimeout(() => {
    delete button.dataset["feedback"];
  }, feedbackMs);
}

/**
 * @param {Picture} picture
 * @param {{ words: Words, keepSeed: (seed: string) => void }} desk
 */
function actions({ url, seed }, { words, keepSeed }) {
  const row = element("div", { class: "actions" });
  if (seed !== null) {
    const keep = (/** @type {HTMLButtonElement} */ button) => {
      keepSeed(seed);
      flash(button, words.card.seedKept);
    };
    row.append(pressable(words.card.keepSeed, keep, "plain"));
  }
  row.append(
    element("a", { ...newTab(url), class: "plain" }, words.card.open),
    element("a", { ...newTab(url), class: "plain", download: true }, words.card.download),
  );
  return row;
}
