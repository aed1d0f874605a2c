import { z } from "zod";
import type { Catalogue, Model } from "../../core/catalogue.ts";
import { readDirectives } from "../../core/directives.ts";
import { ImageError, invalidRequest } from "../../core/errors.ts";
import { fields, type ImageRequest } from "../../core/request.ts";
import type { Answer } from "./answer.ts";
import { parseBody } from "./body.ts";
import type { Door, RequestContext } from "./context.ts";
import { deploymentIn, extrasOf, toImageRequest, withOurNames } from "./fields.ts";
import { imagesFields } from "./images.ts";
import { respondWithImages } from "./images/images-answer.ts";
import { readUpload, type SentImage, type Upload } from "./images/uploads.ts";

/** The fields of `POST /v1/images/edits`, beside the pictures. */
export const editBody = z.object({ prompt: fields.prompt, ...imagesFields });

/** The fields of `POST /v1/images/variations`, beside the picture. */
export const variationBody = z.object({ prompt: fields.prompt.nullish(), ...imagesFields });

/** A variation is an edit that says no more than this. */
const variation =
  "The same picture once more, with the same subject, style and composition, and different in its details.";

/** `POST /v1/images/edits`: a picture made from a picture, by models that can. */
export function editImages(door: Door, context: RequestContext): Promise<Answer> {
  return edit(door, context, (raw) => parseBody(editBody, raw));
}

/** `POST /v1/images/variations`, the same without words. */
export function varyImages(door: Door, context: RequestContext): Promise<Answer> {
  return edit(door, context, (raw) => {
    const body = parseBody(variationBody, raw);
    return { ...body, prompt: body.prompt || variation };
  });
}

type EditBody = z.output<typeof editBody>;

async function edit(
  door: Door,
  context: RequestContext,
  read: (raw: Readonly<Record<string, unknown>>) => EditBody,
): Promise<Answer> {
  const upload = await readUpload(context);
  const raw = withOurNames(upload.fields, deploymentIn(context));
  const body = read(raw);
  const model = editor(door.catalogue, body.model ?? undefined);
  const image = onlyPicture(upload);
  const source = await takeIn(door, image);
  const request = toImageRequest(body.prompt, body, extrasOf(raw, model.parameters));
  const wanted: ImageRequest = {
    // The words of an edit say what to change: they describe no picture, and are not made into a description.
    enhance: false,
    ...shapeOf(request, source),
    ...request,
    model: model.id,
    source: source.id,
  };
  return respondWithImages(door, context, wanted, { ...body, event: "image_edit" });
}

/** The model of this name, which has to edit; without a name the first one that does. Throws `unsupported`. */
function editor(catalogue: Catalogue, name: string | undefined): Model {
  const able = name === undefined ? catalogue.models.find(({ edits }) => edits) : undefined;
  const model = able ?? catalogue.find(name);
  if (!model.edits) throw new ImageError("unsupported", { feature: "edit", model: model.id });
  return model;
}

function onlyPicture({ pictures, hasMask }: Upload): SentImage {
  const [picture] = pictures;
  if (!picture) throw invalidRequest("image", "image: send the picture to start from.");
  if (pictures.length > 1) {
    throw invalidRequest("image", "image: only one picture can be edited at a time.");
  }
  if (hasMask) {
    throw invalidRequest("mask", "mask: no model here can edit a part of a picture alone.");
  }
  return picture;
}

interface Source {
  readonly id: string;
  readonly width: number;
  readonly height: number;
}

/** Throws `invalid-request` for what is no picture, and `not-found` for one that was kept here once. */
async function takeIn({ studio }: Door, image: SentImage): Promise<Source> {
  if (image instanceof Uint8Array) return studio.keepSource(image);
  const kept = await studio.source(image.keptId);
  if (!kept) throw new ImageError("not-found", { code: image.keptId });
  const made = await studio.picture(image.keptId);
  return made ? { ...made.picture, id: kept.id } : studio.keepSource(kept.bytes);
}

/** The shape of the picture that is edited, where nothing else is asked for, in a field or in the words. */
function shapeOf(
  request: ImageRequest,
  { width, height }: Source,
): Pick<ImageRequest, "aspectRatio"> {
  const { size, aspectRatio, prompt } = request;
  const hasField = request.width !== undefined || !isOpen(size) || !isOpen(aspectRatio);
  const open = !hasField && readDirectives(prompt).ratio === undefined;
  const shape = width / height;
  return open && shape >= 1 / 3 && shape <= 3 ? { aspectRatio: `${width}:${height}` } : {};
}

function isOpen(wish: string | undefined): boolean {
  return wish === undefined || wish === "auto";
}
