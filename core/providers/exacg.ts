import { z } from "zod";
import { browserUserAgent } from "../wire/download.ts";
import { invalidRequest } from "../errors.ts";
import type { Fetch } from "../wire/fetch.ts";
import type { Notice } from "../notices.ts";
import type { ImageProvider, Order, SourceImage } from "../provider.ts";
import { bearer, endpoint, postJson } from "./http.ts";
import { pictureAt } from "./picture.ts";
import { excerpt } from "./refusal.ts";

export interface ExacgOptions {
  readonly id?: string;
  /** Such as `https://sd.exacg.cc`. */
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly fetch: Fetch;
}

const maxReplyBytes = 1024 * 1024;

const reply = z.object({
  success: z.literal(true),
  data: z.object({
    image_url: z.string().min(1),
    model_name: z.string().optional().catch(undefined),
    remaining_points: z.number().optional().catch(undefined),
  }),
});

/**
 * 梦羽 AI (sd.exacg.cc): one long call for one picture, which it answers with a link. It publishes no description of
 * its interface; the fields and answers are those that public clients of it send and expect. Cloudflare in front of
 * it turns away whoever does not look like a browser.
 */
export function exacg(options: ExacgOptions): ImageProvider {
  const { id = "exacg", baseUrl, apiKey, fetch } = options;
  const url = endpoint(baseUrl, "api/v1/generate_image");
  const headers = { "user-agent": browserUserAgent, ...bearer(apiKey) };

  return {
    id,
    capabilities: {
      seed: true,
      negative: true,
      steps: true,
      guidance: true,
      edit: true,
      ignoredInEdits: ["steps", "guidance"],
      progress: false,
      preview: false,
      cancel: "never",
      paid: true,
    },
    async generate(order, { signal }) {
      const hidden = [apiKey, order.prompt, order.negative];
      const body = bodyOf(order);
      const call = { provider: id, fetch, url, headers, body, maxReplyBytes, hidden, signal };
      const { data } = await postJson({ ...call, schema: reply });
      const modelName = data.model_name && excerpt(data.model_name, hidden);
      const pointsLeft = data.remaining_points;
      return {
        image: pictureAt(data.image_url, url, id),
        notices: otherModel(order.model.expect, modelName),
        facts: {
          ...(modelName ? { modelName } : {}),
          ...(pointsLeft === undefined ? {} : { pointsLeft }),
        },
      };
    },
  };
}

/**
 * The service knows the model by its number alone. Its editing models fetch the picture themselves and choose their own
 * steps and guidance. What the catalogue lets through never replaces our own fields.
 */
function bodyOf(order: Order) {
  const { model, prompt, width, height, steps, guidance, seed, negative, extras, source } = order;
  if (model.index === undefined) {
    throw new Error(`The model "${model.id}" needs its "index" at the service in the catalogue.`);
  }
  const own = {
    prompt,
    width,
    height,
    ...(source ? { image_source: linkTo(source) } : { steps, cfg: guidance }),
    model_index: model.index,
    seed,
    ...(negative === "" ? {} : { negative_prompt: negative }),
  };
  return { ...own, ...withoutSteering(extras, source), ...own };
}

function linkTo({ url }: SourceImage): string {
  if (url !== undefined) return url;
  const problem =
    "This server cannot have pictures edited: the image service fetches them from here, which needs PUBLIC_URL.";
  throw invalidRequest("source", problem);
}

function withoutSteering(extras: Order["extras"], source: SourceImage | undefined) {
  if (!source) return extras;
  const { steps: _steps, cfg: _cfg, ...rest } = extras;
  return rest;
}

/** The numbers of the models move; the name in the answer is the truth about who painted. */
function otherModel(expected: string | undefined, made: string | undefined): Notice[] {
  if (!expected || !made || plain(made).includes(plain(expected))) return [];
  return [{ code: "other-model", expected, made }];
}

function plain(name: string): string {
  return name
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[-_\s]/g, "");
}
