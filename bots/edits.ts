import type { Catalogue } from "../core/catalogue.ts";
import { editingModel, fitting } from "../core/editing.ts";
import type { Job } from "../core/job.ts";
import { optional } from "../core/optional.ts";
import type { ImageRequest } from "../core/request.ts";
import { parseRatio } from "../core/ratio.ts";
import type { SentPicture } from "../core/sources.ts";
import { type ChatTools, imagine, type Submitter } from "./use-cases.ts";

/** A picture to edit: one that is kept here, or how to fetch one that the platform has. */
export type Given = Pick<SentPicture, "id" | "width" | "height"> | (() => Promise<Uint8Array>);

/** The pictures that come with a request, in order. */
export interface GivenPictures {
  readonly pictures: readonly Given[];
  /** Where no model edits, the words are painted and a notice says so; otherwise the request is refused. */
  readonly wordsAlone?: boolean;
  /** They are not all that was sent: the platform showed only one of an album. */
  readonly partial?: boolean;
}

/**
 * Asks for pictures made from these, in the shape of the first; of more than the model takes the first ones are used, with
 * a notice. Throws what `imagine` throws; `unsupported` and `unknown-model` before anything is fetched.
 */
export async function imagineFrom(
  request: ImageRequest,
  { pictures, wordsAlone = false, partial }: GivenPictures,
  submitter: Submitter,
  tools: ChatTools,
): Promise<Job> {
  if (pictures.length === 0) return imagine(request, submitter, tools);
  const brings = { pictures: pictures.length };
  const fit = fitting(request, brings, tools.catalogue);
  if (fit.pictures === 0 && !wordsAlone) editingModel(request, brings, tools.catalogue);
  const kept = await keepAll(pictures.slice(0, fit.pictures), tools);
  const [first] = kept;
  const ratio = first && parseRatio(`${first.width}:${first.height}`);
  const left = pictures.length - kept.length;
  const leftOut = { ...(left > 0 && { pictures: left }), ...(partial && { part: true }) };
  const isWhole = Object.keys(leftOut).length === 0;
  const brought = { sources: kept.map(({ id }) => id), ...(isWhole ? {} : { leftOut }) };
  const defaults = [optional({ ratio }), ...(submitter.defaults ?? [])];
  return imagine({ ...request, ...brought }, { ...submitter, defaults }, tools);
}

/** One after the other, so that few bytes are in memory at once. */
async function keepAll(pictures: readonly Given[], { studio }: ChatTools) {
  const kept: Exclude<Given, () => unknown>[] = [];
  for (const picture of pictures) kept.push(await keepGiven(picture, studio));
  return kept;
}

/** A picture once it is kept here. Throws what fetching it throws, and `Studio.keepSource`. */
export async function keepGiven(picture: Given, studio: Pick<ChatTools["studio"], "keepSource">) {
  return typeof picture === "function" ? studio.keepSource(await picture()) : picture;
}

/** The most pictures that a model edits at once; 0 where none edits any, and then nothing offers it. */
export function mostSources({ models }: Catalogue): number {
  return Math.max(0, ...models.map(({ edits }) => edits?.pictures ?? 0));
}
