import { z } from "zod";
import { fields } from "../../core/request.ts";
import type { Door, RequestContext } from "./context.ts";
import {
  extrasOf,
  parseBody,
  pictureFields,
  speaksSiliconFlow,
  toImageRequest,
  withOurNames,
} from "./fields.ts";
import { respondWithImages } from "./images/answer.ts";
import { outputFields } from "./output.ts";
import { deploymentIn } from "./paths.ts";

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

/** `POST /v1/images/generations`, in OpenAI's shape. */
export async function generateImages(door: Door, context: RequestContext, json: unknown) {
  const raw = withOurNames(json, deploymentIn(context.req.url));
  const body = parseBody(imagesBody, raw);
  const allowed = door.catalogue.find(body.model).parameters;
  const extras = extrasOf(raw, allowed);
  const request = toImageRequest(body.prompt, body.n ?? undefined, body, extras);
  const siliconFlow = speaksSiliconFlow(json);
  return respondWithImages(door, context, request, {
    ...body,
    siliconFlow,
    event: "image_generation",
  });
}
