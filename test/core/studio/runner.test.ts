import { describe, expect, onTestFinished, test } from "vitest";
import { createCatalogue, modelSchema } from "../../../core/catalogue.ts";
import type { Enhancer } from "../../../core/enhance.ts";
import { ImageError } from "../../../core/errors.ts";
import type { Ledger } from "../../../core/ledger.ts";
import { createEstimate, createFairQueue } from "../../../core/queue.ts";
import { aDirectory } from "../../builders.ts";
import { aStudio, easel, memoryImages, openStores, submission } from "../../fakes/studio.ts";

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

function someStores() {
  const { database, ledger, archive, pictures } = openStores(aDirectory());
  onTestFinished(() => database.close());
  return { ledger, archive, pictures };
}

/** Stores on disk whose promises are begun only once they are let through. */
function slowStores() {
  const stores = someStores();
  const begin = stores.ledger.begin.bind(stores.ledger);
  const { promise: opened, resolve: open } = Promise.withResolvers<undefined>();
  Object.assign(stores.ledger, {
    async begin(...change: Parameters<Ledger["begin"]>) {
      await opened;
      await begin(...change);
    },
  });
  return { stores, open: () => open(undefined) };
}

/** Stores whose promises are accepted only once they are let through. */
function hesitantStores() {
  const stores = someStores();
  const accept = stores.ledger.accept.bind(stores.ledger);
  const { promise: opened, resolve: open } = Promise.withResolvers<undefined>();
  const { promise: asked, resolve: ask } = Promise.withResolvers<undefined>();
  Object.assign(stores.ledger, {
    async accept(...promise: Parameters<Ledger["accept"]>) {
      ask(undefined);
      await opened;
      return accept(...promise);
    },
  });
  return { stores, asked, open: () => open(undefined) };
}

describe("the runner", () => {
  test("calls the service for no picture of a job before it is on disk that it will", async () => {
    const painter = easel({ auto: true });
    const { stores, open } = slowStores();
    const options = { easel: painter, slots: 3, enhance: fickleEnhancer() };
    const { studio } = aStudio({ ...options, ...stores });
    const { code } = await studio.submit({ prompt: "x", count: 3 }, submission());
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(painter.orders).toEqual([]);
    open();
    expect((await studio.finished(code)).pictures).toHaveLength(3);
  });

  test("writes that down with the job itself where the picture's turn comes at once", async () => {
    const painter = easel({ auto: true });
    const { stores, open } = hesitantStores();
    const { studio } = aStudio({ easel: painter, ...stores });
    const submitted = studio.submit({ prompt: "x" }, submission());
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(painter.orders).toEqual([]);
    open();
    const { code, attempts } = await submitted;
    expect(attempts).toBe(1);
    await studio.finished(code);
  });

  test("goes on after a crash with the words that it had begun with", async () => {
    const before = aStudio({ easel: easel(), slots: 2, enhance: fickleEnhancer() });
    const { code } = await before.studio.submit({ prompt: "a cat", count: 2 }, submission());
    await before.easel.begun(2);
    before.easel.finish();
    await expect.poll(async () => (await before.archive.find(code))?.pictures.length).toBe(1);
    before.crash();
    const after = aStudio({ directory: before.directory, enhance: fickleEnhancer() });
    await after.studio.resume();
    const { recipe } = await after.studio.finished(code);
    expect(recipe?.prompt).toBe(before.easel.orders[0]?.prompt);
    expect(after.easel.orders.map(({ prompt }) => prompt)).toEqual([recipe?.prompt]);
  });

  test("goes without a place in line for a job whose pictures are all there after a restart", async () => {
    const before = aStudio({ easel: easel() });
    const { code } = await before.studio.submit({ prompt: "x" }, submission());
    await before.easel.begun(1);
    await before.studio.stop(0);
    before.easel.finish();
    await expect.poll(async () => (await before.archive.find(code))?.pictures.length).toBe(1);
    before.crash();
    const limits = { maxWaiting: 9, maxWaitingPerRequester: 9, estimate: createEstimate() };
    const queue = createFairQueue({ slots: () => 1, ...limits });
    const after = aStudio({ directory: before.directory, queue });
    await after.studio.resume();
    expect(await after.studio.finished(code)).toMatchObject({ state: "done", notices: [] });
    expect(after.easel.orders).toEqual([]);
    expect(queue.waiting).toBe(0);
  });

  test("begins no further picture of a job once it stops, and the next one repeats none", async () => {
    const before = aStudio({ easel: easel(), slots: 1 });
    const { code } = await before.studio.submit({ prompt: "x", count: 3 }, submission());
    await before.easel.begun(1);
    const stopped = before.studio.stop(60_000);
    before.easel.finish();
    await stopped;
    expect(before.easel.orders).toHaveLength(1);
    before.crash();
    const after = aStudio({ directory: before.directory });
    await after.studio.resume();
    expect(await after.studio.finished(code)).toMatchObject({ state: "done", notices: [] });
    expect(after.easel.orders).toHaveLength(2);
  });

  test("makes what was being accepted while it stops, if its turn came with that", async () => {
    const painter = easel();
    const { stores, asked, open } = hesitantStores();
    const { studio } = aStudio({ easel: painter, ...stores });
    const submitted = studio.submit({ prompt: "x" }, submission());
    await asked;
    const stopped = studio.stop(60_000);
    open();
    const { code } = await submitted;
    const finished = studio.finished(code);
    await painter.begun(1);
    painter.finish();
    expect((await finished).state).toBe("done");
    await stopped;
  });

  test("calls no service for a job that is cancelled before its beginning is on disk", async () => {
    const painter = easel();
    const { stores, open } = slowStores();
    const { studio } = aStudio({ easel: painter, enhance: fickleEnhancer(), ...stores });
    const { code } = await studio.submit({ prompt: "x" }, submission());
    await expect.poll(() => studio.view(code)?.state).toBe("running");
    const cancelled = studio.cancel(code, { id: "http:anna" });
    open();
    expect((await cancelled).state).toBe("cancelled");
    await studio.stop(60_000);
    expect(painter.orders).toEqual([]);
  });

  test("fails a job whose model is served no more, and gives back what it cost", async () => {
    const before = aStudio({ easel: easel(), perDay: 5 });
    const { code } = await before.studio.submit({ prompt: "x", count: 2 }, submission());
    before.crash();
    const catalogue = createCatalogue([modelSchema.parse({ id: "Other", provider: "easel" })]);
    const after = aStudio({ directory: before.directory, perDay: 5, catalogue });
    expect(await after.studio.resume()).toEqual([]);
    expect(await after.studio.finished(code)).toMatchObject({
      state: "failed",
      error: { code: "unknown-model", details: { model: "Z-Image" } },
    });
    expect(await after.studio.quotaOf({ id: "http:anna" })).toMatchObject([{ left: 5 }]);
    expect(await after.ledger.open()).toEqual([]);
    expect(after.easel.orders).toEqual([]);
  });

  test("lets erased pictures stay erased when a call that could not be stopped ends after that", async () => {
    const painter = easel({ cancel: "never" });
    const { studio, archive, images, pictures } = aStudio({ easel: painter, slots: 2 });
    const { code } = await studio.submit({ prompt: "x", count: 2 }, submission());
    await painter.begun(2);
    painter.finish();
    await expect.poll(async () => (await archive.find(code))?.pictures.length).toBe(1);
    const [erased] = (await archive.find(code))?.pictures ?? [];
    await studio.erasePictures(code, { id: "http:anna" });
    painter.finish();
    const numbers = async () => (await archive.find(code))?.pictures.map(({ number }) => number);
    await expect.poll(numbers).toEqual([2]);
    expect(await pictures.find(erased?.id ?? "")).toBeUndefined();
    expect(images.kept.size).toBe(1);
  });

  test("says that a picture was paid for when its record finds the disk full", async () => {
    const stores = someStores();
    const details = { problem: "full", paid: false } as const;
    const settle = () => Promise.reject(new ImageError("storage-failed", details));
    Object.assign(stores.ledger, { settle });
    const { studio } = aStudio(stores);
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
      const { studio, archive } = aStudio({ images: { ...images, put }, perDay: 5 });
      const first = await studio.submit({ prompt: "x" }, submission());
      expect(await studio.finished(first.code)).toMatchObject({
        state: "failed",
        error: { code: "storage-failed", details },
      });
      expect((await archive.find(first.code))?.state).toBe("failed");
      expect(await studio.quotaOf({ id: "http:anna" })).toMatchObject([{ left: 5 }]);
      broken = false;
      const second = await studio.submit({ prompt: "x" }, submission());
      expect(await studio.finished(second.code)).toMatchObject({ state: "done" });
    },
  );

  test("pays for no picture of a job that waited until the disk had failed", async () => {
    const images = memoryImages();
    let broken = false;
    const details = { problem: "full", paid: false } as const;
    const check = () =>
      broken ? Promise.reject(new ImageError("storage-failed", details)) : Promise.resolve();
    const painter = easel();
    const options = { images: { ...images, check }, easel: painter, slots: 1, perDay: 5 };
    const { studio } = aStudio(options);
    const first = await studio.submit({ prompt: "x" }, submission());
    const waiting = await studio.submit({ prompt: "y" }, submission());
    await painter.begun(1);
    broken = true;
    painter.finish();
    expect(await studio.finished(first.code)).toMatchObject({ state: "done" });
    expect(await studio.finished(waiting.code)).toMatchObject({
      state: "failed",
      error: { code: "storage-failed", details },
    });
    expect(painter.orders).toHaveLength(1);
    expect(await studio.quotaOf({ id: "http:anna" })).toMatchObject([{ left: 4 }]);
    await expect(studio.submit({ prompt: "z" }, submission())).rejects.toMatchObject({ details });
    const [sent = new Uint8Array()] = images.kept.values();
    await expect(studio.keepSource(sent)).rejects.toMatchObject({ details });
    broken = false;
    const last = await studio.submit({ prompt: "z" }, submission());
    await painter.begun(2);
    painter.finish();
    expect(await studio.finished(last.code)).toMatchObject({ state: "done" });
  });
});
