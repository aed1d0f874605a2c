import { describe, expect, onTestFinished, test } from "vitest";
import { startBalancer } from "../fakes/balancer.ts";
import { aFleet, ask, linksIn } from "../fakes/fleet.ts";
import { aCluster } from "../fakes/postgres.ts";

const cluster = aCluster();

/** How often each HTTP process is renewed. */
const rounds = 2;

describe("Renewing one process after the other under load", () => {
  test("fails no request, and makes no picture twice", async () => {
    const fleet = await aFleet(cluster.url, { SD_CONCURRENCY: "4" });
    const { service } = fleet;
    service.setDelay(200);
    const balancer = await startBalancer();
    onTestFinished(() => balancer.close());
    let [one, two] = [await fleet.start(["http"]), await fleet.start(["http"])];
    let worker = await fleet.start(["worker"]);
    balancer.send(one.url, two.url);

    let isOver = false;
    const asked: string[] = [];
    const failed: string[] = [];
    const client = async () => {
      while (!isOver) {
        const prompt = `wish ${Math.random()}`;
        asked.push(prompt);
        await linksIn(await ask(balancer, { prompt })).catch((error: unknown) => {
          failed.push(String(error));
        });
      }
    };
    const clients = [1, 2, 3, 4].map(client);
    await service.arrived(4);
    for (let round = 0; round < rounds; round++) {
      const next = await fleet.start(["http"]);
      balancer.send(one.url, two.url, next.url);
      expect((await one.stop()).code).toBe(0);
      balancer.send(two.url, next.url);
      [one, two] = [two, next];
      const further = await fleet.start(["worker"]);
      expect((await worker.stop()).code).toBe(0);
      worker = further;
    }
    isOver = true;
    await Promise.all(clients);
    expect(failed).toEqual([]);
    for (const prompt of asked) expect(service.ordersOf({ prompt }), prompt).toBe(1);
    expect(asked.length).toBeGreaterThan(20);
  });
});
