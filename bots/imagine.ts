import { optional } from "../core/optional.ts";
import type { Changes } from "../core/studio/again.ts";
import type { Catalogue, Model } from "../core/catalogue.ts";
import { readDirectives } from "../core/directives.ts";
import { ImageError } from "../core/errors.ts";
import type { Submission } from "../core/studio/intake.ts";
import type { Imaging } from "../core/imaging.ts";
import { isFinished, type Job, parseCode } from "../core/job.ts";
import type { ImageRequest, Requester } from "../core/request.ts";
import type { Settings, SettingsStore } from "../core/settings.ts";
import type { Studio } from "../core/studio.ts";
import type { JobView } from "../core/studio/workshop.ts";
import type { Action } from "./actions.ts";

/** What the use cases of the chat doors need. */
export interface ChatTools {
  readonly studio: Studio;
  readonly settings: SettingsStore;
  readonly catalogue: Catalogue;
  readonly imaging: Imaging;
}

/** Who asks, and where. */
export interface Asker {
  readonly requester: Requester;
  /** Where settings are looked up beside the requester's own: a place's scope, such as `telegram:chat:-100123`. */
  readonly place?: string;
}

/** An asker who wants a picture. `key` names the message or press that asks, so that it is one job however often it comes. */
export interface PictureAsker extends Asker, Omit<Submission, "requester"> {
  readonly key: string;
}

// === Asking for pictures

/**
 * Asks for pictures. What the request or its words say wins over the person's settings, and those over the place's.
 * Throws what `Studio.submit` throws.
 */
export async function imagine(
  request: ImageRequest,
  asker: PictureAsker,
  tools: ChatTools,
): Promise<Job> {
  const settings = await settingsFor(asker, tools.settings);
  const wanted = forEditing(request, tools.catalogue);
  const complete = withDefaults(wanted, settings, tools.catalogue);
  return tools.studio.submit(complete, submissionOf(asker, settings));
}

/** Makes a job again as a button or a form says. Throws what `Studio.again` throws. */
export async function remake(
  code: string,
  changes: Changes,
  asker: PictureAsker,
  tools: ChatTools,
): Promise<Job> {
  const settings = await settingsFor(asker, tools.settings);
  return tools.studio.again(code, changes, submissionOf(asker, settings));
}

/** Presses that ask for pictures, with what each of them changes. */
const changesBy: Partial<Record<Action["action"], (job: Job, action: Action) => Changes>> = {
  again: () => ({ seed: "new" }),
  vary: (job) => (isEnhanced(job) ? { wording: "anew" } : { seed: "new" }),
  own: () => ({ wording: "own" }),
  ratio: (_, { argument }) => (argument === undefined ? {} : { ratio: argument }),
  retry: () => ({}),
};

/** Makes a job again as the button says. Throws what `Studio.again` throws, and `not-found` for other buttons. */
export async function press(action: Action, asker: PictureAsker, tools: ChatTools): Promise<Job> {
  const { code = "", picture } = action;
  const changesOf = changesBy[action.action];
  if (!changesOf) throw new ImageError("not-found", { code });
  const job = await tools.studio.find(code, asker.requester);
  const changes = { ...changesOf(job, action), ...optional({ picture }) };
  return remake(code, changes, asker, tools);
}

/** The canonical code in what a person typed; without any, that of the newest job. Throws `not-found`. */
export async function codeFor(text: string, asker: Asker, { studio }: ChatTools): Promise<string> {
  if (text.trim() !== "") {
    const code = parseCode(text);
    if (code === undefined)
      throw new ImageError("not-found", { code: Array.from(text.trim()).slice(0, 40).join("") });
    return code;
  }
  const [newest] = await studio.history(asker.requester, { limit: 1 });
  if (!newest) throw new ImageError("not-found", { code: "" });
  return newest.code;
}

function submissionOf({ place: _, ...asker }: PictureAsker, settings: Settings): Submission {
  const hidden = asker.private ?? settings.private;
  return { ...asker, ...optional({ private: hidden }) };
}

/** A setting fills in what neither the request nor a directive in its words says. */
function withDefaults(
  request: ImageRequest,
  settings: Settings,
  { models }: Catalogue,
): ImageRequest {
  const said = readDirectives(request.prompt);
  const sized = [request.size, request.aspectRatio, request.width, request.height, said.ratio];
  const served = models.some(({ id, aliases }) => [id, ...aliases].includes(settings.model ?? ""));
  const defaults = {
    aspectRatio: sized.some((size) => size !== undefined) ? undefined : settings.ratio,
    enhance: said.enhance ?? settings.enhance,
    model: said.model ?? (served ? settings.model : undefined),
    quality: said.quality ?? settings.quality,
  };
  return { ...optional(defaults), ...optional(request) } as ImageRequest;
}

/**
 * A picture is edited by the model that was asked for, otherwise by the first one that can, whatever is usual. Words that
 * say what to change describe no picture, and are not made into one. Throws `unsupported` and `unknown-model`.
 */
function forEditing(request: ImageRequest, catalogue: Catalogue): ImageRequest {
  if (request.source === undefined) return request;
  const said = readDirectives(request.prompt);
  const model = editor(catalogue, request.model ?? said.model);
  return { ...request, enhance: request.enhance ?? said.enhance ?? false, model: model.id };
}

/** The model of this name, or without a name the first one that edits. Throws `unsupported` where it cannot. */
export function editor(catalogue: Catalogue, name?: string): Model {
  const able = name === undefined ? catalogue.models.find(({ edits }) => edits) : undefined;
  const model = able ?? catalogue.find(name);
  if (!model.edits) throw new ImageError("unsupported", { feature: "edit", model: model.id });
  return model;
}

function isEnhanced({ recipe }: Job): boolean {
  return recipe?.wording.enhancement.status === "enhanced";
}

// === Looking back

export interface Waiting {
  readonly job: Job;
  readonly view: JobView | undefined;
}

/** How many unfinished jobs are listed at most. */
const listedJobs = 20;

/** A person's own unfinished jobs, the one whose turn comes first at the beginning. */
export async function queueOf(asker: Asker, { studio }: ChatTools): Promise<readonly Waiting[]> {
  const states = ["queued", "running"] as const;
  const jobs = await studio.history(asker.requester, { limit: listedJobs, states });
  const waiting = jobs.map((job) => ({ job, view: studio.view(job.code) }));
  const place = ({ view }: Waiting) => view?.standing?.position ?? 0;
  return waiting.toSorted((a, b) => place(a) - place(b) || a.job.createdAt - b.job.createdAt);
}

export interface Page {
  readonly jobs: readonly Job[];
  /** Where the next page begins: what to give as `before`. */
  readonly older: number | undefined;
}

/** A person's own finished pictures, newest first. */
export async function historyOf(
  asker: Asker,
  page: { readonly size: number; readonly before?: number },
  { studio }: ChatTools,
): Promise<Page> {
  const { size: limit, before } = page;
  const wanted = { limit: limit + 1, states: ["done"] as const, ...optional({ before }) };
  const jobs = await studio.history(asker.requester, wanted);
  const shown = jobs.slice(0, limit);
  return { jobs: shown, older: jobs.length > limit ? shown.at(-1)?.createdAt : undefined };
}

/** Ends one's own unfinished job. Throws what `Studio.cancel` throws. */
export function cancel(code: string, asker: Asker, { studio }: ChatTools): Promise<Job> {
  return studio.cancel(code, asker.requester);
}

/**
 * Erases the pictures of one's own job. A `moderator`, as the platform says, may do it to a job that was delivered
 * to the place that he moderates. Throws what `Studio.erasePictures` throws.
 */
export async function erase(
  code: string,
  asker: Asker & { readonly moderator: boolean },
  { studio }: ChatTools,
): Promise<void> {
  const job = await studio.find(code, asker.requester);
  await studio.erasePictures(code, asker.moderator ? job.requester : asker.requester);
}

/** Erases all of a person's jobs, pictures and settings; what they have used of their quota stays. */
export async function forget(asker: Asker, { studio, settings }: ChatTools): Promise<void> {
  await studio.forget(asker.requester);
  await settings.forget(asker.requester.id);
}

/** The bytes of each kept picture of a finished job, by number; those that were swept are missing. */
export async function bytesOf(
  job: Job,
  { studio }: Pick<ChatTools, "studio">,
  signal: AbortSignal,
): Promise<ReadonlyMap<number, Uint8Array>> {
  const found = new Map<number, Uint8Array>();
  if (!isFinished(job)) return found;
  for (const picture of job.pictures) {
    const bytes = await studio.bytesOf(picture, job, signal);
    if (bytes) found.set(picture.number, bytes);
  }
  return found;
}

// === Settings

/** What counts for this person in this place. */
export async function settingsFor(asker: Asker, store: SettingsStore): Promise<Settings> {
  const own = await store.get(asker.requester.id);
  const place = asker.place === undefined ? {} : await store.get(asker.place);
  return { ...optional(place), ...optional(own) };
}
