/**
 * The limits of the Bot API (https://core.telegram.org/bots/api, https://core.telegram.org/bots/faq). Lengths of texts are
 * in UTF-16 units, which is never less than what Telegram counts.
 */
export const limits = {
  textLength: 4096,
  captionLength: 1024,
  /** The notice that answers a press. */
  pressAnswerLength: 200,
  photoBytes: 10 * 1024 * 1024,
  /** Width and height together. */
  photoSides: 10_000,
  /** The longer side by the shorter one. */
  photoRatio: 20,
  documentBytes: 50 * 1024 * 1024,
  /** A file that is downloaded from Telegram. */
  downloadBytes: 20 * 1024 * 1024,
  albumSize: 10,
  inlineResults: 50,
  inlineQueryLength: 256,
  commandDescription: 256,
  keyboardButtons: 100,
  /** The placeholder of an input field. */
  placeholderLength: 64,
  updatesAtOnce: 100,
} as const;

/** Intervals and timeouts: how fast Telegram lets a bot write, and how long a call may take. */
export const pace = {
  /** The shortest time between two edits in one private chat, and in one group. */
  editEveryMs: { private: 3_000, group: 6_000 },
  /** Telegram shows a chat action for five seconds. */
  actionEveryMs: 4_500,
  /** The shortest time between two messages anywhere: a little slower than the thirty a second that are allowed. */
  messageEveryMs: 40,
  /** A press has to be answered within a second; after this time it is answered without its outcome. */
  pressMs: 600,
  /** How long a press waits to learn who moderates a group, and how long the answer is cached. */
  moderatorsMs: 500,
  moderatorsForMs: 30_000,
  /** The pictures of an album come as messages of their own; after so long without another one it counts as whole. */
  albumMs: 400,
  /** A long poll ends after this long without updates. */
  pollSeconds: 30,
  /** Pauses after calls that failed, in a row. */
  backoff: { firstMs: 500, longestMs: 30_000 },
  callMs: 20_000,
  uploadMs: 120_000,
} as const;
