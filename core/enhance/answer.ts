import { looseFields } from "./loose-json.ts";
import { concludes, withoutThoughts } from "./thoughts.ts";
import { masked, maskQuotes } from "../prompt/quotes.ts";
import { type ListedRatio, listedRatios } from "../request.ts";

/** What an LLM proposes: a prompt fit for an image model, and a ratio where it named a listed one. */
export interface Answer {
  readonly prompt: string;
  readonly ratio: ListedRatio | undefined;
}

/** How far the text of an LLM can be trusted. */
export interface TextOptions {
  /** The text ends where the LLM ran out of tokens. */
  readonly cutOff: boolean;
  /** A text that is not JSON may be the prompt itself. */
  readonly bare: boolean;
}

const maxPromptLength = 2000;
const maxDepth = 6;

const promptKeys = String.raw`(?:(?:enhanced|expanded|improved|optimi[sz]ed|refined|revised|rewritten|final|generated|positive|english|image|z[ _-]?image|new)[ _-]?){0,3}prompt(?:[ _-]?(?:en|english|text))?`;
const ratioKeys = String.raw`(?:suggested[ _-]?)?(?:aspect[ _-]?ratio|aspect|ratio)`;
const isPromptKey = new RegExp(`^\\s*${promptKeys}\\s*$`, "i");
const isRatioKey = new RegExp(`^\\s*${ratioKeys}\\s*$`, "i");

/** The text in one line and well formed: control characters and runs of space become single spaces. */
export function oneLine(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\s\p{Cc}]+/gu, " ")
    .trim();
}

/**
 * The answer in the text of an LLM, or undefined. The last prompt of a text counts, after the thoughts in front of
 * it; what stands in thoughts counts only where they end with it, nothing else is said or their end was forgotten, and
 * the LLM was not cut off while it thought. Takes time linear in the text.
 */
export function answerInText(text: string, { cutOff, bare }: TextOptions): Answer | undefined {
  const { said, thought, open } = withoutThoughts(text);
  const onlyThought = !cutOff && (open || said.trim() === "") && concludes(thought);
  return (
    answerInValue(text) ??
    answerInJson(said) ??
    (bare && !cutOff ? bareAnswer(said) : undefined) ??
    (onlyThought ? answerInJson(thought) : undefined)
  );
}

/** The answer in a parsed value, however it is wrapped in objects, lists and strings of JSON. */
export function answerInValue(value: unknown, depth = 0): Answer | undefined {
  if (depth > maxDepth || value === null) return undefined;
  if (typeof value === "string") return answerInValue(parsed(value), depth + 1);
  if (typeof value !== "object") return undefined;
  const entries = Object.entries(value);
  const own = Array.isArray(value) ? undefined : answerInEntries(entries);
  if (own) return own;
  for (const [, inner] of entries.reverse()) {
    const answer = answerInValue(inner, depth + 1);
    if (answer) return answer;
  }
  return undefined;
}

function answerInEntries(entries: readonly (readonly [string, unknown])[]): Answer | undefined {
  const named = entries.filter(([key]) => isPromptKey.test(key));
  const prompt = named.map(([, value]) => usable(value)).findLast((one) => one !== undefined);
  const ratio = entries.findLast(([key]) => isRatioKey.test(key))?.[1];
  return prompt === undefined ? undefined : { prompt, ratio: toListedRatio(ratio) };
}

function answerInJson(text: string): Answer | undefined {
  const outermost = text.slice(text.indexOf("{"), text.lastIndexOf("}") + 1);
  return answerInValue(parsed(outermost)) ?? looseAnswer(text);
}

/** The value of a text that is JSON of an object, a list or a string; undefined for any other text. */
export function parsed(text: string): unknown {
  const trimmed = text.trim();
  if (!/^[[{"]/.test(trimmed)) return undefined;
  try {
    return JSON.parse(trimmed);
  } catch {
    return undefined;
  }
}

function looseAnswer(text: string): Answer | undefined {
  const plain = withoutOuterEscapes(text);
  const fields = looseFields(plain, promptKeys).map((field) => ({
    ...field,
    prompt: usable(field.value),
  }));
  const { prompt, start, end } = fields.findLast((field) => field.prompt !== undefined) ?? {};
  if (prompt === undefined) return undefined;
  return { prompt, ratio: ratioIn(plain.slice(end)) ?? ratioIn(plain.slice(0, start)) };
}

/** Undoes one level of escapes where the first quotation mark is escaped: the text was inside a JSON string. */
function withoutOuterEscapes(text: string): string {
  if (!/^[^"]*(?<=\\)"/.test(text)) return text;
  return text.replace(/\\(?:(["\\/])|n)/g, (_, mark: string | undefined) => mark ?? "\n");
}

const ratioField = new RegExp(
  `\\b${ratioKeys}\\b["'”’*_\`]{0,3}\\s{0,20}[:：=]\\s{0,20}([^,}\\n]{0,40})`,
  "iu",
);

function ratioIn(text: string): ListedRatio | undefined {
  return toListedRatio(ratioField.exec(text)?.[1]);
}

/** "16:9", also as "16x9", "16/9", "16比9", "１６：９" and "16:9 (wide)"; anything else is none. */
function toListedRatio(value: unknown): ListedRatio | undefined {
  if (typeof value !== "string") return undefined;
  const text = value.slice(0, 100).normalize("NFKC");
  const ratio = /(?<![\d.:])(\d{1,2})\s{0,5}[:x×*/∶比]\s{0,5}(\d{1,2})(?![\d.:])/i.exec(text);
  return listedRatios.find((listed) => listed === ratio?.slice(1).join(":"));
}

/** A prompt that can be painted; the strings of a list are joined. */
function usable(value: unknown): string | undefined {
  const text = joined(value);
  if (text === undefined) return undefined;
  const prompt = oneLine(text);
  const fits = prompt.length <= maxPromptLength && /\p{L}/u.test(prompt);
  const isOther = /^(?:\{|\[[{["\]])/.test(prompt) || beginsDeclining.test(prompt);
  return fits && !isOther ? prompt : undefined;
}

function joined(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (!Array.isArray(value) || !value.every((item) => typeof item === "string")) return undefined;
  const items = value.map((item) => item.trim()).filter((item) => item !== "");
  return items
    .map((item, at) => (at + 1 === items.length || /[.,;:!?]$/.test(item) ? item : `${item},`))
    .join(" ");
}

// === Words without JSON

const declining = String.raw`(?:I(?:['’]m| am)(?: very| so| really| truly)? (?:sorry|unable|not able)|sorry,|I apologi[sz]e|I (?:can(?:['’]t|not| not)|won['’]t|must decline)|as an AI (?:language )?(?:model|assistant)|(?:很|非常)?抱歉|对不起|我(?:无法|不能|不可以)|无法(?:帮|提供|生成|协助|满足|完成|处理))`;
const declines = new RegExp(`(?<![\\p{L}\\p{N}])${declining}`, "iu");
const beginsDeclining = new RegExp(`^\\P{L}{0,5}${declining}`, "iu");

/** True where the LLM declines to write a prompt. */
export function isDeclined(text: string): boolean {
  return declines.test(text.slice(0, 2000));
}

/** Words of conversation, and of error messages that services send as an answer. A prompt has none of them. */
const talks =
  /(?<![\p{L}\p{N}])(?:I|I['’](?:m|ll|ve|d)|you|your|we|let me|let['’]s|please|sure|certainly|of course|okay|here (?:is|are)|here['’]s|hope|prompts?|the user|json|errors?|failed|failure|unavailable|overloaded|exceeded|try again|api|tokens?|requests?)(?![\p{L}\p{N}])|[您你我请]|错误|失败|无法|用户/iu;
const markup = /[{}<>|`[\]]|\*\*|:\/\/|^(?:[-*•#]|\d{1,3}[.)])\s|[:：?？]$/u;
const label = new RegExp(`^[*_#>\\s]{0,6}${promptKeys}[*_\\s]{0,4}[:：][*_\\s]{0,4}`, "i");
const otherLabel = /^[\p{L} _-]{1,30}[:：]/u;
const word =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]|[^\s\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]+/gu;
const maxLines = 8;

/**
 * The prompt of an LLM that left out the JSON: the only line, of a few, that reads as a description: 5 to 120 words,
 * no markup, and no words of conversation outside quotation marks. undefined where two lines do.
 */
function bareAnswer(text: string): Answer | undefined {
  const lines = text.split("\n", 100).map((line) => line.trim());
  const spoken = lines.filter((line) => line !== "" && !line.startsWith("```"));
  if (spoken.length > maxLines || text.length > 2 * maxPromptLength) return undefined;
  const [prompt, ...others] = spoken.map(withoutLabel).filter(isDescription);
  if (prompt === undefined || others.length > 0 || isDeclined(unquoted(text))) return undefined;
  return { prompt: oneLine(prompt), ratio: ratioIn(text) };
}

function withoutLabel(line: string): string {
  const text = line.replace(label, "").trim();
  return /^"[^"]+"$|^“[^“”]+”$/.test(text) ? text.slice(1, -1) : text;
}

function isDescription(line: string): boolean {
  const spoken = unquoted(line);
  const words = line.match(word)?.length ?? 0;
  const fits = words >= 5 && words <= 120 && usable(line) !== undefined;
  return fits && ![talks, markup, otherLabel].some((pattern) => pattern.test(spoken));
}

function unquoted(text: string): string {
  return maskQuotes(text).replaceAll(masked, "");
}
