import type { Model } from "./catalogue.ts";
import type { Hint, Notice } from "./notices.ts";

/** What a provider can do, as data; the pipeline turns each hint it lacks into a notice. */
export interface Capabilities {
  readonly seed: boolean;
  readonly negative: boolean;
  readonly steps: boolean;
  readonly guidance: boolean;
  /** Makes a picture from a picture. */
  readonly edit: boolean;
  /** Hints that have no effect while it does so. */
  readonly ignoredInEdits?: readonly Hint[];
  /** Reports a true fraction of the work done. */
  readonly progress: boolean;
  /** Shows the picture while it is being made. */
  readonly preview: boolean;
  /** Aborting `signal` stops the work (and its price) at the service, not only our waiting. */
  readonly cancel: boolean;
  /** Each call costs its owner money or points. */
  readonly paid: boolean;
}

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
  /** The picture to edit, where the model edits. */
  readonly source?: SourceImage;
}

export interface SourceImage {
  readonly bytes: Uint8Array;
  /** Where the service can fetch it, when we have a public address. */
  readonly url: string | undefined;
}

/** A picture that still lies at the service. Only `trustedOrigin` may be at a private address. */
export interface ImageLink {
  readonly url: string;
  readonly trustedOrigin: string;
}

export interface Generated {
  readonly image: Uint8Array | ImageLink;
  readonly notices: readonly Notice[];
  /** The service's own account of the call, for the recipe, the log and the metrics. */
  readonly facts: { readonly modelName?: string; readonly pointsLeft?: number };
}

export interface Progress {
  /** 0…1, from the service itself. */
  readonly fraction: number;
  readonly preview?: Uint8Array;
}

export interface GenerateContext {
  /** Aborted with an ImageError as its reason: the deadline of the whole call, or a cancel. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

/** One image service. Throws ImageError for everything that the service can do to us. */
export interface ImageProvider {
  readonly id: string;
  readonly capabilities: Capabilities;
  /** Makes one picture. */
  generate(order: Order, context: GenerateContext): Promise<Generated>;
}
