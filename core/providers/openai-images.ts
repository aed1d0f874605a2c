import { z } from "zod";
import type { Fetch } from "../wire/fetch.ts";
import type { ImageProvider, Order } from "../provider.ts";
import { bearer, endpoint, postJson } from "./http.ts";
import { pictureAt, pictureFrom } from "./picture.ts";

export interface OpenaiImagesOptions {
  readonly id?: string;
  /** With its version, such as `https://api.openai.com/v1`. */
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly fetch: Fetch;
}

/** A picture of 64 MiB in base64, and some room for what is around it. */
const maxReplyBytes = 90 * 1024 * 1024;

const picture = z.union([
  z.object({ b64_json: z.string().min(1) }),
  z.object({ url: z.string().min(1) }),
]);
const reply = z.object({ data: z.tuple([picture], z.unknown()) });

/**
 * Any service with OpenAI's `POST /images/generations`. It is asked for one picture and may answer with base64 or a
 * link: `response_format` is not sent, because OpenAI's own newer models refuse it. Nor are seed, steps, guidance and
 * a negative prompt, which the dialect does not have.
 */
export function openaiImages(options: OpenaiImagesOptions): ImageProvider {
  const { id = "openai-images", baseUrl, apiKey, fetch } = options;
  const url = endpoint(baseUrl, "images/generations");
  const headers = bearer(apiKey);

  return {
    id,
    capabilities: {
      seed: false,
      negative: false,
      steps: false,
      guidance: false,
      edit: false,
      progress: false,
      preview: false,
      cancel: "never",
      paid: true,
    },
    async generate(order, { signal }) {
      const hidden = [apiKey, order.prompt];
      const body = bodyOf(order);
      const call = { provider: id, fetch, url, headers, body, maxReplyBytes, hidden, signal };
      const { data } = await postJson({ ...call, schema: reply });
      const [made] = data;
      const image = "url" in made ? pictureAt(made.url, url, id) : pictureFrom(made.b64_json, id);
      return { image, notices: [], facts: {} };
    },
  };
}

/** What the catalogue lets through never replaces our own fields. */
function bodyOf({ model, prompt, width, height, extras }: Order) {
  const own = {
    model: model.name ?? model.id,
    prompt: withoutExtraArguments(prompt),
    n: 1,
    size: `${width}x${height}`,
  };
  return { ...own, ...extras, ...own };
}

/**
 * stable-diffusion.cpp reads further parameters from a tag of this name in the prompt; spelt apart, it is only words.
 * https://github.com/leejet/stable-diffusion.cpp/blob/master/examples/server/api.md
 */
function withoutExtraArguments(prompt: string): string {
  return prompt.replace(/sd_cpp_extra_args/gi, "sd cpp extra args");
}
