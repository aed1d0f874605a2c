import { join } from "node:path";
import { type Config, readConfig } from "./config.ts";
import { environmentWithFile } from "./environment.ts";
import { createFetches, type Fetches } from "./fetches.ts";
import { explain, isEntryPoint } from "./process.ts";
import { fileImages } from "./storage/files.ts";
import { type Arrival, type Destination, takeIn } from "./storage/moving.ts";
import { openDatabase } from "./storage/sqlite.ts";
import { sqliteArchive, sqlitePictures } from "./storage/sqlite-archive.ts";
import { sqliteLedger } from "./storage/sqlite-ledger.ts";
import { sqliteLinks, sqlitePresets, sqliteSettings } from "./storage/sqlite-people.ts";

/** Where things come from. */
export interface Origin {
  /** Without a slash at its end. */
  readonly url: string;
  readonly key: string;
}

/** Why nothing more comes from the other side, in a sentence. */
export class OriginError extends Error {
  override readonly name = "OriginError";
}

/** What to do about an answer, by its status. */
const hints: Readonly<Record<number, string>> = {
  401: " This takes its only key, or an operator's (OPERATORS=http:name).",
  404: " Give the address of a Drawbridge in a Worker.",
};

/**
 * Takes over what another Drawbridge has made and kept; a second time, only what is new. Answers how many lines came, by
 * what became of them. Throws DataDirError, and OriginError for what the other side does not answer.
 */
export async function importFrom(
  { url, key }: Origin,
  config: Pick<Config, "DATA_DIR" | "proxies">,
): Promise<Readonly<Record<Arrival, number>>> {
  const fetch = createFetches(config.proxies).web;
  const bytesAt = (path: string) => fileAt(`${url}${path}`, fetch);
  const database = openDatabase(config.DATA_DIR);
  try {
    const headers = { authorization: `Bearer ${key}` };
    const response = await fetch(`${url}/admin/export`, { headers }).catch((cause: unknown) => {
      throw new OriginError(`${url} cannot be reached.`, { cause });
    });
    const { ok, status, body } = response;
    if (!ok || !body) throw new OriginError(`${url} answered ${status}.${hints[status] ?? ""}`);
    const destination: Destination = {
      ledger: sqliteLedger(database),
      archive: sqliteArchive(database),
      pictures: sqlitePictures(database),
      images: fileImages(join(config.DATA_DIR, "images")),
      settings: sqliteSettings(database),
      presets: sqlitePresets(database),
      links: sqliteLinks(database),
      fetchPicture: ({ id, format }) => bytesAt(`/images/${encodeURIComponent(id)}.${format}`),
      // It comes in its own format, whatever its ending says.
      fetchSent: (hash) => bytesAt(`/sources/${hash}.png`),
    };
    const counts: Record<Arrival, number> = { job: 0, known: 0, other: 0 };
    for await (const text of linesIn(body)) counts[await takeIn(text, destination)]++;
    return counts;
  } finally {
    database.close();
  }
}

async function fileAt(url: string, fetch: Fetches["web"]): Promise<Uint8Array | undefined> {
  const response = await fetch(url);
  if (response.status === 404) return undefined;
  if (!response.ok) throw new OriginError(`${url} answered ${response.status}.`);
  return response.bytes();
}

async function* linesIn(body: ReadableStream<Uint8Array>): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest !== "") throw new OriginError("The export ended before its end.");
}

/** The process of the command: `npm run import -- https://… key`, or `npm run import -- sqlite:./data`. */
async function main(): Promise<void> {
  const [, , url, key] = process.argv;
  if (url?.startsWith("sqlite:")) {
    const { importFromSqlite } = await import("./import-sqlite.ts");
    return importFromSqlite(url.slice("sqlite:".length), readConfig(environmentWithFile()));
  }
  if (url === undefined || key === undefined || !URL.canParse(url)) {
    console.error("Say where from and with which key: npm run import -- https://… key");
    process.exitCode = 1;
    return;
  }
  const config = readConfig(environmentWithFile());
  const { job, known } = await importFrom({ url: url.replace(/\/+$/, ""), key }, config);
  console.log(`${job} jobs were taken over; ${known} were here already.`);
}

if (isEntryPoint(import.meta.filename)) {
  await main().catch((error: unknown) =>
    explain(error instanceof OriginError ? error.message : error),
  );
}
