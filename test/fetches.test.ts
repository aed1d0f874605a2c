import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { afterEach, describe, expect, test } from "vitest";
import { causesOf } from "../core/wire/causes.ts";
import { PrivateAddress } from "../core/wire/download.ts";
import { dropBody, readCapped } from "../core/wire/fetch.ts";
import { createFetches } from "../src/fetches.ts";
import { type Handler, startServer } from "./fakes/stand-in.ts";

const fetches = createFetches();
const servers: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function serving(handler: Handler): Promise<string> {
  const server = await startServer(handler);
  servers.push(server);
  return server.url;
}

async function textFrom(url: string): Promise<string> {
  return new TextDecoder().decode(await readCapped(await fetches.any(url), 1_000));
}

describe("a fetch", () => {
  test("sends what it was given, and names itself unless told otherwise", async () => {
    const url = await serving(async ({ method, headers, text }, response) => {
      const { "user-agent": agent, "x-mine": mine } = headers;
      response.end(JSON.stringify({ method, agent, mine, text }));
    });
    const init = { method: "POST", headers: { "x-mine": "yes" }, body: "words" };
    const response = await fetches.any(url, init);
    const answer: unknown = JSON.parse(new TextDecoder().decode(await readCapped(response, 1_000)));
    expect(answer).toEqual({ method: "POST", agent: "drawbridge", mine: "yes", text: "words" });
  });

  test.each([
    ["gzip", gzipSync],
    ["deflate", deflateSync],
    ["br", brotliCompressSync],
  ])("unpacks an answer that comes as %s", async (encoding, pack) => {
    const url = await serving(async (_, response) => {
      response.writeHead(200, { "content-encoding": encoding }).end(pack("一只猫"));
    });
    expect(await textFrom(url)).toBe("一只猫");
  });

  test("fails while it reads what only claims to be compressed, or breaks off", async () => {
    const lying = await serving(async (_, response) => {
      response.writeHead(200, { "content-encoding": "gzip" }).end("plain");
    });
    const breaking = await serving(async (_, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("half", () => response.destroy());
    });
    await expect(textFrom(lying)).rejects.toThrow("incorrect header check");
    await expect(textFrom(breaking)).rejects.toThrow();
  });

  test("follows no redirect", async () => {
    const url = await serving(async (_, response) => {
      response.writeHead(302, { location: "http://169.254.169.254/" }).end();
    });
    const { ok, status, headers } = await fetches.any(url);
    expect([ok, status, headers.get("Location")]).toEqual([false, 302, "http://169.254.169.254/"]);
  });

  test("frees the connection of a body that is dropped", async () => {
    const { promise: freed, resolve } = Promise.withResolvers<undefined>();
    const url = await serving(async (_, response, gone) => {
      gone.addEventListener("abort", () => resolve(undefined));
      response.write("the first of many bytes");
    });
    dropBody(await fetches.any(url));
    await freed;
  });

  test("ends with its signal's reason, before the answer and in the middle of it", async () => {
    const reason = new Error("no longer wanted");
    const silent = await serving(async () => {});
    const slow = await serving(async (_, response) => void response.write("a beginning"));
    const early = new AbortController();
    const asking = fetches.any(silent, { signal: early.signal });
    early.abort(reason);
    await expect(asking).rejects.toBe(reason);
    const late = new AbortController();
    const reading = readCapped(await fetches.any(slow, { signal: late.signal }), 1_000);
    late.abort(reason);
    await expect(reading).rejects.toBe(reason);
  });

  test("reaches no address inside when it is the public one", async () => {
    const url = await serving(async (_, response) => void response.end("secret"));
    const { port } = new URL(url);
    const error = await fetches
      .public(`http://localhost:${port}`)
      .catch((caught: unknown) => caught);
    expect(causesOf(error).some((cause) => cause instanceof PrivateAddress)).toBe(true);
  });

  test("asks a proxy for no name that stands for an address inside", async () => {
    const asked: string[] = [];
    const proxy = await serving(async ({ path }, response) => {
      asked.push(path);
      response.end("from the proxy");
    });
    const { any, public: guarded } = createFetches({ http: proxy, https: undefined, except: "" });
    const error = await guarded("http://localhost:1").catch((caught: unknown) => caught);
    expect(causesOf(error).some((cause) => cause instanceof PrivateAddress)).toBe(true);
    expect(asked).toEqual([]);
    for (const fetch of [any, guarded]) {
      const bytes = await readCapped(await fetch("http://nobody.invalid/a"), 1_000);
      expect(new TextDecoder().decode(bytes)).toBe("from the proxy");
    }
    expect(asked).toEqual(["http://nobody.invalid/a", "http://nobody.invalid/a"]);
  });
});
