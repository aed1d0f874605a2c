import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Drawbridge, secrets, startDrawbridge } from "../fakes/drawbridge.ts";
import { errorEnvelope } from "../fakes/openai-schemas.ts";

let drawbridge: Drawbridge;

beforeAll(async () => {
  drawbridge = await startDrawbridge({ enhancer: false });
});
afterAll(() => drawbridge.close());

interface RawAnswer {
  readonly status: number;
  readonly reason: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

const statusesWithoutBody: ReadonlySet<number> = new Set([100, 204, 304]);

function headOf(text: string): Omit<RawAnswer, "body"> {
  const [first = "", ...lines] = text.trimEnd().split("\r\n");
  const [, status, reason = ""] = /^HTTP\/1\.1 (\d{3}) (.*)$/.exec(first) ?? [];
  const headers = lines.map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
  });
  return { status: Number(status), reason, headers: new Map(headers) };
}

/** A connection on which bytes are written as they are. */
function dial() {
  const socket = connect(Number(new URL(drawbridge.url).port), "127.0.0.1");
  let unread = Buffer.alloc(0);
  let closed = false;
  let wake = () => {};
  socket.on("data", (piece: Buffer) => {
    unread = Buffer.concat([unread, piece]);
    wake();
  });
  socket.on("error", () => {});
  socket.on("close", () => {
    closed = true;
    wake();
  });

  /** Waits for bytes up to and with this; all that came before the connection's end without it. */
  async function until(end: string | undefined): Promise<string> {
    for (;;) {
      const at = end === undefined ? -1 : unread.indexOf(end);
      if (at >= 0 && end !== undefined) return take(at + end.length);
      if (closed) return take(unread.length);
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }

  async function bytes(length: number): Promise<string> {
    while (unread.length < length && !closed) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    return take(Math.min(length, unread.length));
  }

  function take(length: number): string {
    const taken = unread.subarray(0, length).toString();
    unread = unread.subarray(length);
    return taken;
  }

  /** The next answer; `bodiless` for that to a HEAD. */
  async function answer({ bodiless = false } = {}): Promise<RawAnswer> {
    const head = headOf(await until("\r\n\r\n"));
    if (bodiless || statusesWithoutBody.has(head.status)) return { ...head, body: "" };
    const length = head.headers.get("content-length");
    const body = length === undefined ? await until(undefined) : await bytes(Number(length));
    return { ...head, body };
  }

  return { socket, answer, close: () => socket.destroy() };
}

const key = `Authorization: Bearer ${secrets.gateway}`;

function get(path: string, ...headers: string[]): string {
  return [`GET ${path} HTTP/1.1`, "Host: example.test", key, ...headers, "", ""].join("\r\n");
}

function postOf(path: string, body: string, ...headers: string[]): string {
  const length = `Content-Length: ${Buffer.byteLength(body)}`;
  const head = [`POST ${path} HTTP/1.1`, "Host: example.test", key, length, ...headers];
  return [...head, "", body].join("\r\n");
}

/** Writes this on a connection of its own and reads one answer. */
async function exchange(text: string, options: { bodiless?: boolean } = {}): Promise<RawAnswer> {
  const { socket, answer, close } = dial();
  socket.write(text);
  const first = await answer(options);
  close();
  return first;
}

const image = JSON.stringify({ prompt: "a cat", response_format: "url" });

function linkIn({ body }: RawAnswer): URL {
  const { data } = JSON.parse(body) as { data: { url: string }[] };
  return new URL(data[0]?.url ?? "");
}

describe("on one connection", () => {
  test("pipelined requests are answered in their order", async () => {
    const { socket, answer, close } = dial();
    socket.write(
      postOf("/v1/images/generations", image) + get("/healthz") + get("/nothing") + get("/models"),
    );
    const answers = [await answer(), await answer(), await answer(), await answer()];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 404, 200]);
    expect(answers[1]?.body).toBe('{"status":"ok"}');
    const ids = answers.map(({ headers }) => headers.get("x-request-id"));
    expect(new Set(ids).size).toBe(4);
    close();
  });

  test("the next request is answered after a body that was too large", async () => {
    const { socket, answer, close } = dial();
    socket.write(postOf("/v1/chat/completions", "x".repeat(2 * 1024 * 1024)));
    expect((await answer()).status).toBe(413);
    socket.write(get("/healthz"));
    expect((await answer()).status).toBe(200);
    close();
  });

  test("the next request is answered after one without a key whose body nobody read", async () => {
    const { socket, answer, close } = dial();
    socket.write(
      `POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: 300000\r\n\r\n${"x".repeat(300_000)}`,
    );
    expect((await answer()).status).toBe(401);
    socket.write(get("/healthz"));
    expect((await answer()).status).toBe(200);
    close();
  });

  test("a body in chunks is refused as soon as it is too large", async () => {
    const { socket, answer, close } = dial();
    const head = ["POST /v1/chat/completions HTTP/1.1", "Host: x", key];
    socket.write([...head, "Transfer-Encoding: chunked", "", ""].join("\r\n"));
    const chunk = `40000\r\n${"x".repeat(0x40000)}\r\n`;
    for (let sent = 0; sent < 5; sent++) socket.write(chunk);
    const { status, body } = await answer();
    expect(status).toBe(413);
    errorEnvelope.parse(JSON.parse(body));
    close();
  });

  test("a client that waits for leave to send its body gets it", async () => {
    const { socket, answer, close } = dial();
    const [head, body] = postOf("/v1/images/generations", image, "Expect: 100-continue").split(
      /(?<=\r\n\r\n)/,
    );
    socket.write(head ?? "");
    expect((await answer()).status).toBe(100);
    socket.write(body ?? "");
    expect((await answer()).status).toBe(200);
    close();
  });

  test("a client that hangs up in the middle of its body harms nobody", async () => {
    for (let times = 0; times < 5; times++) {
      const { socket, close } = dial();
      socket.write(postOf("/v1/images/generations", image).slice(0, -10));
      await sleep(20);
      close();
    }
    expect((await exchange(get("/healthz"))).status).toBe(200);
  });
});

describe("a picture's file", () => {
  async function pathOfPicture(): Promise<string> {
    return linkIn(await exchange(postOf("/v1/images/generations", image))).pathname;
  }

  test("has the same headers for HEAD as for GET", async () => {
    const path = await pathOfPicture();
    const { socket, answer, close } = dial();
    const bare = (method: string) => `${method} ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;
    socket.write(bare("HEAD") + bare("GET"));
    const head = await answer({ bodiless: true });
    const whole = await answer();
    close();
    const told = ["content-type", "content-length", "etag", "cache-control"];
    expect(told.map((name) => head.headers.get(name))).toEqual(
      told.map((name) => whole.headers.get(name)),
    );
    expect(whole.headers.get("content-type")).toBe("image/png");
    expect(whole.headers.get("cache-control")).toContain("immutable");
    expect(whole.headers.get("x-content-type-options")).toBe("nosniff");
  });

  test("is not sent again to who has it, and comes whole to who wants a part", async () => {
    const path = await pathOfPicture();
    const whole = await exchange(get(path));
    const etag = whole.headers.get("etag") ?? "";
    const again = await exchange(get(path, `If-None-Match: ${etag}`));
    expect([again.status, again.body]).toEqual([304, ""]);
    const part = await exchange(get(path, "Range: bytes=0-9"));
    expect(part.status).toBe(200);
    expect(part.headers.get("content-length")).toBe(whole.headers.get("content-length"));
  });

  test("answers a wrong method with the right ones", async () => {
    const path = await pathOfPicture();
    const { status, headers } = await exchange(`DELETE ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
    expect([status, headers.get("allow")]).toEqual([405, "GET, HEAD, OPTIONS"]);
  });
});

describe("HTTP/1.0", () => {
  test("is spoken, with links to the address that was called", async () => {
    const [, path = "", ...rest] = postOf("/v1/images/generations", image).split(" ");
    const text = `POST ${path} ${rest.join(" ").replace("HTTP/1.1", "HTTP/1.0").replace("Host: example.test\r\n", "")}`;
    const answered = await exchange(text);
    expect(answered.status).toBe(200);
    expect(answered.headers.get("connection")).toBe("close");
    expect(linkIn(answered).origin).toBe(drawbridge.url);
  });
});

describe("every answer", () => {
  const bare = (line: string, ...headers: string[]) => [line, ...headers, "", ""].join("\r\n");
  const host = "Host: example.test";
  const long = "x".repeat(20_000);

  test.each([
    ["an address with nothing there", bare("GET /nothing HTTP/1.1", host), 404],
    ["a wrong key", bare("GET /v1/models HTTP/1.1", host, "Authorization: Bearer no"), 401],
    ["a wrong method", bare("DELETE /v1/models HTTP/1.1", host), 405],
    ["TRACE", bare("TRACE / HTTP/1.1", host), 404],
    ["a host that is none", bare("GET /v1/models HTTP/1.1", "Host: a b"), 400],
    ["a port that is none", bare("GET /v1/models HTTP/1.1", "Host: a:99999"), 400],
    ["a backslash in the address", bare("GET /a\\b HTTP/1.1", host), 400],
    ["an address of another kind", bare("GET mailto:x HTTP/1.1", host), 400],
    ["what is no HTTP", "hello\r\n\r\n", 400],
    ["headers that are too long", bare("GET / HTTP/1.1", host, `X: ${long}`), 431],
    ["two lengths", bare("POST / HTTP/1.1", host, "Content-Length: 1", "Content-Length: 2"), 400],
    [
      "chunks that are none",
      `${bare("POST /v1/chat/completions HTTP/1.1", host, key, "Transfer-Encoding: chunked")}zz\r\n`,
      400,
    ],
    ["an unknown expectation", bare("GET /nothing HTTP/1.1", host, "Expect: wonders"), 404],
  ])("to %s has the envelope, CORS headers and an id", async (_, text, expected) => {
    const { status, headers, body } = await exchange(text);
    expect(status).toBe(expected);
    expect(headers.get("content-type")).toBe("application/json");
    errorEnvelope.parse(JSON.parse(body));
    expect(headers.get("access-control-allow-origin")).toBe("*");
    expect(headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
  });

  test.each([
    bare("OPTIONS * HTTP/1.1", host),
    bare("OPTIONS /v1/chat/completions HTTP/1.1", host, "Origin: https://a.example"),
    bare("OPTIONS /nothing HTTP/1.1", host),
  ])("to %j is 204, without a key", async (text) => {
    const { status, headers, body } = await exchange(text);
    expect([status, body]).toEqual([204, ""]);
    expect(headers.get("access-control-allow-origin")).toBe("*");
    expect(headers.get("access-control-allow-methods")).toContain("POST");
  });

  test.each([
    ["{", "The body has to be JSON."],
    ['{"prompt":"a cat","model":"dalle"}', 'The model "dalle" does not exist here.'],
    ['{"prompt":"a cat","model":"模型"}', "The model does not exist here."],
    ['{"prompt":"a","model":"x\\r\\nInjected: 1"}', "The model does not exist here."],
  ])("to %s says in its first line what is wrong, in ASCII alone", async (body, reason) => {
    const answered = await exchange(postOf("/v1/images/generations", body));
    expect(answered.reason).toBe(reason);
    expect(answered.headers.has("injected")).toBe(false);
  });
});

describe("the metrics", () => {
  const bare = (...headers: string[]) => ["GET /metrics HTTP/1.1", ...headers, "", ""].join("\r\n");

  test.each([
    ["this machine itself", bare("Host: 127.0.0.1:8787"), 200],
    ["this machine by its name", bare("Host: localhost"), 200],
    ["this machine by its newer address", bare("Host: [::1]:8787"), 200],
    ["no page whose name was made to lead here", bare("Host: rebound.example:8787"), 401],
    ["no page whose name looks like ours", bare("Host: 127.0.0.1.rebound.example"), 401],
    ["who has a key", bare("Host: x", "X-Forwarded-For: 9.9.9.9", key), 200],
    ["who comes through a proxy without one", bare("Host: x", "X-Forwarded-For: 9.9.9.9"), 401],
    ["who comes through another one", bare("Host: x", "Forwarded: for=9.9.9.9"), 401],
  ])("answer %s", async (_, text, status) => {
    expect((await exchange(text)).status).toBe(status);
  });
});
