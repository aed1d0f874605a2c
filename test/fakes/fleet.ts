import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Role } from "../../src/variables.ts";
import { openPostgres, type Postgres } from "../../src/storage/postgres.ts";
import { type ImageService, startImageService } from "./image-service.ts";
import { type DrawbridgeProcess, type Environment, startProcess } from "./process.ts";

/** The key of its clients. */
export const key = "a-key-of-the-fleet";

/** Many processes on one Postgres and one directory of pictures. */
export interface Fleet {
  readonly service: ImageService;
  readonly database: Postgres;
  start(roles: readonly Role[], changes?: Environment): Promise<DrawbridgeProcess>;
}

/** What a client may say of its picture. */
export interface Asked {
  readonly prompt: string;
  readonly n?: number;
  readonly key?: string;
  readonly retry?: boolean;
  readonly as?: string;
  readonly signal?: AbortSignal;
}

/** Nothing of a fleet runs yet; its tables are made by whoever comes first. */
export async function aFleet(url: string, environment: Environment = {}): Promise<Fleet> {
  const directory = mkdtempSync(join(tmpdir(), "drawbridge-fleet-"));
  const service = await startImageService({ paints: { width: 16, height: 16 } });
  await clear(url);
  const database = await openPostgres({ url, connections: 3 });
  onTestFinished(async () => {
    await database.close();
    await service.close();
    rmSync(directory, { recursive: true, force: true });
  });
  const common = {
    DATABASE_URL: url,
    DATA_DIR: directory,
    GATEWAY_API_KEY: `${key}, anna:${key}-anna, ben:${key}-ben`,
    SD_API_KEY: "sk-image-service",
    SD_API_BASE_URL: service.url,
    SD_CONCURRENCY: "2",
    MAX_QUEUED_PER_USER: "1000",
    LOG_LEVEL: "info",
    ...environment,
  };
  return {
    service,
    database,
    start: (roles, changes = {}) => startProcess({ ...common, ROLES: roles.join(","), ...changes }),
  };
}

/** Makes it a database in which nothing was ever kept, and nothing is prepared. */
export async function clear(url: string): Promise<void> {
  const database = await openPostgres({ url, connections: 1 });
  await database.run("DROP SCHEMA IF EXISTS pgboss CASCADE");
  await database.run("DROP SCHEMA public CASCADE");
  await database.run("CREATE SCHEMA public");
  await database.close();
}

/** Has the database itself count from now on; answers how many turns had begun at once, at most. */
export async function countBegun(database: Postgres): Promise<() => Promise<number>> {
  await database.run("CREATE TABLE counted (begun BIGINT NOT NULL)");
  await database.run(`CREATE FUNCTION count_begun() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO counted SELECT count(*) FROM turns WHERE begun; RETURN NULL; END $$`);
  await database.run(`CREATE TRIGGER count_begun AFTER INSERT OR UPDATE ON turns
    FOR EACH STATEMENT EXECUTE FUNCTION count_begun()`);
  return async () => {
    const sql = "SELECT coalesce(max(begun), 0) AS most FROM counted";
    return (await database.all<{ most: number }>(sql))[0]?.most ?? 0;
  };
}

/** Asks an HTTP process for pictures. */
export function ask({ url }: Pick<DrawbridgeProcess, "url">, asked: Asked): Promise<Response> {
  const { prompt, n = 1, as, signal } = asked;
  return fetch(`${url}/v1/images/generations`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${key}${as ? `-${as}` : ""}`,
      "content-type": "application/json",
      ...(asked.key && { "idempotency-key": asked.key }),
      ...(asked.retry && { "x-stainless-retry-count": "1" }),
    },
    body: JSON.stringify({ prompt, n, response_format: "url" }),
    ...(signal && { signal }),
  });
}

/** The links of an answer that went well. */
export async function linksIn(response: Response): Promise<string[]> {
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${response.status}: ${text}`);
  return (JSON.parse(text) as { data: { url: string }[] }).data.map(({ url }) => url);
}
