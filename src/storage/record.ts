import type { Brief } from "../../core/brief.ts";
import {
  type Decisions,
  type Delivery,
  type Job,
  type Picture,
  type Recipe,
  recipeOf,
  type Sent,
} from "../../core/job.ts";
import type { Begun } from "../../core/ledger.ts";
import { optional } from "../../core/optional.ts";

/** The parts of a job that have their own columns, so that they can be queried or changed alone. */
type InColumns =
  | "code"
  | "key"
  | "fingerprint"
  | "state"
  | "private"
  | "createdAt"
  | "delivery"
  | "recipe"
  | "brief";

/** The other parts of a job, without repeated texts. */
interface Packed extends Omit<Job, InColumns> {
  readonly brief: Omit<Brief, "prompt"> & { readonly prompt?: string | undefined };
  readonly decisions: PackedDecisions | null;
  readonly delivery: Omit<Delivery, "sends">;
}

interface PackedDecisions extends Omit<Decisions, "prompt" | "wording"> {
  readonly prompt?: string | undefined;
  readonly wording: Omit<Decisions["wording"], "prompt"> & { readonly prompt?: undefined };
  readonly [part: string]: unknown;
}

interface PackedBegun extends Omit<Begun, "recipe"> {
  readonly decisions: PackedDecisions;
}

/** The columns beside a job's record, except for its sends. */
export interface Columns {
  readonly code: string;
  readonly key: string | null;
  readonly fingerprint: string;
  readonly state: Job["state"];
  readonly private: boolean;
  readonly createdAt: number;
}

/** A job as the text of its record; a text that occurs several times is written once. */
export function packJob(job: Job): string {
  const { brief, recipe, delivery, requester, pictures, notices, error, parent, sent } = job;
  const { attempts, remotes, startedAt, finishedAt, uncounted } = job;
  const packed: Packed = {
    requester,
    brief: packBrief(brief),
    decisions: recipe && packDecisions(recipe, brief.prompt),
    delivery: { door: delivery.door, place: delivery.place, state: delivery.state },
    pictures,
    notices,
    error,
    parent,
    ...optional({ sent, uncounted }),
    attempts,
    remotes,
    startedAt,
    finishedAt,
  };
  return JSON.stringify(packed);
}

/** The delivery of a job that ended, as text; null where its client waited for it. */
export function packDelivery({ delivery: { state, sends } }: Job): string | null {
  return state === "direct" ? null : JSON.stringify({ state, sends });
}

/** The record that is written before a paid call, as text. */
export function packBegun({ recipe, ...rest }: Begun): string {
  return JSON.stringify({ ...rest, decisions: packDecisions(recipe) });
}

// JSON leaves out what is undefined, and copying a whole object is cheaper than taking it apart.

function packBrief(brief: Brief): Packed["brief"] {
  return brief.prompt === brief.words ? { ...brief, prompt: undefined } : brief;
}

/** Without the parts of the brief, and without the prompt where it is `known` from there. */
function packDecisions(recipe: Recipe, known?: string): PackedDecisions {
  const { prompt, wording } = recipe;
  return {
    ...recipe,
    words: undefined,
    negative: undefined,
    model: undefined,
    quality: undefined,
    seed: undefined,
    prompt: prompt === known ? undefined : prompt,
    wording: { ...wording, prompt: undefined },
  };
}

/** The same record of a job that has lost its pictures. */
export function withoutPictures(record: string): string {
  return JSON.stringify({ ...(JSON.parse(record) as Packed), pictures: [] });
}

/** The job whose record this text is. The database holds only what this file has written, so it is not checked. */
export function unpackJob(record: string, columns: Columns, begun: string | null): Job {
  const { brief: packed, decisions, delivery, ...rest } = JSON.parse(record) as Packed;
  const brief = { ...packed, prompt: packed.prompt ?? packed.words } as Brief;
  const start = begun === null ? undefined : (JSON.parse(begun) as PackedBegun);
  const decided = start?.decisions ?? decisions;
  return {
    ...rest,
    ...(start && { attempts: start.attempts, startedAt: start.startedAt, notices: start.notices }),
    ...columns,
    brief,
    recipe: decided && recipeOf(brief, unpackDecisions(decided, brief)),
    delivery: { ...delivery, sends: {} },
  };
}

/** Where a job may be, in the order in which its rows are locked. */
export const tables = ["ledger", "archive"] as const;

/** What a row of the view `jobs` holds beside the columns of the job, as texts: it is newer than the record. */
export interface JobTexts {
  readonly record: string;
  readonly begun: string | null;
  readonly pictures: string | null;
  readonly remotes: string | null;
  readonly delivery: string | null;
  readonly sends: string | null;
}

/** The job of a row of the view `jobs`. */
export function unpackRow(columns: Columns, texts: JobTexts): Job {
  const { record, begun, pictures, remotes, delivery, sends } = texts;
  const job = unpackJob(record, columns, begun);
  return {
    ...job,
    ...(pictures && { pictures: byNumber(JSON.parse(pictures) as Picture[]) }),
    ...(remotes && { remotes: JSON.parse(remotes) as Job["remotes"] }),
    delivery: {
      ...job.delivery,
      ...(delivery && (JSON.parse(delivery) as Delivery)),
      ...(sends && { sends: JSON.parse(sends) as Delivery["sends"] }),
    },
  };
}

/** Selects the bytes of each file of a picture that was made or sent, in either database. */
export const eachFileOnce = `SELECT max(bytes) AS bytes FROM pictures WHERE hash IS NOT NULL GROUP BY hash
  UNION ALL SELECT max(bytes) FROM sources
    WHERE NOT EXISTS (SELECT 1 FROM pictures WHERE pictures.hash = sources.hash) GROUP BY hash`;

/** What a job keeps: its pictures, and what was sent to it. */
export function filesOf({ pictures, sent = [] }: Pick<Job, "pictures" | "sent">): Sent[] {
  const made = pictures.flatMap(({ hash, bytes }) => (hash ? [{ hash, bytes }] : []));
  return [...made, ...sent.map(({ hash, bytes }) => ({ hash, bytes }))];
}

function byNumber(pictures: readonly Picture[]): Picture[] {
  return pictures.toSorted((a, b) => a.number - b.number);
}

function unpackDecisions(packed: PackedDecisions, brief: Brief): Decisions {
  const prompt = packed.prompt ?? brief.prompt;
  return { ...packed, prompt, wording: { ...packed.wording, prompt } };
}
