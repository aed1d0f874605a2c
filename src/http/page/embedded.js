/** What programs that make pictures write into their files. Everything here stays in the browser. */

import { fields, text } from "./lib.js";

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
  const texts = isPng(bytes) ? await textsInPng(bytes) : new Map();
  const comment = texts.get("parameters") ?? exifComment(bytes);
  return (
    ofDrawbridge(bytes) ??
    ofNovelAi(texts.get("Software"), texts.get("Comment")) ??
    (comment ? ofA1111(comment) : null) ??
    ofComfy(texts.get("prompt"))
  );
}

const nothing = { code: null, negative: "", seed: null, width: null, height: null, others: [] };

// === The programs

/** The code in the label of a file of Drawbridge. @param {Uint8Array} bytes @returns {Parameters | null} */
function ofDrawbridge(bytes) {
  const start = latin1(bytes.subarray(0, 65_536));
  const code = /ProduceID\W{1,20}(zi-[0-9A-Z]{10})/.exec(start)?.[1];
  return code ? { ...nothing, program: "Drawbridge", code, prompt: "" } : null;
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

// === The files

/** @param {Uint8Array} bytes */
function isPng(bytes) {
  return latin1(bytes.subarray(0, 8)) === "\x89PNG\r\n\x1a\n";
}

/** The text chunks of a PNG: tEXt in Latin-1, iTXt in UTF-8, zTXt and some iTXt compressed. @param {Uint8Array<ArrayBuffer>} bytes */
async function textsInPng(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  /** @type {Map<string, string>} */
  const texts = new Map();
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at);
    const type = latin1(bytes.subarray(at + 4, at + 8));
    const content = bytes.subarray(at + 8, at + 8 + length);
    if (/^(?:tEXt|iTXt|zTXt)$/.test(type)) {
      const [name, value] = await textIn(type, content);
      texts.set(name, value);
    }
    at += length + 12;
  }
  return texts;
}

/** @param {string} type @param {Uint8Array<ArrayBuffer>} content @returns {Promise<[string, string]>} */
async function textIn(type, content) {
  const end = content.indexOf(0);
  const name = latin1(content.subarray(0, end));
  if (type === "tEXt") return [name, utf8(content.subarray(end + 1))];
  if (type === "zTXt") return [name, utf8(await inflated(content.subarray(end + 2)))];
  const isCompressed = content[end + 1] === 1;
  const language = content.indexOf(0, end + 3);
  const value = content.subarray(content.indexOf(0, language + 1) + 1);
  return [name, utf8(isCompressed ? await inflated(value) : value)];
}

/** @param {Uint8Array<ArrayBuffer>} bytes */
async function inflated(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer().catch(() => new ArrayBuffer(0)));
}

/** The UserComment of an EXIF block, in JPEG or WebP: eight bytes name its letters. @param {Uint8Array} bytes */
function exifComment(bytes) {
  const start = latin1(bytes.subarray(0, 262_144));
  const at = start.search(/UNICODE\0|ASCII\0\0\0/);
  if (at < 0) return null;
  const content = bytes.subarray(at + 8, at + 65_536);
  if (start.startsWith("ASCII", at)) return utf8(content).split("\0")[0] ?? null;
  const isLittle = content[1] === 0;
  const letters = new TextDecoder(isLittle ? "utf-16le" : "utf-16be").decode(
    content.subarray(0, content.length & ~1),
  );
  return letters.split(/[\0\ufffe\uffff]/)[0] ?? null;
}

/** @param {Uint8Array} bytes */
function latin1(bytes) {
  let letters = "";
  for (let at = 0; at < bytes.length; at += 8192) {
    letters += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return letters;
}

/** Programs write UTF-8 into tEXt, too, whatever the standard says. @param {Uint8Array} bytes */
function utf8(bytes) {
  return new TextDecoder().decode(bytes);
}
