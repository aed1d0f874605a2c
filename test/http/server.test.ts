import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { Hono } from "hono";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { inMemory } from "../../core/images.ts";
import type { Env } from "../../src/http/context.ts";
import { streamOf } from "../../src/http/pieces.ts";
import { type HttpServer, listen, type ListenOptions } from "../../src/http/server.ts";
import { silentLog } from "../builders.ts";

/** A server whose one answer comes when it is told to. */
async function aServer(
  ready: Promise<unknown> = Promise.resolve(),
  more: Partial<ListenOptions> = {},
) {
  const { promise: answered, resolve: answer } = Promise.withResolvers<undefined>();
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<undefined>();
  const app = new Hono<Env>();
  app.get("/", async (context) => {
    arrive(undefined);
    await answered;
    return context.text("done");
  });
  const options = { host: "127.0.0.1", port: 0, log: silentLog, ready, ...more };
  const server = await listen(app, options);
  onTestFinished(() => server.close(0));
  return { app, options, server, arrived, answer: () => answer(undefined) };
}

/** A socket to this server that has sent so much. */
async function aSocket({ url }: HttpServer, text = ""): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  await once(socket, "connect");
  socket.write(text);
  return socket;
}

const get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

async function nextFrom(socket: Socket): Promise<string> {
  const [bytes] = (await once(socket, "data")) as [Buffer];
  return bytes.toString();
}

const textOf = async (server: HttpServer) => (await fetch(server.url)).text();

describe("the HTTP server", () => {
  test("answers what is under way and what comes on kept connections, each as the last of its connection, once it drains", async () => {
    const { server, arrived, answer } = await aServer();
    const [kept, busy] = [await aSocket(server, get), await aSocket(server)];
    await arrived;
    answer();
    expect(await nextFrom(kept)).toMatch(/^connection: keep-alive/im);
    busy.write(get.slice(0, 9));
    server.drain();
    for (const [socket, rest] of [
      [kept, get],
      [busy, get.slice(9)],
    ] as const) {
      socket.write(rest);
      expect(await nextFrom(socket)).toMatch(/^HTTP\/1.1 200 [^]*^connection: close/im);
      await once(socket, "end");
    }
  });

  test("tells the client of an answer under way that it is the last one, once it closes", async () => {
    const { server, arrived, answer } = await aServer();
    const socket = await aSocket(server, get);
    await arrived;
    const closed = server.close(5000);
    answer();
    expect(await nextFrom(socket)).toMatch(/^connection: close/im);
    await closed;
  });

  test("lets requests wait until it is ready", async () => {
    const { promise: ready, resolve: begin } = Promise.withResolvers<undefined>();
    const { server, answer } = await aServer(ready);
    answer();
    let text = "";
    const asked = textOf(server).then((answered) => {
      text = answered;
    });
    await expect(fetch(server.url, { signal: AbortSignal.timeout(100) })).rejects.toThrow();
    expect(text).toBe("");
    begin(undefined);
    await asked;
    expect(text).toBe("done");
  });

  test("does not start where another one listens", async () => {
    const { app, options, server } = await aServer();
    const port = Number(new URL(server.url).port);
    await expect(listen(app, { ...options, port })).rejects.toMatchObject({ code: "EADDRINUSE" });
  });

  test("refuses what is no request, also behind a request that it answered", async () => {
    const { server, answer } = await aServer();
    answer();
    const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
    onTestFinished(() => void socket.destroy());
    socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    const [answered] = (await once(socket, "data")) as [Buffer];
    expect(answered.toString()).toMatch(/^HTTP\/1\.1 200 /);
    socket.write("hello\r\n\r\n");
    const [refused] = (await once(socket, "data")) as [Buffer];
    expect(refused.toString()).toMatch(/^HTTP\/1\.1 400 /);
  });

  test("closes once the answers under way have gone out, however many connections are idle", async () => {
    const { server, arrived, answer } = await aServer();
    const asked = textOf(server);
    await arrived;
    const startedAt = Date.now();
    const closed = server.close(60_000);
    answer();
    expect(await asked).toBe("done");
    await closed;
    expect(Date.now() - startedAt).toBeLessThan(30_000);
    await expect(fetch(server.url)).rejects.toThrow();
  });

  test("keeps an idle connection for longer than balancers do", async () => {
    const { server, answer } = await aServer();
    answer();
    const { headers } = await fetch(server.url);
    const seconds = Number(/timeout=(\d+)/.exec(headers.get("keep-alive") ?? "")?.[1]);
    expect(seconds).toBeGreaterThanOrEqual(65);
  });

  test("cuts off what does not end in time", async () => {
    const { server, arrived } = await aServer();
    const refused = expect(textOf(server)).rejects.toThrow();
    await arrived;
    await server.close(50);
    await refused;
  });

  test.each([
    ["says nothing", ""],
    ["stops in the middle of its head", "GET / HTTP/1.1\r\nHost: x\r\n"],
  ])("cuts off a connection that %s", async (_, text) => {
    const { server } = await aServer(undefined, { headMs: 100 });
    const socket = await aSocket(server, text);
    expect(await nextFrom(socket)).toMatch(/^HTTP\/1\.1 408 /);
    await once(socket, "close");
  });

  test("lets go of one that it cut off, although its client neither reads nor closes it", async () => {
    const { server, answer } = await aServer(undefined, { headMs: 100, maxConnections: 1 });
    answer();
    await aSocket(server, "GET / HTTP/1.1\r\n");
    await vi.waitFor(() => textOf(server), { timeout: 60_000, interval: 200 });
  }, 70_000);

  test("leaves a connection open between two requests, and an answer that takes long", async () => {
    const { server, arrived, answer } = await aServer(undefined, { headMs: 100 });
    const socket = await aSocket(server, get);
    await arrived;
    // A connection that was cut off tells that the time is over.
    const cut = async () => once((await aSocket(server)).resume(), "close");
    await cut();
    answer();
    expect(await nextFrom(socket)).toMatch(/^HTTP\/1\.1 200 /);
    await cut();
    socket.write(get);
    expect(await nextFrom(socket)).toMatch(/^HTTP\/1\.1 200 /);
  });

  test("drops connections above its limit, and serves those that it has", async () => {
    const { server, answer } = await aServer(undefined, { maxConnections: 2 });
    answer();
    const [first] = [await aSocket(server), await aSocket(server)];
    await once((await aSocket(server)).resume(), "close");
    first.write(get);
    expect(await nextFrom(first)).toMatch(/^HTTP\/1\.1 200 /);
  });

  test("cuts off a body that stands still, and leaves one that arrives slowly", async () => {
    const { app, server } = await aServer(undefined, { idleMs: 200 });
    app.post("/", async (context) => context.text(await context.req.text().catch(() => "")));
    const head = (length: number) =>
      `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n\r\n`;
    const still = await aSocket(server, `${head(9)}abc`);
    const slow = await aSocket(server, head(9));
    const answered = nextFrom(slow);
    const writing = setInterval(() => slow.write("a"), 50);
    onTestFinished(() => clearInterval(writing));
    expect(await nextFrom(still)).toMatch(/^HTTP\/1\.1 408 /);
    await once(still, "close");
    expect(await answered).toMatch(/^HTTP\/1\.1 200 /);
  });

  test("asks for a body that a client holds back once it wants it, and not before", async () => {
    const { app, server } = await aServer();
    app.post("/refused", (context) => context.text("no", 400));
    app.post("/read", async (context) => context.text(await context.req.text()));
    const ask = (path: string) =>
      aSocket(
        server,
        `POST ${path} HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n`,
      );
    expect(await nextFrom(await ask("/refused"))).toMatch(/^HTTP\/1\.1 400 /);
    const socket = await ask("/read");
    expect(await nextFrom(socket)).toMatch(/^HTTP\/1\.1 100 /);
    socket.write("abc");
    expect(await nextFrom(socket)).toMatch(/^HTTP\/1\.1 200 [^]*abc$/);
  });

  test("cuts off an answer that is not taken, and no other", async () => {
    const { app, server } = await aServer(undefined, { idleMs: 500 });
    const ends: Promise<unknown>[] = [];
    const large = inMemory(new Uint8Array(32 * 1024 * 1024));
    app.get("/large", (context) => {
      const { outgoing } = context.env;
      if (outgoing) ends.push(once(outgoing, "close").then(() => outgoing.writableFinished));
      return context.body(streamOf(large.read()));
    });
    const socket = await aSocket(server, get.replace("/", "/large"));
    socket.pause();
    await vi.waitFor(() => expect(ends).toHaveLength(1), 60_000);
    expect((await (await fetch(`${server.url}/large`)).bytes()).length).toBe(large.size);
    expect(await Promise.all(ends)).toEqual([false, true]);
  });
});
