import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { fileImages } from "../../src/storage/files.ts";
import { DataDirError } from "../../src/storage/data-dir.ts";
import { aDirectory } from "../builders.ts";
import { imageStoreContract } from "../contract/image-store.ts";
import { aSmallDisk, mayMount } from "../fakes/disk.ts";

imageStoreContract("a directory", () => fileImages(aDirectory()));

const hourMs = 3_600_000;
const picture = Buffer.from("the bytes of a picture");

function pathOf(directory: string, hash: string): string {
  return join(directory, hash.slice(0, 2), hash.slice(2));
}

function makeOld(path: string, ageMs: number): void {
  const time = new Date(Date.now() - ageMs);
  utimesSync(path, time, time);
}

/** Everything in the directory that is a file. */
function filesIn(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);
}

describe("pictures in a directory", () => {
  test("are still there when it is opened again", async () => {
    const directory = aDirectory();
    const hash = await fileImages(directory).put(picture);
    expect(await fileImages(directory).read(hash)).toEqual(picture);
  });

  test("are kept again where somebody has removed the directory", async () => {
    for (const minFreeBytes of [0, 1]) {
      const directory = join(aDirectory(), "images");
      const images = fileImages(directory, { minFreeBytes });
      rmSync(directory, { recursive: true });
      await images.check();
      expect(await images.read(await images.put(picture))).toEqual(picture);
    }
  });

  test("lie there alone, under the name of their content", async () => {
    const directory = aDirectory();
    const hash = await fileImages(directory).put(picture);
    expect(filesIn(directory)).toEqual([hash.slice(2)]);
    expect(statSync(pathOf(directory, hash)).size).toBe(picture.length);
  });

  test("are named by their SHA-256 however large they are", async () => {
    const large = Buffer.alloc(3 * 1024 * 1024, 7);
    const sha256 = createHash("sha256").update(large).digest("hex");
    expect(await fileImages(aDirectory()).put(large)).toBe(sha256);
  });

  test("leave nothing of forms whose picture went while they were made", async () => {
    const directory = aDirectory();
    const images = fileImages(directory);
    const hash = await images.put(picture);
    await images.putForm(hash, "webp", picture);
    rmSync(pathOf(directory, hash));
    expect(await images.putBefore(Date.now() + hourMs)).toEqual([]);
    expect(filesIn(directory)).toEqual([]);
  });

  test("become young again when they are put again", async () => {
    const directory = aDirectory();
    const images = fileImages(directory);
    const hash = await images.put(picture);
    makeOld(pathOf(directory, hash), 2 * hourMs);
    expect(await images.putBefore(Date.now() - hourMs)).toEqual([hash]);
    await images.put(picture);
    expect(await images.putBefore(Date.now() - hourMs)).toEqual([]);
  });

  test("are written again when they are put again after a power failure cut them short", async () => {
    const directory = aDirectory();
    const images = fileImages(directory);
    const hash = await images.put(picture);
    writeFileSync(pathOf(directory, hash), picture.subarray(0, 5));
    expect(await images.put(picture)).toBe(hash);
    expect(await images.read(hash)).toEqual(picture);
  });

  test("are never confused with files of others, which stay", async () => {
    const directory = aDirectory();
    const images = fileImages(directory);
    const strays = [".DS_Store", join("ab", "notes.txt"), join("ab", "cd", "e".repeat(60))];
    mkdirSync(join(directory, "ab", "cd"), { recursive: true });
    for (const stray of strays) writeFileSync(join(directory, stray), "mine");
    for (const stray of strays) makeOld(join(directory, stray), 48 * hourMs);
    expect(await images.putBefore(Date.now() + hourMs)).toEqual([]);
    expect(filesIn(directory)).toHaveLength(3);
  });

  test("are not listed while they are unfinished, and what a dead process left unfinished goes", async () => {
    const directory = aDirectory();
    const images = fileImages(directory);
    mkdirSync(join(directory, "ab"));
    const [fresh, stale] = ["fresh.tmp", "stale.tmp"].map((name) => join(directory, "ab", name));
    for (const path of [fresh!, stale!]) writeFileSync(path, "half a pict");
    makeOld(stale!, 2 * hourMs);
    expect(await images.putBefore(Date.now() + hourMs)).toEqual([]);
    expect(filesIn(directory)).toEqual(["fresh.tmp"]);
  });

  test("that cannot be written are an expected failure", async () => {
    const directory = aDirectory();
    const images = fileImages(directory);
    rmSync(directory, { recursive: true });
    writeFileSync(directory, "a file where the directory was");
    await expect(images.put(picture)).rejects.toMatchObject({
      code: "storage-failed",
      details: { problem: "unwritable", paid: true },
    });
  });

  test.skipIf(!mayMount)(
    "do not fit on a full disk, leave nothing behind, and fit once there is room (needs the right to mount)",
    async () => {
      const disk = aSmallDisk(1024 * 1024);
      const images = fileImages(join(disk.directory, "images"));
      const small = await images.put(picture);
      const free = disk.fill();
      await expect(images.put(Buffer.alloc(500_000))).rejects.toMatchObject({
        code: "storage-failed",
        details: { problem: "full", paid: true },
      });
      expect(await images.read(small)).toEqual(picture);
      free();
      expect(filesIn(disk.directory)).toEqual([small.slice(2)]);
      await expect(images.put(Buffer.alloc(500_000))).resolves.toMatch(/^[0-9a-f]{64}$/);
    },
  );
});

test("a picture directory that cannot be made is a problem that its owner is told how to solve", () => {
  const file = join(aDirectory(), "file");
  writeFileSync(file, "");
  expect(() => fileImages(join(file, "images"))).toThrow(DataDirError);
  expect(() => fileImages(join(file, "images"))).toThrow(/Give this user the right to write there/);
});
