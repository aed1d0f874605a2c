import { once } from "node:events";
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** A balancer in front of HTTP processes, as `examples/Caddyfile.scale` sets one up. */
export interface Balancer {
  readonly url: string;
  /** From now on it sends requests to these, in turns. */
  send(...targets: readonly string[]): void;
  close(): void;
}

/** How often it looks whether a process is ready, how long it believes that, and how long it tries to find one, in milliseconds. */
const times = { lookMs: 200, sureMs: 1_000, tryMs: 60_000 } as const;

/**
 * It keeps its connections to them. A request that was refused before a connection stood is tried elsewhere, and no other:
 * one that was sent on a kept connection which ends then has failed.
 */
export async function startBalancer(): Promise<Balancer> {
  let targets: readonly string[] = [];
  /** When each was seen to be ready. */
  const readyAt = new Map<string, number>();
  const agent = new Agent({ keepAlive: true });
  let turn = 0;

  const look = async () => {
    const askedAt = performance.now();
    const lookAt = async (target: string) => {
      const answer = await fetch(`${target}/readyz`).catch(() => undefined);
      await answer?.arrayBuffer();
      readyAt.set(target, answer?.ok ? askedAt : -Infinity);
    };
    await Promise.all(targets.map(lookAt));
  };
  const isReady = (target: string) =>
    performance.now() - (readyAt.get(target) ?? -Infinity) < times.sureMs;
  const timer = setInterval(() => void look(), times.lookMs);

  async function pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = Buffer.concat(await Array.fromAsync(incoming as AsyncIterable<Buffer>));
    const until = performance.now() + times.tryMs;
    for (;;) {
      const able = targets.filter(isReady);
      const target = able[turn++ % able.length];
      const error = target && (await forward(target, { incoming, body, outgoing, agent }));
      if (target && !error) return;
      if (target && error !== "ECONNREFUSED") return void outgoing.writeHead(502).end(error);
      if (target) readyAt.delete(target);
      if (performance.now() > until) return void outgoing.writeHead(503).end("no process is ready");
      await sleep(20);
    }
  }

  const server = createServer((incoming, outgoing) => void pass(incoming, outgoing));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    send(...next) {
      targets = next;
      void look();
    },
    close() {
      clearInterval(timer);
      server.close();
      server.closeAllConnections();
      agent.destroy();
    },
  };
}

interface Passed {
  readonly incoming: IncomingMessage;
  readonly body: Buffer;
  readonly outgoing: ServerResponse;
  readonly agent: Agent;
}

/** The code of the error that kept it from being answered; undefined where it was. */
async function forward(target: string, { incoming, body, outgoing, agent }: Passed) {
  const { method = "GET", url = "/" } = incoming;
  // What concerns one connection alone is not passed on.
  const { connection: _, ...headers } = incoming.headers;
  const further = request(new URL(url, target), { method, headers, agent });
  try {
    const answered = once(further, "response") as Promise<[IncomingMessage]>;
    further.end(body);
    const [answer] = await answered;
    const { connection: own, "keep-alive": kept, ...headers } = answer.headers;
    outgoing.writeHead(answer.statusCode ?? 502, headers);
    answer.pipe(outgoing);
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? "unknown";
  }
}
