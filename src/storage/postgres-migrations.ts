import { setTimeout as sleep } from "node:timers/promises";
import { DataDirError } from "./data-dir.ts";
import type { Postgres, Queries } from "./postgres.ts";

/** Each entry takes the tables from the version of its index to the next; entries are never changed. */
const migrations: readonly string[] = [
  `
  -- The promises. Workers write what the attempt \`holder\` may write, doors what the process \`courier\` may.
  CREATE TABLE ledger (
    code TEXT NOT NULL PRIMARY KEY,
    requester TEXT NOT NULL,
    key TEXT,
    fingerprint TEXT NOT NULL,
    state TEXT NOT NULL,
    private BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    record TEXT NOT NULL,
    begun TEXT,
    pictures TEXT,
    remotes TEXT,
    sends TEXT,
    settled BOOLEAN NOT NULL DEFAULT false,
    door TEXT NOT NULL,
    courier TEXT,
    holder TEXT,
    work UUID,
    provider TEXT,
    start BIGINT,
    waiting INTEGER,
    turned BOOLEAN NOT NULL DEFAULT false,
    model TEXT,
    said TEXT
  );
  CREATE UNIQUE INDEX ledger_by_key ON ledger (requester, key) WHERE key IS NOT NULL;
  CREATE INDEX ledger_by_fingerprint ON ledger (fingerprint) WHERE NOT settled;
  CREATE INDEX ledger_by_requester ON ledger (requester, created_at);
  CREATE INDEX ledger_by_age ON ledger (created_at);
  -- A job waits until its first picture has its turn, also while a worker has its words enhanced.
  CREATE INDEX ledger_in_line ON ledger (provider, start) WHERE NOT settled AND NOT turned;

  CREATE TABLE archive (
    code TEXT NOT NULL PRIMARY KEY,
    requester TEXT NOT NULL,
    key TEXT,
    fingerprint TEXT NOT NULL,
    state TEXT NOT NULL,
    private BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    finished_at BIGINT NOT NULL,
    record TEXT NOT NULL,
    delivery TEXT,
    holder TEXT,
    model TEXT,
    said TEXT
  );
  CREATE UNIQUE INDEX archive_by_key ON archive (requester, key) WHERE key IS NOT NULL;
  CREATE INDEX archive_by_fingerprint ON archive (fingerprint, finished_at);
  CREATE INDEX archive_by_requester ON archive (requester, created_at);

  CREATE TABLE pictures (
    id TEXT NOT NULL PRIMARY KEY,
    job TEXT NOT NULL,
    hash TEXT,
    bytes BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    favorite BOOLEAN NOT NULL DEFAULT false
  );
  CREATE INDEX pictures_by_job ON pictures (job);
  CREATE INDEX pictures_favorite ON pictures (job) WHERE favorite;
  CREATE INDEX pictures_by_hash ON pictures (hash, bytes) WHERE hash IS NOT NULL;
  CREATE INDEX pictures_by_age ON pictures (created_at) WHERE hash IS NOT NULL;

  CREATE TABLE sources (
    job TEXT NOT NULL,
    hash TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (job, hash)
  );
  CREATE INDEX sources_by_hash ON sources (hash);
  CREATE INDEX sources_by_age ON sources (created_at);

  CREATE TABLE presets (
    scope TEXT NOT NULL,
    name TEXT NOT NULL,
    code TEXT UNIQUE,
    values_json TEXT NOT NULL,
    PRIMARY KEY (scope, name)
  );

  CREATE TABLE links (
    account TEXT NOT NULL PRIMARY KEY,
    person TEXT NOT NULL,
    ends_at BIGINT
  );
  CREATE INDEX links_by_person ON links (person);

  CREATE TABLE platform_files (
    picture TEXT NOT NULL REFERENCES pictures (id) ON DELETE CASCADE,
    use TEXT NOT NULL,
    reference TEXT NOT NULL,
    PRIMARY KEY (picture, use)
  );

  CREATE TABLE charges (
    requester TEXT NOT NULL,
    span TEXT NOT NULL,
    since BIGINT NOT NULL,
    count BIGINT NOT NULL,
    PRIMARY KEY (requester, span, since)
  );
  CREATE INDEX charges_by_age ON charges (since);

  CREATE TABLE settings (
    scope TEXT NOT NULL PRIMARY KEY,
    values_json TEXT NOT NULL
  );

  -- The line: a requester's next job starts where the last one ended, and never before the virtual time of its line.
  -- Places are reserved before their jobs are stored, without a wait for the disk; after a crash everybody starts at the line's time.
  CREATE TABLE lines (provider TEXT NOT NULL PRIMARY KEY, virtual BIGINT NOT NULL);
  CREATE UNLOGGED TABLE members (
    provider TEXT NOT NULL,
    requester TEXT NOT NULL,
    ends BIGINT NOT NULL,
    PRIMARY KEY (provider, requester)
  );

  -- Pictures at their provider, and those of jobs that have begun which wait for their turn.
  CREATE TABLE turns (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    provider TEXT NOT NULL,
    code TEXT NOT NULL,
    work UUID NOT NULL,
    attempt INTEGER NOT NULL,
    start BIGINT NOT NULL,
    begun BOOLEAN NOT NULL
  );
  CREATE INDEX turns_by_provider ON turns (provider, begun, start);

  -- What processes tell each other. None of it is missed where it is lost.
  CREATE UNLOGGED TABLE standings (code TEXT NOT NULL PRIMARY KEY, standing TEXT NOT NULL);
  CREATE UNLOGGED TABLE processes (
    id TEXT NOT NULL PRIMARY KEY,
    seen_at TIMESTAMPTZ NOT NULL,
    works BOOLEAN NOT NULL
  );
  CREATE TABLE wishes (
    code TEXT NOT NULL,
    wish TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL DEFAULT now(),
    PRIMARY KEY (code, wish)
  );

  CREATE VIEW jobs AS
    SELECT code, requester, key, fingerprint, state, private, created_at,
      record, begun, pictures, remotes, NULL::TEXT AS delivery, sends, model, said
    FROM ledger WHERE NOT settled
    UNION ALL
    SELECT code, requester, key, fingerprint, state, private, created_at,
      record, NULL, NULL, NULL, delivery,
      (SELECT sends FROM ledger WHERE ledger.code = archive.code), model, said
    FROM archive;
  `,
  `
  -- What the tables of builds before the first release lack, which are of version 1 as well.
  ALTER TABLE ledger ADD COLUMN IF NOT EXISTS turned BOOLEAN NOT NULL DEFAULT false;
  DROP INDEX ledger_in_line;
  CREATE INDEX ledger_in_line ON ledger (provider, start) WHERE NOT settled AND NOT turned;
  ALTER TABLE sources ADD COLUMN IF NOT EXISTS bytes BIGINT NOT NULL DEFAULT 0;
  ALTER TABLE members SET UNLOGGED;
  ALTER TABLE processes ADD COLUMN IF NOT EXISTS works BOOLEAN NOT NULL DEFAULT false;
  `,
];

/** Held by the process that migrates; any number that no other program takes for something else. */
const migrating = 0x64726177;

/**
 * A change of a table that has to wait makes those wait who come to read it after that: so it waits this long, and is tried
 * again so much later and so often. In milliseconds.
 */
const patience = { waitMs: 200, pauseMs: 1_000, tries: 60 } as const;

/** https://www.postgresql.org/docs/current/errcodes-appendix.html: lock_not_available */
const lockRefused = "55P03";

/**
 * Brings the tables to the newest version. Many processes may call this at once: one does the work, the others wait for it
 * and find it done. Reading goes on meanwhile. Throws `DataDirError` where a newer program has been here, or where what
 * is to be changed has been read for a minute.
 */
export async function migrate(database: Postgres): Promise<void> {
  for (let tries = 1; (await versionOf(database)) !== migrations.length; tries++) {
    try {
      await migrateOnce(database);
    } catch (error) {
      if ((error as { code?: unknown }).code !== lockRefused) throw error;
      if (tries >= patience.tries) throw new DataDirError(stillRead, { cause: error });
      await sleep(patience.pauseMs);
    }
  }
}

const stillRead =
  "The tables of the database cannot be brought to this version, because something has read them for a minute, such as a backup. Start again when it is done.";

async function migrateOnce(database: Postgres): Promise<void> {
  await database.transaction(async (tx) => {
    await tx.run("SELECT pg_advisory_xact_lock($1)", migrating);
    await tx.run(`SET LOCAL lock_timeout = ${patience.waitMs}`);
    const version = await versionOf(tx);
    if (version > migrations.length) throw tooNew(version);
    await tx.run("CREATE TABLE IF NOT EXISTS drawbridge (version INTEGER NOT NULL)");
    for (const sql of migrations.slice(version)) await tx.run(sql);
    await tx.run("DELETE FROM drawbridge");
    await tx.run("INSERT INTO drawbridge (version) VALUES ($1)", migrations.length);
  });
}

/** The version of the tables that are there, 0 where there are none, and the one that this program works with. */
export async function formatOf(
  database: Queries,
): Promise<{ readonly found: number; readonly known: number }> {
  return { found: await versionOf(database), known: migrations.length };
}

async function versionOf(database: Queries): Promise<number> {
  // A look into the catalogue itself: functions such as to_regclass may answer what was true before the lock was had.
  const sql = `SELECT 1 FROM pg_catalog.pg_tables
    WHERE tablename = 'drawbridge' AND schemaname = current_schema()`;
  const [table] = await database.all(sql);
  if (!table) return 0;
  const [row] = await database.all<{ version: number }>("SELECT version FROM drawbridge");
  return row?.version ?? 0;
}

function tooNew(version: number): DataDirError {
  const message = `The database was written by a newer version of Drawbridge (format ${version}, this one knows ${migrations.length}). It was left as it is. Run the newer version, or set DATABASE_URL to another database.`;
  return new DataDirError(message);
}
