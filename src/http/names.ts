import { invalidRequest } from "../../core/errors.ts";
import { toHalfWidth } from "../../core/ratio.ts";
import { asObject } from "./body.ts";

const theirNames = {
  size: "image_size output_size resolution output_resolution dimensions image_dimensions",
  width: "image_width target_width w",
  height: "image_height target_height h",
  aspect_ratio: "ar ratio aspect image_ratio image_aspect image_aspect_ratio",
  steps:
    "step num_steps num_inference_steps inference_steps sampling_steps sample_steps ddim_steps n_steps step_count num_sampling_steps",
  cfg: "guidance guidance_scale cfg_scale cfg_guidance true_cfg_scale text_guidance_scale",
  n: "batch_size num_images num_images_per_prompt num_outputs number_of_images n_images image_count num_samples samples sample_count n_samples batch_count n_iter",
  negative_prompt: "negative neg_prompt negative_text negative_prompts uc",
  seed: "random_seed noise_seed rand_seed seed_value seeds",
  enhance: "prompt_enhancement enhance_prompt prompt_extend prompt_upsampling",
  sampler: "sampler_name sampling_method",
  scheduler: "scheduler_name",
  max_tokens: "max_new_tokens",
} as const;

/** Our names by those that clients of other services use for the same thing; ours wins, then the first that was sent. */
export const aliases: ReadonlyMap<string, string> = new Map(
  Object.entries(theirNames).flatMap(([name, theirs]) =>
    theirs.split(" ").map((one) => [one, name] as const),
  ),
);

/** Our own names of what may be written in more than one way, by how that is read. */
const kinds = {
  numbers: words(
    "n width height cfg seed steps output_compression partial_images max_tokens max_completion_tokens max_output_tokens",
  ),
  truths: words("stream enhance reasoning words_first"),
  words: words("quality response_format output_format"),
  // An empty one of these is no field that was left out.
  texts: words("prompt messages input"),
};

/** The other fields that are read here. */
const others = words(
  "model size aspect_ratio negative_prompt final_prompt preset stream_options tools tool_choice instructions modalities image_config previous_response_id action",
);

/** Fields that say nothing about a picture. */
const besides = words(
  "extra_body extra_headers extra_query timeout user moderation metadata safety_identifier store service_tier prompt_cache_key temperature top_p top_k presence_penalty frequency_penalty stop",
);

/**
 * The body's object under our own names, however they are spelled there; without a model in it, `deployment` is the
 * model. An empty text is absent, and numbers and truth values may be written as texts. Throws `invalid-request` for a
 * body that is no object.
 */
export function withOurNames(
  body: unknown,
  deployment?: string,
): Readonly<Record<string, unknown>> {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw invalidRequest(null, "The body has to be a JSON object.");
  }
  const sent = unboxed(body as Fields);
  const all = Object.keys(sent).filter((name) => !isBlank(sent[name]) || kinds.texts.has(name));
  // Also a name that would mean the prototype.
  const named: Record<string, unknown> = Object.fromEntries(all.map((name) => [name, sent[name]]));
  for (const name of all) {
    if (!ours.has(name) && sent[name] !== undefined) named[ourName(name)] ??= sent[name];
  }
  for (const name of Object.keys(named)) {
    const read = readers.get(name);
    if (read) named[name] = read(named[name]);
  }
  if (deployment !== undefined) named["model"] ??= deployment;
  return withoutBox(named);
}

type Fields = Readonly<Record<string, unknown>>;

/** The fields together with those in the box that some libraries put theirs into. */
function unboxed(body: Fields): Fields {
  const box = "extra_body" in body ? "extra_body" : "extraBody";
  return box in body ? { ...asObject(body[box]), ...body } : body;
}

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(" "));
}

/** What languages write where a variable holds nothing, and nothing itself. */
const nothings: ReadonlySet<string> = new Set(["", "undefined", "null", "None", "NaN"]);

/** Whether a field's value is a text that says nothing. */
export function isBlank(value: unknown): boolean {
  return typeof value === "string" && nothings.has(value.trim());
}

/** A field's name without what differs between spellings: `guidanceScale`, `Negative Prompt` and `negative-prompt`. */
export function plainName(name: string): string {
  return name.replace(/[-_ ]/g, "").toLowerCase();
}

/** Whether a field means something here, under any name. */
export function isOurName(name: string): boolean {
  return ours.has(ourName(name));
}

/** Our name for a field; of one that is not known here the same in snake case, as services name their parameters. */
function ourName(name: string): string {
  if (ours.has(name)) return name;
  return meant.get(plainName(name)) ?? snakeCase(name);
}

function snakeCase(name: string): string {
  return name
    .replace(/[- ]?(?:(?<=.)[A-Z]|(?<=[- ]).)/g, (found) => `_${found.at(-1)}`)
    .toLowerCase();
}

/** A size that is an object, as fal's clients write it, as width and height. */
function withoutBox(named: Record<string, unknown>): Fields {
  const { width, height } = asObject(named["size"]);
  if (width === undefined || height === undefined) return named;
  const { size: _, ...rest } = named;
  return { width: asNumber(width), height: asNumber(height), ...rest };
}

/** The number that a text is; anything else as it is. */
function asNumber(value: unknown): unknown {
  if (typeof value !== "string") return value;
  const text = toHalfWidth(value)
    .trim()
    .replace(/\s?px$/i, "");
  const isNumber = /^[+-]?(?:\d{1,20}(?:\.\d{0,16})?|\.\d{1,16})(?:e[+-]?\d)?$/i.test(text);
  return isNumber ? Number(text) : value;
}

const truths: ReadonlyMap<unknown, boolean> = new Map(
  [true, false].flatMap((truth) => {
    const names = truth
      ? ["true", "yes", "on", "enabled", "1", 1]
      : ["false", "no", "off", "disabled", "0", 0];
    return names.map((name) => [name, truth] as const);
  }),
);

/** What a text or a number says of truth; anything else as it is. */
function asBoolean(value: unknown): unknown {
  return truths.get(typeof value === "string" ? value.trim().toLowerCase() : value) ?? value;
}

/** A name of a list, as the list has it: `URL` is `url`, and `image/jpg` is `jpeg`. */
function asWord(value: unknown): unknown {
  if (typeof value !== "string") return value;
  const word = value
    .trim()
    .toLowerCase()
    .replace(/^(?:image\/|\.)/, "");
  return sameWords.get(word) ?? word;
}

const sameWords: ReadonlyMap<string, string> = new Map([
  ["jpg", "jpeg"],
  ["b64", "b64_json"],
  ["base64", "b64_json"],
  ["default", "auto"],
  ["normal", "standard"],
]);

/** A size as a text: of a number, or of a list of two sides. */
function asSize(value: unknown): unknown {
  if (typeof value === "number") return `${value}`;
  const isPair = Array.isArray(value) && value.length === 2;
  return isPair ? value.join("x") : value;
}

/** Several texts, as some services take them, as one. */
function asText(value: unknown): unknown {
  const isList = Array.isArray(value) && value.every((one) => typeof one === "string");
  return isList ? value.join(", ") : value;
}

function withTruth(options: unknown): unknown {
  if (typeof options !== "object" || options === null) return options;
  const { include_usage } = asObject(options);
  return { include_usage: isBlank(include_usage) ? undefined : asBoolean(include_usage) };
}

/** How the fields are read that may be written as texts. */
const readers: ReadonlyMap<string, (value: unknown) => unknown> = new Map([
  ...Array.from(kinds.numbers, (name) => [name, asNumber] as const),
  ...Array.from(kinds.truths, (name) => [name, asBoolean] as const),
  ...Array.from(kinds.words, (name) => [name, asWord] as const),
  ["stream_options", withTruth] as const,
  ["size", asSize] as const,
  ["negative_prompt", asText] as const,
]);

// === Parameters for image services

/** Parameters that some image services know; a model that does not gets a notice. */
export const knownParameters = [
  ..."sampler scheduler style tiling clip_skip".split(" "),
  ..."strength image_strength denoising_strength prompt_strength input_fidelity background".split(
    " ",
  ),
  ..."lora loras lora_scale lora_weights embeddings controlnet controlnets control_image".split(
    " ",
  ),
  ..."ip_adapter style_preset style_type style_id hires_fix enable_hr upscale refiner vae".split(
    " ",
  ),
  ..."restore_faces face_enhance face_restore watermark eta shift subseed denoise".split(" "),
  ..."remove_background remove_bg transparent_background lora_strength hr_upscaler".split(" "),
];

/** Every name that is read here or means nothing for a picture. */
const ours: ReadonlySet<string> = new Set(
  [...Object.values(kinds), others, besides, knownParameters].flatMap((names) => [...names]),
);

/** Our names by the plain form of every spelling. */
const meant: ReadonlyMap<string, string> = new Map([
  ...Array.from(ours, (name) => [plainName(name), name] as const),
  ...Array.from(aliases, ([theirs, name]) => [plainName(theirs), name] as const),
]);

/** Values that ask for nothing beyond what every picture is. */
const nothingAsked = new Set(["auto", "default", "none", "off", "opaque"]);

type Extras = Readonly<Record<string, string | number | boolean>>;

/** The most fields that nothing is known of, and how much of a name is told. */
const mostUnknown = 8;
const longestName = 40;

/**
 * The parameters for the image service among a body's fields: those that it may know, those that models allow, and with
 * `all` every other field, for endpoints at which each is about the picture. Throws `invalid-request` for an allowed one
 * that cannot be handed on; of others the name alone matters.
 */
export function extrasOf(
  body: Fields,
  allowed: readonly string[],
  all = false,
): Extras | undefined {
  let extras: Record<string, string | number | boolean> | undefined;
  for (const names of [knownParameters, allowed, all ? unknownIn(body, allowed) : []]) {
    for (const name of names) {
      const value = body[name];
      const isAllowed = allowed.includes(name);
      if (value === undefined || value === null || (!isAllowed && asksNothing(value))) continue;
      extras ??= {};
      extras[name.slice(0, longestName)] = scalarOf(name, value, isAllowed);
    }
  }
  return extras;
}

/** The fields of a body that mean nothing here. */
function unknownIn(body: Fields, allowed: readonly string[]): readonly string[] {
  // Under its own name alone, of a field that stands there in camel case, too.
  const isNew = (name: string) => ourName(name) === name && !ours.has(name);
  return Object.keys(body)
    .filter((name) => isNew(name) && !allowed.includes(name))
    .slice(0, mostUnknown);
}

function asksNothing(value: unknown): boolean {
  if (typeof value === "string") return nothingAsked.has(value.toLowerCase());
  if (typeof value === "object" && value !== null) return Object.keys(value).length === 0;
  return value === false;
}

function scalarOf(name: string, value: unknown, isAllowed: boolean): string | number | boolean {
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  if (!isAllowed) return JSON.stringify(value).slice(0, 200);
  throw invalidRequest(name, `${name}: has to be a string, a number or true or false.`);
}
