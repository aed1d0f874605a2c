import { connect } from "node:net";
import OpenAI from "openai";
import { describe, expect, test } from "vitest";
import { type Drawbridge, post, secrets, ownDrawbridge } from "../fakes/drawbridge.ts";
import type { Fault } from "../fakes/image-faults.ts";
import type { Environment } from "../fakes/process.ts";
import { jsonAnswer } from "../fakes/stand-in.ts";

/** A refusal that costs nothing and is too long for us to wait for: the client may ask again. */
const busyForLong: Fault = {
  reply: {
    answer: () => jsonAnswer(429, { success: false, message: "频繁" }, { "retry-after": "90" }),
  },
};

const own = (environment: Environment = {}) =>
  ownDrawbridge({
    environment: { SD_CONCURRENCY: "10", MAX_QUEUED_PER_USER: "100", ...environment },
  });

function clientOf({ url }: Drawbridge, options: ConstructorParameters<typeof OpenAI>[0] = {}) {
  return new OpenAI({ baseURL: `${url}/v1`, apiKey: secrets.gateway, ...options });
}

const cat = { prompt: "a cat", size: "64x64" };

async function seedWith(client: OpenAI): Promise<unknown> {
  const answer = await client.images.generate(cat);
  return (answer.data?.[0] as { seed?: unknown }).seed;
}

/** A number among the metrics; 0 until it is counted for the first time. */
async function counted({ url }: Drawbridge, line: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const found = text.split("\n").find((row) => row.startsWith(`${line} `));
  return Number(found?.split(" ")[1] ?? 0);
}

const waiting = "drawbridge_jobs_waiting";
const cancelled = 'drawbridge_jobs_total{door="http",model="Z-Image",outcome="cancelled"}';

describe("identical requests", () => {
  test("at once are as many pictures with as many seeds", async () => {
    const drawbridge = await own();
    const release = drawbridge.service.hold();
    const client = clientOf(drawbridge, { maxRetries: 0 });
    const answers = [1, 2, 3, 4].map(() => seedWith(client));
    await drawbridge.service.arrived(4);
    release();
    expect(new Set(await Promise.all(answers)).size).toBe(4);
    expect(drawbridge.service.requests).toHaveLength(4);
  });

  test("one after the other are a new picture each", async () => {
    const drawbridge = await own();
    const client = clientOf(drawbridge);
    expect(await seedWith(client)).not.toBe(await seedWith(client));
  });
});

describe("a client that times out and tries again on its own", () => {
  test.each(["images", "chat"] as const)(
    "gets its picture of a slow service for one call to it, from %s",
    async (endpoint) => {
      const drawbridge = await own();
      drawbridge.service.setDelay(2500);
      const client = clientOf(drawbridge, { timeout: 1000, maxRetries: 8 });
      if (endpoint === "images") expect(await seedWith(client)).toBeDefined();
      else {
        const messages = [{ role: "user" as const, content: "a cat" }];
        const { choices } = await client.chat.completions.create({ model: "Z-Image", messages });
        expect(choices[0]?.message.content).toContain("![a cat]");
      }
      expect(drawbridge.service.requests).toHaveLength(1);
    },
  );

  test("four times at once gets four pictures for four calls", async () => {
    const drawbridge = await own();
    drawbridge.service.setDelay(2500);
    const client = clientOf(drawbridge, { timeout: 1000, maxRetries: 8 });
    const seeds = await Promise.all([1, 2, 3, 4].map(() => seedWith(client)));
    expect(new Set(seeds).size).toBe(4);
    expect(drawbridge.service.requests).toHaveLength(4);
  });

  test("gets the same picture where its hanging up was not noticed", async () => {
    const drawbridge = await own();
    const release = drawbridge.service.hold();
    const first = post(drawbridge.url, "/v1/images/generations", cat);
    await drawbridge.service.arrived(1);
    const headers = { "x-stainless-retry-count": "1" };
    const second = post(drawbridge.url, "/v1/images/generations", cat, { headers });
    release();
    expect((await second).text).toBe((await first).text);
    expect(drawbridge.service.requests).toHaveLength(1);
    expect((await post(drawbridge.url, "/v1/images/generations", cat, { headers })).text).toBe(
      (await first).text,
    );
  });

  test("twice, unnoticed, gets each of its two pictures once more", async () => {
    const drawbridge = await own();
    const ask = async (init: RequestInit = {}) =>
      (await post(drawbridge.url, "/v1/images/generations", cat, init)).text;
    const first = await Promise.all([ask(), ask()]);
    const headers = { "x-stainless-retry-count": "1" };
    const second = [await ask({ headers }), await ask({ headers })];
    expect(second.toSorted()).toEqual(first.toSorted());
    expect(drawbridge.service.requests).toHaveLength(2);
  });
});

describe("a client that was refused and tries again", () => {
  test("gets a picture of its own, not the one it got before", async () => {
    const drawbridge = await own();
    const client = clientOf(drawbridge, { maxRetries: 1 });
    const before = await seedWith(client);
    drawbridge.service.misbehave(busyForLong);
    expect(await seedWith(client)).not.toBe(before);
    expect(drawbridge.service.requests).toHaveLength(3);
  });

  test("gets a picture of its own, not one that it is waiting for beside", async () => {
    const drawbridge = await own();
    const client = clientOf(drawbridge, { maxRetries: 1 });
    const release = drawbridge.service.hold();
    const first = seedWith(client);
    await drawbridge.service.arrived(1);
    drawbridge.service.misbehave(busyForLong);
    const second = seedWith(client);
    release();
    expect(await second).not.toBe(await first);
    expect(drawbridge.service.requests).toHaveLength(3);
  });

  test("gets a picture of its own after the line was full", async () => {
    const drawbridge = await own({ SD_CONCURRENCY: "1", MAX_QUEUED_PER_USER: "1" });
    const statuses: number[] = [];
    const client = clientOf(drawbridge, {
      maxRetries: 1,
      async fetch(url, init) {
        const response = await fetch(url, init);
        statuses.push(response.status);
        return response;
      },
    });
    const before = await seedWith(client);
    const release = drawbridge.service.hold();
    const first = seedWith(client);
    await drawbridge.service.arrived(2);
    const second = seedWith(client);
    await expect.poll(() => counted(drawbridge, waiting)).toBe(1);
    const third = seedWith(client);
    await expect.poll(() => statuses).toContain(429);
    release();
    expect(new Set([before, ...(await Promise.all([first, second, third]))]).size).toBe(4);
  });
});

describe("a client that hangs up", () => {
  const ask = JSON.stringify(cat);
  const request = [
    "POST /v1/images/generations HTTP/1.1",
    "Host: x",
    `Authorization: Bearer ${secrets.gateway}`,
    `Content-Length: ${ask.length}`,
    "",
    ask,
  ].join("\r\n");

  /** Asks over a socket of its own, which is destroyed after a while. */
  async function hangUp({ url }: Drawbridge, after: () => Promise<unknown>): Promise<void> {
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    socket.on("error", () => {});
    await new Promise((resolve) => socket.write(request, resolve));
    await after();
    socket.destroy();
  }

  test("leaves the line, and its picture is never ordered", async () => {
    const drawbridge = await own({ SD_CONCURRENCY: "1", HANGUP_GRACE_MS: "100" });
    const release = drawbridge.service.hold();
    const first = post(drawbridge.url, "/v1/images/generations", { ...cat, prompt: "a dog" });
    await drawbridge.service.arrived(1);
    await hangUp(drawbridge, () => expect.poll(() => counted(drawbridge, waiting)).toBe(1));
    await expect.poll(() => counted(drawbridge, waiting)).toBe(0);
    expect(await counted(drawbridge, cancelled)).toBe(1);
    release();
    expect((await first).status).toBe(200);
    await post(drawbridge.url, "/v1/images/generations", { ...cat, prompt: "a bird" });
    expect(drawbridge.service.requests.map(({ body }) => body["prompt"])).toEqual([
      "a dog",
      "a bird",
    ]);
  });

  test("can come back within the grace and gets what it asked for", async () => {
    const drawbridge = await own({ HANGUP_GRACE_MS: "5000" });
    const release = drawbridge.service.hold();
    await hangUp(drawbridge, () => drawbridge.service.arrived(1));
    const again = post(drawbridge.url, "/v1/images/generations", cat);
    await expect.poll(() => counted(drawbridge, cancelled)).toBe(0);
    release();
    expect((await again).status).toBe(200);
    expect(drawbridge.service.requests).toHaveLength(1);
  });

  test("lets a call that cannot be stopped run on, and its picture is kept under the code", async () => {
    const drawbridge = await own({ HANGUP_GRACE_MS: "50" });
    const release = drawbridge.service.hold();
    const controller = new AbortController();
    const authorization = `Bearer ${secrets.gateway}`;
    const response = await fetch(`${drawbridge.url}/v1/images/generations`, {
      method: "POST",
      headers: { authorization },
      body: JSON.stringify({ ...cat, stream: true }),
      signal: controller.signal,
    });
    await drawbridge.service.arrived(1);
    controller.abort();
    await expect.poll(() => counted(drawbridge, cancelled)).toBe(1);
    release();
    const code = response.headers.get("x-drawbridge-code");
    const recipe = async () => {
      const url = `${drawbridge.url}/v1/images/${code}`;
      return (await fetch(url, { headers: { authorization } })).json();
    };
    await expect.poll(recipe).toMatchObject({ state: "cancelled", data: [{ width: 16 }] });
    const { data } = (await recipe()) as { data: { url: string }[] };
    expect((await fetch(data[0]?.url ?? "")).status).toBe(200);
  });
});

describe("an Idempotency-Key", () => {
  const keyed = (key: string) => ({ headers: { "idempotency-key": key } });

  test.each([
    ["/v1/images/generations", cat],
    ["/v1/images/generations", { ...cat, response_format: "url", n: 2 }],
    ["/v1/chat/completions", { messages: [{ role: "user", content: "a cat" }] }],
  ])("makes %s answer the same bytes again, and says so", async (path, body) => {
    const drawbridge = await own();
    const first = await post(drawbridge.url, path, body, keyed("k-1"));
    const calls = drawbridge.service.requests.length;
    const second = await post(drawbridge.url, path, body, keyed("k-1"));
    expect(second.text).toBe(first.text);
    expect(first.headers.has("idempotent-replayed")).toBe(false);
    expect(second.headers.get("idempotent-replayed")).toBe("true");
    const code = first.headers.get("x-drawbridge-code");
    expect(second.headers.get("x-drawbridge-code")).toBe(code);
    expect(drawbridge.service.requests).toHaveLength(calls);
  });

  test("joins requests that come at once", async () => {
    const drawbridge = await own();
    const release = drawbridge.service.hold();
    const ask = () => post(drawbridge.url, "/v1/images/generations", cat, keyed("k-2"));
    const answers = [ask(), ask(), ask()];
    await drawbridge.service.arrived(1);
    release();
    const texts = (await Promise.all(answers)).map(({ text }) => text);
    expect(new Set(texts).size).toBe(1);
    expect(drawbridge.service.requests).toHaveLength(1);
  });

  test("of one request refuses another", async () => {
    const drawbridge = await own();
    await post(drawbridge.url, "/v1/images/generations", cat, keyed("k-3"));
    const other = { ...cat, prompt: "a dog" };
    const { status, json } = await post(
      drawbridge.url,
      "/v1/images/generations",
      other,
      keyed("k-3"),
    );
    expect(status).toBe(422);
    expect(json).toMatchObject({ error: { code: "idempotency_key_reused" } });
  });

  test("that is empty is none", async () => {
    const drawbridge = await own();
    await post(drawbridge.url, "/v1/images/generations", cat, keyed(""));
    const other = await post(
      drawbridge.url,
      "/v1/images/generations",
      { ...cat, prompt: "a dog" },
      keyed(""),
    );
    expect(other.status).toBe(200);
  });

  test("brings back the picture to a client that hung up", async () => {
    const drawbridge = await own({ HANGUP_GRACE_MS: "0" });
    const release = drawbridge.service.hold();
    const controller = new AbortController();
    const { signal } = controller;
    const first = post(drawbridge.url, "/v1/images/generations", cat, { ...keyed("k-4"), signal });
    await drawbridge.service.arrived(1);
    controller.abort();
    await expect(first).rejects.toThrow();
    release();
    const again = await post(drawbridge.url, "/v1/images/generations", cat, keyed("k-4"));
    expect(again.status).toBe(200);
    expect(drawbridge.service.requests).toHaveLength(1);
  });

  test("repeats a failure that may have been paid for, without another call", async () => {
    const drawbridge = await own();
    drawbridge.service.misbehave("truncated-picture");
    const ask = () => post(drawbridge.url, "/v1/images/generations", cat, keyed("k-5"));
    const [first, second] = [await ask(), await ask()];
    expect([first.status, second.status]).toEqual([502, 502]);
    expect(second.text).toBe(first.text);
    expect(second.headers.get("idempotent-replayed")).toBe("true");
    expect(drawbridge.service.requests).toHaveLength(1);
  });

  test("tries again after a refusal that invited to, and then stays with its picture", async () => {
    const drawbridge = await own();
    drawbridge.service.misbehave(busyForLong, busyForLong);
    const ask = () => post(drawbridge.url, "/v1/images/generations", cat, keyed("k-6"));
    expect((await ask()).status).toBe(503);
    expect((await ask()).status).toBe(503);
    const made = await ask();
    expect(made.status).toBe(200);
    expect((await ask()).text).toBe(made.text);
    expect(drawbridge.service.requests).toHaveLength(3);
  });
});

describe("cancelling by an Idempotency-Key", () => {
  const cancel = ({ url }: Drawbridge, key: string) =>
    post(url, "/v1/images/cancel", {}, { headers: { "idempotency-key": key } });
  const keyed = (key: string) => ({ headers: { "idempotency-key": key } });

  test("takes a waiting picture out of the line, and it is never ordered", async () => {
    const drawbridge = await own({ SD_CONCURRENCY: "1" });
    const release = drawbridge.service.hold();
    const path = "/v1/images/generations";
    const first = post(drawbridge.url, path, { ...cat, prompt: "a dog" });
    await drawbridge.service.arrived(1);
    const second = post(drawbridge.url, path, cat, keyed("mine"));
    await expect.poll(() => counted(drawbridge, waiting)).toBe(1);
    expect(await cancel(drawbridge, "mine")).toMatchObject({
      status: 200,
      json: { state: "cancelled", original_prompt: "a cat" },
    });
    expect(await second).toMatchObject({ status: 503, json: { error: { code: "cancelled" } } });
    release();
    expect((await first).status).toBe(200);
    expect((await post(drawbridge.url, path, cat, keyed("mine"))).status).toBe(200);
    expect(drawbridge.service.requests.map(({ body }) => body["prompt"])).toEqual([
      "a dog",
      "a cat",
    ]);
  });

  test("leaves alone what has ended, and knows no other keys", async () => {
    const drawbridge = await own();
    await post(drawbridge.url, "/v1/images/generations", cat, keyed("mine"));
    expect(await cancel(drawbridge, "mine")).toMatchObject({ json: { state: "done" } });
    expect((await cancel(drawbridge, "another")).status).toBe(404);
    expect((await post(drawbridge.url, "/v1/images/cancel", {})).status).toBe(400);
  });
});
