import { describe, expect, onTestFinished, test } from "vitest";
import type { Enhancer } from "../../core/enhance.ts";
import { ImageError } from "../../core/errors.ts";
import type { JobStore } from "../../core/job.ts";
import { openDatabase } from "../../src/storage/sqlite.ts";
import { sqliteJobs } from "../../src/storage/sqlite-jobs.ts";
import { aDirectory } from "../builders.ts";
import { aStudio, easel, memoryImages, submission } from "../fakes/studio.ts";

/** Words that are different each time. */
function fickleEnhancer(): Enhancer {
  let asked = 0;
  return async ({ words }) => ({
    prompt: `${words}, version ${++asked}`,
    enhancement: {
      status: "enhanced",
      model: "llm",
      usage: { promptTokens: 1, completionTokens: 1 },
    },
  });
}

function aStore(): JobStore {
  const database = openDatabase(aDirectory());
  onTestFinished(() => database.close());
  return sqliteJobs(database);
}

/** A store on disk whose changes to jobs wait until they are let through. */
function aSlowStore() {
  const jobs = aStore();
  const update = jobs.update.bind(jobs);
  const { promise: opened, resolve: open } = Promise.withResolvers<undefined>();
  const slow: JobStore = Object.assign(jobs, {
    async update(...change: Parameters<JobStore["update"]>) {
      await opened;
      await update(...change);
    },
  });
  return { jobs: slow, open: () => open(undefined) };
}

describe("the workshop", () => {
  test("calls the service for no picture of a job before it is on disk that it will", async () => {
    const painter = easel({ auto: true });
    const { jobs, open } = aSlowStore();
    const { studio } = aStudio({ easel: painter, slots: 3, jobs });
    const { code } = await studio.submit({ prompt: "x", count: 3 }, submission());
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(painter.orders).toEqual([]);
    open();
    expect((await studio.finished(code)).pictures).toHaveLength(3);
  });

  test("goes on after a crash with the words that it had begun with", async () => {
    const before = aStudio({ easel: easel(), slots: 2, enhance: fickleEnhancer() });
    const { code } = await before.studio.submit({ prompt: "a cat", count: 2 }, submission());
    await before.easel.begun(2);
    before.easel.finish();
    await expect.poll(async () => (await before.jobs.find(code))?.pictures.length).toBe(1);
    before.crash();
    const after = aStudio({ directory: before.directory, enhance: fickleEnhancer() });
    await after.studio.resume();
    const { recipe } = await after.studio.finished(code);
    expect(recipe?.prompt).toBe(before.easel.orders[0]?.prompt);
    expect(after.easel.orders.map(({ prompt }) => prompt)).toEqual([recipe?.prompt]);
  });

  test("says that a picture was paid for when its record finds the disk full", async () => {
    const jobs = aStore();
    const details = { problem: "full", paid: false } as const;
    const addPicture = () => Promise.reject(new ImageError("storage-failed", details));
    const { studio } = aStudio({ jobs: Object.assign(jobs, { addPicture }) });
    const { code } = await studio.submit({ prompt: "x" }, submission());
    expect(await studio.finished(code)).toMatchObject({
      error: { code: "storage-failed", details: { problem: "full", paid: true } },
    });
  });

  test.each(["full", "unwritable"] as const)(
    "fails a job whose picture finds the disk %s, and works on once it does not",
    async (problem) => {
      const images = memoryImages();
      const details = { problem, paid: true };
      let broken = true;
      const put = (bytes: Uint8Array) =>
        broken ? Promise.reject(new ImageError("storage-failed", details)) : images.put(bytes);
      const { studio, jobs } = aStudio({ images: { ...images, put }, perDay: 5 });
      const first = await studio.submit({ prompt: "x" }, submission());
      expect(await studio.finished(first.code)).toMatchObject({
        state: "failed",
        error: { code: "storage-failed", details },
      });
      expect((await jobs.find(first.code))?.state).toBe("failed");
      expect(await studio.quotaOf({ id: "http:anna" })).toMatchObject([{ left: 5 }]);
      broken = false;
      const second = await studio.submit({ prompt: "x" }, submission());
      expect(await studio.finished(second.code)).toMatchObject({ state: "done" });
    },
  );
});
