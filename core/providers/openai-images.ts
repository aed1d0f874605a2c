import { z } from "zod";
import { type ImageProvider, type Order, noCapabilities } from "../provider.ts";
import { orUnderV1 } from "../wire/base.ts";
import { fine, openaiProbe, type Probe, problem } from "../wire/probe.ts";
import {
  type Dialect,
  type DialectTools,
  openaiAddress,
  secret,
  type SettingsOf,
  whole,
  wireReader,
} from "./dialect.ts";
import { bearer, endpoint, postJson } from "./http.ts";
import { pictureAt, pictureFrom } from "./picture.ts";

const settings = {
  IMAGES_OPENAI_API_KEY: secret
    .optional()
    .describe(
      "Any OpenAI-compatible image service as a second model: its key, its base address with /v1, the model's name.",
    ),
  IMAGES_OPENAI_BASE_URL: openaiAddress.optional(),
  IMAGES_OPENAI_MODEL: z.string().optional(),
  IMAGES_OPENAI_TIMEOUT_MS: whole(100, 3_600_000)
    .optional()
    .describe(
      "Milliseconds for one of its pictures, and its pictures at once. Empty: those of SD_TIMEOUT_MS and SD_CONCURRENCY.",
    ),
  IMAGES_OPENAI_CONCURRENCY: whole(1, 1000).optional(),
};

type Needs = "IMAGES_OPENAI_API_KEY" | "IMAGES_OPENAI_BASE_URL" | "IMAGES_OPENAI_MODEL";

const wire = z.object({
  /** The service's name for the model; its id by default. */
  name: z.string().min(1).optional(),
});

/**
 * Any service with OpenAI's `POST /images/generations`. It is asked for one picture and may answer with base64 or a
 * link: `response_format` is not sent, because OpenAI's own newer models refuse it. Nor are seed, steps, guidance and
 * a negative prompt, which the dialect does not have.
 */
export const openaiImagesDialect = {
  id: "openai-images",
  prefix: "IMAGES_OPENAI_",
  settings,
  needs: ["IMAGES_OPENAI_API_KEY", "IMAGES_OPENAI_BASE_URL", "IMAGES_OPENAI_MODEL"],
  wire,
  spends: true,
  painter: ({ IMAGES_OPENAI_BASE_URL: baseUrl = "" }, model) =>
    `${URL.parse(baseUrl)?.host ?? "nothing yet"} as ${readWire(model).name ?? model.id}`,
  models: ({ IMAGES_OPENAI_MODEL: id }) =>
    id === undefined ? [] : [{ id, provider: "openai-images", ...openaiSizes }],
  limits: ({ IMAGES_OPENAI_CONCURRENCY: slots, IMAGES_OPENAI_TIMEOUT_MS: timeoutMs }) => ({
    slots,
    timeoutMs,
  }),
  create: openaiImages,
  probe: imagesProbe,
} satisfies Dialect<typeof settings, Needs>;

/** The sizes of OpenAI's own models; they do not differ by quality here. */
const openaiSizes = {
  sizes: { "1:1": "1024x1024", "3:2": "1536x1024", "2:3": "1024x1536" },
  anySize: false,
  quality: {},
};

const path = "images/generations";

const readWire = wireReader(wire);

/** A picture of 64 MiB in base64, and the JSON around it. */
const maxReplyBytes = 90 * 1024 * 1024;

const picture = z.union([
  z.object({ b64_json: z.string().min(1) }),
  z.object({ url: z.string().min(1) }),
]);
const reply = z.object({ data: z.tuple([picture], z.unknown()) });

type Access = {
  readonly IMAGES_OPENAI_API_KEY: string;
  /** With its version, such as `https://api.openai.com/v1`, or without where that is `v1`. */
  readonly IMAGES_OPENAI_BASE_URL: string;
};

function openaiImages(
  { IMAGES_OPENAI_API_KEY: apiKey, IMAGES_OPENAI_BASE_URL: baseUrl }: Access,
  tools: Pick<DialectTools, "fetch">,
): ImageProvider {
  const { id } = openaiImagesDialect;
  const fetch = orUnderV1(tools.fetch, baseUrl);
  const url = endpoint(baseUrl, path);
  const headers = bearer(apiKey);

  return {
    id,
    capabilities: { ...noCapabilities, paid: true },
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

/** Not every service lists its models: such a one is asked for a picture of nothing, which it refuses. */
function imagesProbe({
  IMAGES_OPENAI_API_KEY: apiKey,
  IMAGES_OPENAI_BASE_URL: baseUrl,
  IMAGES_OPENAI_MODEL: model,
}: SettingsOf<typeof settings, Needs>): Probe {
  const listing = openaiProbe("IMAGES_OPENAI_", { apiKey, baseUrl, model });
  const instead: Probe = {
    ...listing,
    url: endpoint(baseUrl, path).href,
    method: "POST",
    body: "{}",
    headers: { ...listing.headers, "content-type": "application/json" },
    judge(answer) {
      const { status, json } = answer;
      if (status === 404 || status === 405 || (status < 300 && json === undefined)) {
        return problem(`has no ${path}: set the base address that the service names for it.`);
      }
      return status < 300 ? fine("answers.") : listing.judge(answer);
    },
  };
  return { ...listing, instead };
}

/** What the catalogue lets through never replaces our own fields. */
function bodyOf({ model, prompt, width, height, extras }: Order) {
  const own = {
    model: readWire(model).name ?? model.id,
    prompt: withoutExtraArguments(prompt),
    n: 1,
    size: `${width}x${height}`,
  };
  return { ...own, ...extras, ...own };
}

/**
 * stable-diffusion.cpp reads further parameters from a tag of this name in the prompt. Spaces in it turn that off.
 * https://github.com/leejet/stable-diffusion.cpp/blob/master/examples/server/api.md
 */
function withoutExtraArguments(prompt: string): string {
  return prompt.replace(/sd_cpp_extra_args/gi, "sd cpp extra args");
}
