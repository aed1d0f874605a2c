import type { z } from "zod";

const kinds: Readonly<Record<string, string>> = {
  string: "has to be a string",
  number: "has to be a number",
  int: "has to be a whole number",
  boolean: "has to be true or false",
  array: "has to be a list",
  object: "has to be a JSON object",
};

/** What is wrong with a field, in words that follow its name; undefined where zod's own have to do. */
export function problemOf(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case "invalid_type":
      return kinds[issue.expected];
    case "invalid_value":
      return `has to be ${issue.values.map((value) => JSON.stringify(value)).join(" or ")}`;
    case "too_small":
      return `has to ${limitOf(issue.origin, "at least", Number(issue.minimum))}`;
    case "too_big":
      return `has to ${limitOf(issue.origin, "at most", Number(issue.maximum))}`;
    default:
      return undefined;
  }
}

function limitOf(origin: string, bound: "at least" | "at most", limit: number): string {
  switch (origin) {
    case "string":
      return `have ${bound} ${limit} character${limit === 1 ? "" : "s"}`;
    case "array":
      return `have ${bound} ${limit} entr${limit === 1 ? "y" : "ies"}`;
    default:
      return `be ${bound} ${limit}`;
  }
}
