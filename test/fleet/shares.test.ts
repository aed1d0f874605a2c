import { describe, expect, onTestFinished, test, vi } from "vitest";
import { Shares } from "../../src/fleet/shares.ts";
import { silentLog } from "../builders.ts";
import { startDiscord } from "../fakes/discord.ts";
import { aFleet } from "../fakes/fleet.ts";
import { aCluster, emptyStores } from "../fakes/postgres.ts";

const cluster = aCluster();
const soon = { timeout: 60_000, interval: 50 };

/** Who does which part, of all that take part; a part that two do at once is noted. */
function aWork() {
  const doneBy = new Map<number, string>();
  const twice: number[] = [];
  const seen = { starts: 0 };
  const partsOf = (who: string, count: number) => ({
    count,
    part: (id: number) => ({
      start() {
        if (doneBy.has(id)) twice.push(id);
        doneBy.set(id, who);
        seen.starts++;
      },
      async pause() {
        doneBy.delete(id);
      },
    }),
  });
  const numberOf = (who: string) => [...doneBy.values()].filter((one) => one === who).length;
  return { doneBy, twice, seen, partsOf, numberOf };
}

describe("Parts of a work that processes share", () => {
  test("are spread evenly, and done by the others when one ends or loses its connection", async () => {
    const { database } = await emptyStores(cluster.url);
    const { doneBy, twice, seen, partsOf, numberOf } = aWork();
    const member = (who: string) => {
      const shares = new Shares("shards", partsOf(who, 5), { database, log: silentLog });
      onTestFinished(() => shares.stop());
      shares.start();
      return shares;
    };
    const a = member("a");
    await vi.waitFor(() => expect(numberOf("a")).toBe(5), soon);
    const b = member("b");
    await vi.waitFor(() => expect([numberOf("a"), numberOf("b")]).toEqual([3, 2]), soon);
    await a.stop();
    await vi.waitFor(() => expect(numberOf("b")).toBe(5), soon);
    const { starts } = seen;
    await database.all(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE pid IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory')`);
    await vi.waitFor(() => expect(seen.starts).toBe(starts + 5), soon);
    expect(numberOf("b")).toBe(5);
    await b.stop();
    expect(doneBy.size).toBe(0);
    expect(twice).toEqual([]);
  });
});

describe("Discord's shards", () => {
  test("are spread over processes, and each server is answered after one of them was killed", async () => {
    const discord = await startDiscord();
    onTestFinished(() => discord.close());
    const fleet = await aFleet(cluster.url, {
      DISCORD_TOKEN: discord.token,
      DISCORD_API_URL: discord.apiUrl,
      DISCORD_SHARDS: "3",
    });
    const first = await fleet.start(["discord"]);
    await fleet.start(["discord", "worker"]);
    const { gateway } = discord;
    const shards = () => new Set(gateway.identifications.map(({ shard }) => shard.join(" of ")));
    await vi.waitFor(
      () => expect([...shards()].toSorted()).toEqual(["0 of 3", "1 of 3", "2 of 3"]),
      soon,
    );
    await vi.waitFor(() => expect(gateway.connected()).toBe(3), soon);
    const before = gateway.identifications.length;
    await first.kill();
    await vi.waitFor(() => expect(gateway.identifications.length).toBeGreaterThan(before), soon);
    await vi.waitFor(() => expect(gateway.connected()).toBe(3), soon);
    const anna = discord.user();
    for (const name of ["one", "two", "three", "four"]) {
      const guild = discord.guild();
      const channel = discord.channel(guild);
      discord.member(guild, anna);
      discord.slash(anna, channel, "imagine", { prompt: `a cat in ${name}` });
      const pictures = () => discord.messages(channel, anna).flatMap(({ files }) => files);
      await vi.waitFor(() => expect(pictures()).toHaveLength(1), soon);
    }
  });
});
