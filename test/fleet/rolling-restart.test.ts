import { once } from "node:events";
import { Agent, type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";
import { describe, expect, onTestFinished, test } from "vitest";
import { startBalancer } from "../fakes/balancer.ts";
import { aFleet, ask, key, linksIn } from "../fakes/fleet.ts";
import { aCluster } from "../fakes/postgres.ts";

const cluster = aCluster();

/** How often each HTTP process is renewed. */
const rounds = 2;

describe("Renewing one process after the other under load", () => {
  test("fails no request, also on connections that are kept, and makes no picture twice", async () => {
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
    const direct = keepingClient(() => [one.url, two.url]);
    onTestFinished(() => direct.close());
    const directClient = async () => {
      while (!isOver) {
        const prompt = `direct ${Math.random()}`;
        asked.push(prompt);
        await direct.ask(prompt).catch((error: unknown) => failed.push(String(error)));
      }
    };
    const clients = [client, client, client, client, directClient, directClient].map((ask) =>
      ask(),
    );
    await service.arrived(6);
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

/** A client without a balancer, which keeps its connections; where none is taken it asks the next address. */
function keepingClient(addresses: () => readonly string[]) {
  const agent = new Agent({ keepAlive: true });
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  async function ask(prompt: string): Promise<void> {
    for (let turn = Math.floor(Math.random() * 2); ; turn++) {
      const address = addresses()[turn % addresses().length] ?? "";
      const url = new URL("/v1/images/generations", address);
      const asking = request(url, { method: "POST", agent, headers });
      asking.end(JSON.stringify({ prompt, response_format: "url" }));
      try {
        const [answer] = (await once(asking, "response")) as [IncomingMessage];
        const body = await text(answer);
        if (answer.statusCode !== 200) throw new Error(`${answer.statusCode}: ${body}`);
        return;
      } catch (error) {
        // Nothing was sent then.
        if ((error as NodeJS.ErrnoException).code !== "ECONNREFUSED") throw error;
      }
    }
  }
  return { ask, close: () => agent.destroy() };
}
