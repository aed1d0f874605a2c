import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { importFrom } from "../../src/import.ts";
import { fileImages } from "../../src/storage/files.ts";
import { aDirectory } from "../builders.ts";
import { post, secrets, startStandIns } from "../fakes/drawbridge.ts";
import { openStores } from "../fakes/studio.ts";
import { startWorkerd } from "../fakes/workerd.ts";

test("a house moves to a server with its records and pictures, and twice is once", async () => {
  const standIns = await startStandIns({ enhancer: false });
  onTestFinished(standIns.close);
  const house = await startWorkerd({
    file: "worker.js",
    environment: { ...standIns.environment, LOG_LEVEL: "error" },
  });
  onTestFinished(() => house.close());
  const made = await post(house.url, "/v1/images/generations", { prompt: "a cat", n: 2 });
  const code = made.headers.get("x-drawbridge-code") ?? "";

  const config = { DATA_DIR: aDirectory() };
  const origin = { url: house.url, key: secrets.gateway };
  expect(await importFrom(origin, config)).toMatchObject({ job: 1, known: 0 });
  expect(await importFrom(origin, config)).toMatchObject({ job: 0, known: 1 });
  await expect(importFrom({ ...origin, key: "wrong" }, config)).rejects.toThrow(/401/);

  const { database, archive, ledger } = openStores(config.DATA_DIR);
  onTestFinished(() => database.close());
  const job = await archive.find(code);
  expect(job).toMatchObject({ state: "done", brief: { words: "a cat" } });
  expect(await ledger.open()).toEqual([]);
  const images = fileImages(join(config.DATA_DIR, "images"));
  for (const { hash, bytes } of job?.pictures ?? []) {
    expect(await images.read(hash ?? "")).toHaveLength(bytes);
  }
  expect(job?.pictures).toHaveLength(2);
});
