import { z } from "zod";
import { fields } from "../../core/request.ts";
import type { Answer } from "./answer.ts";
import { asObject, parseBody, readJson } from "./body.ts";
import type { Door, RequestContext } from "./context.ts";
import { deploymentIn, extrasOf, pictureFields, toImageRequest, withOurNames } from "./fields.ts";
import { respondWithImages } from "./images/images-answer.ts";
import { outputFields } from "./output.ts";

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

/** `POST /v1/images/generations`, in OpenAI's shape. */
export async function generateImages(door: Door, context: RequestContext): Promise<Answer> {
  const sent = await readJson(context);
  const raw = withOurNames(sent, deploymentIn(context));
  const body = parseBody(imagesBody, raw);
  const { parameters } = door.catalogue.find(body.model ?? undefined);
  const request = toImageRequest(body.prompt, body, extrasOf(raw, parameters));
  const siliconFlow = speaksSiliconFlow(sent);
  return respondWithImages(door, context, request, {
    ...body,
    siliconFlow,
    event: "image_generation",
  });
}

/** Names that only SiliconFlow's clients use; some of these clients read only links. */
const siliconFlowNames = ["image_size", "batch_size"];

function speaksSiliconFlow(body: unknown): boolean {
  return siliconFlowNames.some((name) => Object.hasOwn(asObject(body), name));
}
