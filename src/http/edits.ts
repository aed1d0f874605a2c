import { z } from "zod";
import { editingModel } from "../../core/brief.ts";
import { ImageError, invalidRequest } from "../../core/errors.ts";
import { fields } from "../../core/request.ts";
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

/** The prompt of a variation, which is an edit without a prompt of its own. */
const variation =
  "The same picture once more, with the same subject, style and composition, and different in its details.";

/** `POST /v1/images/edits`: a picture made from a picture, by models that can. */
export function editImages(door: Door, context: RequestContext): Promise<Answer> {
  return edit(door, context, (raw) => parseBody(editBody, raw));
}

/** `POST /v1/images/variations`: an edit without a prompt. */
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
  const model = editingModel(
    { prompt: body.prompt, model: body.model ?? undefined },
    door.catalogue,
  );
  const source = await takeIn(door, onlyPicture(upload));
  const request = toImageRequest(body.prompt, withoutAuto(body), extrasOf(raw, model.parameters));
  // By default an edit keeps the shape of its picture.
  const defaults = { ratio: `${source.width}:${source.height}` };
  const wanted = { ...request, source: source.id };
  return respondWithImages(door, context, wanted, { ...body, event: "image_edit", defaults });
}

/** Removes the size `auto`, so that an edit keeps the shape of its picture. */
function withoutAuto(body: EditBody): EditBody {
  const { size, aspect_ratio } = body;
  return {
    ...body,
    size: size === "auto" ? undefined : size,
    aspect_ratio: aspect_ratio === "auto" ? undefined : aspect_ratio,
  };
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

/** Throws `invalid-request` for bytes that are not a picture, and `not-found` for a picture that is no longer kept. */
async function takeIn({ studio }: Door, image: SentImage): Promise<Source> {
  if (image instanceof Uint8Array) return studio.keepSource(image);
  const kept = await studio.source(image.keptId);
  if (!kept) throw new ImageError("not-found", { code: image.keptId });
  const made = await studio.picture(image.keptId);
  return made ? { ...made.picture, id: kept.id } : studio.keepSource(kept.bytes);
}
