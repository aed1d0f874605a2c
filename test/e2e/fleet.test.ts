import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test, vi } from "vitest";
import { aFleet, ask, key, linksIn } from "../fakes/fleet.ts";
import { aCluster } from "../fakes/postgres.ts";

const cluster = aCluster({ durable: true });
const soon = { timeout: 60_000, interval: 100 };

describe("Processes that share a database", () => {
  test("make for any of them, show from any, and give up what nobody waits for any more", async () => {
    const fleet = await aFleet(cluster.url, {
      HANGUP_GRACE_MS: "2000",
      OPERATORS: "http:default",
    });
    const { service, database } = fleet;
    const [one, two] = await Promise.all([fleet.start(["http"]), fleet.start(["http"])]);
    await fleet.start(["worker"]);
    const headers = { authorization: `Bearer ${key}` };
    const overview = await fetch(`${one.url}/v1/overview`, { headers });
    expect(await overview.json()).toMatchObject({ processes: 3 });
    service.setDelay(200);
    const links = await linksIn(await ask(one, { prompt: "three cats", n: 3 }));
    expect(links).toHaveLength(3);
    for (const link of links) {
      const elsewhere = link.replace(one.url, two.url);
      expect((await fetch(elsewhere)).headers.get("content-type")).toBe("image/png");
    }
    expect(service.requests).toHaveLength(3);
    expect(service.mostAtOnce).toBe(2);
    const leftovers = () => database.all("SELECT id FROM turns");
    await vi.waitFor(async () => expect(await leftovers()).toEqual([]), soon);

    // The same key at both is one job.
    const same = { prompt: "once", key: "k-1" };
    const both = await Promise.all(
      [ask(one, same), ask(two, same)].map(async (r) => linksIn(await r)),
    );
    expect(both[0]!.map(pathOf)).toEqual(both[1]!.map(pathOf));
    expect(service.ordersOf({ prompt: "once" })).toBe(1);

    // A retry elsewhere takes over the job of a client that was cut off, which is not cancelled then.
    const letGo = service.hold();
    const cut = new AbortController();
    const first = ask(one, { prompt: "taken over", signal: cut.signal }).catch(() => undefined);
    await service.arrived(5);
    cut.abort();
    await first;
    const retried = ask(two, { prompt: "taken over", retry: true });
    await sleep(3_000);
    letGo();
    expect(await linksIn(await retried)).toHaveLength(1);
    expect(service.ordersOf({ prompt: "taken over" })).toBe(1);

    // What nobody comes back for is cancelled, though another process has it.
    const letAllGo = service.hold();
    const gone = new AbortController();
    const waits = ["x", "y", "z"].map((prompt) =>
      ask(one, { prompt, signal: gone.signal }).catch(() => undefined),
    );
    await service.arrived(7);
    gone.abort();
    await Promise.all(waits);
    const states = () =>
      database.all<{ state: string }>(
        "SELECT state FROM archive WHERE state = 'cancelled' AND requester = 'http:default'",
      );
    await vi.waitFor(async () => expect(await states()).toHaveLength(3), soon);
    letAllGo();
    await vi.waitFor(async () => expect(await leftovers()).toEqual([]), soon);
    expect(service.requests).toHaveLength(7);
  });

  test("take over what a dead worker had, and nothing changes when one wakes that only slept", async () => {
    const fleet = await aFleet(cluster.url);
    const { service, database } = fleet;
    const http = await fleet.start(["http"]);
    const sleeper = await fleet.start(["worker"]);
    const letGo = service.hold();
    const answer = ask(http, { prompt: "a long sleep" });
    await service.arrived(1);
    process.kill(sleeper.pid, "SIGSTOP");
    const since = performance.now();
    const second = await fleet.start(["worker"]);
    await service.arrived(2);
    expect(performance.now() - since).toBeLessThan(30_000);
    letGo();
    expect(await linksIn(await answer)).toHaveLength(1);
    const kept = () =>
      database.all("SELECT code, state, record, holder FROM archive ORDER BY created_at");
    const before = await kept();
    expect(JSON.stringify(before)).toContain("asked-twice");
    process.kill(sleeper.pid, "SIGCONT");
    await sleeper.printed(/a job was taken over by another process/);
    expect(await kept()).toEqual(before);
    expect(await database.all("SELECT id FROM pictures")).toHaveLength(1);

    // Killed at work: once more, elsewhere.
    await second.kill();
    const letSecondGo = service.hold();
    const cutOff = ask(http, { prompt: "a sudden death" });
    await service.arrived(3);
    await sleeper.kill();
    await fleet.start(["worker"]);
    await service.arrived(4);
    letSecondGo();
    expect(await linksIn(await cutOff)).toHaveLength(1);
    expect(service.ordersOf({ prompt: "a sudden death" })).toBe(2);
  });

  test("answer 503 with Retry-After while the database is away, and go on after that; a rolling restart fails nobody", async () => {
    const fleet = await aFleet(cluster.url);
    const { service } = fleet;
    service.setDelay(100);
    const http = await fleet.start(["http"]);
    const worker = await fleet.start(["worker"]);
    const under = [1, 2, 3].map((n) => ask(http, { prompt: `under way ${n}`, key: `u-${n}` }));
    await service.arrived(1);
    await cluster.stop();
    const refused = await ask(http, { prompt: "while it is away" });
    expect(refused.status).toBe(503);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await fetch(`${http.url}/readyz`)).status).toBe(503);
    await cluster.start();
    for (const [index, answer] of under.entries()) {
      const first = await answer;
      const again =
        first.status === 503
          ? await ask(http, { prompt: `under way ${index + 1}`, key: `u-${index + 1}` })
          : first;
      expect(await linksIn(again)).toHaveLength(1);
    }
    for (const n of [1, 2, 3]) expect(service.ordersOf({ prompt: `under way ${n}` })).toBe(1);
    await vi.waitFor(
      async () => expect((await fetch(`${http.url}/readyz`)).status).toBe(200),
      soon,
    );

    const load = Array.from({ length: 12 }, (_, n) => ask(http, { prompt: `rolling ${n}` }));
    await fleet.start(["worker"]);
    expect((await worker.stop()).code).toBe(0);
    for (const answer of load) expect(await linksIn(await answer)).toHaveLength(1);
    for (let n = 0; n < 12; n++) expect(service.ordersOf({ prompt: `rolling ${n}` })).toBe(1);
  });
});

function pathOf(link: string): string {
  return new URL(link).pathname;
}
