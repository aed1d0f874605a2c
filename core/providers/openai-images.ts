import { z } from "zod";
import { type ImageProvider, noCapabilities } from "../provider.ts";
import { maxSources } from "../request.ts";
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
import { bearer, endpoint, pictureAt, pictureFrom, postJson } from "./http.ts";
import { editsIn, wayFor } from "./openai-images/ways.ts";

const settings = {
  IMAGES_OPENAI_API_KEY: secret
    .optional()
    .describe(
      "Any OpenAI-compatible image service as a second model: its key, its base address with /v1, the model's name.",
    ),
  IMAGES_OPENAI_BASE_URL: openaiAddress.optional(),
  IMAGES_OPENAI_MODEL: z.string().optional(),
  IMAGES_OPENAI_EDITS: whole(0, maxSources)
    .optional()
    .describe(
      "How many pictures it takes at once to be edited, up to 16 (gpt-image-1 and its successors take 16), and whether also a mask (true). Empty: it only paints from words.",
    ),
  IMAGES_OPENAI_MASK: z.enum(["true", "false"], "must be true or false").optional(),
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
  /** Where it edits: `edits` (the default) for `POST /images/edits`, `chat` for services that edit in chats alone. */
  editsIn: editsIn.optional(),
});

/**
 * Any service with OpenAI's `POST /images/generations`, and `/images/edits` for models that edit. It is asked for one picture and may answer with base64 or a
 * link: `response_format` is not sent, because OpenAI's own newer models refuse it. Nor are seed, steps, guidance and
 * a negative prompt, which the dialect does not have.
 */
export const openaiImagesDialect = {
  id: "openai-images",
  prefix: "IMAGES_OPENAI_",
  settings,
  needs: ["IMAGES_OPENAI_API_KEY", "IMAGES_OPENAI_BASE_URL", "IMAGES_OPENAI_MODEL"],
  wire,
  edits: { by: "bytes", pictures: maxSources, mask: true },
  takesMask: ({ editsIn }) => editsIn !== "chat",
  spends: true,
  painter: ({ IMAGES_OPENAI_BASE_URL: baseUrl = "" }, model) =>
    `${URL.parse(baseUrl)?.host ?? "nothing yet"} as ${readWire(model).name ?? model.id}`,
  models: ({ IMAGES_OPENAI_MODEL: id, IMAGES_OPENAI_EDITS: pictures, IMAGES_OPENAI_MASK: mask }) =>
    id === undefined
      ? []
      : [
          {
            id,
            provider: "openai-images",
            ...openaiSizes,
            ...(pictures && { edits: { pictures, mask: mask === "true" } }),
          },
        ],
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

const generations = "images/generations";

const readWire = wireReader(wire);

/** A picture of 64 MiB in base64, and the JSON around it. */
const maxReplyBytes = 90 * 1024 * 1024;

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
  const headers = bearer(apiKey);

  return {
    id,
    capabilities: { ...noCapabilities, edit: "bytes", paid: true },
    async generate(order, { signal }) {
      const { name = order.model.id, editsIn } = readWire(order.model);
      const { path, body, reply: schema } = wayFor(order, editsIn);
      const url = endpoint(baseUrl, path);
      const hidden = [apiKey, order.prompt];
      const call = { provider: id, fetch, url, headers, maxReplyBytes, hidden, signal };
      const made = await postJson({ ...call, body: body(order, name), schema });
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
    url: endpoint(baseUrl, generations).href,
    method: "POST",
    body: "{}",
    headers: { ...listing.headers, "content-type": "application/json" },
    judge(answer) {
      const { status, json } = answer;
      if (status === 404 || status === 405 || (status < 300 && json === undefined)) {
        return problem("no-path", { path: generations });
      }
      return status < 300 ? fine("answers", {}) : listing.judge(answer);
    },
  };
  return { ...listing, instead };
}
