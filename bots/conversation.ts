import {
  type AnyImageError,
  type ErrorCode,
  isImageError,
  type StoredError,
} from "../core/errors.ts";
import type { Job } from "../core/job.ts";
import type { Notice, NoticeCode, NoticeDetails } from "../core/notices.ts";
import type { JobView } from "../core/studio/workshop.ts";
import type { Action, ActionName } from "./actions.ts";
import type { Values, Words } from "./words.ts";

// === Progress

/** How a job stands, in one line: its place, then the provider's own percentage or the time that has passed. */
export function describeProgress(view: JobView | undefined, words: Words, now: number): string {
  if (!view) return words.say("progress.finishing");
  if (view.state === "queued") return describePlace(view, words);
  if (view.progress) {
    const percent = Math.round(Math.min(1, Math.max(0, view.progress.fraction)) * 100);
    return words.say("progress.percent", { percent });
  }
  if (view.startedAt === undefined) return words.say("progress.painting");
  const elapsed = now - view.startedAt;
  return elapsed < 1000
    ? words.say("progress.painting")
    : words.say("progress.elapsed", { duration: words.duration(elapsed) });
}

function describePlace({ standing }: JobView, words: Words): string {
  if (!standing) return words.say("progress.taken");
  const place = words.ordinal(standing.position);
  if (standing.etaMs === undefined) return words.say("progress.place", { place });
  return words.say("progress.placeAndTime", { place, duration: words.about(standing.etaMs) });
}

// === Errors

/** What a person reads about a failure. */
export interface Trouble {
  readonly text: string;
  /** Asking for the same again may go better: offer "Try again". */
  readonly retry: boolean;
}

type DetailsOf<Code extends ErrorCode> = Extract<StoredError, { code: Code }>["details"];

interface ErrorRow<Code extends ErrorCode> {
  readonly retry: boolean;
  /** What stands in the gaps of the sentence; `context` chooses one of its cases. */
  readonly values?: (details: DetailsOf<Code>, words: Words, now: number) => Values;
}

const later = (ms: number, words: Words) => ({ wait: words.wait(ms) });

/** A new code does not compile until it has a row here and a sentence in each language. */
const errorRows: { readonly [Code in ErrorCode]: ErrorRow<Code> } = {
  "invalid-request": {
    retry: false,
    values: ({ field, problem }) => ({ problem, context: field ?? "" }),
  },
  "unknown-model": { retry: false, values: ({ model }) => ({ model }) },
  unsupported: { retry: false, values: ({ feature, model }) => ({ model, context: feature }) },
  "content-refused": { retry: false, values: ({ by, reason }) => ({ reason, context: by }) },
  "quota-exceeded": {
    retry: true,
    values: ({ window, limit, left, resetsAt }, words, now) => ({
      ...later(resetsAt - now, words),
      limit,
      left,
      time: words.timeOfDay(resetsAt),
      context: window,
    }),
  },
  "queue-full": {
    retry: true,
    values: ({ whose, limit, retryAfterMs }, words) => ({
      ...later(retryAfterMs, words),
      limit,
      context: whose,
    }),
  },
  "provider-busy": {
    retry: true,
    values: ({ retryAfterMs }, words) => later(retryAfterMs, words),
  },
  "provider-failed": {
    retry: true,
    values: ({ fault, paid }, words) => ({
      fault: words.say(`faults.${fault}`),
      context: paid ? "paid" : "",
    }),
  },
  "timed-out": {
    retry: true,
    values: ({ afterMs }, words) => ({ duration: words.duration(afterMs) }),
  },
  cancelled: { retry: true, values: ({ by }) => ({ context: by }) },
  interrupted: { retry: true },
  expired: { retry: true, values: ({ afterMs }, words) => ({ duration: words.duration(afterMs) }) },
  "not-found": { retry: false, values: ({ code }) => ({ code }) },
  "not-yours": { retry: false },
  "key-reused": { retry: false },
  "too-many-lookups": {
    retry: false,
    values: ({ retryAfterMs }, words) => later(retryAfterMs, words),
  },
  "storage-failed": { retry: true, values: ({ paid }) => ({ context: paid ? "paid" : "" }) },
  internal: { retry: true },
};

/** What to tell a person about anything thrown, or about the failure that is kept with a job. */
export function describeError(error: unknown, words: Words, now: number): Trouble {
  const known = isImageError(error) ? error : undefined;
  return describeFailure(known ?? { code: "internal", details: {} }, words, now);
}

/** The same for what is surely one of the expected failures. */
export function describeFailure(
  { code, details }: Pick<AnyImageError | StoredError, "code" | "details">,
  words: Words,
  now: number,
): Trouble {
  // The table pairs each code with its own details, which the compiler cannot follow through an index.
  const row = errorRows[code] as ErrorRow<ErrorCode>;
  const values = row.values?.(details, words, now) ?? {};
  return { text: words.say(`errors.${code}`, values), retry: row.retry };
}

// === Notices

type NoticeValues = {
  readonly [Code in NoticeCode]?: (details: NoticeDetails[Code], words: Words) => Values;
};

/** Values beyond the details themselves. */
const noticeValues: NoticeValues = {
  "enhancement-failed": ({ reason }, words) => ({ failure: failureText(reason, words) }),
  "value-adjusted": ({ hint }, words) => ({ hintName: words.say(`hints.${hint}`) }),
  "hint-ignored": ({ hint }, words) => ({ hintName: words.say(`hints.${hint}`) }),
  sketched: ({ recognised }, words) => ({
    words: recognised.join(words.say("notices.sketched-and")),
    context: recognised.length > 0 ? "" : "nothing",
  }),
};

/** One line about what changed a picture without preventing it. */
export function describeNotice(notice: Notice, words: Words): string {
  const { code, ...details } = notice;
  const more = noticeValues[code] as ((details: object, words: Words) => Values) | undefined;
  // Lists are put into words by their own row.
  return words.say(`notices.${code}`, { ...(details as Values), ...more?.(details, words) });
}

const namedFailures = ["timed-out", "unreachable", "bad-key", "rate-limited"] as const;

function failureText(reason: string, words: Words): string {
  return words.say(`failures.${namedFailures.find((name) => name === reason) ?? "other"}`);
}

// === Finished jobs

/** All there is to say about a finished job, for each platform to lay out. Every text but `facts` may hold a person's own words. */
export interface JobText {
  readonly code: string;
  /** What the person typed. */
  readonly words: string;
  /** What the image model was told, where an enhancer made it. */
  readonly enhanced: string | undefined;
  /** Ratio, size, seed and code in one line. */
  readonly facts: string;
  readonly notices: readonly string[];
  readonly spoiler: boolean;
}

export function describeJob(job: Job, words: Words): JobText {
  const { asked, recipe, code, notices } = job;
  const enhanced = recipe?.wording.enhancement.status === "enhanced";
  return {
    code,
    words: asked.words,
    enhanced: enhanced ? recipe.prompt : undefined,
    facts: describeFacts(job, words),
    notices: notices.map((notice) => describeNotice(notice, words)),
    spoiler: asked.spoiler ?? false,
  };
}

function describeFacts({ code, asked, recipe, pictures }: Job, words: Words): string {
  const [first, last] = [pictures[0]?.seed ?? asked.seed, pictures.at(-1)?.seed ?? asked.seed];
  const seed = first === last ? `${first}` : words.say("picture.seeds", { first, last });
  if (!recipe) return words.say("picture.factsWithoutSize", { seed, code });
  const { width, height } = pictures[0] ?? recipe;
  const { ratio } = recipe;
  return words.say("picture.facts", { ratio, size: `${width}×${height}`, seed, code });
}

// === Buttons

/** A button to lay out; `data` goes through `encodeAction`. */
export interface Button {
  readonly label: string;
  readonly data: Action;
  readonly style?: "danger";
}

/** The buttons of a job's picture in the order in which they stand; a platform leaves out what it cannot do. */
export const pictureActions = [
  "again",
  "vary",
  "own",
  "ratio",
  "edit",
  "original",
  "delete",
] as const satisfies readonly ActionName[];

/** A button about this job, or about one of its pictures. */
export function jobButton(
  action: ActionName & keyof ButtonWords,
  words: Words,
  data: Omit<Action, "action">,
): Button {
  const label = words.say(`buttons.${action}`);
  const button = { label, data: { action, ...data } };
  return action === "delete" ? { ...button, style: "danger" } : button;
}

type ButtonWords = Record<
  (typeof pictureActions)[number] | "cancel" | "retry" | "share" | "show" | "back",
  string
>;
