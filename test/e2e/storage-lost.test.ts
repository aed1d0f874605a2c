import { existsSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, onTestFinished, test } from "vitest";
import { aDirectory } from "../builders.ts";
import { aSmallDisk, mayMount } from "../fakes/disk.ts";
import { post, secrets } from "../fakes/drawbridge.ts";
import { type ImageService, startImageService } from "../fakes/image-service.ts";
import { type DrawbridgeProcess, runProcess, startProcess } from "../fakes/process.ts";

const megabyte = 1_000_000;

/** Pictures of the usual content and about this size. */
const padded = (bytes: number) => ({
  bytes: (painted: Buffer) => Buffer.concat([painted, Buffer.alloc(bytes)]),
});

interface Scene {
  readonly service: ImageService;
  readonly drawbridge: DrawbridgeProcess;
  readonly directory: string;
}

async function aScene(directory: string, more: Record<string, string> = {}): Promise<Scene> {
  const paints = { width: 16, height: 16 };
  const service = await startImageService({ apiKey: secrets.image, paints });
  onTestFinished(() => service.close());
  const drawbridge = await startProcess({
    DATA_DIR: directory,
    GATEWAY_API_KEY: secrets.gateway,
    SD_API_KEY: secrets.image,
    SD_API_BASE_URL: service.url,
    LOG_LEVEL: "warn",
    ...more,
  });
  return { service, drawbridge, directory };
}

function draw({ drawbridge }: Scene) {
  const body = { prompt: "a cat", response_format: "url" };
  return post(drawbridge.url, "/v1/images/generations", body);
}

async function readiness({ drawbridge }: Scene) {
  const response = await fetch(`${drawbridge.url}/readyz`);
  const { storage } = (await response.json()) as { storage: string };
  return { status: response.status, storage };
}

/** Asks ten times, one after another, and answers how many of these the service was asked for. */
async function paidOfTen(scene: Scene): Promise<number> {
  const before = scene.service.requests.length;
  for (let n = 0; n < 10; n++) {
    const refused = await draw(scene);
    expect(refused).toMatchObject({ status: 503, json: { error: { code: "storage_failed" } } });
  }
  return scene.service.requests.length - before;
}

async function recovers(scene: Scene): Promise<void> {
  const patience = { timeout: 60_000, interval: 100 };
  await expect.poll(() => readiness(scene), patience).toMatchObject({ status: 200, storage: "ok" });
  expect((await draw(scene)).status).toBe(200);
}

describe.skipIf(!mayMount)("where pictures cannot be kept any more, Drawbridge", () => {
  const withoutFloor = { MIN_FREE_MB: "0" };

  test("pays for one picture and no more, says that it is not ready, and recovers by itself on a full disk", async () => {
    const disk = aSmallDisk(16 * megabyte);
    const scene = await aScene(disk.directory, withoutFloor);
    expect((await draw(scene)).status).toBe(200);
    scene.service.misbehave(...Array.from({ length: 10 }, () => padded(2 * megabyte)));
    const free = disk.fill(megabyte);
    expect(await paidOfTen(scene)).toBe(1);
    expect(await readiness(scene)).toMatchObject({
      status: 503,
      storage: "failed: the disk is full",
    });
    const told = "nothing new is taken: the disk is full";
    await expect.poll(() => scene.drawbridge.output()).toContain(told);
    free();
    await recovers(scene);
  });

  test("does the same where no more files can be made", async () => {
    const disk = aSmallDisk(16 * megabyte, 60);
    const scene = await aScene(disk.directory, withoutFloor);
    const free = disk.takeFiles();
    expect(await paidOfTen(scene)).toBe(1);
    free();
    await recovers(scene);
  });

  test("does the same where its folder is no folder any more", async () => {
    const scene = await aScene(aDirectory(), withoutFloor);
    const images = join(scene.directory, "images");
    renameSync(images, `${images}.away`);
    writeFileSync(images, "no folder");
    expect(await paidOfTen(scene)).toBe(1);
    rmSync(images);
    renameSync(`${images}.away`, images);
    await recovers(scene);
  });

  test("pays for nothing where it may not write", async () => {
    const disk = aSmallDisk(16 * megabyte);
    const directory = aDirectory();
    symlinkSync(disk.directory, join(directory, "images"));
    const scene = await aScene(directory);
    disk.makeReadOnly();
    expect(await paidOfTen(scene)).toBe(0);
  });

  test("pays for nothing once less than the floor is left", async () => {
    const disk = aSmallDisk(16 * megabyte);
    const scene = await aScene(disk.directory, { MIN_FREE_MB: "4" });
    expect((await draw(scene)).status).toBe(200);
    const free = disk.fill(3 * megabyte);
    const low = { status: 503, storage: expect.stringContaining("MIN_FREE_MB") as string };
    await expect.poll(() => readiness(scene)).toMatchObject(low);
    expect(await paidOfTen(scene)).toBe(0);
    free();
    await recovers(scene);
  });
});

describe("while Drawbridge runs, its database", () => {
  const file = ({ directory }: Scene) => join(directory, "drawbridge.db");
  test("is moved away and back: nothing new is taken, what is under way is answered, and all is well again", async () => {
    const scene = await aScene(aDirectory());
    const release = scene.service.hold();
    const underWay = draw(scene);
    await scene.service.arrived(1);
    renameSync(file(scene), `${file(scene)}.away`);
    await scene.drawbridge.printed(/nothing new is taken: drawbridge\.db was deleted/);
    const problem =
      /^failed: drawbridge\.db was deleted .* Stop Drawbridge, put the right file there/;
    const told = { status: 503, storage: expect.stringMatching(problem) as string };
    expect(await readiness(scene)).toEqual(told);
    expect(await paidOfTen(scene)).toBe(0);
    release();
    expect((await underWay).status).toBe(200);
    renameSync(`${file(scene)}.away`, file(scene));
    await recovers(scene);
  });

  test("can be read and copied by others", async () => {
    const scene = await aScene(aDirectory());
    expect((await draw(scene)).status).toBe(200);
    const reader = new DatabaseSync(file(scene), { readOnly: true, timeout: 5000 });
    reader.exec(`VACUUM INTO '${file(scene)}.backup'`);
    reader.close();
    expect(existsSync(`${file(scene)}.backup`)).toBe(true);
    expect(await readiness(scene)).toMatchObject({ status: 200, storage: "ok" });
  });

  test("keeps a second process out, though lock.db was deleted", async () => {
    const scene = await aScene(aDirectory());
    rmSync(join(scene.directory, "lock.db"));
    const second = await runProcess({ DATA_DIR: scene.directory, GATEWAY_API_KEY: "another" });
    expect(second).toMatchObject({ code: 1 });
    expect(second.output).toMatch(
      /^Another Drawbridge, or another program that has it open, .*\n$/,
    );
    expect((await draw(scene)).status).toBe(200);
    await scene.drawbridge.kill();
    expect((await draw({ ...scene, drawbridge: await scene.drawbridge.restart() })).status).toBe(
      200,
    );
  });
});
