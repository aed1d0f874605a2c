import { spawn } from "node:child_process";
import { once } from "node:events";
import { hash } from "node:crypto";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { openPostgres } from "../../src/storage/postgres.ts";
import { postgresArchive } from "../../src/storage/postgres-archive.ts";
import { fileImages } from "../../src/storage/files.ts";
import { aDirectory, aJob, aPicture, store } from "../builders.ts";
import { aCluster } from "../fakes/postgres.ts";
import { type FakeS3, fakeS3 } from "../fakes/s3.ts";
import { openStores } from "../fakes/studio.ts";

const cluster = aCluster();
const program = join(import.meta.dirname, "../../src/import.ts");

/** An installation with so many finished jobs, each with a picture of its own. */
async function anInstallation(count: number) {
  const directory = aDirectory();
  const { database, ledger } = openStores(directory);
  const images = fileImages(join(directory, "images"), { minFreeBytes: 0 });
  const jobs = [];
  for (let n = 0; n < count; n++) {
    const kept = await images.put(Buffer.from(`the bytes of picture ${n}`));
    const pictures = [aPicture({ hash: kept })];
    jobs.push(await store(aJob({ state: "done", finishedAt: 5, pictures }), ledger));
  }
  database.close();
  return { directory, jobs };
}

/** `npm run import -- sqlite:…` */
function importing(directory: string, { options }: FakeS3) {
  const { PATH = "" } = process.env;
  const child = spawn(
    process.execPath,
    ["--import", import.meta.resolve("tsx"), program, `sqlite:${directory}`],
    {
      cwd: aDirectory(),
      env: {
        PATH,
        DATABASE_URL: cluster.url,
        GATEWAY_API_KEY: "a-key-of-the-tests",
        S3_ENDPOINT: options.endpoint,
        S3_BUCKET: options.bucket,
        S3_REGION: options.region,
        S3_ACCESS_KEY_ID: options.accessKeyId,
        S3_SECRET_ACCESS_KEY: options.secretAccessKey,
      },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  onTestFinished(() => void child.kill("SIGKILL"));
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (piece: string) => (output += piece));
  }
  const ended = once(child, "close").then(([code]) => ({ code: code as number | null, output }));
  return { child, ended };
}

describe("Moving an installation to Postgres and a bucket", () => {
  test("goes on after it was killed, and brings every picture over whole", async () => {
    const count = 300;
    const { directory, jobs } = await anInstallation(count);
    const s3 = await fakeS3();
    const first = importing(directory, s3);
    await vi.waitFor(() => expect(s3.objects.size).toBeGreaterThan(3), {
      timeout: 60_000,
      interval: 1,
    });
    first.child.kill("SIGKILL");
    await first.ended;
    expect(s3.objects.size).toBeLessThan(count);

    const sent = new Map(s3.objects);
    const second = await importing(directory, s3).ended;
    expect(second.output).toContain("Everything is there.");
    expect(second.code).toBe(0);
    expect(s3.objects.size).toBe(count);
    for (const [key, { bytes }] of s3.objects) expect(key).toBe(`images/${hash("sha256", bytes)}`);
    // What was there already was not sent again.
    for (const [key, kept] of sent) expect(s3.objects.get(key)).toBe(kept);

    const database = await openPostgres({ url: cluster.url, connections: 1 });
    onTestFinished(() => database.close());
    const archive = postgresArchive(database);
    for (const job of jobs) {
      expect(await archive.find(job.code)).toEqual(job);
      for (const { hash: kept } of job.pictures)
        expect(s3.objects.has(`images/${kept}`)).toBe(true);
    }
  });
});
