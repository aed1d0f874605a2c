import type { Archive, HistoryPage, PictureIndex, SweepRow } from "../../core/archive.ts";
import type { Delivery, Job, Picture } from "../../core/job.ts";
import { fromColumn, type Postgres, type Queries, type SqlValue, toColumn } from "./postgres.ts";
import { type Columns, unpackJob, withoutPictures } from "./record.ts";

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

    async history(requester, { limit, before, states }: HistoryPage) {
      const clause = `requester = $1 AND created_at < $2 AND ($3::TEXT[] IS NULL OR state = ANY($3))
        ORDER BY created_at DESC LIMIT $4`;
      const until = before ?? Number.MAX_SAFE_INTEGER;
      return jobsWhere(database, clause, toColumn(requester), until, states ?? null, limit);
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

    async keptBytes() {
      const each = "SELECT max(bytes) AS bytes FROM pictures WHERE hash IS NOT NULL GROUP BY hash";
      const sql = `SELECT coalesce(sum(bytes), 0)::BIGINT AS total FROM (${each}) AS each_once`;
      const [row] = await database.all<{ total: number }>(sql);
      return row?.total ?? 0;
    },
  };
}

/** Where a job may be, in the order in which their rows are locked. */
export const tables = ["ledger", "archive"] as const;

interface Row {
  readonly code: string;
  readonly key: string | null;
  readonly fingerprint: string;
  readonly state: Columns["state"];
  readonly private: boolean;
  readonly created_at: number;
  readonly record: string;
  readonly begun: string | null;
  readonly pictures: string | null;
  readonly remotes: string | null;
  readonly delivery: string | null;
  readonly sends: string | null;
}

/** Jobs by a clause over the columns of the view `jobs`, which joins both tables. */
export async function jobsWhere(
  queries: Queries,
  clause: string,
  ...values: readonly SqlValue[]
): Promise<Job[]> {
  const rows = await queries.all<Row>(`SELECT * FROM jobs WHERE ${clause}`, ...values);
  return rows.map(toJob);
}

/** The database holds only what this program has written, so its JSON is not checked. */
function toJob(row: Row): Job {
  const { code, fingerprint, state, created_at: createdAt, record, begun } = row;
  const key = row.key === null ? null : fromColumn(row.key);
  const columns = { code, key, fingerprint, state, private: row.private, createdAt };
  const job = unpackJob(record, columns, begun);
  return {
    ...job,
    ...(row.pictures && { pictures: byNumber(JSON.parse(row.pictures) as Picture[]) }),
    ...(row.remotes && { remotes: JSON.parse(row.remotes) as Job["remotes"] }),
    delivery: {
      ...job.delivery,
      ...(row.delivery && (JSON.parse(row.delivery) as Delivery)),
      ...(row.sends && { sends: JSON.parse(row.sends) as Delivery["sends"] }),
    },
  };
}

function byNumber(pictures: readonly Picture[]): Picture[] {
  return pictures.toSorted((a, b) => a.number - b.number);
}

async function knownOf(queries: Queries, hashes: readonly string[]): Promise<ReadonlySet<string>> {
  const sql = "SELECT DISTINCT hash FROM pictures WHERE hash = ANY($1)";
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
  if (!job || job.pictures.length === 0) return [];
  await tx.run("DELETE FROM pictures WHERE job = $1", code);
  await tx.run("UPDATE ledger SET pictures = '[]' WHERE code = $1", code);
  const [kept] = await tx.all<Row>("SELECT record FROM archive WHERE code = $1", code);
  const record = kept && withoutPictures(kept.record);
  if (record) await tx.run("UPDATE archive SET record = $1 WHERE code = $2", record, code);
  return job.pictures.flatMap(({ hash }) => hash ?? []);
}

async function oldestOf(queries: Queries, limit: number): Promise<readonly SweepRow[]> {
  const sql = `SELECT job, created_at FROM pictures
    WHERE hash IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM ledger WHERE code = pictures.job AND NOT settled)
    ORDER BY created_at LIMIT $1`;
  const since = new Map<string, number>();
  for (const row of await queries.all<{ job: string; created_at: number }>(sql, limit)) {
    if (!since.has(row.job)) since.set(row.job, row.created_at);
  }
  const jobs = await jobsWhere(queries, "code = ANY($1)", [...since.keys()]);
  const byCode = new Map(jobs.map((job) => [job.code, job]));
  return [...since].map(([code, createdAt]) => {
    const pictures = (byCode.get(code)?.pictures ?? []).flatMap(({ hash, bytes }) =>
      hash ? [{ hash, bytes }] : [],
    );
    return { code, createdAt, pictures };
  });
}
