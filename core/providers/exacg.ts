import { z } from "zod";
import { browserUserAgent } from "../wire/download.ts";
import { invalidRequest } from "../errors.ts";
import type { Notice } from "../notices.ts";
import type { Generated, ImageProvider, Order, SourceImage } from "../provider.ts";
import type { Fetch } from "../wire/fetch.ts";
import { fine, type Probe, problem, warning } from "../wire/probe.ts";
import {
  baseAddress,
  type Dialect,
  type DialectTools,
  type FindTools,
  type Kept,
  secret,
  whole,
  wireReader,
} from "./dialect.ts";
import { foundOf, isNamed, numberOf, searchAgain, searchAloud, type Try } from "./exacg/numbers.ts";
import { bearer, endpoint, pictureAt, postJson } from "./http.ts";
import { excerpt } from "./refusal.ts";

const standardName = "z-image";

/** The file in the data directory that has the numbers which were found. */
const keptAs = "model-index";

const settings = {
  SD_API_KEY: secret
    .optional()
    .describe(
      "Your 梦羽 AI key from https://sd.exacg.cc. Without it an embedded renderer draws simple scenes in place of Z-Image.",
    ),
  SD_API_BASE_URL: baseAddress(/\/api(?:\/v1(?:\/generate_image)?)?$/i).default(
    "https://sd.exacg.cc",
  ),
  SD_MODEL_INDEX: z
    .union([z.literal("auto"), whole(0, 10_000)], "must be a whole number from 0 to 10000, or auto")
    .optional()
    .describe(
      "The service knows its models by numbers, and the numbers move. Empty: the number that npm run doctor -- --find-model found, before that 5. auto: looked for in the same way when another model painted, once a day at most; that costs a few points.",
    ),
  SD_EXPECT_MODEL: z
    .string()
    .default(standardName)
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

type Settings = z.output<z.ZodObject<typeof settings>>;

const wire = z.object({
  /** The service's number of the model: as it is; found by the doctor; or found whenever it has moved. */
  index: z.union([z.int().min(0), z.enum(["found", "auto"])], {
    error: ({ input }) =>
      input === undefined
        ? "needs an index: the service counts its models"
        : 'must be a whole number, "found" or "auto"',
  }),
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
  unset: (keep) =>
    foundOf(standardName, keep(keptAs))
      ? {}
      : {
          SD_MODEL_INDEX:
            "is not set, so 5 is sent. The numbers of the service move (Z-Image has had 5, 4 and 15): `npm run doctor -- --find-model` finds it for a few points, or set it to auto.",
        },
  wire,
  edits: { by: "links", pictures: 1, mask: false },
  spends: true,
  painter: ({ SD_API_BASE_URL }, model, keep) =>
    `梦羽 AI at ${new URL(SD_API_BASE_URL).host}, which has it as number ${numberSent(readWire(model), keep(keptAs))}`,
  models: ({ SD_MODEL_INDEX: index = "found", SD_EXPECT_MODEL: expect }) => [
    { id: "Z-Image", provider: "exacg", index, expect },
  ],
  limits: ({ SD_CONCURRENCY: slots, SD_TIMEOUT_MS: timeoutMs }) => ({ slots, timeoutMs }),
  create: exacg,
  find: findNumber,
  probe: exacgProbe,
} satisfies Dialect<typeof settings, "SD_API_KEY">;

const readWire = wireReader(wire);
type Wire = z.output<typeof wire>;

const path = "api/v1/generate_image";

const maxReplyBytes = 1024 * 1024;

const reply = z.object({
  success: z.literal(true),
  data: z.object({
    image_url: z.string().min(1),
    model_name: z.string().optional().catch(undefined),
    points_used: z.number().optional().catch(undefined),
    remaining_points: z.number().optional().catch(undefined),
  }),
});

type Access = {
  readonly SD_API_KEY: string;
  readonly SD_API_BASE_URL: string;
};

/** How the service is called, whatever it is asked for. Rejects with ImageError. */
function caller({ SD_API_KEY: apiKey, SD_API_BASE_URL: baseUrl }: Access, fetch: Fetch) {
  const { id: provider } = exacgDialect;
  const url = endpoint(baseUrl, path);
  const headers = { "user-agent": browserUserAgent, ...bearer(apiKey) };
  return async (body: object, words: readonly string[], signal: AbortSignal) => {
    const hidden = [apiKey, ...words];
    const call = { provider, fetch, url, headers, body, maxReplyBytes, hidden, signal };
    const { data } = await postJson({ ...call, schema: reply });
    return {
      image: pictureAt(data.image_url, url, provider),
      modelName: data.model_name && excerpt(data.model_name, hidden),
      pointsUsed: data.points_used,
      pointsLeft: data.remaining_points,
    };
  };
}

function exacg(
  access: Access,
  { fetch, keep, log }: Omit<DialectTools, "rasterize">,
): ImageProvider {
  const call = caller(access, fetch);
  const kept = keep?.(keptAs);
  let search: Promise<void> | undefined;
  /** The last name that was as expected. */
  let usual: { readonly name?: string | undefined; readonly expect?: string | undefined } = {};

  return {
    id: exacgDialect.id,
    capabilities: {
      seed: true,
      negative: true,
      steps: true,
      guidance: true,
      edit: "links",
      ignoredInEdits: ["steps", "guidance"],
      progress: false,
      preview: false,
      cancel: "never",
      paid: true,
    },
    async generate(order, { signal }) {
      const asked = readWire(order.model);
      const { expect } = asked;
      const index = numberSent(asked, kept);
      const words = [order.prompt, order.negative];
      const { image, modelName, pointsLeft } = await call(bodyOf(order, index), words, signal);
      const isUsual = modelName === usual.name && expect === usual.expect;
      const other = isUsual ? undefined : otherModel(expect, modelName);
      if (!other) usual = { name: modelName, expect };
      if (other && expect && kept && asked.index === "auto") {
        search ??= searchAgain(expect, { ask: trying(call), kept, log }).finally(() => {
          search = undefined;
        });
      }
      return {
        image,
        notices: other ? [other] : [],
        facts: factsOf(modelName, pointsLeft),
        ...(other && { alert: { text: movedIndex, facts: { ...other, index } } }),
      };
    },
  };
}

function factsOf(
  modelName: string | undefined,
  pointsLeft: number | undefined,
): Generated["facts"] {
  return {
    ...(modelName ? { modelName } : undefined),
    ...(pointsLeft === undefined ? undefined : { pointsLeft }),
  };
}

/** The smallest picture that the service makes, in the fewest steps. */
function trying(call: ReturnType<typeof caller>): Try {
  const smallest = { width: 64, height: 64, steps: 1, cfg: 7, seed: 1 };
  const prompt = "a red dot";
  return (number, signal) => call({ prompt, ...smallest, model_index: number }, [], signal);
}

function numberSent({ index, expect }: Wire, kept: Kept | undefined): number {
  return typeof index === "number" ? index : numberOf(expect, kept);
}

async function findNumber(
  settings: Access & Readonly<Pick<Settings, "SD_EXPECT_MODEL" | "SD_MODEL_INDEX">>,
  { fetch, keep, signal, tell }: FindTools,
): Promise<boolean> {
  const { SD_EXPECT_MODEL: expected, SD_MODEL_INDEX: set } = settings;
  const ask = trying(caller(settings, fetch));
  const number = await searchAloud(expected, { ask, kept: keep(keptAs), signal, tell });
  if (number !== undefined && typeof set === "number") {
    tell(`SD_MODEL_INDEX=${set} goes before it: set it to ${number}, or to nothing.`);
  }
  return number !== undefined;
}

/**
 * The service identifies a model only by its number. Its editing models fetch the picture themselves and choose their
 * own steps and guidance. Extra parameters never replace our own fields.
 */
function bodyOf(order: Order, index: number) {
  const { prompt, width, height, steps, guidance, seed, negative, extras, sources } = order;
  const source = sources?.[0];
  const own = {
    prompt,
    width,
    height,
    ...(source ? { image_source: linkTo(source) } : { steps, cfg: guidance }),
    model_index: index,
    seed,
    ...(negative === "" ? {} : { negative_prompt: negative }),
  };
  if (Object.keys(extras).length === 0) return own;
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

const movedIndex =
  "the service painted with another model than expected: run npm run doctor -- --find-model, or set SD_MODEL_INDEX=auto";

/** The service renumbers its models; the name in its answer says which model made the picture. */
function otherModel(expected: string | undefined, made: string | undefined): Notice | undefined {
  if (!expected || !made || isNamed(made, expected)) return undefined;
  return { code: "other-model", expected, made };
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
      if (status >= 500) return warning("answers-error", { status });
      if (status === 403 && json === undefined) {
        return warning("browser-check", {});
      }
      if (status === 404 || status === 405 || (status < 300 && json === undefined)) {
        return problem("no-service", { path, status });
      }
      return fine("key-costs", {});
    },
  };
}
