import { RE2JS } from "re2js";
import { z } from "zod";
import { ImageError } from "./errors.ts";

/** What the owner of an installation wants to be painted. */
export interface Policy {
  /** Throws `content-refused` with the owner's reason. */
  judge(text: string): Verdict;
}

export interface Verdict {
  /** To be shown behind a spoiler. */
  readonly spoiler: boolean;
}

/** The policy of an installation that has none. */
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

/** A rule that is ready to be asked. */
export interface PolicyRule {
  readonly action: "refuse" | "spoiler";
  readonly reason: string;
  readonly matches: (normalised: string) => boolean;
}

/** Reads the rules of a policy file (a JSON array); each problem is a sentence that says which rule it is about. */
export function parseRules(text: string): { rules: PolicyRule[]; problems: string[] } {
  const problems: string[] = [];
  const compiled: PolicyRule[] = [];
  for (const [index, row] of readRows(text, problems).entries()) {
    const matches = "word" in row ? matchWord(row.word) : matchPattern(row.pattern);
    if (matches) compiled.push({ action: row.action, reason: row.reason, matches });
    else problems.push(`rule ${index + 1} is not a regular expression in the syntax of RE2`);
  }
  return { rules: compiled, problems };
}

/** Any rule that refuses wins over those that only hide. Takes linear time in the length of the text. */
export function createPolicy(policyRules: readonly PolicyRule[]): Policy {
  if (policyRules.length === 0) return allowEverything;
  return {
    judge(text) {
      const normalised = normalise(text);
      const matching = policyRules.filter(({ matches }) => matches(normalised));
      const refusing = matching.find(({ action }) => action === "refuse");
      if (refusing) {
        throw new ImageError("content-refused", { by: "policy", reason: refusing.reason });
      }
      return { spoiler: matching.length > 0 };
    },
  };
}

function readRows(text: string, problems: string[]): z.output<typeof rules> {
  try {
    const parsed = rules.safeParse(JSON.parse(text));
    for (const { path, message } of parsed.error?.issues ?? []) {
      problems.push(`rule ${Number(path[0] ?? -1) + 1}: ${message}`);
    }
    return parsed.data ?? [];
  } catch {
    problems.push('is not JSON; write [{ "word": "…", "action": "refuse", "reason": "…" }]');
    return [];
  }
}

/** One form for what looks the same: compatibility forms, case, and characters that are not seen. */
function normalise(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[\p{Cf}\p{Mn}]/gu, "");
}

/** Letters of scripts that put spaces between words; in the others any occurrence counts as a word. */
const spaced =
  /[\p{L}\p{N}_](?<![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}])/u;

function matchWord(word: string): (normalised: string) => boolean {
  const wanted = normalise(word);
  if (wanted === "") return () => false;
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

function matchPattern(pattern: string): ((normalised: string) => boolean) | undefined {
  try {
    const compiled = RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE);
    return (text) => compiled.matcher(text).find();
  } catch {
    return undefined;
  }
}
