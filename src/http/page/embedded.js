/** What programs that make pictures write into their files. Everything here stays in the browser. */

import { fields, text } from "./lib.js";
import { latin1, partsOf, textsIn, utf8 } from "./metadata.js";

/** @typedef {import("./metadata.js").Part} Part */

/**
 * @typedef {object} Parameters
 * @property {string} program
 * @property {string | null} code of a picture of Drawbridge
 * @property {string} prompt
 * @property {string} negative
 * @property {string | null} seed
 * @property {string | null} width
 * @property {string | null} height
 * @property {readonly [string, string][]} others
 */

/** @param {Uint8Array<ArrayBuffer>} bytes a file @returns {Promise<Parameters | null>} null where it says nothing */
export async function readParameters(bytes) {
  const parts = partsOf(bytes);
  const texts = await textsIn(parts);
  const comment = texts.get("parameters") ?? exifComment(parts);
  return (
    ofDrawbridge(parts) ??
    ofNovelAi(texts.get("Software"), texts.get("Comment")) ??
    (comment ? ofA1111(comment) : null) ??
    ofComfy(texts.get("prompt"))
  );
}

const nothing = { code: null, negative: "", seed: null, width: null, height: null, others: [] };

// === The programs

/** The code in the label of a file of Drawbridge. @param {readonly Part[]} parts @returns {Parameters | null} */
function ofDrawbridge(parts) {
  const label = /ProduceID(?:\W|&quot;){1,20}(zi-[0-9A-Z]{10})/;
  for (const { content } of parts) {
    const code = label.exec(latin1(content))?.[1];
    if (code) return { ...nothing, program: "Drawbridge", code, prompt: "" };
  }
  return null;
}

/** The UserComment of an EXIF block: eight bytes name its letters. @param {readonly Part[]} parts */
function exifComment(parts) {
  for (const { content } of parts) {
    const all = latin1(content);
    const at = all.search(/UNICODE\0|ASCII\0\0\0/);
    if (at < 0) continue;
    const letters = content.subarray(at + 8);
    if (all.startsWith("ASCII", at)) return utf8(letters).split("\0")[0] ?? null;
    const form = letters[1] === 0 ? "utf-16le" : "utf-16be";
    const whole = letters.subarray(0, letters.length & ~1);
    return new TextDecoder(form).decode(whole).split("\0")[0] ?? null;
  }
  return null;
}

/**
 * The prompt, a line that begins with "Negative prompt:", a last line of `Name: value` pairs.
 * @param {string} comment
 * @returns {Parameters | null}
 */
export function ofA1111(comment) {
  const end = /\n?Steps: \d/.exec(comment)?.index ?? comment.length;
  if (end === comment.length && !comment.includes("Negative prompt:")) return null;
  const [prompt = "", negative = ""] = comment.slice(0, end).split(/\n?Negative prompt:\s*/);
  const pairs = [...comment.slice(end).matchAll(/\s*([\w ]+): ("(?:\\.|[^"])*"|[^,]*)(?:,|$)/g)];
  const values = new Map(pairs.map(([, name = "", value = ""]) => [name.trim(), value.trim()]));
  const [width = null, height = null] = values.get("Size")?.split("x") ?? [];
  const shown = ["Steps", "Sampler", "CFG scale", "Model"];
  return {
    ...{ program: "A1111", code: null, prompt: prompt.trim(), negative: negative.trim() },
    ...{ seed: values.get("Seed") ?? null, width, height },
    others: shown.flatMap((name) => {
      const value = values.get(name);
      return value ? [/** @type {[string, string]} */ ([name, value])] : [];
    }),
  };
}

/**
 * ComfyUI's graph: the sampler's `positive` and `negative` lead to nodes with a text.
 * @param {string | undefined} graph
 * @returns {Parameters | null}
 */
export function ofComfy(graph) {
  const nodes = fields(parsed(graph));
  const inputsOf = (/** @type {unknown} */ id) => fields(fields(nodes[String(id)])["inputs"]);
  const sampler = Object.keys(nodes).find((id) => "positive" in inputsOf(id));
  if (sampler === undefined) return null;
  const inputs = inputsOf(sampler);
  const prompt = textBehind(inputs["positive"], inputsOf);
  const latent = inputsOf(Array.isArray(inputs["latent_image"]) ? inputs["latent_image"][0] : "");
  return {
    ...{
      program: "ComfyUI",
      code: null,
      prompt,
      negative: textBehind(inputs["negative"], inputsOf),
    },
    seed: text(inputs["seed"]) ?? text(inputs["noise_seed"]),
    width: text(latent["width"]),
    height: text(latent["height"]),
    others: ["steps", "cfg", "sampler_name"].flatMap((name) => {
      const value = text(inputs[name]);
      return value ? [/** @type {[string, string]} */ ([name, value])] : [];
    }),
  };
}

const mostNodes = 8;

/**
 * @param {unknown} link
 * @param {(id: unknown) => Record<string, unknown>} inputsOf
 * @returns {string}
 */
function textBehind(link, inputsOf, depth = 0) {
  if (!Array.isArray(link) || depth > mostNodes) return "";
  const inputs = inputsOf(link[0]);
  const own = text(inputs["text"]) ?? text(inputs["text_g"]) ?? text(inputs["string"]);
  if (own !== null) return own;
  const links = Object.values(inputs).filter(Array.isArray);
  return links.map((one) => textBehind(one, inputsOf, depth + 1)).find((one) => one !== "") ?? "";
}

/** @param {string | undefined} software @param {string | undefined} comment @returns {Parameters | null} */
export function ofNovelAi(software, comment) {
  const all = fields(parsed(comment));
  const prompt = text(all["prompt"]);
  if (software !== "NovelAI" || prompt === null) return null;
  return {
    ...{ program: "NovelAI", code: null, prompt, negative: text(all["uc"]) ?? "" },
    ...{ seed: text(all["seed"]), width: text(all["width"]), height: text(all["height"]) },
    others: ["steps", "scale", "sampler"].flatMap((name) => {
      const value = text(all[name]);
      return value ? [/** @type {[string, string]} */ ([name, value])] : [];
    }),
  };
}

/** @param {string | undefined} json */
function parsed(json) {
  try {
    // ComfyUI writes NaN where a number is missing.
    return JSON.parse((json ?? "null").replace(/\bNaN\b/g, "null"));
  } catch {
    return null;
  }
}
