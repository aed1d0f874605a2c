import type { Archive, HistoryPage, PictureIndex, SweepRow } from "../../core/archive.ts";
import type { Job } from "../../core/job.ts";
import {
  fromColumn,
  goneAfter,
  type Postgres,
  type Queries,
  type SqlValue,
  toColumn,
} from "./postgres.ts";
import {
  type Columns,
  eachFileOnce,
  filesOf,
  type JobTexts,
  tables,
  unpackRow,
  withoutPictures,
} from "./record.ts";
import type { PlatformFiles } from "../../core/platform-files.ts";
import type { KeptPreset, Overview, Person } from "../http/context.ts";

/** The archive in Postgres; it finds unfinished jobs, too. */
export function postgresArchive(database: Postgres): Archive {
  return {
    find: async (code) => (await jobsWhere(database, "code = $1", code))[0],

    async findByKey(requester, key, newerThan) {
      const clause = "requester = $1 AND key = $2 AND created_at > $3";
      const [job] = await jobsWhere(
        database,
        clause,
        toColumn(requester),
        toColumn(key),
        newerThan,
      );
      return job;
    },

    async sameRequests(fingerprint, endedAfter) {
      const ended = "SELECT code FROM archive WHERE fingerprint = $1 AND finished_at > $2";
      const open = "SELECT code FROM ledger WHERE NOT settled AND fingerprint = $1";
      const clause = `code IN (${ended} UNION ALL ${open}) ORDER BY created_at`;
      return jobsWhere(database, clause, fingerprint, endedAfter);
    },

    async history(requester, page) {
      const { clauses, values } = narrowing(page);
      const clause = [`requester = $1`, ...clauses].join(" AND ");
      const ordered = `${clause} ORDER BY created_at DESC, code COLLATE "C" DESC LIMIT $2`;
      return jobsWhere(database, ordered, toColumn(requester), page.limit, ...values);
    },

    publish: (code) =>
      database.transaction(async (tx) => {
        for (const table of tables) {
          await tx.run(`UPDATE ${table} SET private = false WHERE code = $1`, code);
        }
      }),

    forget: (codes) =>
      database.transaction(async (tx) => {
        const hashes: string[] = [];
        for (const code of codes) hashes.push(...(await removePictures(tx, code)));
        for (const table of tables) {
          await tx.run(`DELETE FROM ${table} WHERE code = ANY($1)`, codes);
        }
        return unused(tx, hashes);
      }),
  };
}

/** What a page of a history adds to the clause of all of it; its values begin with the third. */
function narrowing(page: HistoryPage) {
  const { before, after, states, pictured, favorite, words, model } = page;
  const clauses: string[] = [];
  const values: SqlValue[] = [];
  const where = (clause: string, ...given: readonly SqlValue[]) => {
    const first = values.length + 3;
    clauses.push(clause.replace(/\?(\d)/g, (_, nth: string) => `$${first + Number(nth)}`));
    values.push(...given);
  };
  if (before !== undefined) where("created_at < ?0", before);
  if (after) where('(created_at, code COLLATE "C") < (?0, ?1)', after.createdAt, after.code);
  if (states) where("state = ANY(?0)", states);
  if (pictured) where("code IN (SELECT code FROM archive)");
  if (pictured) where("EXISTS (SELECT 1 FROM pictures WHERE job = jobs.code)");
  if (favorite) where("code IN (SELECT job FROM pictures WHERE favorite)");
  if (model !== undefined) where("model = ?0", toColumn(model));
  if (words !== undefined) where("strpos(said, ?0) > 0", searchable(words));
  return { clauses, values };
}

/** A text as it is searched in: without capitals of ASCII, and without what Postgres refuses. */
export function searchable(text: string): string {
  const small = text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  return small.replaceAll("\u0000", "\u2400").toWellFormed();
}

/** The index of pictures in Postgres. */
export function postgresPictures(database: Postgres): PictureIndex {
  return {
    async find(id) {
      const clause = "code = (SELECT job FROM pictures WHERE id = $1)";
      const [job] = await jobsWhere(database, clause, id);
      const picture = job?.pictures.find((one) => one.id === id);
      return job && picture ? { picture, job } : undefined;
    },

    async findByHash(hash, viewer) {
      const clause = `code IN (SELECT job FROM pictures WHERE hash = $1)
        AND ($2::TEXT IS NULL OR NOT private OR requester = $2)
        ORDER BY created_at DESC LIMIT 1`;
      const who = viewer === undefined ? null : toColumn(viewer);
      return (await jobsWhere(database, clause, hash, who))[0];
    },

    remove: (code) =>
      database.transaction(async (tx) => unused(tx, await removePictures(tx, code))),

    oldest: (limit) => oldestOf(database, limit),
    known: (hashes) => knownOf(database, hashes),

    async favor(id, favorite) {
      await database.run("UPDATE pictures SET favorite = $1 WHERE id = $2", favorite, id);
    },

    async favorites(codes) {
      const sql = "SELECT id FROM pictures WHERE favorite AND job = ANY($1)";
      const rows = await database.all<{ id: string }>(sql, codes);
      return new Set(rows.map(({ id }) => id));
    },

    async keptBytes() {
      const sql = `SELECT coalesce(sum(bytes), 0)::BIGINT AS total FROM (${eachFileOnce}) AS files`;
      const [row] = await database.all<{ total: number }>(sql);
      return row?.total ?? 0;
    },
  };
}

/** A row of the view `jobs`, as far as a job is made of it. */
export interface JobRow extends Omit<Columns, "createdAt">, JobTexts {
  readonly created_at: number;
}

/** Jobs by a clause over the columns of the view `jobs`, which joins both tables. */
export async function jobsWhere(
  queries: Queries,
  clause: string,
  ...values: readonly SqlValue[]
): Promise<Job[]> {
  const rows = await queries.all<JobRow>(`SELECT ${columns} FROM jobs WHERE ${clause}`, ...values);
  return rows.map(toJob);
}

/** What a job is made of. A prepared statement breaks where the columns of `*` change, so each is named. */
const columns = `code, key, fingerprint, state, private, created_at,
  record, begun, pictures, remotes, delivery, sends`;

/** The job of a row of the view `jobs`. */
export function toJob(row: JobRow): Job {
  const { code, fingerprint, state, created_at: createdAt } = row;
  const key = row.key === null ? null : fromColumn(row.key);
  return unpackRow({ code, key, fingerprint, state, private: row.private, createdAt }, row);
}

async function knownOf(queries: Queries, hashes: readonly string[]): Promise<ReadonlySet<string>> {
  const sql = `SELECT hash FROM pictures WHERE hash = ANY($1)
    UNION SELECT hash FROM sources WHERE hash = ANY($1)
    UNION SELECT hash FROM unnest($1::text[]) AS hash
      WHERE EXISTS (SELECT 1 FROM presets WHERE position('"' || hash || '"' IN values_json) > 0)`;
  const rows = await queries.all<{ hash: string }>(sql, hashes);
  return new Set(rows.map(({ hash }) => hash));
}

async function unused(tx: Queries, hashes: readonly string[]): Promise<string[]> {
  const known = await knownOf(tx, hashes);
  return [...new Set(hashes)].filter((hash) => !known.has(hash));
}

/** Answers the hashes of what it removed, though others may use them. Holds the job's rows until the transaction ends. */
async function removePictures(tx: Queries, code: string): Promise<string[]> {
  for (const table of tables) {
    await tx.run(`SELECT 1 FROM ${table} WHERE code = $1 FOR UPDATE`, code);
  }
  const [job] = await jobsWhere(tx, "code = $1", code);
  // Without what was sent, a job cannot be made again.
  const sources = "DELETE FROM sources WHERE job = $1 RETURNING hash";
  const sent = (await tx.all<{ hash: string }>(sources, code)).map(({ hash }) => hash);
  if (!job || job.pictures.length === 0) return sent;
  await tx.run("DELETE FROM pictures WHERE job = $1", code);
  await tx.run("UPDATE ledger SET pictures = '[]' WHERE code = $1", code);
  const [kept] = await tx.all<Pick<JobRow, "record">>(
    "SELECT record FROM archive WHERE code = $1",
    code,
  );
  const record = kept && withoutPictures(kept.record);
  if (record) await tx.run("UPDATE archive SET record = $1 WHERE code = $2", record, code);
  return [...sent, ...job.pictures.flatMap(({ hash }) => hash ?? [])];
}

async function oldestOf(queries: Queries, limit: number): Promise<readonly SweepRow[]> {
  const finished = (table: string) =>
    `NOT EXISTS (SELECT 1 FROM ledger WHERE code = ${table}.job AND NOT settled)`;
  const sql = `SELECT job, created_at FROM pictures WHERE hash IS NOT NULL AND ${finished("pictures")}
    UNION ALL SELECT job, created_at FROM sources WHERE ${finished("sources")}
    ORDER BY created_at LIMIT $1`;
  const since = new Map<string, number>();
  for (const row of await queries.all<{ job: string; created_at: number }>(sql, limit)) {
    if (!since.has(row.job)) since.set(row.job, row.created_at);
  }
  const jobs = await jobsWhere(queries, "code = ANY($1)", [...since.keys()]);
  const byCode = new Map(jobs.map((job) => [job.code, job]));
  return [...since].map(([code, createdAt]) => {
    const job = byCode.get(code);
    return { code, createdAt, pictures: job ? filesOf(job) : [] };
  });
}

/** References to files at chat platforms in Postgres. */
export function postgresPlatformFiles(database: Queries): PlatformFiles {
  return {
    async find(picture, use) {
      const sql = "SELECT reference FROM platform_files WHERE picture = $1 AND use = $2";
      const [row] = await database.all<{ reference: string }>(sql, picture, use);
      return row && fromColumn(row.reference);
    },

    async keep(picture, use, reference) {
      // Locked, so that the picture does not go in between.
      const sql = `INSERT INTO platform_files (picture, use, reference)
        SELECT id, $1, $2 FROM pictures WHERE id = $3 FOR KEY SHARE
        ON CONFLICT (picture, use) DO UPDATE SET reference = excluded.reference`;
      await database.run(sql, use, toColumn(reference), picture);
    },
  };
}

/** How many failures and people are shown. */
const most = 50;

/** Everything that is under way and was made, of everybody; `freeBytes` is the room for pictures, null without limit. */
export async function overviewIn(database: Postgres, freeBytes: number | null): Promise<Overview> {
  const promised = "SELECT code FROM ledger WHERE NOT settled ORDER BY created_at LIMIT 500";
  const failures = `SELECT code FROM archive WHERE state = 'failed'
    ORDER BY finished_at DESC LIMIT ${most}`;
  const keptBytes = await postgresPictures(database).keptBytes();
  return {
    open: await jobsWhere(database, `code IN (${promised}) ORDER BY created_at`),
    failed: await jobsWhere(database, `code IN (${failures}) ORDER BY created_at DESC`),
    people: await peopleIn(database),
    presets: await presetsIn(database),
    storage: { keptBytes, freeBytes },
    processes: await processesIn(database),
  };
}

/** Those that live; the one that asks does. */
async function processesIn(database: Postgres): Promise<number> {
  const sql = `SELECT count(*) AS alive FROM processes
    WHERE seen_at > now() - interval '${goneAfter}'`;
  const [row] = await database.all<{ alive: number }>(sql);
  return Math.max(1, row?.alive ?? 1);
}

async function presetsIn(database: Postgres): Promise<readonly KeptPreset[]> {
  const sql = `SELECT scope, name FROM presets ORDER BY scope COLLATE "C", name COLLATE "C" LIMIT 500`;
  const rows = await database.all<KeptPreset>(sql);
  return rows.map(({ scope, name }) => ({ scope: fromColumn(scope), name: fromColumn(name) }));
}

async function peopleIn(database: Postgres): Promise<readonly Person[]> {
  const sql = `SELECT requester AS id, count(*) AS jobs, max(created_at) AS "lastAt" FROM jobs
    GROUP BY requester ORDER BY "lastAt" DESC LIMIT ${most}`;
  const rows = await database.all<Person>(sql);
  return rows.map((row) => ({ ...row, id: fromColumn(row.id) }));
}
