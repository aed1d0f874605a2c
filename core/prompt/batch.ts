import { invalidRequest } from "../errors.ts";
import { maxPictures } from "../request.ts";

/** `{…}` on one line, with no other braces in it. */
const braces = /(?<!\\)\{((?:[^{}\n\\]|\\.)*)\}/g;

/** `3-5` */
const range = /^\s*(\d{1,4})\s*[-–—]\s*(\d{1,4})\s*$/;

const bar = /(?<!\\)\|/;

/** JSON and code that have a bar between braces. */
const codeLike = /["'`]\s*:|\|\||;|=>/;

/**
 * The texts that a prompt with choices stands for, each once and in order: `a {red|blue} fox` stands for two, `{3-5}` for
 * three. Other braces are text, and so are `\{`, `\|` and `\}`. A prompt without choices stands for itself. Choices have
 * none within them. Takes linear time. Throws `invalid-request` for more texts than one request may have pictures.
 */
export function expandChoices(prompt: string): readonly string[] {
  if (!prompt.includes("{")) return [prompt];
  const parts = partsOf(prompt);
  const texts = parts.reduce((product, part) => product * part.length, 1);
  if (texts > maxPictures) throw tooMany(texts);
  const all = parts.reduce<readonly string[]>(
    (before, part) => before.flatMap((text) => part.map((choice) => joined(text, choice))),
    [""],
  );
  const plain = all.map((text) => text.replace(/\\([{|}])/g, "$1").trim());
  return [...new Set(plain)].filter((text) => text !== "");
}

/** Throws `invalid-request` where one request is for too many pictures. */
export function checkPictures(count: number): void {
  if (count > maxPictures) throw tooMany(count);
}

function tooMany(count: number) {
  const problem = `These words ask for ${count} pictures at once, and ${maxPictures} is the most. Write \\{ where a brace is meant.`;
  return invalidRequest("batch", problem);
}

/** The prompt in parts, each with the texts that may stand there. */
function partsOf(prompt: string): (readonly string[])[] {
  const parts: (readonly string[])[] = [];
  let end = 0;
  for (const match of prompt.matchAll(braces)) {
    const choices = choicesIn(match[1] ?? "");
    if (!choices) continue;
    parts.push([prompt.slice(end, match.index)], choices);
    end = match.index + match[0].length;
  }
  return [...parts, [prompt.slice(end)]];
}

/** What stands between braces to be chosen from; undefined where it is other text. */
function choicesIn(text: string): readonly string[] | undefined {
  const [, first, last] = range.exec(text) ?? [];
  if (first !== undefined && last !== undefined) return numbers(Number(first), Number(last));
  if (!bar.test(text) || codeLike.test(text)) return undefined;
  const choices = [...new Set(text.split(bar).map((choice) => choice.trim()))];
  return choices.length > 1 ? choices : undefined;
}

function numbers(first: number, last: number): readonly string[] {
  const length = Math.abs(last - first) + 1;
  if (length > maxPictures) throw tooMany(length);
  const step = first <= last ? 1 : -1;
  return Array.from({ length }, (_, index) => `${first + index * step}`);
}

/** Without two blanks where the choice between them is to say nothing. */
function joined(before: string, after: string): string {
  return /\s$/.test(before) && /^[^\S\n]/.test(after) ? before + after.trimStart() : before + after;
}
