import { once } from "node:events";
import { connect } from "node:net";
import { Hono } from "hono";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Env } from "../../src/http/context.ts";
import { type HttpServer, listen } from "../../src/http/server.ts";
import { silentLog } from "../builders.ts";

/** A server whose one answer comes when it is told to. */
async function aServer(ready: Promise<unknown> = Promise.resolve()) {
  const { promise: answered, resolve: answer } = Promise.withResolvers<undefined>();
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<undefined>();
  const app = new Hono<Env>();
  app.get("/", async (context) => {
    arrive(undefined);
    await answered;
    return context.text("done");
  });
  const options = { host: "127.0.0.1", port: 0, log: silentLog, ready };
  const server = await listen(app, options);
  onTestFinished(() => server.close(0));
  return { app, options, server, arrived, answer: () => answer(undefined) };
}

const textOf = async (server: HttpServer) => (await fetch(server.url)).text();

describe("the HTTP server", () => {
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
    const closed = server.close(10_000);
    answer();
    expect(await asked).toBe("done");
    await closed;
    expect(Date.now() - startedAt).toBeLessThan(2_000);
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
});
