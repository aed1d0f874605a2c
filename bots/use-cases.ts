import type { Catalogue } from "../core/catalogue.ts";
import { ImageError, isImageError } from "../core/errors.ts";
import { BadImage, type Imaging, type ReencodeOptions } from "../core/imaging.ts";
import { wholeOf } from "../core/images.ts";
import { isFinished, type Job, parseCode } from "../core/job.ts";
import type { Log } from "../core/observe.ts";
import { optional } from "../core/optional.ts";
import { idsOf, type ImageRequest, imageRequest, type Requester } from "../core/request.ts";
import type { People } from "../core/people.ts";
import type { Settings, SettingsStore } from "../core/settings.ts";
import type { Studio } from "../core/studio.ts";
import type { Changes } from "../core/studio/again.ts";
import type { Submission } from "../core/studio/accept.ts";
import type { JobStatus } from "../core/studio/watch.ts";
import type { Action } from "./button-data.ts";
import { askBeforeMany, askedScope } from "./batches.ts";

/** What the use cases of the chat doors need. */
export interface ChatTools {
  readonly studio: Studio;
  readonly settings: SettingsStore;
  readonly catalogue: Catalogue;
  readonly imaging: Imaging;
  readonly people: People;
}

/** The person who does something, and where. */
export interface Actor {
  readonly requester: Requester;
  /** The settings scope of the place, such as `telegram:chat:-100123`; absent where a place has no settings. */
  readonly placeScope?: string;
}

/** An actor who asks for pictures, with what the studio needs beside the request. */
export interface Submitter extends Actor, Omit<Submission, "requester"> {
  /** Identifies the message or press: the same key is the same job, however often it comes. */
  readonly key: string;
}

// === Asking for pictures

/**
 * Asks for pictures. The submitter's defaults count before the person's settings, and those before the place's. Throws
 * what `Studio.submit` throws, and `Refused` with a question before many pictures.
 */
export async function imagine(
  request: ImageRequest,
  submitter: Submitter,
  tools: ChatTools,
): Promise<Job> {
  await askBeforeMany(request, submitter, tools);
  return imagineNow(request, submitter, tools);
}

/**
 * Paints what this person was asked about under this key, once however often it is pressed; undefined where that was
 * another person, or something newer was asked for. Throws what `imagine` throws.
 */
export async function paintAsked(
  key: string,
  submitter: Submitter,
  tools: ChatTools,
): Promise<Job | undefined> {
  const scope = askedScope(submitter.requester.id);
  const { asked } = await tools.settings.get(scope);
  if (asked?.key !== key) return undefined;
  const { request, private: hidden, defaults } = asked;
  const own = { ...submitter, key, ...optional({ private: hidden, defaults }) };
  const job = await imagineNow(request, own, tools);
  await tools.settings.set(scope, { asked: undefined });
  return job;
}

async function imagineNow(
  request: ImageRequest,
  submitter: Submitter,
  tools: ChatTools,
): Promise<Job> {
  const scopes = await scopesOf(submitter, tools.settings);
  const { defaults = [] } = submitter;
  const submission = { ...submissionOf(submitter, scopes), defaults: [...defaults, ...scopes] };
  return tools.studio.submit(imageRequest.parse(request), submission);
}

/** Makes a job again with these changes. Throws what `Studio.again` throws. */
export async function remake(
  code: string,
  changes: Changes,
  submitter: Submitter,
  tools: ChatTools,
): Promise<Job> {
  const scopes = await scopesOf(submitter, tools.settings);
  return tools.studio.again(code, changes, submissionOf(submitter, scopes));
}

/** What a button that asks for pictures changes; nothing for any other. */
export function changesBy({ action, argument: ratio, picture }: Action, job: Job): Changes {
  const isEnhanced = job.recipe?.wording.enhancement.status === "enhanced";
  const changes: Partial<Record<Action["action"], Changes>> = {
    again: { seed: "new" },
    vary: isEnhanced ? { wording: "anew" } : { seed: "new" },
    own: { wording: "own" },
    ratio: optional({ ratio }),
  };
  return { ...changes[action], ...optional({ picture }) };
}

/**
 * The canonical form of the code that a person typed; for an empty text, the code of the newest job, undefined where
 * there is none. Throws `not-found`.
 */
export async function codeFor(
  text: string,
  actor: Actor,
  { studio }: ChatTools,
): Promise<string | undefined> {
  if (text.trim() !== "") {
    const code = parseCode(text);
    if (code === undefined)
      throw new ImageError("not-found", { code: Array.from(text.trim()).slice(0, 40).join("") });
    return code;
  }
  const [newest] = await studio.history(actor.requester, { limit: 1 });
  return newest?.code;
}

/** The job whose code stands in a text; undefined where none does, or none has it. */
export async function jobNamedIn(
  text: string,
  requester: Requester,
  { studio }: Pick<ChatTools, "studio">,
): Promise<Job | undefined> {
  const code = parseCode(/zi-[0-9A-Z]{10}/.exec(text)?.[0] ?? "");
  if (code === undefined) return undefined;
  return studio.find(code, requester).catch((error: unknown) => {
    if (isImageError(error) && error.code === "not-found") return undefined;
    throw error;
  });
}

function submissionOf(submitter: Submitter, scopes: readonly Settings[]): Submission {
  const hidden = submitter.private ?? scopes.find((one) => one.private !== undefined)?.private;
  return { ...submitter, ...optional({ private: hidden }) };
}

// === Looking back

/** An unfinished job, and how it stands now. */
export interface Waiting {
  readonly job: Job;
  readonly view: JobStatus | undefined;
}

/** How many unfinished jobs are listed at most. */
const listedJobs = 20;

/** A person's own unfinished jobs in the order of the queue, 20 at most. */
export async function queueOf(actor: Actor, tools: ChatTools): Promise<readonly Waiting[]> {
  const states = ["queued", "running"] as const;
  const jobs = await tools.studio.history(actor.requester, { limit: listedJobs, states });
  const waiting = jobs.map((job) => ({ job, view: tools.studio.view(job.code) }));
  const position = ({ view }: Waiting) => view?.position?.place ?? 0;
  return waiting.toSorted((a, b) => position(a) - position(b) || a.job.createdAt - b.job.createdAt);
}

/** One page of a history. */
export interface Page {
  readonly jobs: readonly Job[];
  /** Where the next page begins: what to pass as `before`; undefined on the last page. */
  readonly older: number | undefined;
}

/** A person's own finished jobs, newest first. */
export async function historyOf(
  actor: Actor,
  page: { readonly size: number; readonly before?: number },
  { studio }: ChatTools,
): Promise<Page> {
  const { size: limit, before } = page;
  const wanted = { limit: limit + 1, states: ["done"] as const, ...optional({ before }) };
  const jobs = await studio.history(actor.requester, wanted);
  const shown = jobs.slice(0, limit);
  return { jobs: shown, older: jobs.length > limit ? shown.at(-1)?.createdAt : undefined };
}

/**
 * A job, and in whose name this person acts on it: a moderator of its place in the owner's, everybody else in their own.
 * Throws `not-found`.
 */
export async function actOn(
  code: string,
  { requester }: Actor,
  mayModerate: (job: Job) => boolean | Promise<boolean>,
  { studio }: Pick<ChatTools, "studio">,
): Promise<{ readonly job: Job; readonly as: Requester }> {
  const job = await studio.find(code, requester);
  const isOwn = idsOf(requester).includes(job.requester.id);
  return { job, as: !isOwn && (await mayModerate(job)) ? job.requester : requester };
}

/** Erases all of a person's jobs, pictures, presets, settings, links and keys; the quota that was used stays used. */
export async function forget(actor: Actor, { studio, settings, people }: ChatTools): Promise<void> {
  await studio.forget(actor.requester);
  for (const id of idsOf(actor.requester)) {
    await studio.presets.forget(id);
    await settings.forget(askedScope(id));
    await settings.forget(id);
  }
  await people.forget(actor.requester.id);
}

/** The bytes of each picture that is still kept of a finished job, by number. */
export async function bytesOf(
  job: Job,
  { studio }: Pick<ChatTools, "studio">,
  signal: AbortSignal,
): Promise<ReadonlyMap<number, Uint8Array>> {
  const found = new Map<number, Uint8Array>();
  if (!isFinished(job)) return found;
  for (const picture of job.pictures) {
    const bytes = await studio.kept.bytesOf(picture, job, signal);
    if (bytes) found.set(picture.number, bytes);
  }
  return found;
}

/**
 * A job's first picture made small, which is done once. undefined where it is no longer kept, or cannot be made small
 * now.
 */
export async function thumbnailOf(
  job: Job,
  form: ReencodeOptions,
  { studio, log }: Pick<ChatTools, "studio"> & { readonly log: Log },
): Promise<Uint8Array | undefined> {
  const [picture] = job.pictures;
  if (!picture) return undefined;
  try {
    const signal = AbortSignal.timeout(thumbnailMs);
    const { kept } = await studio.kept.open(picture, job, { form, signal });
    return await wholeOf(kept);
  } catch (error) {
    const isGone = isImageError(error) && error.code === "not-found";
    if (!isGone) log.warn({ job: job.code, error }, "no thumbnail can be made of this picture");
    return undefined;
  }
}

/** A page is not to wait for it any longer. */
const thumbnailMs = 30_000;

/** A picture in the first of these forms with at most so many bytes, or in the last one; undefined where it cannot be decoded. */
export async function madeToFit(
  bytes: Uint8Array,
  most: number,
  forms: readonly ReencodeOptions[],
  imaging: Pick<Imaging, "reencode">,
): Promise<Uint8Array | undefined> {
  let made: Uint8Array | undefined;
  try {
    for (const form of forms) {
      made = await imaging.reencode(bytes, form);
      if (made.byteLength <= most) break;
    }
  } catch (error) {
    if (!(error instanceof BadImage)) throw error;
    return undefined;
  }
  return made;
}

// === Settings

/** The settings that count for this person in this place: their own before those of the place. */
export async function settingsFor(actor: Actor, store: SettingsStore): Promise<Settings> {
  const scopes = await scopesOf(actor, store);
  return scopes.reduceRight<Settings>((wider, scope) => ({ ...wider, ...optional(scope) }), {});
}

/** The person's own settings, then those of the place. */
async function scopesOf(actor: Actor, store: SettingsStore): Promise<readonly Settings[]> {
  const scopes = [actor.requester.id, actor.placeScope].filter((scope) => scope !== undefined);
  return Promise.all(scopes.map((scope) => store.get(scope)));
}
