import { type Defaults, editingModel } from "../../core/brief.ts";
import type { Model } from "../../core/catalogue.ts";
import { ImageError, invalidRequest, isImageError } from "../../core/errors.ts";
import type { ImageRequest } from "../../core/request.ts";
import type { Door } from "./context.ts";
import { type PictureFields, toImageRequest } from "./fields.ts";
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
}

/** What the core is asked for, and what counts where that says nothing. */
export interface Wanted {
  readonly request: ImageRequest;
  readonly defaults?: Defaults;
}

/**
 * Makes a request of a body: an edit of the picture that it brings, otherwise a picture of its words. Where the model
 * cannot edit, a picture is refused, or with `ignoring` left out with a notice. Throws a `Refusal` and `invalid-request`
 * that name the field, `unknown-model`, and `not-found` for a picture that was kept here once.
 */
export async function wantedOf(door: Door, sent: Sent, ignoring = false): Promise<Wanted> {
  const { prompt, body, raw, brought } = sent;
  const [field] = fieldsOf(brought);
  const editor = field === undefined ? undefined : editorFor(door, sent, ignoring ? null : field);
  const { parameters } = editor ?? door.catalogue.find(body.model ?? undefined);
  const request = toImageRequest(prompt, body, extrasOf(raw, parameters));
  if (editor) return edited(door, request, brought);
  return { request: field === undefined ? request : { ...request, pictureIgnored: true } };
}

function fieldsOf({ pictures, mask }: Brought): string[] {
  return [...pictures.map(({ field }) => field), mask ?? []].flat();
}

/** The model that would edit; where there is none, undefined, or a refusal of this field. */
function editorFor(
  { catalogue }: Door,
  { prompt, body }: Sent,
  field: string | null,
): Model | undefined {
  try {
    return editingModel({ prompt, model: body.model ?? undefined }, catalogue);
  } catch (error) {
    if (!isImageError(error) || error.code !== "unsupported") throw error;
    if (field === null) return undefined;
    const problem = `${field}: the model "${error.details.model}" cannot edit pictures.`;
    throw unsupportedField(field, problem);
  }
}

/** The edit of the one picture that is brought, in its shape unless another is asked for. */
export async function edited(door: Door, request: ImageRequest, brought: Brought): Promise<Wanted> {
  const { id, width, height } = await takeIn(door, onlyPicture(brought));
  const { size, aspectRatio, ...rest } = request;
  const shape = { ...notAuto({ size }), ...notAuto({ aspectRatio }) };
  return { request: { ...rest, ...shape, source: id }, defaults: { ratio: `${width}:${height}` } };
}

/** `auto` leaves the shape of an edit to the picture that is edited. */
function notAuto<Shape extends Readonly<Record<string, string | undefined>>>(shape: Shape) {
  const said = Object.entries(shape).filter(([, text]) => text && !/^\s*auto\s*$/i.test(text));
  return Object.fromEntries(said) as Partial<Record<keyof Shape, string>>;
}

function onlyPicture({ pictures, mask }: Brought): Reference {
  const [picture, second] = pictures;
  if (second) {
    throw unsupportedField(
      second.field,
      `${second.field}: only one picture can be edited at a time.`,
    );
  }
  if (mask !== undefined) {
    throw unsupportedField(mask, `${mask}: no model here can edit a part of a picture alone.`);
  }
  if (!picture) throw invalidRequest("image", "image: send the picture to start from.");
  return picture;
}

interface Source {
  readonly id: string;
  readonly width: number;
  readonly height: number;
}

/** Throws `invalid-request` for what is no picture, and `not-found` for one that was kept here once. */
async function takeIn({ studio }: Door, reference: Reference): Promise<Source> {
  const image = imageOf(reference);
  if (image instanceof Uint8Array) return studio.keepSource(image).catch(namingField(reference));
  const kept = await studio.source(image.keptId);
  if (!kept) throw new ImageError("not-found", { code: image.keptId });
  const made = await studio.picture(image.keptId);
  return made ? { ...made.picture, id: kept.id } : studio.keepSource(kept.bytes);
}

/** Rethrows what the core says of its source as said of the field that the client sent. */
function namingField({ field }: Reference) {
  return (error: unknown): never => {
    if (!isImageError(error) || error.code !== "invalid-request") throw error;
    throw invalidRequest(field, error.details.problem, error);
  };
}
