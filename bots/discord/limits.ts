const mebibyte = 1024 * 1024;
const minute = 60_000;

/**
 * Discord's limits (https://docs.discord.com/developers: messages, components, interactions, commands), and our own
 * below them. Lengths of texts are in UTF-16 units, which is never less than what Discord counts.
 */
export const limits = {
  /** How long an interaction's token is valid. */
  tokenLifeMs: 15 * minute,
  /** All texts of a message may have 4,000 characters together; the rest is for the labels of its buttons. */
  textLength: 3_400,
  /** Discord fails on about 10,170 bytes: https://github.com/discord/discord-api-docs/issues/8554 */
  textBytes: 9_000,
  alternativeText: 1_024,
  choices: 25,
  commandName: 32,
  /** The presets of a server in the menus of its messages; ours, for Discord has room for 15. */
  presetMenus: 5,
  /** An autocomplete that is older than this is not shown any more when its answer arrives: it has three seconds. */
  autocompleteMs: 2_500,
  autocompletesAtOnce: 32,
  choiceName: 100,
  buttonsInRow: 5,
  buttonLabel: 80,
  description: 100,
  modalTitle: 45,
  modalText: 4_000,
  /** That a person can upload in one field of a form. */
  modalFiles: 10,
  /** Of a picture to edit; ours, as Discord lets some people send 500 MB. */
  sourceBytes: 32 * mebibyte,
  /** Every place accepts a file of this size; an interaction may allow more. */
  fileBytes: 10 * mebibyte,
  /** Discord may name a limit above the real one: https://github.com/discord/discord-api-docs/issues/7603 */
  mostFileBytes: 200 * mebibyte,
  /** All files of a request together; the whole request may have 25 MiB. */
  requestBytes: 24 * mebibyte,
  /** Discord remembers a nonce for "a few minutes". */
  nonceMs: 3 * minute,
  progressEveryMs: 2_000,
  /** Multiplies the interval when the bot edits on its own: it has five edits in five seconds for a whole channel. */
  botEditFactor: 5,
  /** The edits of progress for all jobs together: with many jobs, each is updated less often. */
  progressPerSecond: 25,
  /** How often progress checks whether acknowledgements, which come first, are done. */
  yieldMs: 50,
  /** The bot may make fifty calls a second, answers to interactions left out. */
  callEveryMs: 20,
  /** A longer rate limit rejects the call; the outbox then waits. */
  patienceMs: 10_000,
  /** Enough for the largest request over a slow connection. */
  requestMs: 60_000,
  /** Discord waits three seconds for the response to an interaction that came over HTTP. */
  webhookMs: 2_500,
  /** How long `stop` waits for answers under way. */
  lastAnswersMs: 3_000,
  /** When `stop` gives up the last calls, so that the process ends within fifteen seconds. */
  lastCallsMs: 13_000,
} as const;
