import { z } from "zod";
import type { Model, ModelInput } from "../catalogue.ts";
import type { Log } from "../observe.ts";
import type { ImageProvider } from "../provider.ts";
import type { Fetch } from "../wire/fetch.ts";
import type { Probe } from "../wire/probe.ts";

/**
 * Everything that the program has to know about one kind of image service. Its `settings` are environment variables;
 * a setting's description is what `.env.example` says of it.
 */
export interface Dialect<
  Settings extends z.ZodRawShape = z.ZodRawShape,
  Needs extends string = string,
> {
  /** The provider's id, as `MODELS_FILE`, logs and metrics name it. */
  readonly id: string;
  /** The prefix of its variables' names; no other variable begins like this. */
  readonly prefix?: string;
  readonly settings: Settings;
  /** First the variable that turns the provider on, then others that it requires. Absent: it is always on. */
  readonly needs?: readonly Needs[];
  /** What the doctor says of a variable that is not set although the built-in models depend on it. */
  unset?(keep: Keep): Readonly<Record<string, string>>;
  /** The fields of a model that only this dialect reads. A missing one's message reads on from the model's name. */
  readonly wire: z.ZodObject;
  /** What its service takes to be edited, at most: models may take less. Absent: it cannot edit. */
  readonly edits?: {
    /** Links to this server, or the bytes. */
    readonly by: "links" | "bytes";
    readonly pictures: number;
    readonly mask: boolean;
  };
  /** Whether a model of this wire takes a mask where its dialect does; absent: it does. */
  readonly takesMask?: (wire: Readonly<Record<string, unknown>>) => boolean;
  /** Each picture costs its owner money or points. */
  readonly spends: boolean;
  /** Who paints a model, for its owner to read: reads on from "is painted by". */
  painter(settings: Given<Settings>, model: Model, keep: Keep): string;
  /** What it brings into the built-in catalogue. */
  models?(settings: Given<Settings>): readonly ModelInput[];
  /** Its own slots (calls at once) and deadline for one picture; absent: the defaults of the program. */
  limits?(settings: Given<Settings>): Limits;
  /** Rejects only for a problem that the owner has to fix, not for a service that is away for a while. */
  create(
    settings: SettingsOf<Settings, Needs>,
    tools: DialectTools,
  ): ImageProvider | Promise<ImageProvider>;
  /**
   * Finds out, by asking, what its owner would have to look up, and keeps it; tells of each step. Resolves with whether
   * it was found. It spends. Rejects with ImageError.
   */
  find?(settings: SettingsOf<Settings, Needs>, tools: FindTools): Promise<boolean>;
  /** What the doctor asks its service. */
  probe?(settings: SettingsOf<Settings, Needs>): Probe;
}

/** The variables of a dialect by their names, whether it is on or not. */
type Given<Settings extends z.ZodRawShape> = Readonly<z.output<z.ZodObject<Settings>>>;

/** The variables of a dialect that is on: those that it needs are there. */
export type SettingsOf<Settings extends z.ZodRawShape, Needs extends string> = {
  readonly [Name in keyof Settings]: string extends Name
    ? unknown
    : Name extends Needs
      ? NonNullable<z.output<Settings[Name]>>
      : z.output<Settings[Name]>;
};

/** Calls at once, and milliseconds for one picture. */
export interface Limits {
  readonly slots?: number | undefined;
  readonly timeoutMs?: number | undefined;
}

/** What a dialect is given by the program. */
export interface DialectTools {
  readonly fetch: Fetch;
  readonly rasterize: Rasterize;
  /** Without it, nothing outlives the process. */
  readonly keep?: Keep;
  readonly log?: Log;
}

/** What `find` works with. */
export interface FindTools {
  readonly fetch: Fetch;
  readonly keep: Keep;
  readonly signal: AbortSignal;
  readonly tell: (line: string) => void;
}

/** Where a provider keeps small things over restarts, each under a name of its own. */
export type Keep = (name: string) => Kept;

/** One value of JSON. Throws the system's error where it cannot be written. */
export interface Kept {
  /** undefined where there is none, or one that cannot be read. */
  read(): unknown;
  write(value: object): void;
}

/** Makes a picture of exactly this size, in pixels, of an SVG document; the same for the same document. */
export type Rasterize = (
  svg: string,
  size: { readonly width: number; readonly height: number },
) => Promise<Uint8Array>;

/**
 * Reads the part of a model that belongs to its dialect. It throws for a model that the configuration should not have
 * let through.
 */
export function wireReader<Wire extends z.ZodObject>(wire: Wire): (model: Model) => z.output<Wire> {
  const known = new WeakMap<Model, z.output<Wire>>();
  return (model) => {
    const read = known.get(model) ?? wireOf(wire, model);
    known.set(model, read);
    return read;
  };
}

function wireOf<Wire extends z.ZodObject>(wire: Wire, model: Model): z.output<Wire> {
  const { success, data, error } = wire.safeParse(model.wire);
  if (success) return data;
  const names = error.issues.map(({ path }) => `"${path.join(".")}"`);
  throw new Error(`The model "${model.id}" needs its ${names.join(" and ")} in the catalogue.`);
}

// === The kinds of settings

/** A key or a token. */
export const secret = z
  .string()
  .regex(/^[\x21-\x7e]+$/, "holds characters that no key has: copy it again, without spaces");

/** A whole number from `low` to `high`, both included. */
export function whole(low: number, high: number) {
  const message = `must be a whole number from ${low} to ${high}`;
  return z.coerce.number(message).int(message).min(low, message).max(high, message);
}

/** An address of the web without user name and password; slashes at its end are removed. */
export const webAddress = z
  .url({ protocol: /^https?$/, error: "must be an address that begins with http:// or https://" })
  .refine((address) => !/^https?:\/\/[^/]*@/i.test(address), "must hold no user name or password")
  .transform((address) => address.replace(/\/+$/, ""));

/**
 * An address that a service's endpoints are under. People copy a whole endpoint from a service's description: what
 * `endpoint` matches at the end of the path is cut off.
 */
export function baseAddress(endpoint: RegExp) {
  return webAddress.transform((address) => {
    const url = new URL(address);
    const path = url.pathname.replace(/\/+$/, "");
    if (!endpoint.test(path)) return address;
    url.pathname = path.replace(endpoint, "");
    return url.href.replace(/\/+$/, "");
  });
}

const endpoints = "chat/completions|completions|responses|images/(?:generations|edits|variations)";
/** They count behind a version alone: Azure has a base address that ends in `/models`. */
const behindVersions = `${endpoints}|chat|embeddings|images|messages|models`;

/** The base address of a service with OpenAI's protocol; a version that is written twice counts once. */
export const openaiAddress = baseAddress(
  new RegExp(`/(?:${endpoints})$|(?<=/v\\d+)(?:/v\\d+)*(?:/(?:${behindVersions}))?$`, "i"),
);
