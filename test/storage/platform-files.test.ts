import { describe, expect, onTestFinished, test } from "vitest";
import { openDatabase } from "../../src/storage/sqlite.ts";
import { sqliteJobs } from "../../src/storage/sqlite-jobs.ts";
import { sqlitePlatformFiles } from "../../src/storage/sqlite-platform-files.ts";
import { aDirectory, aJob, aPicture } from "../builders.ts";

async function aStore() {
  const database = openDatabase(aDirectory());
  onTestFinished(() => database.close());
  const jobs = sqliteJobs(database);
  const job = aJob();
  const picture = aPicture();
  await jobs.insert(job, 1000);
  await jobs.addPicture(job.code, picture);
  return { files: sqlitePlatformFiles(database), jobs, job, picture };
}

describe("References to files at chat platforms", () => {
  test("are kept by picture and use, the newest alone", async () => {
    const { files, picture } = await aStore();
    await files.keep(picture.id, "telegram:1:photo", "old");
    await files.keep(picture.id, "telegram:1:photo", "new");
    expect(await files.find(picture.id, "telegram:1:photo")).toBe("new");
    expect(await files.find(picture.id, "telegram:2:photo")).toBeUndefined();
  });

  test("go when their picture goes", async () => {
    const { files, jobs, job, picture } = await aStore();
    await files.keep(picture.id, "telegram:1:photo", "file");
    await jobs.removePictures(job.code);
    expect(await files.find(picture.id, "telegram:1:photo")).toBeUndefined();
  });

  test("are not kept for a picture that is gone", async () => {
    const { files } = await aStore();
    await files.keep("gone", "telegram:1:photo", "file");
    expect(await files.find("gone", "telegram:1:photo")).toBeUndefined();
  });
});
