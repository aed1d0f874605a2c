import { createHook } from "node:async_hooks";
import { Agent, request } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import { type Drawbridge, secrets, startDrawbridge } from "../fakes/drawbridge.ts";

const hangUps = 1000;
const atOnce = 100;

/** Every timer of this process, those included that would not keep it alive. */
function countTimers() {
  const live = new Set<number>();
  const hook = createHook({
    init(id, type) {
      if (type === "Timeout") live.add(id);
    },
    destroy: (id) => void live.delete(id),
  }).enable();
  onTestFinished(() => void hook.disable());
  return () => live.size;
}

function countSockets(): number {
  const resources = process.getActiveResourcesInfo();
  return resources.filter((name) => name.startsWith("TCPSocket")).length;
}

function countListeners(): number {
  return process
    .eventNames()
    .map((name) => process.listenerCount(name as "exit"))
    .reduce((all, count) => all + count, 0);
}

/** A streamed chat that hangs up once it has begun. */
function begun({ url }: Drawbridge, words: string, agent: Agent): Promise<() => void> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${secrets.gateway}` };
    const asking = request(`${url}/v1/chat/completions`, { method: "POST", headers, agent });
    asking.once("response", (response) => {
      response.once("data", () => resolve(() => asking.destroy()));
    });
    asking.on("error", reject);
    asking.end(
      JSON.stringify({
        model: "Z-Image",
        stream: true,
        messages: [{ role: "user", content: words }],
      }),
    );
  });
}

async function waitingIn({ url }: Drawbridge): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^drawbridge_jobs_waiting (\d+)/m.exec(text)?.[1]);
}

test(`${hangUps} clients that hang up in mid-stream leave nothing behind`, async () => {
  const timers = countTimers();
  const drawbridge = await startDrawbridge({
    enhancer: false,
    environment: {
      SD_CONCURRENCY: "1",
      MAX_QUEUED: "5000",
      MAX_QUEUED_PER_USER: "5000",
      HANGUP_GRACE_MS: "200",
    },
  });
  onTestFinished(() => drawbridge.close());
  const agent = new Agent({ keepAlive: false });
  drawbridge.service.hold();
  const endFirst = await begun(drawbridge, "the one that is painted", agent);
  await drawbridge.service.arrived(1);
  await waitingIn(drawbridge);
  const before = { timers: timers(), sockets: countSockets(), listeners: countListeners() };

  for (let done = 0; done < hangUps; done += atOnce) {
    const clients = Array.from({ length: atOnce }, (_, at) =>
      begun(drawbridge, `fox ${done + at}`, agent),
    );
    for (const hangUp of await Promise.all(clients)) hangUp();
  }

  await expect.poll(() => waitingIn(drawbridge), { interval: 50 }).toBe(0);
  const now = () => ({ timers: timers(), sockets: countSockets(), listeners: countListeners() });
  await expect.poll(() => now().sockets).toBeLessThanOrEqual(before.sockets + 2);
  await expect.poll(() => now().timers).toBeLessThanOrEqual(before.timers + 5);
  expect(now().listeners).toBe(before.listeners);
  expect(drawbridge.service.requests).toHaveLength(1);
  endFirst();
});
