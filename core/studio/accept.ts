import type { Archive } from "../archive.ts";
import type { Brief, Defaults } from "../brief.ts";
import { type AnyImageError, ImageError, storedError } from "../errors.ts";
import { type Delivery, type Job, missingPictures, newCode } from "../job.ts";
import type { Acceptance, Ledger } from "../ledger.ts";
import type { Notice } from "../notices.ts";
import { type Plan, type Route, routeOf } from "../pipeline/plan.ts";
import { type PipelineTools, planAtOnce } from "../pipeline.ts";
import type { Policy } from "../policy.ts";
import type { Dispatch, Joining } from "../queue.ts";
import type { Charge, Quota } from "../quota.ts";
import { idsOf, type Requester, type Viewer } from "../request.ts";
import { resolveSize } from "../size.ts";
import type { Ready } from "./live.ts";
import type { Origin } from "./origin.ts";
import type { OutboxOptions } from "./outbox.ts";

/** Where a request comes from, where its pictures go, and the defaults there. */
export interface Submission {
  readonly requester: Requester;
  /** Of the viewer that a job to be made again is looked up for; it is kept nowhere. */
  readonly address?: Viewer["address"];
  /** The same key from the same requester is the same job. */
  readonly key?: string;
  readonly private?: boolean;
  /** The scope of the place, whose presets count after the requester's own. */
  readonly placeScope?: string;
  /** `direct`: the client waits for the job itself, and nothing is delivered to it later. */
  readonly delivery: Pick<Delivery, "door" | "place"> & { readonly direct?: boolean };
  /** Used for what neither the request nor its words say; earlier entries take precedence. */
  readonly defaults?: readonly Defaults[];
}

/** A job before it has a code. */
export interface Draft {
  /** Equal for the same request of the same requester. */
  readonly fingerprint: (requester: Requester) => string;
  readonly brief: Brief;
  /** Finds everything that the brief is made from, where there is something. Throws `not-found`. */
  readonly origin: () => Promise<Origin>;
  /** The job that is made again. */
  readonly parent: string | undefined;
}

/** Who submits, as one who looks up a job. */
export function viewerOf({ requester, address }: Submission): Viewer {
  return { ...requester, address };
}

/** What accepting a job needs beside the pipeline. */
export interface AcceptTools extends PipelineTools {
  readonly ledger: Ledger;
  readonly archive: Archive;
  readonly queue: Dispatch;
  /** Absent where there are no quotas. */
  readonly quota?: Quota;
  /** Ids of requesters who may see and cancel everything and have no quota. */
  readonly operators: ReadonlySet<string>;
  /** How long an idempotency key is remembered, in milliseconds. */
  readonly keyTtlMs: number;
  /** Unfinished jobs older than this, in milliseconds, are not taken up again. */
  readonly ttlMs: number;
  readonly deliverers: OutboxOptions["deliverers"];
}

/**
 * Accepts a request: when this resolves its job is on disk. Answers the job with what the runner needs, or only the job
 * where its key belongs to an earlier one. Throws `not-found`, `content-refused`, `quota-exceeded`, `queue-full`,
 * `key-reused` or `storage-failed`; then nothing was charged.
 */
export async function accept(
  draft: Draft,
  submission: Submission,
  tools: AcceptTools,
): Promise<{ readonly job: Job; readonly ready?: Ready }> {
  const { requester, key } = submission;
  const earlier = key === undefined ? undefined : await jobOfKey(requester, key, tools);
  if (earlier) return { job: sameRequest(earlier, draft.fingerprint(earlier.requester)) };
  const { brief } = draft;
  const origin = brief.sources ? await draft.origin() : { brief, parent: null };
  const job = jobFrom(draft, origin, submission, tools);
  await tools.images.check();
  const route = routeOf(job.brief, tools);
  const plan = planAtOnce(job, { route }, tools);
  const joining = joiningOf(job, { route, plan });
  const ticket = tools.queue.join(joining);
  const atOnce = plan && job.brief.sources === undefined && !isAnnounced(job, tools);
  const lease = atOnce ? ticket.takeNow() : undefined;
  const begun = plan ? withPlan(job, plan, lease && route, tools.now) : job;
  const charge = chargeFor(job, tools);
  const start = plan && { plan, lease };
  const ready = { job: begun, route, ticket, start, charge, notices: [], resumed: false };
  const acceptance = await store(ready, joining, tools);
  if (acceptance.outcome === "accepted") return { job: begun, ready };
  if (acceptance.outcome === "known") return { job: sameRequest(acceptance.job, job.fingerprint) };
  throw await refusalFor(job, tools);
}

/** Writes the promise down; what is not accepted gives its place and its turn back. */
async function store(
  { job, ticket, start, charge }: Ready,
  joining: Joining,
  { ledger, keyTtlMs }: AcceptTools,
): Promise<Acceptance> {
  let acceptance: Acceptance | undefined;
  try {
    acceptance = await ledger.accept(job, charge?.whole ?? [], keyTtlMs, joining);
    return acceptance;
  } finally {
    if (acceptance?.outcome !== "accepted") {
      start?.lease?.release();
      ticket.leave();
    }
  }
}

/**
 * What the runner needs to resume a job of an earlier process. Throws `expired` when it is too old, `interrupted` when
 * the process died twice during its call, and `unknown-model` when its model is no longer served.
 */
export function takeUp(job: Job, tools: AcceptTools): Ready {
  const { now, ttlMs, queue } = tools;
  const missing = missingPictures(job).length > 0;
  if (missing && now() - job.createdAt > ttlMs) throw new ImageError("expired", { afterMs: ttlMs });
  if (missing && job.attempts >= 2) throw new ImageError("interrupted", {});
  const route = routeOf(job.brief, tools);
  const ticket = queue.join(joiningOf(job, { route, accepted: true }));
  const charge = chargeFor(job, tools);
  const notices = repeats(job, route);
  return { job, route, ticket, start: undefined, charge, notices, resumed: true };
}

/** Ends a job that is not taken up again, and gives back the rest of its charge. Answers it as it was settled. */
export async function giveUp(job: Job, reason: AnyImageError, tools: AcceptTools): Promise<Job> {
  const ended = { state: "failed", error: storedError(reason), remotes: {} } as const;
  const failed: Job = { ...job, ...ended, finishedAt: tools.now() };
  await tools.ledger.settle(failed, chargeFor(job, tools)?.returnRest());
  return failed;
}

/** The notice for a paid call that was interrupted by the end of the process and is made again. */
function repeats(job: Job, { provider }: Route): Notice[] {
  const again = missingPictures(job).some((number) => job.remotes[number] === undefined);
  return provider.capabilities.paid && again && job.attempts > 0 ? [{ code: "asked-twice" }] : [];
}

/** Its door shows it before it is painted, so its call cannot begin with its acceptance. */
function isAnnounced({ delivery }: Job, { deliverers }: AcceptTools): boolean {
  return delivery.state === "open" && deliverers.get(delivery.door)?.announce !== undefined;
}

async function refusalFor({ requester, brief }: Job, { quota }: AcceptTools): Promise<Error> {
  if (!quota) throw new Error("Nothing is charged without a quota.");
  return quota.refusal(requester.id, brief.count);
}

/** The charge of a job, without the pictures that were made already; undefined where nothing is charged. */
export function chargeFor(
  { requester, brief, pictures, createdAt, uncounted }: Job,
  { operators, quota }: Pick<AcceptTools, "operators" | "quota">,
): Charge | undefined {
  if (!quota || uncounted || operators.has(requester.id)) return undefined;
  const charge = quota.charge(requester.id, brief.count, createdAt);
  charge.keep(pictures.length);
  return charge;
}

function jobFrom(
  { fingerprint, parent: again }: Draft,
  { brief, parent, sent }: Origin,
  { requester, key, private: hidden = false, delivery }: Submission,
  { policy, now, operators }: AcceptTools,
): Job {
  const { door, place, direct } = delivery;
  const { aliases = [], ...asking } = requester;
  const uncounted = aliases.some((id) => operators.has(id));
  return {
    code: newCode(),
    requester: asking,
    brief: policy ? judged(brief, policy) : brief,
    state: "queued",
    recipe: null,
    pictures: [],
    notices: [],
    error: null,
    delivery: { door, place, state: direct ? "direct" : "open", sends: {} },
    parent: again ?? parent,
    ...(sent && { sent }),
    ...(uncounted && { uncounted }),
    private: hidden,
    key: key ?? null,
    fingerprint: fingerprint(requester),
    attempts: 0,
    remotes: {},
    createdAt: now(),
    startedAt: null,
    finishedAt: null,
  };
}

/** The brief as the policy wants it to be shown. Throws `content-refused`. */
function judged(brief: Brief, policy: Policy): Brief {
  const { words, prompt, variants = [], negative } = brief;
  const said = new Set([words, prompt, ...variants, negative]);
  const { spoiler } = policy.judge([...said].join("\n"));
  return spoiler ? { ...brief, spoiler } : brief;
}

/** The job that this requester's key stands for, under whichever account, as long as keys are remembered. */
export async function jobOfKey(
  requester: Requester,
  key: string,
  { archive, now, keyTtlMs }: Pick<AcceptTools, "archive" | "now" | "keyTtlMs">,
): Promise<Job | undefined> {
  for (const id of idsOf(requester)) {
    const job = await archive.findByKey(id, key, now() - keyTtlMs);
    if (job) return job;
  }
  return undefined;
}

function sameRequest(earlier: Job, fingerprint: string): Job {
  if (earlier.fingerprint === fingerprint) return earlier;
  throw new ImageError("key-reused", {});
}

interface Joined {
  readonly route: Route;
  readonly plan?: Plan | undefined;
  readonly accepted?: boolean;
}

/** A place in line for the missing pictures; `accepted` jobs join even when the line is full. */
export function joiningOf(job: Job, { route, plan, accepted = false }: Joined): Joining {
  const { brief, requester } = job;
  const { model, provider } = route;
  const { width, height } =
    plan?.recipe ?? resolveSize(brief.size, undefined, model, brief.quality);
  return {
    code: job.code,
    requester: requester.id,
    provider: provider.id,
    model: model.id,
    pixels: width * height,
    count: missingPictures(job).length,
    accepted,
    ready: plan !== undefined && brief.sources === undefined,
  };
}

/** The job as it is stored; with `begun`, its provider is called right after that. */
function withPlan(
  job: Job,
  { recipe, notices }: Plan,
  begun: Route | undefined,
  now: () => number,
): Job {
  if (!begun) return { ...job, recipe, notices };
  const attempts = begun.provider.capabilities.paid ? 1 : 0;
  return { ...job, recipe, notices, state: "running", attempts, startedAt: now() };
}

// === The same request

/** SHA-256 of a text, in hex. */
export type Digest = (text: string) => string;

/** Equal for equal requester and request; the order of keys does not matter. */
export function fingerprintOf(requester: string, request: object, digest: Digest): string {
  return digest(`${requester}\n${canonical(request)}`);
}

/** JSON with sorted keys. */
function canonical(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((one) => canonical(one ?? null)).join(",")}]`;
  const fields = Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`);
  return `{${fields.join(",")}}`;
}
