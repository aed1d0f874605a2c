import type { Job, JobState, Picture } from "./job.ts";

/** A page of a person's jobs. What is absent does not narrow it. */
export interface HistoryPage {
  readonly limit: number;
  /** Only jobs created before this time, Unix milliseconds. */
  readonly before?: number;
  /** Only jobs that come after this one, also where it was removed meanwhile. */
  readonly after?: Pick<Job, "createdAt" | "code">;
  readonly states?: readonly JobState[];
  /** Only finished jobs that have pictures. */
  readonly pictured?: boolean;
  /** Only jobs with a favourite picture. */
  readonly favorite?: boolean;
  /** Only jobs with this text in the person's words or in the final prompt; capitals of ASCII do not count. */
  readonly words?: string;
  /** Only jobs of the model with this id. */
  readonly model?: string;
}

/** Finds jobs again: the records of finished jobs, and unfinished jobs in their present state. */
export interface Archive {
  find(code: string): Promise<Job | undefined>;
  findByKey(requester: string, key: string, newerThan: number): Promise<Job | undefined>;
  /** Jobs with this fingerprint that are unfinished or ended after this time, oldest first. */
  sameRequests(fingerprint: string, endedAfter: number): Promise<readonly Job[]>;
  /** A requester's jobs, newest first. */
  history(requester: string, page: HistoryPage): Promise<readonly Job[]>;
  /** Makes a private job public. */
  publish(code: string): Promise<void>;
  /** Removes jobs with their pictures, and what was sent to be edited. Answers the hashes that no other picture uses. */
  forget(codes: readonly string[]): Promise<readonly string[]>;
}

/** The finished job of one of the oldest kept pictures. */
export interface SweepRow {
  readonly code: string;
  /** When its oldest picture was kept, Unix milliseconds. */
  readonly createdAt: number;
  /** Those that it made, and those that were sent to it. */
  readonly pictures: readonly { readonly hash: string; readonly bytes: number }[];
}

/** Which pictures there are, and which jobs they belong to. */
export interface PictureIndex {
  /** The picture with this link id, and the job that it belongs to. */
  find(id: string): Promise<{ readonly picture: Picture; readonly job: Job } | undefined>;
  /** The newest job that has a picture of exactly these bytes; with a `viewer`, only their own and public jobs count. */
  findByHash(hash: string, viewer?: string): Promise<Job | undefined>;
  /** Removes the pictures of a job, and what was sent to be edited, but keeps its recipe. Answers the hashes that no other picture uses. */
  remove(code: string): Promise<readonly string[]>;
  /** The finished jobs of the oldest pictures that are kept or were sent, oldest first, for sweeping. */
  oldest(limit: number): Promise<readonly SweepRow[]>;
  /** Those of these hashes that a picture of a job has, or one that was sent to it. */
  known(hashes: readonly string[]): Promise<ReadonlySet<string>>;
  /** Marks a picture as a favourite of its owner, or no more; nothing happens where there is none with this id. */
  favor(id: string, favorite: boolean): Promise<void>;
  /** The ids of the favourites among the pictures of these jobs. */
  favorites(codes: readonly string[]): Promise<ReadonlySet<string>>;
  /** Bytes of all kept pictures and of what was sent to be edited, the same bytes counted once. */
  keptBytes(): Promise<number>;
}
