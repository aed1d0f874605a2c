import type { Defaults } from "../../core/brief.ts";
import type { Catalogue, Model } from "../../core/catalogue.ts";
import { type Asked, editingModel, fitting } from "../../core/editing.ts";
import { ImageError, invalidRequest, isImageError } from "../../core/errors.ts";
import { parsePictureCode } from "../../core/job.ts";
import type { ImageRequest, Viewer } from "../../core/request.ts";
import { isOpenShape } from "../../core/size.ts";
import { type Door, type RequestContext, viewerOf } from "./context.ts";
import { toApiProblem } from "./errors.ts";
import { type PictureFields, toImageRequest, withWordsFirst } from "./fields.ts";
import { extrasOf } from "./names.ts";
import { type Brought, imageOf, type Reference } from "./pictures.ts";
import { unsupportedField } from "./refusals.ts";

/** A body that was read, and what it brings to be edited. */
export interface Sent {
  readonly prompt: string;
  readonly body: PictureFields;
  /** The same body as it came, under our own names. */
  readonly raw: Readonly<Record<string, unknown>>;
  readonly brought: Brought;
  /** Every field of it is about the picture. */
  readonly ofPictures?: boolean;
}

/** What the core is asked for, and what counts where that says nothing. */
export interface Wanted {
  readonly request: ImageRequest;
  readonly defaults?: Defaults;
}

/**
 * Makes a request of a body: an edit of the pictures that it brings, otherwise a picture of its words. What the model
 * cannot take is refused, or with `ignoring` left out with a notice. Throws a `Refusal` and `invalid-request` that name
 * the field, `unknown-model`, `not-found` for a picture that was kept here once, and `not-yours` for another's code.
 */
export async function wantedOf(
  door: Door,
  context: RequestContext,
  sent: Sent,
  ignoring = false,
): Promise<Wanted> {
  const { prompt, raw, brought, ofPictures } = sent;
  const body = withWordsFirst(prompt, sent.body);
  const settled = { ...sent, body };
  const { model, taken, leftOut } = ignoring ? fitOf(door, settled) : allOf(door, settled);
  const request = toImageRequest(prompt, body, extrasOf(raw, model.parameters, ofPictures));
  const [first] = taken.pictures;
  const wanted = first ? await editedIfAny(door, context, request, { taken, first }) : { request };
  const isWhole = taken.pictures.length === brought.pictures.length && taken.mask === brought.mask;
  return isWhole ? wanted : { ...wanted, request: { ...wanted.request, leftOut } };
}

/** A picture that was shown earlier may be gone, or was never here: then the words are painted alone, with a notice. */
async function editedIfAny(
  door: Door,
  context: RequestContext,
  request: ImageRequest,
  { taken, first }: { readonly taken: Brought; readonly first: Reference },
): Promise<Wanted> {
  return edited(door, context, request, taken).catch((error: unknown) => {
    const isGone =
      isImageError(error) && /^(?:not-found|not-yours|invalid-request)$/.test(error.code);
    if (!first.isEarlier || !isGone) throw error;
    return { request: { ...request, leftOut: { gone: true } } };
  });
}

/** The model that paints, what it takes of what was brought, and what is left out. */
interface Fitting {
  readonly model: Model;
  readonly taken: Brought;
  readonly leftOut: ImageRequest["leftOut"];
}

/** Everything that was brought. Throws a `Refusal` that names the field that the model cannot take. */
function allOf({ catalogue }: Door, { prompt, body, brought }: Sent): Fitting {
  const asked = { prompt, model: body.model ?? undefined };
  const brings = bringsOf(brought);
  const isEdit = brings.pictures > 0 || brings.mask;
  const model = isEdit ? editorFor(asked, brought, catalogue) : catalogue.find(asked.model);
  if (brought.mask && brings.pictures === 0) {
    const { field } = brought.mask;
    throw invalidRequest(field, `${field}: needs the picture that it is for.`);
  }
  return { model, taken: brought, leftOut: {} };
}

function fitOf({ catalogue }: Door, { prompt, body, brought }: Sent): Fitting {
  const asked = { prompt, model: body.model ?? undefined };
  const brings = bringsOf(brought);
  if (brings.pictures === 0) {
    return {
      model: catalogue.find(asked.model),
      taken: noPictures,
      leftOut: { mask: brings.mask },
    };
  }
  const { model, pictures, mask } = fitting(asked, brings, catalogue);
  return {
    model,
    taken: {
      pictures: brought.pictures.slice(0, pictures),
      mask: mask ? brought.mask : undefined,
    },
    leftOut: { pictures: brings.pictures - pictures, mask: brings.mask && !mask },
  };
}

const noPictures: Brought = { pictures: [], mask: undefined };

function bringsOf({ pictures, mask }: Brought) {
  return { pictures: pictures.length, mask: mask !== undefined };
}

/** The model that edits what is brought. Throws a `Refusal` that names the field which no model takes, and `unknown-model`. */
export function editorFor(asked: Asked, brought: Brought, catalogue: Catalogue): Model {
  try {
    return editingModel(asked, bringsOf(brought), catalogue);
  } catch (error) {
    if (!isImageError(error) || error.code !== "unsupported") throw error;
    const { feature, limit = 0 } = error.details;
    const [first] = brought.pictures;
    const picture = feature === "pictures" ? brought.pictures[limit] : (first ?? brought.mask);
    const field = (feature === "mask" ? brought.mask : picture)?.field ?? "image";
    throw unsupportedField(field, `${field}: ${toApiProblem(error).body.error.message}`);
  }
}

/** The edit of the pictures that are brought, in the shape of the first unless another is asked for. */
export async function edited(
  door: Door,
  context: RequestContext,
  request: ImageRequest,
  brought: Brought,
): Promise<Wanted> {
  const { pictures, mask } = brought;
  const [first] = pictures;
  if (!first) throw invalidRequest("image", "image: send the picture to start from.");
  const viewer = viewerOf(door, context);
  const sources: Source[] = [];
  // One after the other: each may be large.
  for (const picture of pictures) sources.push(await takeIn(door, viewer, picture));
  const masked = mask && (await takeIn(door, viewer, mask));
  if (masked) checkMask(mask.field, masked, sources[0]);
  const { width = 1, height = 1 } = sources[0] ?? {};
  const { size, aspectRatio, ...rest } = request;
  const shape = { ...notAuto({ size }), ...notAuto({ aspectRatio }) };
  return {
    request: {
      ...rest,
      ...shape,
      sources: sources.map(({ id }) => id),
      ...(masked && { mask: masked.id }),
    },
    defaults: { ratio: `${width}:${height}` },
  };
}

function checkMask(field: string, mask: Source, source: Source | undefined): void {
  if (mask.width === source?.width && mask.height === source.height) return;
  const size = `${source?.width}x${source?.height}`;
  throw invalidRequest(field, `${field}: has to be as large as the first picture, ${size}.`);
}

/** `auto` leaves the shape of an edit to the picture that is edited. */
function notAuto<Shape extends Readonly<Record<string, string | undefined>>>(shape: Shape) {
  const said = Object.entries(shape).filter(([, text]) => text && !isOpenShape(text));
  return Object.fromEntries(said) as Partial<Record<keyof Shape, string>>;
}

interface Source {
  readonly id: string;
  readonly width: number;
  readonly height: number;
}

/** Throws `invalid-request` for what is no picture, `not-found` for one that was kept here once, and `not-yours`. */
async function takeIn(door: Door, viewer: Viewer, reference: Reference): Promise<Source> {
  const { studio } = door;
  const image = imageOf(reference);
  if (image instanceof Uint8Array || image instanceof URL) {
    return studio.keepSource(image).catch(namingField(reference));
  }
  const made = await madeHere(door, viewer, image.keptId);
  if (made) return made;
  const kept = await studio.source(image.keptId);
  if (!kept) throw new ImageError("not-found", { code: image.keptId });
  return studio.keepSource(kept.bytes);
}

/** A picture that was made here, by its id, or by its code for the one who had it made. */
async function madeHere(
  { studio }: Door,
  viewer: Viewer,
  name: string,
): Promise<Source | undefined> {
  const code = parsePictureCode(name);
  if (!code) return (await studio.picture(name))?.picture;
  const job = await studio.own(code.job, viewer);
  return job.pictures.find(({ number }) => number === code.number);
}

/** Rethrows what the core says of its source as said of the field that the client sent. */
function namingField({ field }: Reference) {
  return (error: unknown): never => {
    if (!isImageError(error) || error.code !== "invalid-request") throw error;
    throw invalidRequest(field, error.details.problem, error);
  };
}
