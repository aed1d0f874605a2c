import { invalidRequest } from "../../core/errors.ts";
import { asObject } from "./body.ts";

/** Names that clients of other services use, and ours for the same thing; ours wins, then the first. */
export const aliases = {
  image_size: "size",
  resolution: "size",
  image_width: "width",
  image_height: "height",
  ratio: "aspect_ratio",
  aspect: "aspect_ratio",
  num_inference_steps: "steps",
  inference_steps: "steps",
  num_steps: "steps",
  sampling_steps: "steps",
  sample_steps: "steps",
  guidance_scale: "cfg",
  cfg_scale: "cfg",
  guidance: "cfg",
  batch_size: "n",
  num_images: "n",
  num_images_per_prompt: "n",
  num_outputs: "n",
  number_of_images: "n",
  negative: "negative_prompt",
  neg_prompt: "negative_prompt",
  negativeprompt: "negative_prompt",
  random_seed: "seed",
  prompt_enhancement: "enhance",
  enhance_prompt: "enhance",
  prompt_extend: "enhance",
  prompt_upsampling: "enhance",
  sampler_name: "sampler",
  sampling_method: "sampler",
  scheduler_name: "scheduler",
} as const;

const aliasPairs = Object.entries(aliases);

/** An empty one of these is no field that was left out. */
const texts = words("prompt messages input");

/**
 * The body's object under our own names, also where it spells them in camel case; without a model in it, `deployment` is
 * the model. An empty text is absent, and numbers and truth values may be written as texts. Throws `invalid-request` for a
 * body that is no object.
 */
export function withOurNames(
  body: unknown,
  deployment?: string,
): Readonly<Record<string, unknown>> {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw invalidRequest(null, "The body has to be a JSON object.");
  }
  const named = respelled({ ...asObject((body as Fields)["extra_body"]), ...body });
  for (const [theirs, ours] of aliasPairs) {
    if (named[theirs] !== undefined) named[ours] ??= named[theirs];
  }
  for (const [names, read] of readers) {
    for (const name of names) if (name in named) named[name] = read(named[name]);
  }
  if (deployment !== undefined) named["model"] ??= deployment;
  return named;
}

/** Without what is empty, and with what is spelled in camel case in snake case, too. */
function respelled(fields: Fields): Record<string, unknown> {
  const all = Object.entries(fields).filter(([name, value]) => !isBlank(value) || texts.has(name));
  const named: Record<string, unknown> = Object.fromEntries(all);
  for (const [name, value] of all) if (needsSnake.test(name)) named[snakeCase(name)] ??= value;
  return named;
}

type Fields = Readonly<Record<string, unknown>>;

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(" "));
}

function isBlank(value: unknown): boolean {
  return typeof value === "string" && value.trim() === "";
}

/** `guidanceScale`, `negative-prompt`. */
const needsSnake = /^[a-z][a-z\d]*(?:[A-Z-][a-zA-Z\d]*)+$/;

function snakeCase(name: string): string {
  return name.replace(/-?([A-Z]|(?<=-).)/g, (found) => `_${found.replace("-", "").toLowerCase()}`);
}

/** The number that a text is; anything else as it is. */
function asNumber(value: unknown): unknown {
  if (typeof value !== "string") return value;
  return /^[+-]?\d{1,16}(?:\.\d{1,16})?$/.test(value.trim()) ? Number(value) : value;
}

const truths: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["false", false],
  ["1", true],
  ["0", false],
]);

/** What a text says of truth; anything else as it is. */
function asBoolean(value: unknown): unknown {
  if (typeof value !== "string") return value;
  return truths.get(value.trim().toLowerCase()) ?? value;
}

function withTruth(options: unknown): unknown {
  if (typeof options !== "object" || options === null) return options;
  const { include_usage } = asObject(options);
  return { include_usage: isBlank(include_usage) ? undefined : asBoolean(include_usage) };
}

/** How the fields are read that may be written as texts. */
const readers: readonly (readonly [ReadonlySet<string>, (value: unknown) => unknown])[] = [
  [words("n width height cfg seed steps output_compression partial_images"), asNumber],
  [words("max_tokens max_completion_tokens max_output_tokens"), asNumber],
  [words("stream enhance reasoning"), asBoolean],
  [words("stream_options"), withTruth],
];

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
  ..."restore_faces face_enhance remove_background watermark eta shift subseed".split(" "),
];

/** Values that ask for nothing beyond what every picture is. */
const nothingAsked = new Set(["auto", "default", "none", "off", "opaque"]);

type Extras = Readonly<Record<string, string | number | boolean>>;

/**
 * The parameters for the image service among a body's fields: those that it may know, and those that models allow. Throws
 * `invalid-request` for an allowed one that cannot be handed on; of others the name alone matters.
 */
export function extrasOf(body: Fields, allowed: readonly string[]): Extras | undefined {
  let extras: Record<string, string | number | boolean> | undefined;
  for (const names of [knownParameters, allowed]) {
    for (const name of names) {
      const value = body[name];
      const isAllowed = allowed.includes(name);
      if (value === undefined || value === null || (!isAllowed && asksNothing(value))) continue;
      extras ??= {};
      extras[name] = scalarOf(name, value, isAllowed);
    }
  }
  return extras;
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
