import type { Wording } from "./enhance.ts";
import type { StoredError } from "./errors.ts";
import type { ImageFormat } from "./imaging.ts";
import type { Hint, Notice } from "./notices.ts";
import type { ImageLink } from "./provider.ts";
import { randomDigits } from "./random.ts";
import type { ImageRequest, Quality, Requester } from "./request.ts";
import type { SizeWish } from "./size.ts";

export type JobState = "queued" | "running" | "done" | "failed" | "cancelled";

export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/** A request with its directives read, its model found and its seed chosen: what the pipeline works from. */
export interface Asked {
  /** What the person typed, directives and all. */
  readonly words: string;
  /** The same without its directives. */
  readonly prompt: string;
  readonly negative: string;
  readonly model: string;
  readonly size: SizeWish;
  readonly quality?: Quality;
  /** Of the first picture; the others have the seeds that follow. */
  readonly seed: number;
  readonly steps?: number;
  readonly guidance?: number;
  readonly count: number;
  readonly enhance: boolean;
  /** Set when the final prompt is settled, as when a picture is made again. */
  readonly wording?: Wording;
  readonly extras: Readonly<Record<string, string | number | boolean>>;
  /** The id of the kept picture that is edited. */
  readonly source?: string;
  /** The hints that the person gave, rather than the model's own defaults. */
  readonly given: readonly Hint[];
  /** The policy wants these words behind a spoiler. */
  readonly spoiler?: boolean;
  readonly notices: readonly Notice[];
}

/** Everything needed to make a picture again. */
export interface Recipe {
  readonly words: string;
  /** What the image model was told. */
  readonly prompt: string;
  readonly negative: string;
  readonly model: string;
  readonly provider: string;
  /** Pixels, as ordered. */
  readonly width: number;
  readonly height: number;
  /** "16:9", or "Custom" where width and height were given. */
  readonly ratio: string;
  readonly quality?: Quality;
  readonly seed: number;
  readonly steps: number;
  readonly guidance: number;
  readonly extras: Readonly<Record<string, string | number | boolean>>;
  /** What the enhancer did, and why. */
  readonly wording: Wording;
  /** The name that the service gave for the model, where it gave one. */
  readonly madeBy?: string;
}

/** One picture of a job: kept here under an unguessable `id`, or only linked to where links are handed on. */
export interface Picture {
  /** 1…count; `code.number` names it to people. */
  readonly number: number;
  /** What its link is made of; not to be guessed. */
  readonly id: string;
  /** SHA-256 of the kept bytes; null where only the link is known. */
  readonly hash: string | null;
  /** The service's own link, where links are handed on. */
  readonly link: ImageLink | null;
  readonly format: ImageFormat;
  /** Pixels, as decoded. */
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
  readonly seed: number;
}

/** How a finished job reaches the person: `open` until a door has delivered it. */
export type DeliveryState = "open" | "delivered" | "gone" | "expired";

export interface Delivery {
  readonly door: string;
  /** What the door needs to find the place again after a restart. */
  readonly place: JsonValue;
  readonly state: DeliveryState;
  /** Sends that must not be repeated: begun, and what came of them. */
  readonly sends: Readonly<Record<string, SendRecord>>;
}

export interface SendRecord {
  readonly begunAt: number;
  /** What the platform answered; absent when we never learnt whether it arrived. */
  readonly answer?: JsonValue;
}

/** Times are Unix milliseconds. */
export interface Job {
  /** `zi-` and ten Crockford base-32 characters. */
  readonly code: string;
  readonly requester: Requester;
  readonly request: ImageRequest;
  readonly asked: Asked;
  readonly state: JobState;
  readonly recipe: Recipe | null;
  readonly pictures: readonly Picture[];
  readonly notices: readonly Notice[];
  readonly error: StoredError | null;
  readonly delivery: Delivery;
  /** The code of the job that this one was made from. */
  readonly parent: string | null;
  /** Only its owner and operators may see it. */
  readonly private: boolean;
  /** The caller's own key: the same key is the same job. */
  readonly key: string | null;
  /** SHA-256 of requester and request, to tell the same request from another one. */
  readonly fingerprint: string;
  /** How many processes have called the image service for it. */
  readonly attempts: number;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
}

/** The part of a job that changes after it was accepted. */
export type JobChanges = Partial<
  Pick<
    Job,
    | "state"
    | "recipe"
    | "notices"
    | "error"
    | "delivery"
    | "attempts"
    | "startedAt"
    | "finishedAt"
    | "private"
  >
>;

/**
 * Where jobs live. What a method has promised when it resolves survives `kill -9`. Codes, keys and picture ids are
 * unique; pictures belong to their job and go with it.
 */
export interface JobStore {
  /** Stores the job, unless one with its key is there already (and younger than `keyTtlMs`): then answers that one. */
  insert(job: Job, keyTtlMs: number): Promise<{ readonly job: Job; readonly created: boolean }>;
  /** Unknown codes are ignored: the job was forgotten meanwhile. */
  update(code: string, changes: JobChanges): Promise<void>;
  addPicture(code: string, picture: Picture): Promise<void>;
  find(code: string): Promise<Job | undefined>;
  findByKey(requester: string, key: string, newerThan: number): Promise<Job | undefined>;
  /** Jobs of the same requester and request, oldest first. */
  findTwins(fingerprint: string, newerThan: number): Promise<readonly Job[]>;
  /** The picture with this link id, and the job that it belongs to. */
  findPicture(id: string): Promise<{ readonly picture: Picture; readonly job: Job } | undefined>;
  /** The newest job that has a picture of exactly these bytes; with a `viewer`, of those that are theirs or not private. */
  findByHash(hash: string, viewer?: string): Promise<Job | undefined>;
  /** Queued and running jobs, oldest first. */
  unfinished(): Promise<readonly Job[]>;
  /** Finished jobs whose delivery is open, oldest first. */
  undelivered(door: string): Promise<readonly Job[]>;
  /** A requester's jobs, newest first. */
  history(requester: string, page: HistoryPage): Promise<readonly Job[]>;
  /** Removes the jobs and answers the hashes that no picture points to any more. */
  remove(codes: readonly string[]): Promise<readonly string[]>;
  /** Removes the pictures of a job but keeps its recipe; answers like `remove`. */
  removePictures(code: string): Promise<readonly string[]>;
  /** The finished jobs of the oldest kept pictures, oldest first, for sweeping. */
  oldestPictures(limit: number): Promise<readonly SweepRow[]>;
  /** Which of these hashes some picture points to. */
  knownHashes(hashes: readonly string[]): Promise<ReadonlySet<string>>;
  /** Bytes of all kept pictures, the same bytes counted once. */
  keptBytes(): Promise<number>;
}

export interface HistoryPage {
  readonly limit: number;
  /** Only jobs created before this time. */
  readonly before?: number;
  readonly states?: readonly JobState[];
}

export interface SweepRow {
  readonly code: string;
  /** Of its oldest picture. */
  readonly createdAt: number;
  readonly pictures: readonly { readonly hash: string; readonly bytes: number }[];
}

export function isFinished(job: Pick<Job, "state">): boolean {
  return job.state === "done" || job.state === "failed" || job.state === "cancelled";
}

const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** A new code, from 50 random bits. */
export function newCode(): string {
  const pairs = randomDigits().match(/../g)?.slice(0, 10) ?? [];
  return `zi-${pairs.map((pair) => crockford[Number.parseInt(pair, 16) & 31]).join("")}`;
}

/** The canonical form of a code as people type it (any case, O for 0, I and L for 1), or undefined. */
export function parseCode(text: string): string | undefined {
  const match = /^\s*zi-?([0-9a-z]{10})(?:\.\d{1,2})?\s*$/i.exec(text);
  const letters = match?.[1]?.toUpperCase().replaceAll("O", "0").replace(/[IL]/g, "1");
  return letters && !letters.includes("U") ? `zi-${letters}` : undefined;
}
