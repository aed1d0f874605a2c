import { describe, expect, onTestFinished, test } from "vitest";
import { createEstimate } from "../../core/queue.ts";
import { openBoss } from "../../src/fleet/boss.ts";
import { type Held, holderOf, mayBegin } from "../../src/fleet/held.ts";
import { Line } from "../../src/fleet/line.ts";
import { placesOf } from "../../src/fleet/places.ts";
import { postgresLedger } from "../../src/storage/postgres-ledger.ts";
import { aJob, silentLog } from "../builders.ts";
import { aCluster, emptyStores } from "../fakes/postgres.ts";

const cluster = aCluster();

/** A line of its own provider before so many slots. */
async function aLine({ slots = 2, maxWaiting = 500, perRequester = 500 } = {}) {
  const { database, archive } = await emptyStores(cluster.url);
  const provider = `easel:${Math.random()}`;
  const options = { url: cluster.url, providers: [provider], watches: false, log: silentLog };
  const boss = await openBoss(options);
  onTestFinished(() => boss.stop({ graceful: false, close: true }));
  const line = new Line({
    database,
    boss,
    signals: { tell: () => undefined },
    slots: () => slots,
    maxWaiting,
    maxWaitingPerRequester: () => perRequester,
    estimate: createEstimate(),
  });
  await line.open([provider]);
  const ledger = postgresLedger(database, {
    reserve: (joining) => line.reserve(joining),
  });
  async function join(requester: string, count = 1): Promise<string> {
    const job = aJob({ requester: { id: requester } });
    const { code } = job;
    const joining = { code, requester, provider, model: "m", pixels: 1, count };
    await ledger.accept(job, [], 1e9, joining);
    return code;
  }
  const claim = async () => (await line.claim(provider))?.held;
  const ended = (held: Held) => database.run("DELETE FROM ledger WHERE code = $1", held.code);
  const end = async (held: Held) => {
    await ended(held);
    await line.release(held.turn ?? 0, provider);
    line.end(held);
    await line.settled();
  };
  /** Ends one job and takes the next into its slot. */
  const pass = async (held: Held) => {
    await ended(held);
    return (await line.pass(held.turn ?? 0, provider))?.held;
  };
  const begun = async () => {
    const sql = "SELECT count(*) AS begun FROM turns WHERE provider = $1 AND begun";
    return (await database.all<{ begun: number }>(sql, provider))[0]?.begun ?? 0;
  };
  return { database, archive, line, join, claim, end, pass, begun, provider };
}

describe("The line of all processes", () => {
  test("never begins more than there are slots, however many ask at once", async () => {
    const { join, claim, end, begun } = await aLine({ slots: 3 });
    for (let n = 0; n < 12; n++) await join(`http:${n % 4}`);
    const made: string[] = [];
    let most = 0;
    const worker = async () => {
      while (made.length < 12) {
        const held = await claim();
        const now = await begun();
        most = Math.max(most, now);
        if (!held) continue;
        made.push(held.code);
        await end(held);
      }
    };
    await Promise.all([worker(), worker(), worker(), worker()]);
    expect(new Set(made).size).toBe(12);
    expect(most).toBeLessThanOrEqual(3);
  });

  test("gives a slot on from one job to the next without ever having one too many", async () => {
    const { join, claim, pass, begun, end } = await aLine({ slots: 3 });
    for (let n = 0; n < 24; n++) await join(`http:${n % 4}`);
    const made: string[] = [];
    let most = 0;
    const worker = async (first: Held | undefined) => {
      for (let held = first; held; held = await pass(held)) {
        made.push(held.code);
        const now = await begun();
        most = Math.max(most, now);
      }
    };
    const first = [await claim(), await claim(), await claim()];
    expect(await claim()).toBeUndefined();
    await Promise.all(first.map(worker));
    expect(new Set(made).size).toBe(24);
    expect(made).toHaveLength(24);
    expect(most).toBe(3);
    expect(await begun()).toBe(0);
    // A slot that was lost cannot be given on.
    await join("http:a");
    const held = await claim();
    await end(held!);
    await join("http:b");
    expect(await pass(held!)).toBeUndefined();
    expect(await claim()).toBeDefined();
  });

  test("lets a requester who comes later begin before the fourth of one who wants thirty", async () => {
    const { join, claim, end } = await aLine({ slots: 1 });
    for (let n = 0; n < 30; n++) await join("http:a");
    const late = await join("http:b");
    const order: string[] = [];
    for (let n = 0; n < 4; n++) {
      const held = await claim();
      order.push(held?.code ?? "");
      await end(held!);
    }
    expect(order.slice(0, 3)).toContain(late);
  });

  test("gives further pictures of a job their turns between those of others", async () => {
    const { line, join, claim, end } = await aLine({ slots: 1 });
    const many = await join("http:a", 3);
    const other = await join("http:b");
    const first = await claim();
    expect(first?.code).toBe(many);
    const further = [await line.addTurn(first!, 1), await line.addTurn(first!, 2)];
    await line.release(first!.turn ?? 0, first!.provider);
    const second = await claim();
    expect(second?.code).toBe(other);
    const turns = async () => [...(await line.turns(further))].toSorted(([a], [b]) => a - b);
    expect(await turns()).toEqual(further.map((turn) => [turn, false]));
    await end(second!);
    await claim();
    expect(await turns()).toEqual([
      [further[0], true],
      [further[1], false],
    ]);
  });

  test("tells where a job stands by the numbers that decide", async () => {
    const { database, join, claim } = await aLine({ slots: 1 });
    const [, second, third] = [await join("http:a"), await join("http:a"), await join("http:a", 2)];
    const late = await join("http:b");
    await claim();
    const places = await placesOf([second, third, late], database);
    expect(places.get(late)).toMatchObject({ jobs: 0, pictures: 0, begun: 1 });
    expect(places.get(second)).toMatchObject({ jobs: 1, pictures: 1 });
    expect(places.get(third)).toMatchObject({ jobs: 2, pictures: 2 });
  });

  test("refuses who has too much waiting, and stores nothing of it", async () => {
    const { join, claim, archive } = await aLine({ slots: 1, perRequester: 2, maxWaiting: 4 });
    for (let n = 0; n < 3; n++) await join("http:a");
    await expect(join("http:a")).rejects.toMatchObject({
      code: "queue-full",
      details: { whose: "requester", limit: 2 },
    });
    expect(await archive.history("http:a", { limit: 9 })).toHaveLength(3);
    await join("http:b");
    await join("http:c");
    await expect(join("http:d")).rejects.toMatchObject({ details: { whose: "everyone" } });
    await claim();
    await expect(join("http:a")).rejects.toMatchObject({ code: "queue-full" });
  });

  test("counts what a requester sends at the same time, and takes no place from whom it refused", async () => {
    const { join, claim, end, archive } = await aLine({ slots: 1, perRequester: 3, maxWaiting: 9 });
    const answers = await Promise.allSettled(Array.from({ length: 9 }, () => join("http:a")));
    expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(4);
    expect(await archive.history("http:a", { limit: 9 })).toHaveLength(4);
    for (let n = 0; n < 9; n++) await join("http:a").catch(() => undefined);
    for (let n = 0; n < 4; n++) await end((await claim())!);
    for (let n = 0; n < 3; n++) await join("http:b");
    const own = await join("http:a");
    const order: string[] = [];
    for (let n = 0; n < 3; n++) {
      const held = await claim();
      order.push(held!.code);
      await end(held!);
    }
    // Its refused requests would have put it behind all of the other's.
    expect(order).toContain(own);
  });

  test("skips what was cancelled while it waited", async () => {
    const { database, join, claim } = await aLine();
    const gone = await join("http:a");
    const next = await join("http:a");
    await database.run("DELETE FROM ledger WHERE code = $1", gone);
    expect((await claim())?.code).toBe(next);
    expect(await claim()).toBeUndefined();
  });

  test("takes a job that was handed back at its old place, under another name", async () => {
    const { line, join, claim } = await aLine({ slots: 1 });
    const code = await join("http:a");
    await join("http:a");
    const held = await claim();
    await line.handBack(held!, 1);
    const again = await claim();
    expect(again?.code).toBe(code);
    expect(holderOf(again!)).not.toBe(holderOf(held!));
  });

  test("lets no attempt begin a call whose time is over, though nobody has its job yet", async () => {
    const { database, line, join, claim, begun } = await aLine({ slots: 2 });
    await join("http:a", 2);
    const held = await claim();
    const further = await line.addTurn(held!, 1);
    expect(await claim()).toBeUndefined();
    expect(await line.turns([further])).toEqual(new Map([[further, true]]));
    // Nobody has heard of it for long, and the line has not noticed.
    const sleep = () =>
      database.run(
        "UPDATE pgboss.job SET heartbeat_on = now() - interval '1 hour' WHERE id = $1::UUID",
        held!.work,
      );
    const sinceBeat = async () => {
      const sql =
        "SELECT extract(epoch FROM now() - heartbeat_on) AS s FROM pgboss.job WHERE id = $1::UUID";
      return Number((await database.all<{ s: string }>(sql, held!.work))[0]?.s);
    };
    await sleep();
    expect(await mayBegin(held, database)).toBe(true);
    expect(await sinceBeat()).toBeLessThan(60);
    await sleep();
    expect((await line.turns([further])).get(further)).toBe(true);
    expect(await sinceBeat()).toBeLessThan(60);
    // The line has noticed, and another worker has not come yet.
    await database.run("UPDATE pgboss.job SET state = 'retry' WHERE id = $1::UUID", held!.work);
    expect(await begun()).toBe(2);
    expect(await mayBegin(held, database)).toBe(false);
    expect(await line.turns([further])).toEqual(new Map());
  });

  test("finds jobs that are in no line, and puts them back", async () => {
    const { database, line, join, claim, archive, provider } = await aLine();
    const code = await join("http:a");
    expect(await line.lost()).toEqual([]);
    await database.run("DELETE FROM pgboss.job");
    expect(await line.lost()).toEqual([code]);
    expect(await archive.find(code)).toBeDefined();
    const joining = { code, requester: "http:a", provider, model: "m", pixels: 1, count: 1 };
    await database.transaction((tx) => line.again(joining, tx));
    expect((await claim())?.code).toBe(code);
  });
});
