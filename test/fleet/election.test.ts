import { describe, expect, onTestFinished, test, vi } from "vitest";
import { Election } from "../../src/fleet/presence.ts";
import { Signals } from "../../src/fleet/signals.ts";
import { silentLog } from "../builders.ts";
import { aCluster, emptyStores } from "../fakes/postgres.ts";

const cluster = aCluster();
const soon = { timeout: 60_000, interval: 50 };

/** Ends every connection that listens or holds a lock, as a restart of the database would. */
const endSessions = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE pid <> pg_backend_pid() AND query ~ '^(LISTEN|SELECT pg_try_advisory_lock)'`;

async function aCandidate() {
  const { database } = await emptyStores(cluster.url);
  const did: string[] = [];
  const elected = {
    start: () => void did.push("start"),
    pause: async () => void did.push("pause"),
  };
  const election = new Election("telegram", elected, { database, log: silentLog });
  onTestFinished(() => election.stop());
  election.start();
  return { election, did, database };
}

describe("What one process alone may do", () => {
  test("is done by one at a time, and by another when that one ends", async () => {
    const first = await aCandidate();
    await vi.waitFor(() => expect(first.election.won).toBe(true), soon);
    const second = await aCandidate();
    await vi.waitFor(() => expect(first.did).toEqual(["start"]), soon);
    expect(second.did).toEqual([]);
    await first.election.stop();
    await vi.waitFor(() => expect(second.did).toEqual(["start"]), soon);
  });

  test("stops at once where the connection is lost that says so, and begins again with the next", async () => {
    const { database, did } = await aCandidate();
    await vi.waitFor(() => expect(did).toEqual(["start"]), soon);
    await database.all(endSessions);
    await vi.waitFor(() => expect(did).toEqual(["start", "pause", "start"]), soon);
  });
});

describe("What processes tell each other", () => {
  test("is heard by all, and again after the connection was lost", async () => {
    const { database } = await emptyStores(cluster.url);
    const signals = new Signals(database, silentLog);
    onTestFinished(() => signals.close());
    const heard: string[] = [];
    let connected = 0;
    signals.on("job", (code) => heard.push(code));
    signals.onAgain(() => connected++);
    signals.start();
    await vi.waitFor(() => expect(connected).toBe(1), soon);
    signals.tell("job", "zi-1");
    signals.tell("turn", "zi-2");
    await vi.waitFor(() => expect(heard).toEqual(["zi-1"]), soon);
    await database.all(endSessions);
    // Whoever may have missed something looks for themselves.
    await vi.waitFor(() => expect(connected).toBe(2), soon);
    signals.tell("job", "zi-3");
    await vi.waitFor(() => expect(heard).toEqual(["zi-1", "zi-3"]), soon);
  });
});
