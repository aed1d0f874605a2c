import { z } from "zod";
import { type Fault, invalidForm } from "./errors.ts";

// Schemas are written with the helpers below, so that each failure carries the code and the words Discord uses.

/** Length as Discord counts it: code points, not UTF-16 units. */
export function lengthOf(text: string): number {
  return Array.from(text).length;
}

interface Range {
  readonly min?: number;
  readonly max: number;
}

function badLength({ min, max }: Range): { code: string; message: string } {
  return min === undefined
    ? { code: "BASE_TYPE_MAX_LENGTH", message: `Must be ${max} or fewer in length.` }
    : { code: "BASE_TYPE_BAD_LENGTH", message: `Must be between ${min} and ${max} in length.` };
}

function within(length: number, { min = 0, max }: Range): boolean {
  return length >= min && length <= max;
}

/** Reports a fault of a rule that is not a type or a range, at `path` below the value it was found in. */
export function report(
  context: { addIssue: (issue: z.core.$ZodRawIssue & { code: "custom" }) => void },
  { code, message, path }: Fault,
): void {
  context.addIssue({
    code: "custom",
    message,
    path: [...path],
    params: { code },
    input: undefined,
  });
}

/** A string of so many characters. */
export function text(range: Range) {
  return z.string().superRefine((value, context) => {
    if (!within(lengthOf(value), range)) report(context, { ...badLength(range), path: [] });
  });
}

/** A list of so many items. */
export function list<Item extends z.ZodType>(item: Item, range: Range) {
  return z.array(item).superRefine((value, context) => {
    if (!within(value.length, range)) report(context, { ...badLength(range), path: [] });
  });
}

/** A whole number from `min` to `max`. */
export function whole({ min, max }: { readonly min: number; readonly max: number }) {
  return z.int().min(min).max(max);
}

/** An id: a snowflake as a string, or a number as discord.js sends for new attachments. */
export const id = z
  .union([z.string().regex(/^\d{1,20}$/), z.int().nonnegative()], {
    error: () => "Value is not snowflake.",
  })
  .transform(String);

/** One of several components, told apart by `type`. */
export function oneOf<const Options extends readonly [z.ZodObject, ...z.ZodObject[]]>(
  options: Options,
  types: readonly number[],
) {
  return z.discriminatedUnion("type", options as unknown as [Options[0], ...Options[number][]], {
    error: () => `Value of field "type" must be one of (${types.join(", ")},).`,
  });
}

const CONVERSIONS: Readonly<Record<string, { code: string; message: string }>> = {
  string: { code: "STRING_TYPE_CONVERT", message: "Could not interpret value as string." },
  number: { code: "NUMBER_TYPE_COERCE", message: "Value is not a number." },
  int: { code: "NUMBER_TYPE_COERCE", message: "Value is not int." },
  boolean: { code: "BOOLEAN_TYPE_CONVERT", message: "Must be either true or false." },
  array: { code: "LIST_TYPE_CONVERT", message: "Only iterables may be used in a ListType" },
  object: { code: "MODEL_TYPE_CONVERT", message: "Only dictionaries may be used in a ModelType" },
};
const REQUIRED = { code: "BASE_TYPE_REQUIRED", message: "This field is required" };

/** The issue zod found, in Discord's code and words. */
function toFault(issue: z.core.$ZodIssue): Fault {
  const { path, message } = issue;
  switch (issue.code) {
    case "custom":
      return { path, message, code: String(issue.params?.code) };
    case "invalid_type":
      if (issue.input === undefined) return { path, ...REQUIRED };
      return { path, ...(CONVERSIONS[issue.expected] ?? { code: "BASE_TYPE_INVALID", message }) };
    case "invalid_union":
      return issue.discriminator === undefined
        ? { path, code: "NUMBER_TYPE_COERCE", message }
        : { path: path.slice(0, -1), code: "UNION_TYPE_CHOICES", message };
    case "invalid_value":
      return issue.input === undefined
        ? { path, ...REQUIRED }
        : {
            path,
            code: "BASE_TYPE_CHOICES",
            message: `Value must be one of {${issue.values.join(", ")}}.`,
          };
    case "too_big":
      return {
        path,
        code: "NUMBER_TYPE_MAX",
        message: `int value should be less than or equal to ${issue.maximum}.`,
      };
    case "too_small":
      return {
        path,
        code: "NUMBER_TYPE_MIN",
        message: `int value should be greater than or equal to ${issue.minimum}.`,
      };
    default:
      return { path, code: "BASE_TYPE_INVALID", message };
  }
}

/**
 * The value as the schema understands it, unknown fields dropped.
 * Throws "Invalid Form Body" with each fault at its place below `path`.
 */
export function readForm<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  path: readonly PropertyKey[] = [],
): z.infer<Schema> {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  const faults = new Map<string, Fault>();
  for (const fault of result.error.issues.map(toFault)) {
    const place = fault.path.join(".");
    // Of one field, the first thing that is wrong with it.
    if (!faults.has(place)) faults.set(place, { ...fault, path: [...path, ...fault.path] });
  }
  throw invalidForm([...faults.values()]);
}
