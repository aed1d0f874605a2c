import {
  type AnyImageError,
  type ErrorCode,
  isImageError,
  type StoredError,
} from "../core/errors.ts";
import { isReworded } from "../core/enhance.ts";
import type { Job } from "../core/job.ts";
import type { Notice, NoticeCode, NoticeDetails } from "../core/notices.ts";
import { optional } from "../core/optional.ts";
import { maxPictures, maxPromptLength, promptTooLong } from "../core/request.ts";
import type { JobStatus } from "../core/studio/watch.ts";
import type { Translator, Values } from "./i18n.ts";
import { Refused } from "./refused.ts";
import type { Button } from "./screen.ts";

// === Progress

/**
 * How a job stands, in one line: its position in the queue, then the provider's own percentage or the time since it
 * started. `view` is undefined once the job has ended.
 */
export function describeProgress(view: JobStatus | undefined, t: Translator, now: number): string {
  if (!view) return t("progress.finishing");
  if (view.state === "queued") return describePosition(view, t);
  const fraction = view.progress?.fraction;
  if (fraction !== undefined) {
    const percent = Math.round(Math.min(1, Math.max(0, fraction)) * 100);
    return t("progress.percent", { percent });
  }
  if (view.startedAt === undefined) return t("progress.painting");
  const elapsed = now - view.startedAt;
  return elapsed < 1000
    ? t("progress.painting")
    : t("progress.elapsed", { duration: t.duration(elapsed) });
}

function describePosition({ position }: JobStatus, t: Translator): string {
  if (!position) return t("progress.taken");
  const place = t.ordinal(position.place);
  if (position.etaMs === undefined) return t("progress.place", { place });
  return t("progress.placeAndTime", { place, duration: t.about(position.etaMs) });
}

// === Errors

/** What a person reads about a failure. */
export interface Explanation {
  readonly text: string;
  /** The same request may succeed later: offer "Try again". */
  readonly retry: boolean;
  /** Answers the question that the text is. */
  readonly button?: Button;
}

type DetailsOf<Code extends ErrorCode> = Extract<StoredError, { code: Code }>["details"];

interface ErrorRow<Code extends ErrorCode> {
  readonly retry: boolean;
  /** The values of the sentence; `context` chooses one of its cases. */
  readonly values?: (details: DetailsOf<Code>, t: Translator, now: number) => Values;
}

const later = (ms: number, t: Translator) => ({ wait: t.wait(ms) });

/** A new code does not compile until it has a row here and a sentence in each language. */
const errorRows: { readonly [Code in ErrorCode]: ErrorRow<Code> } = {
  "invalid-request": {
    retry: false,
    values: ({ field, problem }) => ({
      problem,
      limit: maxPromptLength,
      most: maxPictures,
      context: problem.includes(promptTooLong) ? "promptLength" : (field ?? ""),
    }),
  },
  "unknown-model": { retry: false, values: ({ model }) => ({ model }) },
  "unknown-preset": { retry: false, values: ({ preset }) => ({ preset }) },
  unsupported: {
    retry: false,
    values: ({ feature, model, limit = 0, able = "" }) => ({
      ...{ model, limit, able },
      context: able === "" ? feature : `${feature}_able`,
    }),
  },
  "content-refused": { retry: false, values: ({ by, reason }) => ({ reason, context: by }) },
  "quota-exceeded": {
    retry: true,
    values: ({ window, limit, left, resetsAt }, t, now) => ({
      ...later(resetsAt - now, t),
      limit,
      left,
      time: t.timeOfDay(resetsAt),
      context: window,
    }),
  },
  "queue-full": {
    retry: true,
    values: ({ whose, limit, retryAfterMs }, t) => ({
      ...later(retryAfterMs, t),
      limit,
      context: whose,
    }),
  },
  "provider-busy": {
    retry: true,
    values: ({ retryAfterMs }, t) => later(retryAfterMs, t),
  },
  "provider-failed": {
    retry: true,
    values: ({ fault, paid }, t) => ({
      fault: t(`faults.${fault}`),
      context: paid ? "paid" : "",
    }),
  },
  "timed-out": {
    retry: true,
    values: ({ afterMs }, t) => ({ duration: t.duration(afterMs) }),
  },
  cancelled: { retry: true },
  restarting: { retry: true },
  interrupted: { retry: true },
  expired: { retry: true, values: ({ afterMs }, t) => ({ duration: t.duration(afterMs) }) },
  "not-found": { retry: false, values: ({ code, of = "" }) => ({ code, context: of }) },
  "not-yours": { retry: false },
  "key-reused": { retry: false },
  overloaded: { retry: true, values: ({ retryAfterMs }, t) => later(retryAfterMs, t) },
  "too-many-lookups": {
    retry: false,
    values: ({ retryAfterMs }, t) => later(retryAfterMs, t),
  },
  "storage-failed": {
    retry: true,
    values: ({ paid, problem }) => ({
      context: paid ? "paid" : problem === "unreachable" ? "unreachable" : "",
    }),
  },
  internal: { retry: true },
};

/** Explains anything that was thrown; what is neither Refused nor an ImageError is explained as an internal error. */
export function describeError(error: unknown, t: Translator, now: number): Explanation {
  if (error instanceof Refused) {
    const { key, values, retry, answer } = error;
    const button = answer && { label: t(answer.key, values), data: answer.data };
    return { text: t(key, values), retry, ...optional({ button }) };
  }
  const known = isImageError(error) ? error : undefined;
  return describeFailure(known ?? { code: "internal", details: {} }, t, now);
}

/** Explains why this job ended without a picture. */
export function describeJobFailure(
  { error }: Pick<Job, "error">,
  t: Translator,
  now: number,
): Explanation {
  return describeFailure(error ?? { code: "internal", details: {} }, t, now);
}

function describeFailure(
  { code, details }: Pick<AnyImageError | StoredError, "code" | "details">,
  t: Translator,
  now: number,
): Explanation {
  // The table pairs each code with its own details, which the compiler cannot follow through an index.
  const row = errorRows[code] as ErrorRow<ErrorCode>;
  const values = row.values?.(details, t, now) ?? {};
  return { text: t(`errors.${code}`, values), retry: row.retry };
}

// === Notices

type NoticeValues = {
  readonly [Code in NoticeCode]?: (details: NoticeDetails[Code], t: Translator) => Values;
};

/** Values that a sentence needs beside the details of its notice. */
const noticeValues: NoticeValues = {
  "enhancement-failed": ({ reason }, t) => ({ failure: failureText(reason, t) }),
  "value-adjusted": ({ hint }, t) => ({ hintName: t(`hints.${hint}`) }),
  "hint-ignored": ({ hint }, t) => ({ hintName: t(`hints.${hint}`) }),
  sketched: ({ recognised }, t) => ({
    words: recognised.join(t("notices.sketched-and")),
    context: recognised.length > 0 ? "" : "nothing",
  }),
};

/** One line about a notice: what differs from the request although the picture was made. */
export function describeNotice(notice: Notice, t: Translator): string {
  const { code, ...details } = notice;
  const more = noticeValues[code] as ((details: object, t: Translator) => Values) | undefined;
  // Lists are put into words by their own row.
  return t(`notices.${code}`, { ...(details as Values), ...more?.(details, t) });
}

const namedFailures = ["timed-out", "unreachable", "bad-key", "rate-limited"] as const;

function failureText(reason: string, t: Translator): string {
  return t(`failures.${namedFailures.find((name) => name === reason) ?? "other"}`);
}

// === Finished jobs

/** The prompt that the image model got; undefined where that is the person's own, or not known yet. */
export function describeRewording({ recipe }: Job): string | undefined {
  if (!recipe || !isReworded(recipe.wording)) return undefined;
  return (recipe.wording.prompts ?? [recipe.prompt]).join("\n");
}

/** Ratio, size, seed and code in one line. */
export function describeFacts(job: Job, t: Translator): string {
  const { version = 1 } = job.brief;
  const facts = factsOf(job, t);
  return version > 1 ? `${facts} · v${version} ← v${version - 1}` : facts;
}

function factsOf({ code, brief, recipe, pictures }: Job, t: Translator): string {
  const [first, last] = [pictures[0]?.seed ?? brief.seed, pictures.at(-1)?.seed ?? brief.seed];
  const seed = first === last ? `${first}` : t("picture.seeds", { first, last });
  if (!recipe) return t("picture.factsWithoutSize", { seed, code });
  const { width, height } = pictures[0] ?? recipe;
  const { ratio } = recipe;
  return t("picture.facts", { ratio, size: `${width}×${height}`, seed, code });
}
