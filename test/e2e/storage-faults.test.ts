import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, onTestFinished, test } from "vitest";
import { readConfig } from "../../src/config.ts";
import { start } from "../../src/main.ts";
import { DataDirError } from "../../src/storage/data-dir.ts";
import { aDirectory, aJob, store } from "../builders.ts";
import { aSmallDisk, mayMount } from "../fakes/disk.ts";
import { type ImageService, startImageService } from "../fakes/image-service.ts";
import { type DrawbridgeProcess, runProcess, startProcess } from "../fakes/process.ts";
import { openStores } from "../fakes/studio.ts";

const key = "a-key-of-the-storage-test";
const isRoot = process.getuid?.() === 0;

async function aService(): Promise<ImageService> {
  const service = await startImageService({ paints: { width: 16, height: 16 } });
  onTestFinished(() => service.close());
  return service;
}

function environmentOf(service: ImageService, directory: string) {
  const { url: SD_API_BASE_URL } = service;
  const own = { SD_API_KEY: "sk-image-service", SD_API_BASE_URL, GATEWAY_API_KEY: key };
  return { ...own, DATA_DIR: directory, LOG_LEVEL: "warn" };
}

async function draw({ url }: DrawbridgeProcess, prompt: string) {
  const response = await fetch(`${url}/v1/images/generations`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ prompt, response_format: "url" }),
  });
  const { data, error } = (await response.json()) as {
    data?: [{ url: string }];
    error?: { code: string; message: string };
  };
  return { status: response.status, headers: response.headers, url: data?.[0].url ?? "", error };
}

/** A data directory with a job in its database. */
async function aUsedDirectory(directory = aDirectory()) {
  const { database, ledger } = openStores(directory);
  const job = await store(aJob({ state: "done", finishedAt: 1 }), ledger);
  database.close();
  return { directory, job, file: join(directory, "drawbridge.db") };
}

async function stillHas(directory: string, code: string): Promise<boolean> {
  const { database, archive } = openStores(directory);
  const job = await archive.find(code);
  database.close();
  return job !== undefined;
}

/** Answers the version that it had. */
function setVersion(file: string, version: number): number {
  const database = new DatabaseSync(file);
  const before = Number(database.prepare("PRAGMA user_version").get()?.["user_version"]);
  database.exec(`PRAGMA user_version = ${version}`);
  database.close();
  return before;
}

/** Starts it where it cannot start; answers the one line that it says about it. */
async function refusal(directory: string, more: Record<string, string> = {}): Promise<string> {
  const environment = { PORT: "0", DATA_DIR: directory, GATEWAY_API_KEY: key, ...more };
  const refused: unknown = await start(readConfig(environment)).catch((error: unknown) => error);
  if (!(refused instanceof DataDirError)) throw new Error(`It did not refuse: ${String(refused)}`);
  expect(refused.message.split("\n")).toHaveLength(1);
  return refused.message;
}

describe.skipIf(!mayMount)("on a full disk (needs the right to mount), Drawbridge", () => {
  /** A picture of the usual content and this size. */
  const padded = (bytes: number) => ({
    bytes: (painted: Buffer) => Buffer.concat([painted, Buffer.alloc(bytes)]),
  });

  test("fails jobs in words, lives on, and draws again once there is room", async () => {
    const disk = aSmallDisk(8 * 1024 * 1024);
    const service = await aService();
    const environment = { ...environmentOf(service, disk.directory), MIN_FREE_MB: "0" };
    const drawbridge = await startProcess(environment);
    const before = await draw(drawbridge, "before");
    expect(before.status).toBe(200);

    const freeSome = disk.fill(400_000);
    service.misbehave(padded(1_000_000));
    const paid = await draw(drawbridge, "a picture that does not fit");
    expect(paid).toMatchObject({ status: 503, error: { code: "storage_failed" } });
    expect(paid.error?.message).toMatch(/disk is full/);
    expect(paid.headers.get("x-should-retry")).toBe("false");
    expect(paid.headers.get("retry-after")).toBeNull();
    freeSome();

    const free = disk.fill();
    const ordered = service.requests.length;
    const unpaid = await draw(drawbridge, "a job that does not fit");
    expect(unpaid).toMatchObject({ status: 503, error: { code: "storage_failed" } });
    expect(unpaid.headers.get("x-should-retry")).toBeNull();
    expect(unpaid.headers.get("retry-after")).toBe("30");
    expect(service.requests).toHaveLength(ordered);
    expect((await fetch(`${drawbridge.url}/healthz`)).status).toBe(200);
    expect((await fetch(before.url)).status).toBe(200);
    free();

    expect((await draw(drawbridge, "after")).status).toBe(200);
    expect(await drawbridge.stop()).toMatchObject({ code: 0 });
    const left = readdirSync(disk.directory, { recursive: true }).map(String);
    expect(left.filter((name) => name.endsWith(".tmp"))).toEqual([]);
    const again = await drawbridge.restart();
    const path = new URL(before.url).pathname;
    expect((await fetch(again.url + path)).status).toBe(200);
  });

  test("does not start, says why, and starts once there is room", async () => {
    const disk = aSmallDisk(2 * 1024 * 1024);
    const { directory, job } = await aUsedDirectory(join(disk.directory, "data"));
    const free = disk.fill();
    expect(await refusal(directory)).toMatch(
      /^The disk of the data directory .* is full\. Make room/,
    );
    free();
    expect(await stillHas(directory, job.code)).toBe(true);
  });
});

describe("Drawbridge does not start, says why in a line, and harms nothing,", () => {
  test.skipIf(isRoot && !mayMount)(
    "where it may not write (needs another user than root, or the right to mount)",
    async () => {
      const disk = mayMount ? aSmallDisk(2 * 1024 * 1024) : undefined;
      const { directory, file } = await aUsedDirectory(disk?.directory);
      const bytes = readFileSync(file);
      if (disk) disk.makeReadOnly();
      else chmodSync(directory, 0o500);
      expect(await refusal(directory)).toMatch(
        /^The data directory .* cannot be written to: .* Give this user the right to write there/,
      );
      expect(readFileSync(file).equals(bytes)).toBe(true);
    },
  );

  test.each([
    [
      "that is no database",
      (bytes: Buffer) => Buffer.from("no database ".repeat(bytes.length / 12)),
    ],
    ["whose middle is overwritten", (bytes: Buffer) => bytes.fill(0xa5, 5000, bytes.length - 5000)],
    ["whose end is missing", (bytes: Buffer) => bytes.subarray(0, bytes.length - 20_000)],
  ])("over a database file %s", async (_, damage) => {
    const { directory, file } = await aUsedDirectory();
    const damaged = damage(readFileSync(file));
    writeFileSync(file, damaged);
    expect(await refusal(directory)).toMatch(
      /^The database .* cannot be used: .* It was left as it is\. Restore it from a backup, or move it away/,
    );
    expect(readFileSync(file).equals(damaged)).toBe(true);
  });

  test("over a database from a newer version", async () => {
    const { directory, job, file } = await aUsedDirectory();
    const version = setVersion(file, 99);
    expect(await refusal(directory)).toMatch(
      /newer version of Drawbridge .* Run the newer version/,
    );
    setVersion(file, version);
    expect(await stillHas(directory, job.code)).toBe(true);
  });

  test("where another one is running, which works on", async () => {
    const service = await aService();
    const directory = aDirectory();
    const first = await startProcess(environmentOf(service, directory));
    expect(await refusal(directory)).toMatch(/^Another Drawbridge is using the data directory/);
    const drawn = await draw(first, "a cat");
    expect(drawn.status).toBe(200);
    expect(await first.kill()).toMatchObject({ signal: "SIGKILL" });
    const next = await first.restart();
    expect((await fetch(next.url + new URL(drawn.url).pathname)).status).toBe(200);
  });

  test("where a file is in the place of its directory", async () => {
    const file = join(aDirectory(), "file");
    writeFileSync(file, "mine");
    expect(await refusal(file)).toMatch(/^The data directory .* cannot be made: .* Set DATA_DIR/);
    const ended = await runProcess({ DATA_DIR: file });
    expect(ended).toMatchObject({ code: 1, output: `${await refusal(file)}\n` });
    expect(readFileSync(file, "utf8")).toBe("mine");
  });

  test("where its generated key cannot be read", async () => {
    const { directory, job } = await aUsedDirectory();
    mkdirSync(join(directory, "gateway-key"));
    expect(await refusal(directory, { GATEWAY_API_KEY: "" })).toMatch(
      /^The file .*gateway-key, which keeps the generated key, cannot be read \(EISDIR\)\. .* GATEWAY_API_KEY/,
    );
    rmSync(join(directory, "gateway-key"), { recursive: true });
    expect(await stillHas(directory, job.code)).toBe(true);
  });
});
