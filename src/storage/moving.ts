import { z } from "zod";
import type { Archive, PictureIndex } from "../../core/archive.ts";
import type { ImageStore } from "../../core/images.ts";
import type { Job, Picture, Sent } from "../../core/job.ts";
import { keyTtlMs, type Ledger } from "../../core/ledger.ts";
import type { LinkStore } from "../../core/people.ts";
import { presetSchema, type PresetStore } from "../../core/presets.ts";
import { settingsSchema, type SettingsStore } from "../../core/settings.ts";
import type { Database } from "./database.ts";
import { jobsWhere } from "./sqlite-archive.ts";

// What moves from one Drawbridge to another: a line of JSON for each thing. Pictures are fetched by their links.

const batch = 100;

/** Everything that is finished, kept and set, as lines of JSON. */
export function* linesOf(database: Database): Generator<string, void> {
  const rowsOf = (sql: string, ...values: number[]) => database.statement(sql).all(...values);
  const page = `SELECT rowid AS at, code FROM archive WHERE rowid > ? ORDER BY rowid LIMIT ${batch}`;
  for (let rows = rowsOf(page, 0); rows.length > 0; rows = rowsOf(page, lastOf(rows))) {
    for (const { code } of rows) {
      const [job] = jobsWhere(database, "code = ?", String(code));
      if (job) yield lineOf({ job });
    }
  }
  for (const { id } of rowsOf("SELECT id FROM pictures WHERE favorite = 1")) {
    yield lineOf({ favorite: id });
  }
  for (const { scope, values_json } of rowsOf("SELECT scope, values_json FROM settings")) {
    yield lineOf({ scope, settings: JSON.parse(String(values_json)) as unknown });
  }
  for (const { scope, values_json } of rowsOf("SELECT scope, values_json FROM presets")) {
    yield lineOf({ scope, preset: JSON.parse(String(values_json)) as unknown });
  }
  // What ends is an invitation, which is not taken along.
  for (const link of rowsOf("SELECT account, person FROM links WHERE ends_at IS NULL")) {
    yield lineOf({ link });
  }
}

function lastOf(rows: readonly Record<string, unknown>[]): number {
  return Number(rows.at(-1)?.["at"]);
}

function lineOf(thing: object): string {
  return `${JSON.stringify(thing)}\n`;
}

// === Arriving

/** Where things arrive. */
export interface Destination {
  readonly ledger: Ledger;
  readonly archive: Archive;
  readonly pictures: PictureIndex;
  readonly images: ImageStore;
  readonly settings: SettingsStore;
  readonly presets: PresetStore;
  readonly links: LinkStore;
  /** The bytes of a picture at the place that it comes from; undefined where it is there no more. */
  readonly fetchPicture: (picture: Picture) => Promise<Uint8Array | undefined>;
  /** The same of what was sent to be edited. */
  readonly fetchSent: (hash: string) => Promise<Uint8Array | undefined>;
}

const job = z
  .looseObject({
    code: z.string(),
    state: z.enum(["done", "failed", "cancelled"]),
    finishedAt: z.number(),
    pictures: z.array(z.looseObject({ id: z.string(), format: z.string() })),
    sent: z.array(z.object({ hash: z.string(), bytes: z.number() })).optional(),
  })
  .transform((value) => value as unknown as Job);

const line = z.union([
  z.object({ job }),
  z.object({ favorite: z.string() }),
  z.object({ scope: z.string(), settings: settingsSchema }),
  z.object({ scope: z.string(), preset: presetSchema }),
  z.object({ link: z.object({ account: z.string(), person: z.string() }) }),
]);

/** What became of a line. */
export type Arrival = "job" | "known" | "other";

/** Takes in one line; what is there already stays as it is. Throws for what is no such line. */
export async function takeIn(text: string, to: Destination): Promise<Arrival> {
  const thing = line.parse(JSON.parse(text));
  if ("job" in thing) return takeInJob(thing.job, to);
  if ("favorite" in thing) await to.pictures.favor(thing.favorite, true);
  else if ("settings" in thing) await to.settings.set(thing.scope, thing.settings);
  else if ("link" in thing) await takeInLink(thing.link, to);
  else await to.presets.put(thing.scope, thing.preset, Number.MAX_SAFE_INTEGER);
  return "other";
}

async function takeInLink(
  { account, person }: { readonly account: string; readonly person: string },
  { links }: Destination,
): Promise<void> {
  if ((await links.find(account, 0)) === undefined) await links.link(account, person);
}

async function takeInJob(arrived: Job, to: Destination): Promise<Arrival> {
  if (await to.archive.find(arrived.code)) return "known";
  const { sent: all = [], ...rest } = arrived;
  const sent = await keptOf(all, to);
  const made: Job = { ...rest, ...(sent.length > 0 && { sent }) };
  const pictures: Picture[] = [];
  for (const picture of made.pictures) {
    const bytes = picture.hash === null ? undefined : await to.fetchPicture(picture);
    // One that was swept meanwhile stays known, and is not to be had.
    pictures.push(bytes ? { ...picture, hash: await to.images.put(bytes) } : picture);
  }
  await to.ledger.accept(
    { ...made, state: "queued", finishedAt: null, pictures: [] },
    [],
    keyTtlMs,
  );
  await to.ledger.settle({ ...made, pictures });
  return "job";
}

/** Keeps what was sent to a job; what was swept meanwhile is missing. */
async function keptOf(sent: readonly Sent[], to: Destination): Promise<Sent[]> {
  const kept: Sent[] = [];
  for (const one of sent) {
    const bytes = await to.fetchSent(one.hash);
    if (bytes && (await to.images.put(bytes)) === one.hash) kept.push(one);
  }
  return kept;
}
