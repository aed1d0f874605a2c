import type { Archive, HistoryPage, PictureIndex, SweepRow } from "../../core/archive.ts";
import type { Job } from "../../core/job.ts";
import { type Columns, eachFileOnce, filesOf, type JobTexts, tables, unpackRow } from "./record.ts";
import type { Database, SqlValue } from "./database.ts";
import type { PlatformFiles } from "../../core/platform-files.ts";
import type { KeptPreset, Person } from "../http/context.ts";

/** The archive in the embedded database; it finds unfinished jobs, too. */
export function sqliteArchive(database: Database): Archive {
  return {
    find: async (code) => jobsWhere(database, "code = ?", code)[0],

    async findByKey(requester, key, newerThan) {
      const clause = "requester = ? AND key = ? AND created_at > ?";
      return jobsWhere(database, clause, requester, key, newerThan)[0];
    },

    async sameRequests(fingerprint, endedAfter) {
      const ended = "SELECT code FROM archive WHERE finished_at > ? AND fingerprint = ?";
      const open = "SELECT code FROM ledger WHERE settled = 0 AND fingerprint = ?";
      const clause = `code IN (${ended} UNION ALL ${open}) ORDER BY created_at`;
      return jobsWhere(database, clause, endedAfter, fingerprint, fingerprint);
    },

    async history(requester, page) {
      const { clauses, values } = narrowing(page);
      return jobsWhere(
        database,
        `${["requester = ?", ...clauses].join(" AND ")} ORDER BY created_at DESC, code DESC LIMIT ?`,
        requester,
        ...values,
        page.limit,
      );
    },

    publish: (code) =>
      database.write(() => {
        for (const table of tables) {
          database.run(`UPDATE ${table} SET private = 0 WHERE code = ?`, [code]);
        }
      }),

    forget: (codes) =>
      database.write(() => {
        const hashes = codes.flatMap((code) => removePictures(database, code));
        for (const code of codes) {
          for (const table of tables) database.run(`DELETE FROM ${table} WHERE code = ?`, [code]);
        }
        return hashes;
      }),
  };
}

/** What a page of a history adds to the clause of all of it. */
function narrowing(page: HistoryPage) {
  const { before, after, states, pictured, favorite, words, model } = page;
  const parts: [clause: string, ...values: SqlValue[]][] = [];
  if (before !== undefined) parts.push(["created_at < ?", before]);
  if (after) parts.push(["(created_at, code) < (?, ?)", after.createdAt, after.code]);
  if (states) parts.push(["state IN (SELECT value FROM json_each(?))", JSON.stringify(states)]);
  // Unfinished jobs are few, and never in the archive.
  const isOpen = states?.every((state) => state === "queued" || state === "running");
  if (isOpen) parts.push(["code IN (SELECT code FROM ledger)"]);
  if (pictured) {
    parts.push(["code IN (SELECT code FROM archive)"], ["record ->> '$.pictures[0].id' NOTNULL"]);
  }
  if (favorite) parts.push(["code IN (SELECT job FROM pictures WHERE favorite = 1)"]);
  if (model !== undefined) parts.push(["record ->> '$.brief.model' = ?", model]);
  if (words !== undefined) parts.push([holdsWords, likeText(words), likeText(words)]);
  return {
    clauses: parts.map(([clause]) => clause),
    values: parts.flatMap(([, ...values]) => values),
  };
}

const holdsWords = `(record ->> '$.brief.words' LIKE ? ESCAPE '\\'
  OR record ->> '$.decisions.prompt' LIKE ? ESCAPE '\\')`;

function likeText(words: string): string {
  return `%${words.replace(/[\\%_]/g, "\\$&")}%`;
}

/** The index of pictures in the embedded database. */
export function sqlitePictures(database: Database): PictureIndex {
  return {
    async find(id) {
      const row = database.statement("SELECT job FROM pictures WHERE id = ?").get(id);
      const [job] = row ? jobsWhere(database, "code = ?", String(row["job"])) : [];
      const picture = job?.pictures.find((one) => one.id === id);
      return job && picture ? { picture, job } : undefined;
    },

    async findByHash(hash, viewer) {
      return jobsWhere(
        database,
        `code IN (SELECT job FROM pictures WHERE hash = ?)
         AND (? IS NULL OR private = 0 OR requester = ?)
         ORDER BY created_at DESC LIMIT 1`,
        hash,
        viewer ?? null,
        viewer ?? null,
      )[0];
    },

    remove: (code) => database.write(() => removePictures(database, code)),

    oldest: async (limit) => oldestOf(database, limit),

    known: async (hashes) => new Set(hashes.filter((hash) => isKnown(database, hash))),

    favor: (id, favorite) =>
      database.write(() => {
        database.run("UPDATE pictures SET favorite = ? WHERE id = ?", [Number(favorite), id]);
      }),

    async favorites(codes) {
      const sql = `SELECT id FROM pictures
        WHERE favorite = 1 AND job IN (SELECT value FROM json_each(?))`;
      const rows = database.statement(sql).all(JSON.stringify(codes));
      return new Set(rows.map((row) => String(row["id"])));
    },

    async keptBytes() {
      const sql = `SELECT coalesce(sum(bytes), 0) AS total FROM (${eachFileOnce})`;
      return Number(database.statement(sql).get()?.["total"]);
    },
  };
}

interface Row extends Omit<Columns, "private">, JobTexts {
  readonly private: number;
}

/** Jobs by a clause over the columns of the view `jobs`, which joins both tables. */
export function jobsWhere(
  database: Database,
  clause: string,
  ...values: readonly SqlValue[]
): Job[] {
  const rows = database.statement(`SELECT * FROM jobs WHERE ${clause}`).all(...values);
  return rows.map((row) => toJob(row as unknown as Row));
}

function toJob(row: Row): Job {
  const { code, key, fingerprint, state, createdAt } = row;
  const columns = { code, key, fingerprint, state, private: row.private === 1, createdAt };
  return unpackRow(columns, row);
}

function isKnown(database: Database, hash: string): boolean {
  const isFound = (sql: string, value: string) =>
    database.statement(`${sql} LIMIT 1`).get(value) !== undefined;
  return (
    isFound("SELECT 1 FROM pictures WHERE hash = ?", hash) ||
    isFound("SELECT 1 FROM sources WHERE hash = ?", hash) ||
    // In JSON a text of a person has no such quotes.
    isFound("SELECT 1 FROM presets WHERE instr(values_json, ?) > 0", `"${hash}"`)
  );
}

/** Answers the hashes that no other picture uses. */
function removePictures(database: Database, code: string): string[] {
  const [job] = jobsWhere(database, "code = ?", code);
  const gone = [...removeSources(database, code), ...removeMade(database, code, job)];
  return [...new Set(gone)].filter((hash) => !isKnown(database, hash));
}

/** Without what was sent, a job cannot be made again. */
function removeSources(database: Database, code: string): string[] {
  const rows = database.statement("SELECT hash FROM sources WHERE job = ?").all(code);
  if (rows.length > 0) database.run("DELETE FROM sources WHERE job = ?", [code]);
  return rows.map((row) => String(row["hash"]));
}

function removeMade(database: Database, code: string, job: Job | undefined): string[] {
  if (!job || job.pictures.length === 0) return [];
  for (const { id } of job.pictures) database.run("DELETE FROM pictures WHERE id = ?", [id]);
  database.run("UPDATE ledger SET pictures = '[]' WHERE code = ?", [code]);
  const without = "UPDATE archive SET record = json_set(record, '$.pictures', json('[]'))";
  database.run(`${without} WHERE code = ?`, [code]);
  return job.pictures.flatMap(({ hash }) => hash ?? []);
}

function oldestOf(database: Database, limit: number): readonly SweepRow[] {
  const finished = (table: string) =>
    `NOT EXISTS (SELECT 1 FROM ledger WHERE code = ${table}.job AND settled = 0)`;
  const sql = `SELECT job, created_at AS createdAt FROM pictures
    WHERE hash IS NOT NULL AND ${finished("pictures")}
    UNION ALL SELECT job, created_at FROM sources WHERE ${finished("sources")}
    ORDER BY 2 LIMIT ?`;
  const since = new Map<string, number>();
  for (const row of database.statement(sql).all(limit)) {
    const job = String(row["job"]);
    if (!since.has(job)) since.set(job, Number(row["createdAt"]));
  }
  return [...since].map(([code, createdAt]) => {
    const [job] = jobsWhere(database, "code = ?", code);
    return { code, createdAt, pictures: job ? filesOf(job) : [] };
  });
}

/** References to files at chat platforms in the embedded database. */
export function sqlitePlatformFiles(database: Database): PlatformFiles {
  return {
    async find(picture, use) {
      const sql = "SELECT reference FROM platform_files WHERE picture = ? AND use = ?";
      const row = database.statement(sql).get(picture, use);
      return row ? String(row["reference"]) : undefined;
    },

    keep: (picture, use, reference) =>
      database.write(() => {
        const sql =
          "INSERT INTO platform_files (picture, use, reference) SELECT id, ?, ? FROM pictures WHERE id = ? ON CONFLICT DO UPDATE SET reference = excluded.reference";
        database.statement(sql).run(use, reference, picture);
      }),
  };
}

/** How many failures and people are shown. */
const most = 50;

/** Everything that is under way and was made, of everybody; `freeBytes` is the room for pictures, null without limit. */
export async function overviewOf(database: Database, freeBytes: number | null) {
  const open = jobsWhere(
    database,
    "code IN (SELECT code FROM ledger WHERE settled = 0) ORDER BY created_at LIMIT 500",
  );
  const failed = jobsWhere(
    database,
    `code IN (SELECT code FROM archive WHERE state = 'failed' ORDER BY rowid DESC LIMIT ${most})
     ORDER BY created_at DESC`,
  );
  const keptBytes = await sqlitePictures(database).keptBytes();
  return {
    open,
    failed,
    people: peopleIn(database),
    presets: presetsIn(database),
    storage: { keptBytes, freeBytes },
    processes: 1,
  };
}

function presetsIn(database: Database): readonly KeptPreset[] {
  return database
    .statement("SELECT scope, name FROM presets ORDER BY scope, name LIMIT 500")
    .all()
    .map((row) => ({ scope: String(row["scope"]), name: String(row["name"]) }));
}

function peopleIn(database: Database): readonly Person[] {
  const sql = `SELECT requester, count(*) AS jobs, max(created_at) AS lastAt FROM jobs
    GROUP BY requester ORDER BY lastAt DESC LIMIT ${most}`;
  return database
    .statement(sql)
    .all()
    .map((row) => ({
      id: String(row["requester"]),
      jobs: Number(row["jobs"]),
      lastAt: Number(row["lastAt"]),
    }));
}
