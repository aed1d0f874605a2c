import { z } from "zod";
import { editingModel } from "../../core/editing.ts";
import { fields } from "../../core/request.ts";
import type { Answer } from "./answer.ts";
import { parseBody } from "./body.ts";
import type { Door, RequestContext } from "./context.ts";
import { deploymentIn, toImageRequest, withWordsFirst } from "./fields.ts";
import { extrasOf, withOurNames } from "./names.ts";
import { imagesFields } from "./images.ts";
import { respondWithImages } from "./images/images-answer.ts";
import { withUpload } from "./images/uploads.ts";
import { withWordsAlone } from "./pictures.ts";
import { edited, editorFor } from "./sources.ts";

/** The fields of `POST /v1/images/edits`, beside the pictures. */
export const editBody = z.object({ prompt: fields.prompt, ...imagesFields });

/** The fields of `POST /v1/images/variations`, beside the picture. */
export const variationBody = z.object({ prompt: fields.prompt.nullish(), ...imagesFields });

/** The prompt of a variation, which is an edit without a prompt of its own. */
const variation =
  "The same picture once more, with the same subject, style and composition, and different in its details.";

/** `POST /v1/images/edits`: a picture made from a picture, by models that can. */
export function editImages(door: Door, context: RequestContext): Promise<Answer> {
  return edit(door, context, (raw) => parseBody(editBody, withWordsAlone(raw)));
}

/** `POST /v1/images/variations`: an edit without a prompt. */
export function varyImages(door: Door, context: RequestContext): Promise<Answer> {
  return edit(door, context, (raw) => {
    const body = parseBody(variationBody, withWordsAlone(raw));
    return { ...body, prompt: body.prompt || variation };
  });
}

type EditBody = z.output<typeof editBody>;

/** Bytes of a body. */
const maxBytes = 64 * 1024 * 1024;

async function edit(
  door: Door,
  context: RequestContext,
  read: (raw: Readonly<Record<string, unknown>>) => EditBody,
): Promise<Answer> {
  // Where no model edits, no body changes that.
  editingModel({ prompt: "" }, { pictures: 1 }, door.catalogue);
  const { body, request, defaults } = await withUpload(door, context, maxBytes, async (upload) => {
    const raw = withOurNames(upload.fields, deploymentIn(context));
    const sent = read(raw);
    const { prompt } = sent;
    const body = withWordsFirst(prompt, sent);
    const { brought } = upload;
    const asked = { prompt, model: body.model ?? undefined };
    const model = editorFor(asked, brought, door.catalogue);
    const request = toImageRequest(prompt, body, extrasOf(raw, model.parameters, true));
    return { body, ...(await edited(door, context, request, brought)) };
  });
  const shape = defaults && { defaults };
  return respondWithImages(door, context, request, { ...body, event: "image_edit", ...shape });
}
