import { RE2JS } from "re2js";
import { z } from "zod";
import { ImageError } from "./errors.ts";

/** Decides what the owner of an installation allows to be painted. */
export interface Policy {
  /** Throws `content-refused` with the owner's reason. */
  judge(text: string): Verdict;
}

/** What the policy says about a text that it allows. */
export interface Verdict {
  /** To be shown behind a spoiler. */
  readonly spoiler: boolean;
}

/** The policy of an installation without rules. */
export const allowEverything: Policy = { judge: () => ({ spoiler: false }) };

const consequences = {
  action: z.enum(["refuse", "spoiler"]),
  /** Shown to the person whose words are refused. */
  reason: z.string().min(1).max(500).default("These words are not welcome here."),
};

/** `word` is a whole word or phrase in any case; `pattern` a regular expression in the syntax of RE2. */
const rule = z.union([
  z.strictObject({ word: z.string().trim().min(1).max(200), ...consequences }),
  z.strictObject({ pattern: z.string().min(1).max(2000), ...consequences }),
]);

const rules = z.array(rule);

/** A rule that is ready for matching. */
export interface PolicyRule {
  readonly action: "refuse" | "spoiler";
  readonly reason: string;
  /** Called with each reading of a text. */
  readonly matches: (reading: string) => boolean;
}

/** Reads the rules of a policy file (a JSON array); each problem is a sentence that says which rule it is about. */
export function parseRules(text: string): { rules: PolicyRule[]; problems: string[] } {
  const problems: string[] = [];
  const compiled: PolicyRule[] = [];
  for (const [index, row] of readRows(text, problems).entries()) {
    const { action, reason } = row;
    try {
      const matches = "word" in row ? matchWord(row.word) : matchPattern(row.pattern);
      compiled.push({ action, reason, matches });
    } catch (error) {
      const detail = error instanceof Error ? error.message : "it cannot be used";
      problems.push(`rule ${index + 1}: ${detail}`);
    }
  }
  return { rules: compiled, problems };
}

/** Rules that refuse take precedence over rules that hide. Takes linear time in the length of the text. */
export function createPolicy(policyRules: readonly PolicyRule[]): Policy {
  if (policyRules.length === 0) return allowEverything;
  return {
    judge(text) {
      const readings = readingsOf(text);
      const matching = policyRules.filter(({ matches }) => readings.some(matches));
      const refusing = matching.find(({ action }) => action === "refuse");
      if (refusing) {
        throw new ImageError("content-refused", { by: "policy", reason: refusing.reason });
      }
      return { spoiler: matching.length > 0 };
    },
  };
}

const example = '{ "word": "…", "action": "refuse", "reason": "…" }';

function readRows(text: string, problems: string[]): z.output<typeof rules> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    problems.push(`is not JSON; write [${example}]`);
    return [];
  }
  const parsed = rules.safeParse(json);
  for (const { path, message } of parsed.error?.issues ?? []) {
    const [index, ...field] = path;
    if (typeof index !== "number") problems.push(`is not a list; write [${example}]`);
    else if (field.length > 0) problems.push(`rule ${index + 1}: ${field.join(".")}: ${message}`);
    else problems.push(`rule ${index + 1}: ${message}; write ${example}, or "pattern" for "word"`);
  }
  return parsed.data ?? [];
}

// === The readings of a text

/** The text for comparison: compatibility forms are plain, capitals are small, invisible characters are removed. */
function plain(text: string): string {
  return text
    .replace(/[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, "")
    .replace(endlessMarks, "$1")
    .normalize("NFKC")
    .toLowerCase();
}

/**
 * More marks on one letter than any language has: normalising takes quadratic time in them.
 * https://www.unicode.org/reports/tr15/#Stream_Safe_Text_Format
 */
const endlessMarks = /(\p{M}{30})\p{M}+/gu;

/** Strokes, dots and rings over and under letters. */
const diacritics = /[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]/g;

/** The text without diacritics, and with one space between words. */
function bare(text: string): string {
  return plain(text)
    .normalize("NFKD")
    .replace(diacritics, "")
    .normalize("NFKC")
    .replace(/\s+/g, " ");
}

/** Each rule is tried on every reading: a pattern may contain accents, while a word must match without them. */
function readingsOf(text: string): readonly string[] {
  return [...new Set([plain(text), bare(text)])];
}

// === Words and patterns

/** Characters of scripts that put spaces between words; in the others any occurrence counts as a word. */
const spaced =
  /[\p{L}\p{N}\p{M}_](?<![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}])/u;

function matchWord(word: string): (reading: string) => boolean {
  const wanted = bare(word).trim();
  if (wanted === "") throw new Error("its word has nothing in it that can be seen");
  return (text) => {
    for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
      if (standsAlone(text, at, at + wanted.length)) return true;
    }
    return false;
  };
}

function standsAlone(text: string, start: number, end: number): boolean {
  const glued = (left: string | undefined, right: string | undefined) =>
    left !== undefined && right !== undefined && spaced.test(left) && spaced.test(right);
  return !glued(text[start - 1], text[start]) && !glued(text[end - 1], text[end]);
}

/** Never backtracks: takes time in the length of the text times that of the pattern. */
function matchPattern(pattern: string): (reading: string) => boolean {
  try {
    const compiled = RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE);
    return (text) => compiled.test(text);
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message.replace(/^.*?: /, "") : "unknown";
    throw new Error(
      `its pattern is not in the syntax of RE2, which has no look-around and no back-references (${detail})`,
      { cause },
    );
  }
}
