import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { doctor } from "../src/doctor.ts";
import { openPostgres } from "../src/storage/postgres.ts";
import { aDirectory } from "./builders.ts";
import { aCluster } from "./fakes/postgres.ts";
import { fakeS3 } from "./fakes/s3.ts";

const cluster = aCluster();

async function examined(given: Readonly<Record<string, string>>) {
  const lines: string[] = [];
  const environment = {
    DATA_DIR: join(aDirectory(), "data"),
    PORT: "0",
    GATEWAY_API_KEY: "a-key-that-is-long-enough",
    ...given,
  };
  const print = (line: string) => void lines.push(line);
  await doctor(environment, { fetch, timeoutMs: 3000, print });
  return lines.filter((line) => /^. (?:DATABASE_URL|S3_)/.test(line)).join("\n");
}

async function aDatabase() {
  const database = await openPostgres({ url: cluster.url, connections: 1 });
  onTestFinished(() => database.close());
  return database;
}

const databaseAt = (changes: (url: URL) => void) => {
  const url = new URL(cluster.url);
  changes(url);
  return examined({ DATABASE_URL: url.href });
};

describe("The doctor, where processes share a Postgres", () => {
  test("finds one that can be used, and says what becomes of its tables", async () => {
    expect(await examined({ DATABASE_URL: cluster.url })).toMatch(
      /✓ DATABASE_URL: 127\.0\.0\.1:\d+\/postgres can be used: it is empty/,
    );
    const database = await aDatabase();
    expect(await examined({ DATABASE_URL: cluster.url })).toContain("its tables are there.");
    await database.run("UPDATE drawbridge SET version = 99");
    expect(await examined({ DATABASE_URL: cluster.url })).toMatch(/✗ .* newer version .*format 99/);
    await database.run("UPDATE drawbridge SET version = 1");
  });

  test("warns of one that may lose what it has kept", async () => {
    expect(await examined({ DATABASE_URL: cluster.url })).toMatch(/! DATABASE_URL: .* fsync off/);
  });

  test("says what is wrong with one that cannot be used, without the password", async () => {
    const nowhere = await databaseAt((url) => (url.port = "1"));
    expect(nowhere).toMatch(/✗ DATABASE_URL: 127\.0\.0\.1:1\/postgres cannot be used: .*Start it/);
    const wrong = await databaseAt((url) => (url.password = "hush"));
    expect(wrong).toContain("the password is not this user's");
    expect(wrong).not.toContain("hush");
    const none = await databaseAt((url) => (url.pathname = "/none"));
    expect(none).toContain("there is no database of this name");
  });

  test("finds a user who may make no tables", async () => {
    const database = await aDatabase();
    await database.run("CREATE ROLE guest LOGIN PASSWORD 'guest'");
    onTestFinished(() => database.run("DROP ROLE guest").then(() => undefined));
    const told = await databaseAt((url) => {
      url.username = "guest";
      url.password = "guest";
    });
    expect(told).toMatch(/✗ .* lets this user make no tables: GRANT CREATE/);
  });
});

describe("The doctor, where pictures are in a bucket", () => {
  async function bucket(changes: Readonly<Record<string, string>> = {}) {
    const s3 = await fakeS3();
    const { endpoint, bucket: name, region, accessKeyId, secretAccessKey } = s3.options;
    const told = await examined({
      S3_ENDPOINT: endpoint,
      S3_BUCKET: name,
      S3_REGION: region,
      S3_ACCESS_KEY_ID: accessKeyId,
      S3_SECRET_ACCESS_KEY: secretAccessKey,
      ...changes,
    });
    return { told, left: s3.objects.size };
  }

  test("keeps something there, finds it again, and leaves nothing behind", async () => {
    const { told, left } = await bucket();
    expect(told).toBe("✓ S3_BUCKET: keeps, shows and removes pictures.");
    expect(left).toBe(0);
  });

  test.each([
    [{ S3_SECRET_ACCESS_KEY: "a-guess" }, /✗ .*S3_SECRET_ACCESS_KEY does not belong to/],
    [{ S3_BUCKET: "another" }, /✗ S3_BUCKET: is not there: make it/],
    [{ S3_ENDPOINT: "http://127.0.0.1:1" }, /✗ .*S3_ENDPOINT cannot be reached/],
  ])("says what is wrong with %o", async (changes, expected) => {
    const { told, left } = await bucket(changes);
    expect(told).toMatch(expected);
    expect(told).not.toContain("a-guess");
    expect(left).toBe(0);
  });
});
