import type { Brief } from "./brief.ts";
import type { Wording } from "./enhance.ts";
import type { StoredError } from "./errors.ts";
import type { ImageFormat } from "./imaging.ts";
import type { Notice } from "./notices.ts";
import type { ImageLink } from "./provider.ts";
import type { Requester } from "./request.ts";

/** Where a job is. The last three states are final. */
export type JobState = "queued" | "running" | "done" | "failed" | "cancelled";

/** A value that JSON can hold. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/** What a run decides where the brief leaves it open. */
export interface Decisions {
  /** What the image model was told. */
  readonly prompt: string;
  readonly provider: string;
  /** Pixels, as ordered. */
  readonly width: number;
  readonly height: number;
  /** "16:9", or "Custom" where width and height were given. */
  readonly ratio: string;
  readonly steps: number;
  readonly guidance: number;
  readonly extras: Readonly<Record<string, string | number | boolean>>;
  /** What the enhancer did, and why. */
  readonly wording: Wording;
  /** The policy wants the words that the image model was told behind a spoiler. */
  readonly spoiler?: boolean;
  /** The name that the service gave for the model, where it gave one. */
  readonly madeBy?: string;
}

/** Everything needed to make a picture again: the brief, and what the run decided. */
export type Recipe = Pick<Brief, "words" | "negative" | "model" | "quality" | "seed"> & Decisions;

/** The recipe of a brief, from what its run decided. */
export function recipeOf(brief: Brief, decisions: Decisions): Recipe {
  const { words, negative, model, quality, seed } = brief;
  return { words, negative, model, ...(quality ? { quality } : {}), seed, ...decisions };
}

/** One picture of a job: kept here under an unguessable `id`, or only linked to where links are handed on. */
export interface Picture {
  /** 1…count; `code.number` names it to people. */
  readonly number: number;
  /** 32 hexadecimal digits, unguessable; its link is made from them. */
  readonly id: string;
  /** SHA-256 of the kept bytes; null where only the link is known. */
  readonly hash: string | null;
  /** The service's own link, where links are handed on. */
  readonly link: ImageLink | null;
  readonly format: ImageFormat;
  /** Pixels, as seen. */
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
  readonly seed: number;
}

/**
 * How a finished job reaches the person. `direct`: its client waits for it, and nothing is delivered later. Otherwise
 * it is `open` until its door has shown it.
 */
export type DeliveryState = "direct" | "open" | "delivered" | "gone" | "expired";

/** Where a job's pictures go, and what was sent there so far. */
export interface Delivery {
  readonly door: string;
  /** What the door needs to find the place again after a restart. */
  readonly place: JsonValue;
  readonly state: DeliveryState;
  /** Sends that must not be repeated: begun, and what came of them. */
  readonly sends: Readonly<Record<string, SendRecord>>;
}

/** One send that must not be repeated. */
export interface SendRecord {
  /** Unix milliseconds. */
  readonly begunAt: number;
  /** What the platform answered; absent where it is unknown whether the send arrived. */
  readonly answer?: JsonValue;
}

/** A picture that was sent to be edited, or a mask. */
export interface Sent {
  /** SHA-256 of the kept bytes; also its id in the brief. */
  readonly hash: string;
  readonly bytes: number;
}

/** A request, its state and its result. Times are Unix milliseconds. */
export interface Job {
  /** `zi-` and ten Crockford base-32 characters. */
  readonly code: string;
  readonly requester: Requester;
  readonly brief: Brief;
  readonly state: JobState;
  readonly recipe: Recipe | null;
  readonly pictures: readonly Picture[];
  readonly notices: readonly Notice[];
  readonly error: StoredError | null;
  readonly delivery: Delivery;
  /** The code of the job that this one was made from. */
  readonly parent: string | null;
  /** What was sent to it, each once; it is erased with the job's pictures. Absent where nothing was. */
  readonly sent?: readonly Sent[];
  /** An operator asked for it, under whichever account: it counts in no quota. */
  readonly uncounted?: true;
  /** Only its owner and operators may see it. */
  readonly private: boolean;
  /** The caller's idempotency key: the same key is the same job. */
  readonly key: string | null;
  /** A digest of requester and request; equal for equal requests. */
  readonly fingerprint: string;
  /** How many processes have called the image service for it. */
  readonly attempts: number;
  /** The service's own ids of pictures that it has accepted, by their numbers; empty once the job has ended. */
  readonly remotes: Readonly<Record<string, JsonValue>>;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
}

/** True for a job that is done, failed or cancelled. */
export function isFinished(job: Pick<Job, "state">): boolean {
  return job.state === "done" || job.state === "failed" || job.state === "cancelled";
}

/** Whether the policy wants the job's pictures behind a spoiler, for the words or for the final prompt. */
export function isSpoiler({ brief, recipe }: Pick<Job, "brief" | "recipe">): boolean {
  return brief.spoiler === true || recipe?.spoiler === true;
}

/** What the image model was told for the picture with this number (from 1). */
export function finalPrompt({ prompt, wording: { prompts = [] } }: Recipe, number: number): string {
  return prompts[(number - 1) % prompts.length] ?? prompt;
}

/** Pictures that are still to be made, by their numbers. */
export function missingPictures({ brief, pictures }: Pick<Job, "brief" | "pictures">): number[] {
  const missing: number[] = [];
  for (let number = 1; number <= brief.count; number++) {
    if (!pictures.some((picture) => picture.number === number)) missing.push(number);
  }
  return missing;
}

const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** What a code is for: a job, a preset to be shared, or an account to be linked. */
export type CodeKind = "zi" | "zp" | "zl";

/** A new code, from 50 random bits. */
export function newCode(kind: CodeKind = "zi"): string {
  return `${kind}-${letters(10)}`;
}

/** A new personal API key, from 130 random bits. */
export function newKey(): string {
  return `zk-${letters(26)}`;
}

function letters(count: number): string {
  let text = "";
  for (const byte of randomBytes(count)) text += crockford[byte & 31] ?? "";
  return text;
}

const pool = new Uint8Array(4096);
let unused = 0;

/** Drawn many at a time, because each draw is a call to the system. */
function randomBytes(count: number): Uint8Array {
  if (unused < count) {
    crypto.getRandomValues(pool);
    unused = pool.length;
  }
  unused -= count;
  return pool.subarray(unused, unused + count);
}

const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/**
 * 32 hexadecimal digits for a link that is its own permission: 8 of the time in seconds and 2 of its fraction, so that
 * stores can keep them in order, and 22 that are random.
 */
export function newPictureId(now: number): string {
  const seconds = (Math.floor(now / 1000) >>> 0).toString(16).padStart(8, "0");
  let id = seconds + (hex[Math.floor((now % 1000) * 0.256)] ?? "");
  for (const byte of randomBytes(11)) id += hex[byte] ?? "";
  return id;
}

/** The canonical form of a code as people type it (any case, O for 0, I and L for 1), or undefined. */
export function parseCode(text: string): string | undefined {
  return parsePictureCode(text)?.job;
}

/** The same with the number of a picture, which is 1 where a code has none. */
export function parsePictureCode(text: string) {
  const [, typed = "", number = "1"] =
    /^\s*zi-?([0-9a-z]{10})(?:\.(\d{1,2}))?\s*$/i.exec(text) ?? [];
  const letters = plainLetters(typed);
  return letters === undefined ? undefined : { job: `zi-${letters}`, number: Number(number) };
}

/** The canonical form of a preset's share code as people type it, or undefined. */
export function parseShareCode(text: string): string | undefined {
  return parseCodeOf("zp", text);
}

/** The canonical form of the code that links an account, or undefined. */
export function parseLinkCode(text: string): string | undefined {
  return parseCodeOf("zl", text);
}

function parseCodeOf(kind: CodeKind, text: string): string | undefined {
  const [, found = "", typed = ""] = /^\s*(z[lp])-?([0-9a-z]{10})\s*$/i.exec(text) ?? [];
  const plain = plainLetters(typed);
  return plain === undefined || found.toLowerCase() !== kind ? undefined : `${kind}-${plain}`;
}

function plainLetters(typed: string): string | undefined {
  const letters = typed.toUpperCase().replaceAll("O", "0").replace(/[IL]/g, "1");
  return letters === "" || letters.includes("U") ? undefined : letters;
}
