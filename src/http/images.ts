import { z } from "zod";
import { fields } from "../../core/request.ts";
import type { Answer } from "./answer.ts";
import { asObject, parseBody } from "./body.ts";
import type { Door, RequestContext } from "./context.ts";
import { deploymentIn, pictureFields } from "./fields.ts";
import { readUpload } from "./images/uploads.ts";
import { withOurNames } from "./names.ts";
import { respondWithImages } from "./images/images-answer.ts";
import { outputFields } from "./output.ts";
import { wantedOf } from "./sources.ts";

/** What steers the images and how they are answered, beside the words. */
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

const mebibyte = 1024 * 1024;
const limits = { most: 32 * mebibyte, withoutPicture: mebibyte };

/** `POST /v1/images/generations`, in OpenAI's shape; of a picture that the body brings, an edit. */
export async function generateImages(door: Door, context: RequestContext): Promise<Answer> {
  const { fields: sent, brought } = await readUpload(context, limits);
  const raw = withOurNames(sent, deploymentIn(context));
  const body = parseBody(imagesBody, raw);
  const { request, defaults } = await wantedOf(door, { prompt: body.prompt, body, raw, brought });
  const siliconFlow = speaksSiliconFlow(sent);
  return respondWithImages(door, context, request, {
    ...body,
    siliconFlow,
    event: "image_generation",
    ...(defaults && { defaults }),
  });
}

/** Names that only SiliconFlow's clients use: some of those read nothing but links. */
const siliconFlowNames = ["image_size", "batch_size"];

function speaksSiliconFlow(body: unknown): boolean {
  return siliconFlowNames.some((name) => Object.hasOwn(asObject(body), name));
}
