import { z } from "zod";
import { browserUserAgent } from "../wire/download.ts";
import { invalidRequest } from "../errors.ts";
import type { Notice } from "../notices.ts";
import type { ImageProvider, Order, SourceImage } from "../provider.ts";
import { fine, type Probe, problem, warning } from "../wire/probe.ts";
import {
  baseAddress,
  type Dialect,
  type DialectTools,
  secret,
  whole,
  wireReader,
} from "./dialect.ts";
import { bearer, endpoint, postJson } from "./http.ts";
import { pictureAt } from "./picture.ts";
import { excerpt } from "./refusal.ts";

const settings = {
  SD_API_KEY: secret
    .optional()
    .describe(
      "Your 梦羽 AI key from https://sd.exacg.cc. Without it an embedded renderer draws simple scenes in place of Z-Image.",
    ),
  SD_API_BASE_URL: baseAddress(/\/api(?:\/v1(?:\/generate_image)?)?$/i).default(
    "https://sd.exacg.cc",
  ),
  SD_MODEL_INDEX: whole(0, 10_000)
    .default(5)
    .describe(
      "The service knows its models by numbers, and the numbers move. When pictures look wrong, or a notice says that another model painted, look up the number of Z-Image on its site and put it here.",
    ),
  SD_EXPECT_MODEL: z
    .string()
    .default("z-image")
    .describe(
      "Part of the model's name that the service has to answer with; capitals, spaces and hyphens do not count.",
    ),
  SD_TIMEOUT_MS: whole(100, 3_600_000)
    .default(180_000)
    .describe(
      "Milliseconds for one picture: the call, its retries and the download together. Other services take it, too, unless they have their own.",
    ),
  SD_CONCURRENCY: whole(1, 1000)
    .default(2)
    .describe(
      "Pictures at the service at once; the others wait in line. It holds for each other service, too, unless that has its own.",
    ),
};

const wire = z.object({
  /** The service's number for the model. */
  index: z
    .int({
      error: ({ input }) =>
        input === undefined ? "needs an index: the service counts its models" : undefined,
    })
    .min(0),
  /** Part of the name that the service should answer with; case, spaces and hyphens do not count. */
  expect: z.string().min(1).optional(),
});

/**
 * 梦羽 AI (sd.exacg.cc): one long call for one picture, which it answers with a link. It publishes no description of
 * its interface; the fields and answers are those that public clients of it send and expect. Cloudflare in front of
 * it turns away clients that do not look like a browser.
 */
export const exacgDialect = {
  id: "exacg",
  prefix: "SD_",
  settings,
  needs: ["SD_API_KEY"],
  unset: {
    SD_MODEL_INDEX:
      "is not set, so 5 is sent. The numbers of the service move (Z-Image has had 5, 4 and 15): look its number up there and set it.",
  },
  wire,
  edits: "by-link",
  spends: true,
  painter: ({ SD_API_BASE_URL }, model) =>
    `梦羽 AI at ${new URL(SD_API_BASE_URL).host}, which has it as number ${readWire(model).index}`,
  models: ({ SD_MODEL_INDEX: index, SD_EXPECT_MODEL: expect }) => [
    { id: "Z-Image", provider: "exacg", index, expect },
  ],
  limits: ({ SD_CONCURRENCY: slots, SD_TIMEOUT_MS: timeoutMs }) => ({ slots, timeoutMs }),
  create: exacg,
  probe: exacgProbe,
} satisfies Dialect<typeof settings, "SD_API_KEY">;

const readWire = wireReader(wire);

const path = "api/v1/generate_image";

const maxReplyBytes = 1024 * 1024;

const reply = z.object({
  success: z.literal(true),
  data: z.object({
    image_url: z.string().min(1),
    model_name: z.string().optional().catch(undefined),
    remaining_points: z.number().optional().catch(undefined),
  }),
});

type Access = {
  readonly SD_API_KEY: string;
  readonly SD_API_BASE_URL: string;
};

function exacg(
  { SD_API_KEY: apiKey, SD_API_BASE_URL: baseUrl }: Access,
  { fetch }: Pick<DialectTools, "fetch">,
): ImageProvider {
  const { id } = exacgDialect;
  const url = endpoint(baseUrl, path);
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
      const { index, expect } = readWire(order.model);
      const body = bodyOf(order, index);
      const call = { provider: id, fetch, url, headers, body, maxReplyBytes, hidden, signal };
      const { data } = await postJson({ ...call, schema: reply });
      const modelName = data.model_name && excerpt(data.model_name, hidden);
      const pointsLeft = data.remaining_points;
      const other = otherModel(expect, modelName);
      return {
        image: pictureAt(data.image_url, url, id),
        notices: other ? [other] : [],
        facts: {
          ...(modelName ? { modelName } : {}),
          ...(pointsLeft === undefined ? {} : { pointsLeft }),
        },
        ...(other ? { alert: { text: movedIndex, facts: { ...other, index } } } : {}),
      };
    },
  };
}

/**
 * The service identifies a model only by its number. Its editing models fetch the picture themselves and choose their
 * own steps and guidance. Extra parameters never replace our own fields.
 */
function bodyOf(order: Order, index: number) {
  const { prompt, width, height, steps, guidance, seed, negative, extras, source } = order;
  const own = {
    prompt,
    width,
    height,
    ...(source ? { image_source: linkTo(source) } : { steps, cfg: guidance }),
    model_index: index,
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

const movedIndex = "the service painted with another model than expected: check SD_MODEL_INDEX";

/** The service renumbers its models; the name in its answer says which model made the picture. */
function otherModel(expected: string | undefined, made: string | undefined): Notice | undefined {
  if (!expected || !made || plain(made).includes(plain(expected))) return undefined;
  return { code: "other-model", expected, made };
}

function plain(name: string): string {
  return name
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[-_\s]/g, "");
}

/** Nothing at the service is free, so its key cannot be tried: it is asked without one, which it refuses. */
function exacgProbe({ SD_API_BASE_URL: baseUrl }: Access): Probe {
  return {
    about: "SD_API_BASE_URL",
    address: "SD_API_BASE_URL",
    url: endpoint(baseUrl, path).href,
    method: "POST",
    body: "{}",
    headers: { "user-agent": browserUserAgent, "content-type": "application/json" },
    unreachable: "problem",
    judge({ status, json }) {
      if (status >= 500) return warning(`answers ${status}: the image service may be down.`);
      if (status === 403 && json === undefined) {
        return warning("answers with a browser check, which may turn pictures away, too.");
      }
      if (status === 404 || status === 405 || (status < 300 && json === undefined)) {
        return problem(
          `has no image service: ${path} answers ${status}. Set the address without any path, such as https://sd.exacg.cc.`,
        );
      }
      return fine(
        "answers. Only a picture, which costs points, can tell whether it takes the key.",
      );
    },
  };
}
