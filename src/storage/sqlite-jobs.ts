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
  return new SqliteJobs(database);
}

class SqliteJobs implements JobStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  insert(job: Job, keyTtlMs: number) {
    return this.#database.write(() => {
      const { key, requester, createdAt } = job;
      if (key !== null) {
        const [earlier] = this.#jobsWhere("requester = ? AND key = ?", requester.id, key);
        if (earlier && earlier.createdAt > createdAt - keyTtlMs) {
          return { job: earlier, created: false };
        }
        if (earlier) this.#run("UPDATE jobs SET key = NULL WHERE code = ?", earlier.code);
      }
      this.#insertRow(job);
      return { job, created: true };
    });
  }

  update(code: string, changes: JobChanges) {
    return this.#database.write(() => {
      const row = toColumns(changes);
      const names = Object.keys(row);
      if (names.length === 0) return;
      const assignments = names.map((name) => `${name} = ?`).join(", ");
      this.#run(`UPDATE jobs SET ${assignments} WHERE code = ?`, ...Object.values(row), code);
    });
  }

  addPicture(code: string, picture: Picture) {
    return this.#database.write(() => {
      const { id, number, hash, link, format, width, height, bytes, seed } = picture;
      const values = [id, number, hash, JSON.stringify(link), format, width, height, bytes, seed];
      this.#run(
        `INSERT INTO pictures (id, number, hash, link, format, width, height, bytes, seed, job, created_at)
         SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, code, ? FROM jobs WHERE code = ?
         ON CONFLICT (job, number) DO NOTHING`,
        ...values,
        Date.now(),
        code,
      );
    });
  }

  async find(code: string) {
    return this.#jobsWhere("code = ?", code)[0];
  }

  async findByKey(requester: string, key: string, newerThan: number) {
    const clause = "requester = ? AND key = ? AND created_at > ?";
    return this.#jobsWhere(clause, requester, key, newerThan)[0];
  }

  async findTwins(fingerprint: string, newerThan: number) {
    const clause = "fingerprint = ? AND created_at > ? ORDER BY created_at";
    return this.#jobsWhere(clause, fingerprint, newerThan);
  }

  async findPicture(id: string) {
    const [row] = this.#all("SELECT * FROM pictures WHERE id = ?", id);
    const [job] = row ? this.#jobsWhere("code = ?", String(row["job"])) : [];
    return row && job ? { picture: toPicture(row), job } : undefined;
  }

  async findByHash(hash: string, viewer?: string) {
    return this.#jobsWhere(
      `code IN (SELECT job FROM pictures WHERE hash = ?)
       AND (? IS NULL OR private = 0 OR requester = ?)
       ORDER BY created_at DESC LIMIT 1`,
      hash,
      viewer ?? null,
      viewer ?? null,
    )[0];
  }

  async unfinished() {
    return this.#jobsWhere("state IN ('queued', 'running') ORDER BY created_at");
  }

  async undelivered(door: string) {
    const clause = "door = ? AND delivery_state = 'open' AND finished_at IS NOT NULL";
    return this.#jobsWhere(`${clause} ORDER BY created_at`, door);
  }

  async history(requester: string, { limit, before, states }: HistoryPage) {
    return this.#jobsWhere(
      `requester = ? AND created_at < ? AND (? IS NULL OR state IN (SELECT value FROM json_each(?)))
       ORDER BY created_at DESC LIMIT ?`,
      requester,
      before ?? Number.MAX_SAFE_INTEGER,
      states ? 1 : null,
      JSON.stringify(states ?? []),
      limit,
    );
  }

  remove(codes: readonly string[]) {
    return this.#database.write(() => {
      const hashes = codes.flatMap((code) => this.#deletePictures(code));
      for (const code of codes) this.#run("DELETE FROM jobs WHERE code = ?", code);
      return hashes;
    });
  }

  removePictures(code: string) {
    return this.#database.write(() => this.#deletePictures(code));
  }

  async oldestPictures(limit: number) {
    const rows = this.#all(
      `WITH oldest AS (
         SELECT job FROM pictures JOIN jobs ON jobs.code = pictures.job
         WHERE hash IS NOT NULL AND jobs.state NOT IN ('queued', 'running')
         ORDER BY pictures.created_at LIMIT ?)
       SELECT job AS code, min(created_at) AS createdAt,
         json_group_array(json_object('hash', hash, 'bytes', bytes)) AS pictures
       FROM pictures WHERE job IN (SELECT job FROM oldest) AND hash IS NOT NULL
       GROUP BY job ORDER BY createdAt`,
      limit,
    );
    return rows.map((row) => ({ ...row, pictures: fromJson(row["pictures"]) }) as SweepRow);
  }

  async knownHashes(hashes: readonly string[]) {
    return new Set(hashes.filter((hash) => this.#isKnown(hash)));
  }

  async keptBytes() {
    const each = "SELECT max(bytes) AS bytes FROM pictures WHERE hash IS NOT NULL GROUP BY hash";
    return Number(
      this.#all(`SELECT coalesce(sum(bytes), 0) AS total FROM (${each})`)[0]?.["total"],
    );
  }

  #all(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#database.statement(sql).all(...values);
  }

  #run(sql: string, ...values: SQLInputValue[]): void {
    this.#database.statement(sql).run(...values);
  }

  #jobsWhere(clause: string, ...values: SQLInputValue[]): Job[] {
    const rows = this.#all(`SELECT * FROM jobs WHERE ${clause}`, ...values);
    return rows.map((row) => toJob(row, this.#picturesOf(String(row["code"]))));
  }

  #picturesOf(code: string): Picture[] {
    return this.#all("SELECT * FROM pictures WHERE job = ? ORDER BY number", code).map(toPicture);
  }

  #insertRow(job: Job): void {
    const { code, key, fingerprint, parent, createdAt, requester, request, asked } = job;
    const accepted: Accepted = { requester, request, asked };
    const row = {
      code,
      requester: requester.id,
      key,
      fingerprint,
      parent,
      created_at: createdAt,
      accepted: JSON.stringify(accepted),
      door: job.delivery.door,
      ...toColumns(job),
    };
    const names = Object.keys(row);
    const places = names.map(() => "?").join(", ");
    this.#run(`INSERT INTO jobs (${names.join(", ")}) VALUES (${places})`, ...Object.values(row));
  }

  /** Answers the hashes that no picture points to any more. */
  #deletePictures(code: string): string[] {
    const hashes = this.#picturesOf(code).flatMap(({ hash }) => (hash === null ? [] : [hash]));
    this.#run("DELETE FROM pictures WHERE job = ?", code);
    return [...new Set(hashes)].filter((hash) => !this.#isKnown(hash));
  }

  #isKnown(hash: string): boolean {
    return this.#all("SELECT 1 FROM pictures WHERE hash = ? LIMIT 1", hash).length > 0;
  }
}

function toColumns(changes: JobChanges): Record<string, SQLInputValue> {
  const row: Record<string, SQLInputValue> = {};
  for (const [name, [column, write]] of Object.entries(columns)) {
    const value = changes[name as keyof JobChanges];
    if (value !== undefined) row[column] = write(value);
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
