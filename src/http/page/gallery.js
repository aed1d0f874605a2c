/** This visit's pictures, the newest first; a reload brings them back. */

import { Failure, fields, readPicture, separated } from "./service.js";

/** @typedef {import("./service.js").Picture} Picture */
/** @typedef {import("./memory.js").Memory} Memory */

/**
 * @typedef {object} Finished
 * @property {unknown} answer as the server gave it; read anew after a reload
 * @property {string} asked
 * @property {number} elapsedMs
 */

// Enough for an afternoon; a long visit grows neither the page nor the storage without end.
export const maxPictures = 24;

/** @param {Memory} memory */
export function openGallery(memory) {
  let all = memory.visit().flatMap(revived);
  return {
    /** @returns {readonly (Finished & { picture: Picture })[]} newest first */
    all: () => all,
    /** @param {Finished} finished @returns {Picture[]} throws Failure when the answer holds no picture */
    add(finished) {
      const added = separated(finished.answer).map((answer) => {
        return { ...finished, answer, picture: readPicture(answer, finished.asked) };
      });
      all = [...added, ...all].slice(0, maxPictures);
      memory.rememberVisit(
        all.map(({ answer, asked, elapsedMs }) => ({ answer, asked, elapsedMs })),
      );
      return added.map(({ picture }) => picture);
    },
  };
}

/**
 * @param {unknown} stored perhaps by another version of this page
 * @returns {(Finished & { picture: Picture })[]} none when it cannot be read
 */
function revived(stored) {
  const { answer, asked, elapsedMs } = fields(stored);
  if (typeof asked !== "string" || typeof elapsedMs !== "number") return [];
  try {
    return [{ answer, asked, elapsedMs, picture: readPicture(answer, asked) }];
  } catch (error) {
    if (error instanceof Failure) return [];
    throw error;
  }
}
