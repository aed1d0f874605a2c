import { describe, expect, onTestFinished, test, vi } from "vitest";
import { aFleet, ask, countBegun, linksIn } from "../fakes/fleet.ts";
import { startLlm } from "../fakes/llm.ts";
import { aCluster } from "../fakes/postgres.ts";
import { startTelegram } from "../fakes/telegram.ts";

const cluster = aCluster();
const soon = { timeout: 60_000, interval: 50 };

describe("A worker that is told to stop", () => {
  test("hands back what the line gives it at that moment, before it is ordered", async () => {
    const fleet = await aFleet(cluster.url);
    const { service, database } = fleet;
    const http = await fleet.start(["http"]);
    const leaving = await fleet.start(["worker"]);
    // Whoever looks into the line waits for this.
    const line = await database.session();
    onTestFinished(() => line.end());
    await line.query("SELECT pg_advisory_lock(hashtextextended('exacg', 1))");
    const answer = ask(http, { prompt: "a cat" });
    const looks = () =>
      database.all("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted");
    await vi.waitFor(async () => expect(await looks()).not.toEqual([]), soon);
    const ended = leaving.stop();
    await leaving.printed(/stopping/);
    await line.query("SELECT pg_advisory_unlock(hashtextextended('exacg', 1))");
    expect((await ended).code).toBe(0);
    expect(service.requests).toEqual([]);
    await fleet.start(["worker"]);
    expect(await (await answer).text()).not.toContain("twice");
    expect(service.requests).toHaveLength(1);
  });

  test("waits for the pictures under way, and leaves further ones of their jobs to the next", async () => {
    const fleet = await aFleet(cluster.url, { SD_CONCURRENCY: "2" });
    const { service } = fleet;
    const http = await fleet.start(["http"]);
    const letGo = service.hold();
    const answer = ask(http, { prompt: "a cat", n: 4 });
    for (const round of [1, 2]) {
      const leaving = await fleet.start(["worker"]);
      await service.arrived(2 * round);
      const ended = leaving.stop();
      await leaving.printed(/stopping/);
      if (round === 1) letGo();
      expect((await ended).code).toBe(0);
      expect(service.requests).toHaveLength(2 * round);
    }
    const made = await (await answer).text();
    expect(made.match(/http[^"]+/g)).toHaveLength(4);
    expect(made).not.toContain("twice");
  });
});

describe("Workers", () => {
  test("have words enhanced before their turn, and hold no slot for that", async () => {
    const llm = await startLlm();
    onTestFinished(() => llm.close());
    const enhanced = Promise.withResolvers<undefined>();
    llm.reply(async () => {
      await enhanced.promise;
      return { status: 500, headers: {}, body: "" };
    });
    const fleet = await aFleet(cluster.url, {
      SD_CONCURRENCY: "1",
      ENHANCE_OPENAI_BASE_URL: llm.url,
      ENHANCE_OPENAI_API_KEY: "sk-llm",
      ENHANCE_TIMEOUT_MS: "60000",
    });
    const http = await fleet.start(["http"]);
    await fleet.start(["worker"]);
    const slow = ask(http, { prompt: "a castle in the clouds" });
    await vi.waitFor(() => expect(llm.requests).toHaveLength(1), soon);
    // Its words are final, so its turn comes first.
    expect(await linksIn(await ask(http, { prompt: "a plain cat --raw" }))).toHaveLength(1);
    const turns = () => fleet.database.all("SELECT id FROM turns");
    await vi.waitFor(async () => expect(await turns()).toEqual([]), soon);
    expect(fleet.service.requests).toHaveLength(1);
    enhanced.resolve(undefined);
    expect(await linksIn(await slow)).toHaveLength(1);
    await vi.waitFor(async () => expect(await turns()).toEqual([]), soon);
  });

  test("may be there before any door, or come after one", async () => {
    const fleet = await aFleet(cluster.url);
    const early = await fleet.start(["worker"]);
    expect((await fetch(`${early.url}/readyz`)).status).toBe(200);
    const http = await fleet.start(["http"]);
    expect(await linksIn(await ask(http, { prompt: "by one that was there" }))).toHaveLength(1);
    await early.kill();
    const waiting = ask(http, { prompt: "by one that is to come" });
    const open = () => fleet.database.all("SELECT 1 FROM ledger");
    await vi.waitFor(async () => expect(await open()).toHaveLength(1), soon);
    await fleet.start(["worker"]);
    expect(await linksIn(await waiting)).toHaveLength(1);
  });

  test("may come after a bot, which tells people until then that their pictures wait", async () => {
    const telegram = await startTelegram({ lengthUnit: "utf-16" });
    onTestFinished(() => telegram.close());
    const fleet = await aFleet(cluster.url, {
      TELEGRAM_BOT_TOKEN: telegram.token,
      TELEGRAM_API_URL: telegram.url,
    });
    await fleet.start(["telegram"]);
    const anna = telegram.addUser({ first_name: "Anna" });
    const shown = () => telegram.chat(anna.id).ofBot;
    const says = (text: string) => telegram.userSays(anna.id, { from: anna, text });
    const waiting = (place: string) =>
      telegram.until(
        () => shown().find(({ text = "" }) => text.includes(`In line, ${place}`)),
        30_000,
      );
    await says("/draw an owl");
    const first = await waiting("1st");
    await says("/draw a fox");
    const second = await waiting("2nd");
    telegram.userPresses(first, "Cancel", anna);
    await telegram.until(() => /Cancelled/i.test(first.text ?? ""), 30_000);
    expect(fleet.service.requests).toEqual([]);

    await fleet.start(["worker"]);
    await telegram.until(() => shown().some(({ photo }) => photo), 30_000);
    expect(shown().find(({ photo }) => photo)?.id).toBe(second.id);
    expect(fleet.service.requests.map(({ body }) => body["prompt"])).toEqual(["a fox"]);
  });

  test("share the slots, also with one that comes while another has them all", async () => {
    const fleet = await aFleet(cluster.url, { SD_CONCURRENCY: "4" });
    const { service, database } = fleet;
    service.setDelay(150);
    const http = await fleet.start(["http"]);
    const first = await fleet.start(["worker"]);
    const until = { reached: false };
    const client = async () => {
      while (!until.reached) await linksIn(await ask(http, { prompt: `${Math.random()}` }));
    };
    const clients = [1, 2, 3, 4, 5, 6, 7].map(client);
    await service.arrived(8);
    const second = await fleet.start(["worker"]);
    const made = async () => {
      const metrics = await (await fetch(`${second.url}/metrics`)).text();
      return Number(/^drawbridge_make_seconds_count.* (\d+)$/m.exec(metrics)?.[1] ?? 0);
    };
    await vi.waitFor(async () => expect(await made()).toBeGreaterThan(4), soon);
    until.reached = true;
    await Promise.all(clients);
    expect(service.mostAtOnce).toBe(4);
    expect(await database.all("SELECT 1 FROM archive WHERE state <> 'done'")).toEqual([]);
    await first.stop();
  });

  test("begin the one picture of a person within three of another's thirty, and never more than there are slots", async () => {
    const fleet = await aFleet(cluster.url, { SD_CONCURRENCY: "2" });
    const { service, database } = fleet;
    const http = await fleet.start(["http"]);
    const mostBegun = await countBegun(database);
    await Promise.all([fleet.start(["worker"]), fleet.start(["worker"])]);
    const letGo = service.hold();
    const thirty = Array.from({ length: 30 }, (_, n) => ask(http, { prompt: `${n}`, as: "anna" }));
    const accepted = async () => (await database.all("SELECT 1 FROM ledger")).length;
    await vi.waitFor(async () => expect(await accepted()).toBe(30), soon);
    await service.arrived(2);
    const late = ask(http, { prompt: "late", as: "ben" });
    await vi.waitFor(async () => expect(await accepted()).toBe(31), soon);
    service.setDelay(50);
    letGo();
    for (const answer of [late, ...thirty]) expect(await linksIn(await answer)).toHaveLength(1);
    const order = service.requests.map(({ body }) => body["prompt"]);
    expect(order.slice(2, 5)).toContain("late");
    expect(order).toHaveLength(31);
    expect(service.mostAtOnce).toBe(2);
    expect(await mostBegun()).toBe(2);
  });
});
