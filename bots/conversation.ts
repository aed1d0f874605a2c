import {
  type AnyImageError,
  type ErrorCode,
  isImageError,
  type ProviderFault,
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
  /** Which of its cases the sentence is for. */
  readonly context?: (details: DetailsOf<Code>) => string | null | undefined;
}

const final = { retry: false };
const passing = { retry: true };

/** A new code does not compile until it has a row here and a sentence in each language. */
const errorRows: { readonly [Code in ErrorCode]: ErrorRow<Code> } = {
  "invalid-request": {
    ...final,
    context: ({ field, problem }) => (problem.includes(promptTooLong) ? "promptLength" : field),
  },
  "unknown-model": final,
  "unknown-preset": final,
  unsupported: { ...final, context: ({ feature, able }) => (able ? `${feature}_able` : feature) },
  "content-refused": { ...final, context: ({ by }) => by },
  "quota-exceeded": { ...passing, context: ({ window }) => window },
  "queue-full": { ...passing, context: ({ whose }) => whose },
  "provider-busy": passing,
  "provider-failed": { ...passing, context: ({ paid }) => (paid ? "paid" : undefined) },
  "timed-out": passing,
  cancelled: passing,
  restarting: passing,
  interrupted: passing,
  expired: passing,
  "not-found": { ...final, context: ({ of }) => of },
  "not-yours": final,
  "key-reused": final,
  overloaded: passing,
  "too-many-lookups": final,
  "storage-failed": { ...passing, context: ({ paid, problem }) => (paid ? "paid" : problem) },
  internal: passing,
};

/** What sentences name of the details of any error. */
interface AllDetails {
  readonly retryAfterMs?: number;
  readonly resetsAt?: number;
  readonly afterMs?: number;
  readonly fault?: ProviderFault;
}

/** The details of an error as its sentence names them: times in words, and what is wrong with a service. */
function valuesOf(details: AllDetails, t: Translator, now: number): Values {
  const { retryAfterMs, resetsAt, afterMs, fault } = details;
  const waitMs = resetsAt === undefined ? retryAfterMs : resetsAt - now;
  return optional({
    ...{ limit: maxPromptLength, most: maxPictures, ...details },
    wait: waitMs === undefined ? undefined : t.wait(waitMs),
    time: resetsAt === undefined ? undefined : t.timeOfDay(resetsAt),
    duration: afterMs === undefined ? undefined : t.duration(afterMs),
    fault: fault && t(`faults.${fault}`),
  });
}

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
  const context = row.context?.(details) ?? "";
  const text = t(`errors.${code}`, { ...valuesOf(details as AllDetails, t, now), context });
  return { text, retry: row.retry };
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
