import type { Model } from "./catalogue.ts";
import type { ImageFormat } from "./imaging.ts";
import type { Hint, Notice } from "./notices.ts";

/** What a provider can do, as data; the pipeline turns each hint it lacks into a notice. */
export interface Capabilities {
  readonly seed: boolean;
  readonly negative: boolean;
  readonly steps: boolean;
  readonly guidance: boolean;
  /** How it gets the pictures to edit: their bytes, or links to them; `no`: it only paints from words. */
  readonly edit: "no" | "bytes" | "links";
  /** Hints that have no effect in an edit. */
  readonly ignoredInEdits?: readonly Hint[];
  /** Reports a true fraction of the work done. */
  readonly progress: boolean;
  /** Shows the picture while it is being made. */
  readonly preview: boolean;
  /**
   * When aborting `signal` stops the work (and its price) at the service: `always`, only while the work is `queued` in
   * the service's own line, or `never`. Otherwise an abort ends our waiting alone.
   */
  readonly cancel: "never" | "queued" | "always";
  /** Each call costs its owner money or points. */
  readonly paid: boolean;
}

/** The capabilities of a provider that only makes pictures from words. */
export const noCapabilities: Capabilities = {
  seed: false,
  negative: false,
  steps: false,
  guidance: false,
  edit: "no",
  progress: false,
  preview: false,
  cancel: "never",
  paid: false,
};

/** One picture, fully decided: nothing in it is a wish. */
export interface Order {
  readonly model: Model;
  readonly prompt: string;
  readonly negative: string;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** 1…2147483647 */
  readonly seed: number;
  readonly steps: number;
  readonly guidance: number;
  readonly extras: Readonly<Record<string, string | number | boolean>>;
  /** The pictures to edit, in order; absent where there are none. */
  readonly sources?: readonly SourceImage[];
  /** Its transparent parts say where the first source is to change. */
  readonly mask?: SourceImage;
}

/** A picture to edit, as it is given to a provider. */
export interface SourceImage {
  readonly bytes: Uint8Array;
  readonly format: ImageFormat;
  /** Where the service can fetch it, when we have a public address. */
  readonly url: string | undefined;
}

/** A link to a picture at the service. Only `trustedOrigin` may have a private address. */
export interface ImageLink {
  readonly url: string;
  readonly trustedOrigin: string;
}

/** What a provider answers: one picture, and what is to be said about it. */
export interface Generated {
  readonly image: Uint8Array | ImageLink;
  readonly notices: readonly Notice[];
  /** What the service says about the call, for the recipe, the log and the metrics. */
  readonly facts: { readonly modelName?: string; readonly pointsLeft?: number };
  /** A problem that the operator has to fix, although the picture was made. */
  readonly alert?: Alert;
}

/** A line for the log at `error`; neither part holds prompts or keys. */
export interface Alert {
  readonly text: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** Progress as the service reports it; a part that it does not report is absent. */
export interface Progress {
  /** 0…1, and never less than before. */
  readonly fraction?: number;
  /** The step that is being made, 1…`of`. */
  readonly step?: { readonly number: number; readonly of: number };
  /** The unfinished picture, as an encoded image. */
  readonly preview?: Uint8Array;
  /** The place in the service's own line: 1 for the work that comes next. */
  readonly place?: number;
}

/** The service's own id of work that it accepted. A JSON value, given back to `resume` as it is. */
export type Remote =
  | string
  | number
  | boolean
  | null
  | readonly Remote[]
  | { readonly [name: string]: Remote };

/** What a provider is given beside the order. */
export interface GenerateContext {
  /** Aborted with an ImageError as its reason: the deadline of the whole call, or a cancel. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
  /**
   * Called once the service has accepted the work under an id of its own, and awaited before the result is waited for,
   * so that a restart goes on from there. Its rejection ends the call. Only a provider with `resume` calls it.
   */
  readonly onAccepted: (remote: Remote) => Promise<void>;
}

/** One image service. Throws ImageError for every failure of the service. */
export interface ImageProvider {
  readonly id: string;
  readonly capabilities: Capabilities;
  /** Makes one picture. */
  generate(order: Order, context: GenerateContext): Promise<Generated>;
  /**
   * Goes on with work that was accepted as `remote`, and never orders it again. undefined: the service no longer knows
   * it, so only a second order could make the picture.
   */
  resume?(remote: Remote, order: Order, context: GenerateContext): Promise<Generated | undefined>;
}
