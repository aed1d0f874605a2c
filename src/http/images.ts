import { z } from "zod";
import { fields } from "../../core/request.ts";
import type { Answer } from "./answer.ts";
import { asObject, parseBody } from "./body.ts";
import type { Door, RequestContext } from "./context.ts";
import { deploymentIn, pictureFields } from "./fields.ts";
import { type Upload, withUpload } from "./images/uploads.ts";
import { withOurNames } from "./names.ts";
import { respondWithImages } from "./images/images-answer.ts";
import { outputFields } from "./output.ts";
import { withWordsAlone } from "./pictures.ts";
import { wantedOf } from "./sources.ts";
import { tooLarge } from "./refusals.ts";

/** The fields of every images endpoint, beside the prompt. */
export const imagesFields = {
  ...pictureFields,
  ...outputFields,
  n: z.int().min(1).max(10).nullish(),
  response_format: z.enum(["b64_json", "url"]).nullish(),
  stream: z.boolean().nullish(),
  partial_images: z.int().min(0).max(3).nullish(),
} as const;

/** The body of `POST /v1/images/generations`. */
export const imagesBody = z.object({ prompt: fields.prompt, ...imagesFields });

/** Bytes of a body: it may bring a picture. */
const maxBytes = 32 * 1024 * 1024;

/** Characters of a text in it, which brings none. */
const longestText = 1024 * 1024;

/** `POST /v1/images/generations`, in OpenAI's shape; of a picture that the body brings, an edit. */
export async function generateImages(door: Door, context: RequestContext): Promise<Answer> {
  const sent = await withUpload(door, context, maxBytes, (upload) => taken(door, context, upload));
  const { body, request, defaults, siliconFlow } = sent;
  return respondWithImages(door, context, request, {
    ...body,
    siliconFlow,
    event: "image_generation",
    ...(defaults && { defaults }),
  });
}

async function taken(door: Door, context: RequestContext, { fields: sent, brought }: Upload) {
  const isEndless = (text: unknown) => typeof text === "string" && text.length > longestText;
  if (Object.values(sent).some(isEndless)) throw tooLarge(longestText);
  const raw = withOurNames(sent, deploymentIn(context));
  const body = parseBody(imagesBody, withWordsAlone(raw));
  const wanted = await wantedOf(door, context, {
    ...{ prompt: body.prompt, body, raw, brought },
    ofPictures: true,
  });
  return { body, ...wanted, siliconFlow: speaksSiliconFlow(sent) };
}

/** Names that only SiliconFlow's clients use; some of these clients read only links. */
const siliconFlowNames = ["image_size", "batch_size"];

function speaksSiliconFlow(body: unknown): boolean {
  return siliconFlowNames.some((name) => Object.hasOwn(asObject(body), name));
}
