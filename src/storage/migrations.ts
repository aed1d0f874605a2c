import type { Job, Picture } from "../../core/job.ts";
import type { Connection } from "./database.ts";
import { packDelivery, packJob } from "./record.ts";

/** SQL, or a function where SQL alone cannot do it; each runs in a transaction of its own. */
type Migration = string | ((connection: Connection) => void);

const oldSource = "json_extract(record, '$.brief.source')";
const withSources = `json_set(json_remove(record, '$.brief.source'), '$.brief.sources', json_array(${oldSource}))`;
// The record of a job that is in the archive is empty in the ledger.
const hasSource = `CASE WHEN record <> '' THEN ${oldSource} END IS NOT NULL`;

// Pictures that were sent are named by their hashes, which are longer than the ids of those that were made here.
const isSent = "length(value) = 64";

/** Each entry takes the database from the version of its index to the next; entries are never changed. */
export const migrations: readonly Migration[] = [
  `
  CREATE TABLE jobs (
    code TEXT NOT NULL PRIMARY KEY,
    requester TEXT NOT NULL,
    key TEXT,
    fingerprint TEXT NOT NULL,
    door TEXT NOT NULL,
    parent TEXT,
    accepted TEXT NOT NULL,
    state TEXT NOT NULL,
    recipe TEXT,
    notices TEXT NOT NULL,
    error TEXT,
    delivery TEXT NOT NULL,
    delivery_state TEXT NOT NULL,
    private INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    started_at INTEGER,
    finished_at INTEGER
  ) STRICT;
  CREATE UNIQUE INDEX jobs_by_key ON jobs (requester, key) WHERE key IS NOT NULL;
  CREATE INDEX jobs_by_fingerprint ON jobs (fingerprint, created_at);
  CREATE INDEX jobs_by_requester ON jobs (requester, created_at);
  CREATE INDEX jobs_unfinished ON jobs (created_at) WHERE state IN ('queued', 'running');
  CREATE INDEX jobs_undelivered ON jobs (door, created_at)
    WHERE delivery_state = 'open' AND finished_at IS NOT NULL;

  CREATE TABLE pictures (
    id TEXT NOT NULL PRIMARY KEY,
    job TEXT NOT NULL REFERENCES jobs (code) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    hash TEXT,
    link TEXT,
    format TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    seed INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (job, number)
  ) STRICT;
  CREATE INDEX pictures_by_hash ON pictures (hash, bytes) WHERE hash IS NOT NULL;
  CREATE INDEX pictures_by_age ON pictures (created_at) WHERE hash IS NOT NULL;

  CREATE TABLE charges (
    requester TEXT NOT NULL,
    span TEXT NOT NULL,
    since INTEGER NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (requester, span, since)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX charges_by_age ON charges (since);

  CREATE TABLE settings (
    scope TEXT PRIMARY KEY,
    values_json TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE TABLE platform_files (
    picture TEXT NOT NULL REFERENCES pictures (id) ON DELETE CASCADE,
    use TEXT NOT NULL,
    reference TEXT NOT NULL,
    PRIMARY KEY (picture, use)
  ) STRICT, WITHOUT ROWID;
  `,
  toLedgerAndArchive,
  // Earlier versions charged for a job before they stored it, and gave back after they had ended it: what a death in
  // between left charged goes down to what the jobs of the window account for.
  `
  UPDATE charges SET count = min(count, (
    SELECT coalesce(sum(CASE
        WHEN state IN ('failed', 'cancelled') THEN json_array_length(record, '$.pictures')
        ELSE json_extract(record, '$.brief.count')
      END), 0)
    FROM jobs
    WHERE jobs.requester = charges.requester AND created_at >= since
      AND created_at < since + CASE span WHEN 'minute' THEN 60000 ELSE 86400000 END
  ));
  `,
  // An edit had one picture, `source`, and has a list of them.
  `
  UPDATE ledger SET record = ${withSources} WHERE ${hasSource};
  UPDATE archive SET record = ${withSources} WHERE ${hasSource};

  CREATE TABLE sources (
    job TEXT NOT NULL,
    hash TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (job, hash)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX sources_by_hash ON sources (hash);
  CREATE INDEX sources_by_age ON sources (created_at);
  INSERT INTO sources (job, hash, created_at)
    SELECT code, value, created_at FROM jobs, json_each(record, '$.brief.sources') WHERE ${isSent};
  `,
  `
  ALTER TABLE pictures ADD COLUMN favorite INTEGER NOT NULL DEFAULT 0;
  CREATE INDEX pictures_favorite ON pictures (job) WHERE favorite = 1;
  `,
  `
  CREATE TABLE presets (
    scope TEXT NOT NULL,
    name TEXT NOT NULL,
    code TEXT UNIQUE,
    values_json TEXT NOT NULL,
    PRIMARY KEY (scope, name)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE TABLE links (
    account TEXT NOT NULL PRIMARY KEY,
    person TEXT NOT NULL,
    ends_at INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX links_by_person ON links (person);
  `,
  // Of what was sent before, the bytes are not known, and count nothing.
  "ALTER TABLE sources ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;",
];

// === From one table of jobs to a ledger and an archive

const ledgerAndArchive = `
  CREATE TABLE ledger (
    code TEXT NOT NULL PRIMARY KEY,
    requester TEXT NOT NULL,
    key TEXT,
    fingerprint TEXT NOT NULL,
    state TEXT NOT NULL,
    private INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    record TEXT NOT NULL,
    begun TEXT,
    pictures TEXT,
    remotes TEXT,
    sends TEXT,
    settled INTEGER NOT NULL DEFAULT 0
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX ledger_by_key ON ledger (requester, key) WHERE key IS NOT NULL;

  CREATE TABLE archive (
    code TEXT NOT NULL PRIMARY KEY,
    requester TEXT NOT NULL,
    key TEXT,
    fingerprint TEXT NOT NULL,
    state TEXT NOT NULL,
    private INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    finished_at INTEGER NOT NULL,
    record TEXT NOT NULL,
    delivery TEXT
  ) STRICT;
  CREATE UNIQUE INDEX archive_by_key ON archive (requester, key) WHERE key IS NOT NULL;
  -- By time first: a search looks at the last minutes alone, and new rows go where the last ones went.
  CREATE INDEX archive_by_end ON archive (finished_at, fingerprint);
  CREATE INDEX archive_by_requester ON archive (requester, created_at);

  CREATE TABLE kept (
    id TEXT NOT NULL PRIMARY KEY,
    job TEXT NOT NULL,
    hash TEXT,
    bytes INTEGER NOT NULL,
    created_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  INSERT INTO kept (id, job, hash, bytes, created_at)
    SELECT id, job, hash, bytes, created_at FROM pictures ORDER BY id;

  CREATE TABLE references_kept (
    picture TEXT NOT NULL REFERENCES kept (id) ON DELETE CASCADE,
    use TEXT NOT NULL,
    reference TEXT NOT NULL,
    PRIMARY KEY (picture, use)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO references_kept SELECT picture, use, reference FROM platform_files;
`;

// Both halves of the view have columns of the same types: only then does SQLite look into each of them by its indexes.
// https://www.sqlite.org/optoverview.html#flattening
const inPlaceOfTheOld = `
  DROP TABLE platform_files;
  DROP TABLE pictures;
  DROP TABLE jobs;
  ALTER TABLE kept RENAME TO pictures;
  ALTER TABLE references_kept RENAME TO platform_files;
  CREATE INDEX pictures_by_hash ON pictures (hash, bytes) WHERE hash IS NOT NULL;
  CREATE INDEX pictures_by_age ON pictures (created_at) WHERE hash IS NOT NULL;

  CREATE VIEW jobs AS
    SELECT code, requester, key, fingerprint, state, private, created_at, created_at AS createdAt,
      record, begun, pictures, remotes, CAST(NULL AS TEXT) AS delivery, sends
    FROM ledger WHERE settled = 0
    UNION ALL
    SELECT code, requester, key, fingerprint, state, private, created_at, created_at,
      record, CAST(NULL AS TEXT), CAST(NULL AS TEXT), CAST(NULL AS TEXT), delivery,
      (SELECT sends FROM ledger WHERE ledger.code = archive.code)
    FROM archive;
`;

function toLedgerAndArchive(connection: Connection): void {
  connection.exec(ledgerAndArchive);
  const picturesOf = connection.prepare("SELECT * FROM pictures WHERE job = ? ORDER BY number");
  const toLedger = connection.prepare(
    `INSERT INTO ledger (code, requester, key, fingerprint, state, private, created_at, record, sends, settled)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const toArchive = connection.prepare(
    `INSERT INTO archive (code, requester, key, fingerprint, state, private, created_at, finished_at, record, delivery)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  for (const row of connection.prepare("SELECT * FROM jobs ORDER BY rowid").iterate()) {
    const job = jobOf(row, picturesOf.all(String(row["code"])));
    const { code, requester, key, fingerprint, state, createdAt, delivery } = job;
    const keys = [code, requester.id, key, fingerprint, state, Number(job.private), createdAt];
    const sends = JSON.stringify(delivery.sends);
    const finished = job.finishedAt !== null;
    if (!finished) toLedger.run(...keys, packJob(job), sends, 0);
    else toArchive.run(...keys, job.finishedAt, packJob(job), packDelivery(job));
    if (finished && delivery.state === "open") {
      toLedger.run(code, requester.id, null, fingerprint, state, 0, createdAt, "", sends, 1);
    }
  }
  connection.exec(inPlaceOfTheOld);
}

type Row = Record<string, unknown>;

function jobOf(row: Row, pictures: readonly Row[]): Job {
  const { requester, asked: brief } = json(row["accepted"]) as {
    requester: unknown;
    asked: unknown;
  };
  const delivery = json(row["delivery"]) as Job["delivery"];
  return {
    code: row["code"],
    requester,
    brief,
    state: row["state"],
    recipe: json(row["recipe"]),
    pictures: pictures.map(pictureOf),
    notices: json(row["notices"]),
    error: json(row["error"]),
    // Clients of the HTTP door waited for their jobs themselves.
    delivery: delivery.door === "http" ? { ...delivery, state: "direct" } : delivery,
    parent: row["parent"],
    private: row["private"] === 1,
    key: row["key"],
    fingerprint: row["fingerprint"],
    attempts: row["attempts"],
    remotes: {},
    createdAt: row["created_at"],
    startedAt: row["started_at"],
    finishedAt: row["finished_at"],
  } as Job;
}

function pictureOf(row: Row): Picture {
  const { id, number, hash, format, width, height, bytes, seed } = row;
  return {
    number,
    id,
    hash,
    link: json(row["link"]),
    format,
    width,
    height,
    bytes,
    seed,
  } as Picture;
}

function json(text: unknown): unknown {
  return typeof text === "string" ? JSON.parse(text) : null;
}
