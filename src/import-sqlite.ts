import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Config } from "./config.ts";
import { createFetches } from "./fetches.ts";
import { DataDirError } from "./storage/data-dir.ts";
import {
  fromColumn,
  openPostgres,
  type Postgres,
  type SqlValue,
  toColumn,
} from "./storage/postgres.ts";
import { saidIn } from "./storage/postgres-settle.ts";
import { unpackJob } from "./storage/record.ts";
import { type FileDatabase, openDatabase } from "./storage/sqlite.ts";
import { openImages } from "./stores.ts";

type Row = Readonly<Record<string, string | number | null>>;

/** How the rows of a table are brought over. */
interface Table {
  readonly name: string;
  readonly key: readonly string[];
  readonly columns: readonly string[];
  /** Columns whose texts may hold what Postgres refuses. */
  readonly texts?: readonly string[];
  /** Columns that are true or false there. */
  readonly flags?: readonly string[];
  /** Of another name or shape here. */
  readonly select?: string;
}

const jobColumns = [
  ...["code", "requester", "key", "fingerprint", "state", "private", "created_at"],
  ...["record", "model", "said"],
];

/** In this order: references come after what they refer to. */
const tables: readonly Table[] = [
  {
    name: "ledger",
    key: ["code"],
    columns: [...jobColumns, "begun", "pictures", "remotes", "sends", "settled", "door"],
    texts: ["requester", "key"],
    flags: ["private", "settled"],
    select: `SELECT *, json_extract(CASE WHEN settled THEN
      (SELECT record FROM archive WHERE archive.code = ledger.code) ELSE record END,
      '$.delivery.door') AS door FROM ledger`,
  },
  {
    name: "archive",
    key: ["code"],
    columns: [...jobColumns, "finished_at", "delivery"],
    texts: ["requester", "key"],
    flags: ["private"],
  },
  {
    name: "pictures",
    key: ["id"],
    columns: ["id", "job", "hash", "bytes", "created_at", "favorite"],
    flags: ["favorite"],
  },
  { name: "sources", key: ["job", "hash"], columns: ["job", "hash", "bytes", "created_at"] },
  {
    name: "presets",
    key: ["scope", "name"],
    columns: ["scope", "name", "code", "values_json"],
    texts: ["scope", "name"],
  },
  {
    name: "platform_files",
    key: ["picture", "use"],
    columns: ["picture", "use", "reference"],
    texts: ["reference"],
  },
  {
    name: "links",
    key: ["account"],
    columns: ["account", "person", "ends_at"],
    texts: ["account", "person"],
  },
  {
    name: "charges",
    key: ["requester", "span", "since"],
    columns: ["requester", "span", "since", "count"],
    texts: ["requester"],
  },
  {
    name: "settings",
    key: ["scope"],
    columns: ["scope", "values_json"],
    texts: ["scope"],
  },
];

const batch = 500;

/**
 * Brings what an embedded database keeps into Postgres, and compares both. What is there already stays as it is, so it may
 * be stopped and run again. Throws `DataDirError` where the two differ in the end.
 */
export async function importRows(
  from: FileDatabase,
  to: Postgres,
  print: (line: string) => void,
): Promise<void> {
  for (const table of tables) {
    const rows = rowsOf(from, table);
    for (let at = 0; at < rows.length; at += batch) {
      await insert(to, table, rows.slice(at, at + batch));
    }
    await compare(rows, table, to);
    print(`${table.name}: ${rows.length}`);
  }
}

function rowsOf(from: FileDatabase, { name, select = `SELECT * FROM ${name}` }: Table): Row[] {
  const rows = from.statement(select).all() as Row[];
  return rows.map((row) => ({ ...row, ...searchedIn(row) }));
}

/** What a job is found by, which has columns of its own there. */
function searchedIn({ record, begun = null }: Row): Row {
  if (typeof record !== "string" || record === "") return {};
  // Only what is in the record itself matters here.
  const columns = { code: "", key: null, fingerprint: "", private: false, createdAt: 0 };
  const job = unpackJob(record, { ...columns, state: "done" }, begun as string | null);
  return { model: toColumn(job.brief.model), said: saidIn(job) };
}

function insert(to: Postgres, table: Table, rows: readonly Row[]): Promise<void> {
  const { name, columns } = table;
  const places = columns.map((_, index) => `$${index + 1}`).join(", ");
  const sql = `INSERT INTO ${name} (${columns.join(", ")}) VALUES (${places}) ON CONFLICT DO NOTHING`;
  return to.transaction(async (tx) => {
    for (const row of rows) await tx.run(sql, ...columns.map((one) => valueOf(row, one, table)));
  });
}

function valueOf(row: Row, column: string, { texts = [], flags = [] }: Table): SqlValue {
  const value = row[column] ?? null;
  if (flags.includes(column)) return value === 1;
  return typeof value === "string" && texts.includes(column) ? toColumn(value) : value;
}

/** Each row that was here has to be there, and the same in every column that never changes after it was written. */
async function compare(rows: readonly Row[], table: Table, to: Postgres): Promise<void> {
  const { name, key, columns, texts = [], flags = [] } = table;
  const there = new Map<string, string>();
  const sql = `SELECT ${columns.join(", ")} FROM ${name}`;
  for (const row of await to.all<Record<string, string | number | boolean | null>>(sql)) {
    const plain = Object.fromEntries(
      columns.map((column) => {
        const value = row[column] ?? null;
        if (flags.includes(column)) return [column, value === true ? 1 : 0];
        const isText = typeof value === "string" && texts.includes(column);
        return [column, isText ? fromColumn(value) : value];
      }),
    ) as Row;
    there.set(keyOf(plain, key), digestOf(plain, columns));
  }
  const missing = rows.filter((row) => there.get(keyOf(row, key)) !== digestOf(row, columns));
  if (missing.length === 0) return;
  const message = `${missing.length} of ${rows.length} rows of ${name} are not there, or are there with other contents. Import into a database that nobody has used yet.`;
  throw new DataDirError(message);
}

function keyOf(row: Row, key: readonly string[]): string {
  return JSON.stringify(key.map((column) => row[column]));
}

function digestOf(row: Row, columns: readonly string[]): string {
  const values = columns.map((column) => row[column] ?? null);
  return createHash("sha256").update(JSON.stringify(values)).digest("base64");
}

/** Puts the files of pictures where they are kept from now on; what is there already is not sent again. */
async function importImages(
  directory: string,
  images: Awaited<ReturnType<typeof openImages>>["images"],
  print: (line: string) => void,
): Promise<void> {
  let brought = 0;
  for (const folder of await readdir(directory)) {
    if (!/^[0-9a-f]{2}$/.test(folder)) continue;
    for (const name of await readdir(join(directory, folder))) {
      const hash = `${folder}${name}`;
      if (!/^[0-9a-f]{64}$/.test(hash) || (await images.open(hash))) continue;
      const put = await images.put(await readFile(join(directory, folder, name)));
      // A file that a power failure has cut short is no picture any more.
      if (put === hash) brought++;
      else print(`${hash} is damaged here, and was left`);
    }
  }
  print(`files of pictures: ${brought}`);
}

/** `npm run import -- sqlite:./data`. Throws `DataDirError`. */
export async function importFromSqlite(directory: string, config: Config): Promise<void> {
  const { DATABASE_URL: url } = config;
  if (url === undefined) throw new DataDirError("Set DATABASE_URL to where it is to go.");
  if (!existsSync(join(directory, "drawbridge.db"))) {
    throw new DataDirError(`There is no drawbridge.db in ${directory}.`);
  }
  const print = (line: string) => console.log(line);
  const from = openDatabase(directory);
  const to = await openPostgres({ url });
  try {
    await importRows(from, to, print);
    const { images } = await openImages(config, createFetches(config.proxies).web);
    const files = join(directory, "images");
    if (existsSync(files)) await importImages(files, images, print);
    print("Everything is there.");
  } finally {
    from.close();
    await to.close();
  }
}
