import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { isFinished, type Job } from "../../core/job.ts";
import type { QuotaCharge } from "../../core/quota.ts";
import { aDirectory, aJob, aPicture } from "../builders.ts";
import type { DyingLife } from "../fakes/dying-ledger.ts";
import { openStores } from "../fakes/studio.ts";

const program = join(import.meta.dirname, "../fakes/dying-ledger.ts");
const requester = "http:test";

/** How many pictures a job is to be charged for, as far as it has come. */
function accountedFor(job: Job | undefined): number {
  if (!job) return 0;
  return isFinished(job) ? job.pictures.length : job.brief.count;
}

function chargesOf(count: number): QuotaCharge[] {
  const windows = ["minute", "day"] as const;
  return windows.map((window) => ({ requester, window, since: 0, count, limit: 10 }));
}

/** A job of three pictures, of which one was made before it was cancelled. */
function aLife(directory: string, dieAt: number): DyingLife {
  const { brief, ...rest } = aJob();
  const job = { ...rest, brief: { ...brief, count: 3 } };
  const ended: Job = { ...job, state: "cancelled", pictures: [aPicture()], finishedAt: 2 };
  return { directory, job, ended, charges: chargesOf(3), refunds: chargesOf(2), dieAt };
}

/** Lives until it dies; false when it ended before that. */
function dies(life: DyingLife): boolean {
  const args = ["--disable-warning=ExperimentalWarning", program, JSON.stringify(life)];
  const { signal, status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (signal === null && status !== 0) throw new Error(stderr);
  return signal === "SIGKILL";
}

describe("whatever statement a process dies at,", () => {
  test("exactly those pictures are charged that its jobs account for", async () => {
    const ends = new Set<string>();
    let dieAt = 0;
    for (let died = true; died; ) {
      const directory = aDirectory();
      const life = aLife(directory, ++dieAt);
      died = dies(life);
      const { database, archive, quota } = openStores(directory);
      const job = await archive.find(life.job.code);
      for (const window of ["minute", "day"] as const) {
        const used = await quota.used(requester, window, 0);
        expect(used, `charged after dying at statement ${dieAt}`).toBe(accountedFor(job));
      }
      ends.add(job?.state ?? "none");
      database.close();
    }
    expect(dieAt).toBeGreaterThan(10);
    expect([...ends]).toEqual(["none", "queued", "cancelled"]);
  });
});
