import { badRequest } from "./errors.ts";

/** A JSON object from outside. */
export type Json = Readonly<Record<string, unknown>>;

/** A file that came with the request. */
export interface Upload {
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array;
}

/**
 * The arguments of one call. Like the platform's own server it keeps them all as text, whether they came as JSON, as a
 * form or in the URL: nested objects are JSON, and an absent argument is the empty string.
 */
export interface Arguments {
  text(name: string): string;
  /** Throws `Parameter "…" is required`. */
  required(name: string): string;
  /** 0 where there is no number. */
  integer(name: string): number;
  boolean(name: string): boolean;
  /** The decoded JSON, undefined when absent. Throws `problem` when it is no JSON. */
  json(name: string, problem: string): unknown;
  upload(name: string): Upload | undefined;
  /** Everything, decoded where it is JSON, for the log of calls. */
  readonly payload: Json;
}

export function createArguments(
  values: ReadonlyMap<string, string>,
  uploads: ReadonlyMap<string, Upload>,
): Arguments {
  const text = (name: string): string => values.get(name) ?? "";
  return {
    text,
    required(name) {
      if (text(name) === "") throw badRequest(`Parameter "${name}" is required`);
      return text(name);
    },
    integer: (name) => toInteger(text(name)),
    boolean: (name) => ["true", "yes", "1"].includes(text(name).trim().toLowerCase()),
    json(name, problem) {
      if (text(name) === "") return undefined;
      try {
        return JSON.parse(text(name)) as unknown;
      } catch {
        throw badRequest(problem);
      }
    },
    upload: (name) => uploads.get(name),
    payload: Object.fromEntries([...values].map(([name, value]) => [name, decode(name, value)])),
  };
}

/** Leading digits count, as in the platform's own server; without any it is 0. */
export function toInteger(text: string): number {
  return Number(/^\s*(-?\d{1,16})/.exec(text)?.[1] ?? 0);
}

const numeric =
  /^(chat_id|.*message_id|message_thread_id|user_id|offset|limit|timeout|cache_time)$/;

function decode(name: string, value: string): unknown {
  if (numeric.test(name) && /^-?\d{1,15}$/.test(value)) return Number(value);
  if (value === "true" || value === "false") return value === "true";
  if (!/^[[{]/.test(value)) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A field of a nested object, read as strictly (and as leniently) as the platform reads it. */
export const field = {
  optionalString(object: Json, name: string): string {
    const value = object[name];
    if (value === undefined) return "";
    if (typeof value === "string") return value;
    if (typeof value === "number") return String(value);
    throw badRequest(`Field "${name}" must be of type String`);
  },
  string(object: Json, name: string): string {
    if (!(name in object)) throw badRequest(`Can't find field "${name}"`);
    return field.optionalString(object, name);
  },
  optionalInteger(object: Json, name: string): number {
    const value = object[name] ?? 0;
    if (typeof value !== "string" && typeof value !== "number") {
      throw badRequest(`Field "${name}" must be a Number`);
    }
    const number = Number(value);
    if (Number.isSafeInteger(number)) return number;
    throw badRequest(`Field "${name}" must be a valid Number`);
  },
  integer(object: Json, name: string): number {
    if (!(name in object)) throw badRequest(`Can't find field "${name}"`);
    return field.optionalInteger(object, name);
  },
  optionalBoolean(object: Json, name: string): boolean {
    const value = object[name] ?? false;
    if (typeof value === "boolean") return value;
    throw badRequest(`Field "${name}" must be of type Boolean`);
  },
  optionalArray(object: Json, name: string): readonly unknown[] {
    const value: unknown = object[name] ?? [];
    if (Array.isArray(value)) return value as readonly unknown[];
    throw badRequest(`Field "${name}" must be of type Array`);
  },
  object(object: Json, name: string): Json {
    const value = object[name];
    if (isObject(value)) return value;
    if (value === undefined) throw badRequest(`Can't find field "${name}"`);
    throw badRequest(`Field "${name}" must be of type Object`);
  },
};
