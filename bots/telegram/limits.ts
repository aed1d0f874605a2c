/**
 * What the Bot API takes (https://core.telegram.org/bots/api and https://core.telegram.org/bots/faq). Lengths of texts
 * are in UTF-16 units, the most careful way to count them.
 */
export const limits = {
  textLength: 4096,
  captionLength: 1024,
  /** Of the notice that answers a press. */
  pressAnswerLength: 200,
  photoBytes: 10 * 1024 * 1024,
  /** Width and height together. */
  photoSides: 10_000,
  /** The longer side by the shorter one. */
  photoRatio: 20,
  documentBytes: 50 * 1024 * 1024,
  /** Of a file that is fetched from the platform. */
  downloadBytes: 20 * 1024 * 1024,
  albumSize: 10,
  inlineResults: 50,
  inlineQueryLength: 256,
  commandDescription: 256,
  keyboardButtons: 100,
  updatesAtOnce: 100,
} as const;

/** How fast the platform lets a bot write, and how long what it shows lasts. */
export const pace = {
  /** Between two edits in one private chat, and in one group. */
  editEveryMs: { private: 3_000, group: 6_000 },
  /** A chat action is shown for five seconds. */
  actionEveryMs: 4_500,
  /** Between two messages anywhere: a little less than the thirty a second that are allowed. */
  messageEveryMs: 40,
  /** A press is answered within a second: without its outcome where that takes longer than this. */
  pressMs: 600,
  /** How long a press waits to learn who runs a group, and how long that is remembered. */
  moderatorsMs: 500,
  moderatorsForMs: 30_000,
  /** A long poll ends after this long without updates. */
  pollSeconds: 30,
  /** Pauses after calls that failed, in a row. */
  backoff: { firstMs: 500, longestMs: 30_000 },
  callMs: 20_000,
  uploadMs: 120_000,
} as const;
