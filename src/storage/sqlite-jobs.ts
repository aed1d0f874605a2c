import type { SQLInputValue } from "node:sqlite";
import type { HistoryPage, Job, JobChanges, JobStore, Picture, SweepRow } from "../../core/job.ts";
import type { Database } from "./sqlite.ts";

type Row = Record<string, unknown>;

/** The parts of a job that never change, kept as one JSON text. */
type Accepted = Pick<Job, "requester" | "request" | "asked">;

/** How each part that may change is written: its column and its form there. */
const columns = {
  state: ["state", (value: Job["state"]) => value],
  recipe: ["recipe", JSON.stringify],
  notices: ["notices", JSON.stringify],
  error: ["error", JSON.stringify],
  delivery: ["delivery", JSON.stringify],
  attempts: ["attempts", (value: number) => value],
  startedAt: ["started_at", (value: number | null) => value],
  finishedAt: ["finished_at", (value: number | null) => value],
  private: ["private", Number],
} as const satisfies Record<keyof JobChanges, readonly [string, (value: never) => unknown]>;

/** Jobs in the embedded database. */
export function sqliteJobs(database: Database): JobStore {
  const all = (sql: string, ...values: SQLInputValue[]) =>
    database.statement(sql).all(...values) as Row[];
  const run = (sql: string, ...values: SQLInputValue[]) => database.statement(sql).run(...values);

  function jobsWhere(clause: string, ...values: SQLInputValue[]): Job[] {
    const rows = all(`SELECT * FROM jobs WHERE ${clause}`, ...values);
    return rows.map((row) => toJob(row, picturesOf(String(row["code"]))));
  }

  function picturesOf(code: string): Picture[] {
    return all("SELECT * FROM pictures WHERE job = ? ORDER BY number", code).map(toPicture);
  }

  function insertRow(job: Job): void {
    const { code, key, fingerprint, parent, createdAt, requester, request, asked } = job;
    const accepted: Accepted = { requester, request, asked };
    const fixed = {
      code,
      requester: requester.id,
      key,
      fingerprint,
      parent,
      created_at: createdAt,
      accepted: JSON.stringify(accepted),
      door: job.delivery.door,
    };
    const row = { ...fixed, ...toColumns(job) };
    const names = Object.keys(row);
    const sql = `INSERT INTO jobs (${names.join(", ")}) VALUES (${names.map(() => "?").join(", ")})`;
    run(sql, ...Object.values(row));
  }

  /** Deletes by the clause and answers the hashes that no picture points to any more. */
  function deletePictures(clause: string, code: string): string[] {
    const hashes = all(
      `SELECT DISTINCT hash FROM pictures WHERE hash IS NOT NULL AND ${clause}`,
      code,
    );
    run(`DELETE FROM pictures WHERE ${clause}`, code);
    return hashes.map(({ hash }) => String(hash)).filter((hash) => !isKnown(hash));
  }

  function isKnown(hash: string): boolean {
    return all("SELECT 1 FROM pictures WHERE hash = ? LIMIT 1", hash).length > 0;
  }

  return {
    insert: (job, keyTtlMs) =>
      database.write(() => {
        const { key, requester, createdAt } = job;
        if (key !== null) {
          const [earlier] = jobsWhere("requester = ? AND key = ?", requester.id, key);
          if (earlier && earlier.createdAt > createdAt - keyTtlMs) {
            return { job: earlier, created: false };
          }
          if (earlier) run("UPDATE jobs SET key = NULL WHERE code = ?", earlier.code);
        }
        insertRow(job);
        return { job, created: true };
      }),

    update: (code, changes) =>
      database.write(() => {
        const row = toColumns(changes);
        const names = Object.keys(row);
        if (names.length === 0) return;
        const assignments = names.map((name) => `${name} = ?`).join(", ");
        run(`UPDATE jobs SET ${assignments} WHERE code = ?`, ...Object.values(row), code);
      }),

    addPicture: (code, picture) =>
      database.write(() => {
        const { id, number, hash, link, format, width, height, bytes, seed } = picture;
        const values = [id, number, hash, JSON.stringify(link), format, width, height, bytes, seed];
        run(
          `INSERT INTO pictures (id, number, hash, link, format, width, height, bytes, seed, job, created_at)
           SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, code, ? FROM jobs WHERE code = ?
           ON CONFLICT (job, number) DO NOTHING`,
          ...values,
          Date.now(),
          code,
        );
      }),

    find: async (code) => jobsWhere("code = ?", code)[0],

    findByKey: async (requester, key, newerThan) =>
      jobsWhere("requester = ? AND key = ? AND created_at > ?", requester, key, newerThan)[0],

    findTwins: async (fingerprint, newerThan) =>
      jobsWhere("fingerprint = ? AND created_at > ? ORDER BY created_at", fingerprint, newerThan),

    async findPicture(id) {
      const [row] = all("SELECT * FROM pictures WHERE id = ?", id);
      const [job] = row ? jobsWhere("code = ?", String(row["job"])) : [];
      return row && job ? { picture: toPicture(row), job } : undefined;
    },

    findByHash: async (hash) =>
      jobsWhere(
        "code IN (SELECT job FROM pictures WHERE hash = ?) ORDER BY created_at DESC LIMIT 1",
        hash,
      )[0],

    unfinished: async () => jobsWhere("state IN ('queued', 'running') ORDER BY created_at"),

    undelivered: async (door) =>
      jobsWhere(
        "door = ? AND delivery_state = 'open' AND finished_at IS NOT NULL ORDER BY created_at",
        door,
      ),

    history: async (requester, { limit, before, states }: HistoryPage) =>
      jobsWhere(
        `requester = ? AND created_at < ? AND (? IS NULL OR state IN (SELECT value FROM json_each(?)))
         ORDER BY created_at DESC LIMIT ?`,
        requester,
        before ?? Number.MAX_SAFE_INTEGER,
        states ? 1 : null,
        JSON.stringify(states ?? []),
        limit,
      ),

    remove: (codes) =>
      database.write(() => {
        const hashes = codes.flatMap((code) => deletePictures("job = ?", code));
        for (const code of codes) run("DELETE FROM jobs WHERE code = ?", code);
        return hashes;
      }),

    removePictures: (code) => database.write(() => deletePictures("job = ?", code)),

    oldestPictures: async (limit) =>
      all(
        `SELECT job AS code, min(pictures.created_at) AS createdAt, sum(bytes) AS bytes,
           json_group_array(hash) AS hashes
         FROM pictures JOIN jobs ON jobs.code = pictures.job
         WHERE hash IS NOT NULL AND jobs.state NOT IN ('queued', 'running')
         GROUP BY job ORDER BY createdAt LIMIT ?`,
        limit,
      ).map((row) => ({ ...row, hashes: fromJson(row["hashes"]) }) as SweepRow),

    knownHashes: async (hashes) => new Set(hashes.filter(isKnown)),

    async keptBytes() {
      const sql =
        "SELECT coalesce(sum(bytes), 0) AS total FROM (SELECT max(bytes) AS bytes FROM pictures WHERE hash IS NOT NULL GROUP BY hash)";
      return Number(all(sql)[0]?.["total"]);
    },
  };
}

function toColumns(changes: JobChanges): Record<string, SQLInputValue> {
  const row: Record<string, SQLInputValue> = {};
  for (const [name, [column, write]] of Object.entries(columns)) {
    const value = changes[name as keyof JobChanges];
    if (value !== undefined) row[column] = write(value as never) as SQLInputValue;
  }
  if (changes.delivery) row["delivery_state"] = changes.delivery.state;
  return row;
}

/** The database holds only what this file has written, so its JSON is taken at its word. */
function fromJson(text: unknown): unknown {
  return typeof text === "string" ? JSON.parse(text) : null;
}

function toJob(row: Row, pictures: Picture[]): Job {
  return {
    ...(fromJson(row["accepted"]) as Accepted),
    code: row["code"],
    key: row["key"],
    fingerprint: row["fingerprint"],
    parent: row["parent"],
    state: row["state"],
    recipe: fromJson(row["recipe"]),
    notices: fromJson(row["notices"]),
    error: fromJson(row["error"]),
    delivery: fromJson(row["delivery"]),
    private: row["private"] === 1,
    attempts: row["attempts"],
    createdAt: row["created_at"],
    startedAt: row["started_at"],
    finishedAt: row["finished_at"],
    pictures,
  } as Job;
}

function toPicture(row: Row): Picture {
  const { id, number, hash, format, width, height, bytes, seed } = row;
  const link = fromJson(row["link"]);
  return { id, number, hash, link, format, width, height, bytes, seed } as Picture;
}
