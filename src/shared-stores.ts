import { randomUUID } from "node:crypto";
import pg from "pg";
import type { Config } from "./config.ts";
import type { Line } from "./findings.ts";
import { bucketOf } from "./fleet-config.ts";
import { reasonOf } from "./storage/errors.ts";
import { shownAddress } from "./storage/postgres.ts";
import { formatOf } from "./storage/postgres-migrations.ts";
import { Bucket, BucketError } from "./storage/s3-bucket.ts";

type Told = Pick<Line, "level" | "text">;

const fine = (text: string): Told => ({ level: "fine", text });
const problem = (text: string): Told => ({ level: "problem", text });

/** Looks at the database and the object storage that many processes share, as far as they are set. */
export async function examineShared(
  config: Config,
  tools: { readonly fetch: typeof globalThis.fetch; readonly timeoutMs: number },
): Promise<readonly Line[]> {
  const { DATABASE_URL: url } = config;
  const bucket = bucketOf(config, tools.fetch);
  const database = url === undefined ? [] : await examineDatabase(url, tools.timeoutMs);
  const storage = bucket ? [await examineBucket(new Bucket(bucket))] : [];
  return [
    ...database.map((told) => ({ about: "DATABASE_URL", ...told })),
    ...storage.map((told) => ({ about: "S3_BUCKET", ...told })),
  ];
}

// === Postgres

/** The oldest that has all that is used here, as Postgres counts its versions. */
const oldest = 150_000;

interface Facts {
  readonly version: number;
  readonly tables: boolean;
  readonly schemas: boolean;
  readonly engine: boolean;
  readonly fsync: string;
}

const facts = `SELECT current_setting('server_version_num')::INTEGER AS version,
  coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) AS tables,
  has_database_privilege(current_database(), 'CREATE') AS schemas,
  EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = 'pgboss') AS engine,
  current_setting('fsync') AS fsync`;

/** Changes nothing there. */
async function examineDatabase(url: string, timeoutMs: number): Promise<Told[]> {
  const address = shownAddress(url);
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: timeoutMs,
    query_timeout: timeoutMs,
  });
  // What breaks a connection also fails what is asked over it.
  client.on("error", () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<Facts>(facts);
    const [found] = rows;
    if (!found) return [problem(`${address} does not tell what it is.`)];
    const wrong = databaseProblem(found);
    return [
      wrong === undefined ? await examineTables(client, address) : problem(`${address} ${wrong}`),
      ...(found.fsync === "off" ? [{ level: "warning", text: unsafe } as const] : []),
    ];
  } catch (error) {
    return [problem(`${address} cannot be used: ${whyNot(error)}`)];
  } finally {
    await client.end().catch(() => undefined);
  }
}

const unsafe =
  "this Postgres runs with fsync off: a power failure may lose what was accepted, or all of it.";

function databaseProblem({ version, tables, schemas, engine }: Facts): string | undefined {
  if (version < oldest) {
    return `is Postgres ${Math.floor(version / 10_000)}; 15 or newer is needed.`;
  }
  if (!tables) return "lets this user make no tables: GRANT CREATE ON SCHEMA public TO it.";
  if (!engine && !schemas) {
    return "lets this user make no schema, which the line needs at its first start: GRANT CREATE ON DATABASE … TO it.";
  }
  return undefined;
}

async function examineTables(client: pg.Client, address: string): Promise<Told> {
  const { found, known } = await formatOf(queriesOf(client));
  if (found > known) {
    const formats = `(format ${found}, this one knows ${known})`;
    return problem(`${address} was written by a newer version of Drawbridge ${formats}.`);
  }
  const later =
    found < known ? "the next start brings its tables up to date" : "its tables are there";
  const state = found === 0 ? "it is empty, and the first start makes its tables" : later;
  return fine(`${address} can be used: ${state}.`);
}

function queriesOf(client: pg.Client): Parameters<typeof formatOf>[0] {
  return {
    all: async <Row extends object>(sql: string) => (await client.query<Row>(sql)).rows,
    run: async (sql) => (await client.query(sql)).rowCount ?? 0,
  };
}

/** By the codes of https://www.postgresql.org/docs/current/errcodes-appendix.html */
const refusals: Readonly<Record<string, string>> = {
  "28P01": "the password is not this user's.",
  "28000": "it does not let this user in from here (pg_hba.conf).",
  "3D000": "there is no database of this name.",
  "53300": "it has no connection left: raise max_connections.",
  "57P03": "it is just starting.",
};

function whyNot(error: unknown): string {
  const code = error instanceof pg.DatabaseError ? (error.code ?? "") : "";
  return refusals[code] ?? `${reasonOf(error)}. Start it, or set DATABASE_URL to another one.`;
}

// === Object storage

/** Keeps, reads and removes a few bytes. */
async function examineBucket(bucket: Bucket): Promise<Told> {
  const key = `probes/${randomUUID()}`;
  const bytes = Buffer.from("Drawbridge looks whether pictures can be kept here.");
  try {
    await bucket.put(key, bytes);
    const kept = await (await bucket.get(key))?.bytes();
    if (!kept || !bytes.equals(kept)) return problem("does not answer with what was kept in it.");
    await bucket.remove(key);
    return fine("keeps, shows and removes pictures.");
  } catch (error) {
    return problem(bucketProblem(error));
  }
}

/** By the codes of https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const bucketProblems: Readonly<Record<string, string>> = {
  SignatureDoesNotMatch:
    "cannot be used: S3_SECRET_ACCESS_KEY does not belong to S3_ACCESS_KEY_ID.",
  InvalidAccessKeyId: "cannot be used: the service does not know S3_ACCESS_KEY_ID.",
  AccessDenied: "cannot be used: this key may not keep, read or remove objects in it.",
  NoSuchBucket: "is not there: make it, or set another name.",
  RequestTimeTooSkewed: "cannot be used: the clock of this machine is more than 15 minutes off.",
  AuthorizationHeaderMalformed: "cannot be used: S3_REGION is another one.",
  PermanentRedirect:
    "cannot be used: it is in another region, so set S3_REGION and S3_ENDPOINT to that.",
};

function bucketProblem(error: unknown): string {
  if (!(error instanceof BucketError)) {
    return `cannot be used: S3_ENDPOINT cannot be reached (${reasonOf(error)}).`;
  }
  return bucketProblems[error.code] ?? `cannot be used: ${error.message}.`;
}
