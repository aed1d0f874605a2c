const mebibyte = 1024 * 1024;
const minute = 60_000;

/**
 * What Discord takes, from https://docs.discord.com/developers (messages, components, interactions, commands), and
 * what we allow ourselves of it. Texts are counted in UTF-16 units, which is never less than Discord counts.
 */
export const limits = {
  /** How long an interaction's token is good for. */
  tokenLifeMs: 15 * minute,
  /** All texts of a message together: 4,000 characters, and room for the labels of its buttons. */
  textLength: 3_400,
  /** Discord fails on about 10,170 bytes: https://github.com/discord/discord-api-docs/issues/8554 */
  textBytes: 9_000,
  alternativeText: 1_024,
  choices: 25,
  choiceName: 100,
  buttonsInRow: 5,
  buttonLabel: 80,
  description: 100,
  modalTitle: 45,
  modalText: 4_000,
  /** The least that every place takes in one file; what an interaction says may be more. */
  fileBytes: 10 * mebibyte,
  /** Some clients are told more than is taken: https://github.com/discord/discord-api-docs/issues/7603 */
  mostFileBytes: 200 * mebibyte,
  /** Of the 25 MiB that a request may have, what its files may have together. */
  requestBytes: 24 * mebibyte,
  /** A nonce is remembered for "a few minutes". */
  nonceMs: 3 * minute,
  progressEveryMs: 2_000,
  /** So many times more seldom where the bot edits by itself: it has five edits in five seconds for a whole channel. */
  slownessOfBot: 5,
  /** All progress together, so that many waiting jobs are shown less often rather than late. */
  progressPerSecond: 25,
  /** How long what can wait steps back for what cannot. */
  yieldMs: 50,
  /** A rate limit that lasts longer is waited for elsewhere. */
  patienceMs: 10_000,
  /** An upload of all that a request may have, over a slow line. */
  requestMs: 60_000,
  /** How long answers that are under way are waited for when the process ends. */
  lastAnswersMs: 3_000,
  /** When the last call is given up after that began, so that the process has ended after fifteen seconds. */
  lastCallsMs: 13_000,
} as const;
