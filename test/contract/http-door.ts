import { request } from "node:http";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ImageService } from "../fakes/image-service.ts";
import { secrets, startStandIns } from "../fakes/drawbridge.ts";
import type { Environment } from "../fakes/process.ts";
import { type FeatureTools, featuresContract, keptFeaturesContract } from "./http-door-features.ts";

/** A server with the HTTP door, on a socket. */
export interface DoorServer {
  readonly url: string;
  close(): Promise<void>;
}

/** How a server is started, and what it promises. */
export interface HttpDoorOptions {
  readonly start: (environment: Environment) => Promise<DoorServer>;
  /** Whether anything outlives a request: pictures, recipes, keys, quotas, the line. */
  readonly keeps: boolean;
  /** Whether it sees that a connection was closed before it writes to it; one that is reset it always sees. */
  readonly seesClosing: boolean;
}

const slots = 2;
const perDay = 2;

/** A model of a second service, which edits pictures. */
const editor = "Edits-1";

/** The second key has a quota; the first belongs to an operator, who has none. */
const limitedKey = "limited-key-77";

const environment = {
  GATEWAY_API_KEY: `owner:${secrets.gateway},limited:${limitedKey}`,
  OPERATORS: "http:owner",
  SD_CONCURRENCY: `${slots}`,
  QUOTA_IMAGES_PER_DAY: `${perDay}`,
  HANGUP_GRACE_MS: "50",
  LOG_LEVEL: "silent",
};

/** The parts of answers that are looked at. */
interface Answer {
  readonly choices: readonly { readonly message: { readonly content: string } }[];
  readonly data: readonly { readonly seed: number; readonly b64_json: string }[];
  readonly code: string;
  readonly error: { readonly message: string };
}

interface Chunk {
  readonly choices: readonly [{ readonly delta: { readonly content?: string } }];
}

interface Asking {
  readonly key?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly method?: string;
}

const png = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
const plain = "a cat no-enhance";
const chat = (content: string, more: object = {}) => ({
  model: "Z-Image",
  messages: [{ role: "user", content }],
  ...more,
});

/** What the HTTP door does on every runtime. */
export function httpDoorContract(name: string, options: HttpDoorOptions): void {
  const { start, keeps, seesClosing } = options;
  describe(`the HTTP door, ${name},`, () => {
    let server: DoorServer;
    let standIns: Awaited<ReturnType<typeof startStandIns>>;
    let service: ImageService;

    beforeAll(async () => {
      standIns = await startStandIns();
      service = standIns.service;
      const editing = {
        IMAGES_OPENAI_API_KEY: secrets.image,
        IMAGES_OPENAI_BASE_URL: service.openaiUrl,
        IMAGES_OPENAI_MODEL: editor,
        IMAGES_OPENAI_EDITS: "1",
      };
      server = await start({ ...standIns.environment, ...editing, ...environment });
    });

    afterAll(async () => {
      await server.close();
      await standIns.close();
    });

    function ask(path: string, body?: object | string | Buffer, asking: Asking = {}) {
      const { key = secrets.gateway, headers, signal, method } = asking;
      const isSent = typeof body === "string" || body instanceof Uint8Array;
      return fetch(server.url + path, {
        method: method ?? (body === undefined ? "GET" : "POST"),
        headers: {
          ...(key && { authorization: `Bearer ${key}` }),
          "content-type": "application/json",
          ...headers,
        },
        ...(body === undefined ? {} : { body: isSent ? body : JSON.stringify(body) }),
        ...(signal ? { signal } : {}),
      });
    }

    const images = (body: object, asking?: Asking) =>
      ask("/v1/images/generations", { prompt: plain, ...body }, asking);

    async function jsonOf(response: Response | Promise<Response>): Promise<Answer> {
      return (await (await response).json()) as Answer;
    }

    // === Letting in

    test.each([
      ["without a key", ""],
      ["with an unknown key", "wrong"],
    ])("answers 401 %s, in OpenAI's envelope, to pages of any origin", async (_, key) => {
      const response = await ask("/v1/models", undefined, { key });
      expect(response.status).toBe(401);
      expect(response.headers.get("access-control-allow-origin")).toBe("*");
      expect(await jsonOf(response)).toMatchObject({
        error: { type: "authentication_error", code: "invalid_api_key", param: null },
      });
    });

    test("lets a page of any origin ask first", async () => {
      const headers = { "access-control-request-headers": "authorization,content-type" };
      const response = await ask("/v1/chat/completions", undefined, { method: "OPTIONS", headers });
      expect(response.status).toBe(204);
      expect(response.headers.get("access-control-allow-headers")).toMatch(/authorization/);
    });

    test("lists its models", async () => {
      const models = [{ id: "Z-Image" }, { id: editor }];
      expect(await jsonOf(ask("/v1/models"))).toMatchObject({ data: models });
    });

    // === Chats

    test("answers a chat with a link that loads, and with what was made of the words", async () => {
      const answer = await jsonOf(ask("/v1/chat/completions", chat("a cat, ratio 16:9")));
      const { content = "" } = answer.choices[0]?.message ?? {};
      expect(content).toMatch(/Original Input:\*\*\na cat/);
      expect(content).toContain("**🎨 Aspect Ratio:** 16:9");
      const [, link = ""] = /!\[.*?\]\((http.*?)\)/.exec(content) ?? [];
      const picture = Buffer.from(await (await fetch(link)).arrayBuffer());
      expect(picture.subarray(0, 8)).toEqual(png);
      expect(service.requests.at(-1)?.body).toMatchObject({ width: 2048, height: 1152 });
    });

    test("streams a chat", async () => {
      const response = await ask("/v1/chat/completions", chat(plain, { stream: true }));
      expect(response.headers.get("content-type")).toMatch(/^text\/event-stream/);
      const data = dataIn(await response.text());
      expect(data.at(-1)).toBe("[DONE]");
      const chunks = data.slice(0, -1).map((text) => JSON.parse(text) as Chunk);
      const deltas = chunks.map(({ choices: [{ delta }] }) => delta);
      expect(deltas[0]).toMatchObject({ role: "assistant" });
      expect(deltas.map(({ content = "" }) => content).join("")).toMatch(/^!\[a cat\]\(http/);
    });

    test("sends the head of a stream before the picture is there", async () => {
      const release = service.hold();
      const response = await ask("/v1/chat/completions", chat(plain, { stream: true }));
      expect(response.status).toBe(200);
      release();
      expect(dataIn(await response.text()).at(-1)).toBe("[DONE]");
    });

    // === Images

    test("gives images in base64 unless links are asked for", async () => {
      const [inBase64, linked] = await Promise.all([
        jsonOf(images({ n: 2, seed: 5 })),
        jsonOf(images({ response_format: "url" })),
      ]);
      expect(inBase64.data.map(({ seed }) => seed)).toEqual([5, 6]);
      for (const { b64_json } of inBase64.data) {
        expect(Buffer.from(b64_json, "base64").subarray(0, 8)).toEqual(png);
      }
      expect(linked.data[0]).toMatchObject({ url: expect.stringMatching(/^http/) });
    });

    test("streams images", async () => {
      const events = dataIn(await (await images({ stream: true })).text());
      const last = JSON.parse(events.at(-1) ?? "") as { type: string; b64_json: string };
      const { type, b64_json } = last;
      expect(type).toBe("image_generation.completed");
      expect(Buffer.from(b64_json, "base64").subarray(0, 8)).toEqual(png);
    });

    test("undoes a Content-Encoding", async () => {
      const body = gzipSync(JSON.stringify({ prompt: plain }));
      const response = await ask("/v1/images/generations", body, {
        headers: { "content-encoding": "gzip" },
      });
      expect(response.status).toBe(200);
    });

    test("answers with the picture where it cannot be asked for later", async () => {
      const response = await images({}, { headers: { prefer: "respond-async" } });
      expect(response.status).toBe(keeps ? 202 : 200);
      expect(await jsonOf(response)).toHaveProperty(keeps ? "state" : "data");
    });

    // === Failures

    test.each([
      ["a body that is no JSON", 400, "/v1/chat/completions", "{"],
      ["a chat that says nothing", 400, "/v1/chat/completions", '{"messages":[]}'],
      ["a model that is not there", 404, "/v1/models/none", undefined],
      ["an address that is not there", 404, "/v1/nothing", undefined],
      ["a method that is not there", 405, "/v1/models", "{}"],
    ] as const)("answers %s with a sentence", async (...[, status, path, body]) => {
      const response = await ask(path, body);
      expect(response.status).toBe(status);
      expect((await jsonOf(response)).error.message).toMatch(/\.$/);
    });

    test("says that the service failed, and tells no secret", async () => {
      service.misbehave("error-object");
      const response = await images({});
      const text = await response.text();
      expect(response.status).toBe(502);
      expect(text).toMatch(/The image service failed/);
      expect(text).not.toContain(secrets.image);
    });

    test("paints the words as they are where the enhancer fails", async () => {
      standIns.llm.reply({ status: 500, headers: {}, body: "" });
      const answer = await jsonOf(ask("/v1/chat/completions", chat("a dog")));
      expect(answer.choices[0]?.message.content).toMatch(/Enhancement failed/);
      expect(service.requests.at(-1)?.body).toMatchObject({ prompt: "a dog" });
    });

    const features: FeatureTools = {
      ...{ ask, editor, otherKey: limitedKey, authorization: `Bearer ${secrets.gateway}` },
      service: () => service,
      url: () => server.url,
    };
    featuresContract(features);

    if (keeps) {
      keptFeaturesContract(features);
      const tools = { ask, images, jsonOf, service: () => service, url: () => server.url };
      keepingContract(tools, seesClosing);
    }
  });
}

interface Tools {
  readonly ask: (path: string, body?: object, asking?: Asking) => Promise<Response>;
  readonly images: (body: object, asking?: Asking) => Promise<Response>;
  readonly jsonOf: (response: Response | Promise<Response>) => Promise<Answer>;
  readonly service: () => ImageService;
  readonly url: () => string;
}

/** What needs something that outlives a request. */
function keepingContract({ ask, images, jsonOf, service, url }: Tools, seesClosing: boolean): void {
  const keyed = (key: string) => ({ headers: { "idempotency-key": key } });

  test("makes one picture for one Idempotency-Key, at the same time and later", async () => {
    const prompt = "one for a key no-enhance";
    const together = await Promise.all([1, 2].map(() => images({ prompt }, keyed("k1"))));
    const later = await images({ prompt }, keyed("k1"));
    const codes = [...together, later].map(({ headers }) => headers.get("x-drawbridge-code"));
    expect(new Set(codes).size).toBe(1);
    expect(later.headers.get("idempotent-replayed")).toBe("true");
    expect(service().ordersOf({ prompt: "one for a key" })).toBe(1);
  });

  test("refuses a key that was used for another request", async () => {
    await images({ prompt: "first no-enhance" }, keyed("k2"));
    expect((await images({ prompt: "second no-enhance" }, keyed("k2"))).status).toBe(422);
  });

  test("serves twelve at once with as many calls as there are slots", async () => {
    const before = service().requests.length;
    const all = await Promise.all(Array.from({ length: 12 }, () => images({})));
    expect(all.map(({ status }) => status)).toEqual(Array.from({ length: 12 }, () => 200));
    expect(service().requests.length - before).toBe(12);
    expect(service().mostAtOnce).toBeLessThanOrEqual(slots);
  });

  /** Asks for an image until the client goes: it closes its connection, or what is between resets it. */
  function askUntil(body: object): { closes: () => void; resets: () => void } {
    const headers = { authorization: `Bearer ${secrets.gateway}`, connection: "close" };
    const address = new URL("/v1/images/generations", url());
    const asking = request(address, { method: "POST", headers, agent: false });
    asking.on("error", () => undefined);
    asking.on("response", (response) => response.on("error", () => undefined).resume());
    asking.end(JSON.stringify(body));
    return { closes: () => asking.destroy(), resets: () => asking.socket?.resetAndDestroy() };
  }

  const moments = [
    ["before its answer", {}],
    ["in mid-stream", { stream: true }],
  ] as const;
  const goings = moments.flatMap(([moment, more]) =>
    (["resets", "closes"] as const).map((how) => [how, moment, more] as const),
  );
  const isSeen = ([how, moment]: (typeof goings)[number]) =>
    seesClosing || how === "resets" || moment === "in mid-stream";
  test.each(goings.filter(isSeen))(
    "takes a waiting picture out of the line when its client %s the connection %s",
    async (how, _, more) => {
      const release = service().hold();
      const before = service().requests.length;
      const held = Array.from({ length: slots }, () => images({ prompt: "held no-enhance" }));
      await service().arrived(before + slots);
      const client = askUntil({ prompt: "given up no-enhance", ...more });
      const waiting = async () => {
        const metrics = await (await ask("/metrics")).text();
        return Number(/^drawbridge_jobs_waiting (\d+)/m.exec(metrics)?.[1]);
      };
      await expect.poll(waiting).toBe(1);
      client[how]();
      await expect.poll(waiting).toBe(0);
      release();
      await Promise.all(held);
      expect(service().ordersOf({ prompt: "given up" })).toBe(0);
    },
  );

  test("counts pictures against a quota, and says when it begins anew", async () => {
    const limited = { key: limitedKey };
    for (let asked = 0; asked < perDay; asked++) {
      expect((await images({}, limited)).status).toBe(200);
    }
    const response = await images({}, limited);
    expect(response.status).toBe(429);
    expect(response.headers.get("x-ratelimit-remaining")).toBe("0");
    expect((await jsonOf(response)).error.message).toMatch(/quota of 2 pictures a day/);
  });

  test("keeps how a picture was made, and makes it again", async () => {
    const made = await images({ seed: 7 });
    const code = made.headers.get("x-drawbridge-code") ?? "";
    expect(await jsonOf(ask(`/v1/images/${code}`))).toMatchObject({ code, state: "done" });
    const again = await jsonOf(ask(`/v1/images/${code}/again`, {}));
    expect(again.code).not.toBe(code);
  });

  test("serves the page and its documents", async () => {
    const page = await (await ask("/")).text();
    const links = page.matchAll(/(?:src|href)="([^":#]+\.(?:js|css|svg))"/g);
    const files = Array.from(links, ([, path = ""]) => new URL(path, "http://page/").pathname);
    expect(files.length).toBeGreaterThan(2);
    for (const path of [...files, "/docs", "/docs/docs.css", "/openapi.json"]) {
      expect((await ask(path)).status).toBe(200);
    }
  });

  test("is ready", async () => {
    expect(await jsonOf(ask("/readyz"))).toMatchObject({ status: "ready", storage: "ok" });
  });
}

function dataIn(stream: string): string[] {
  return Array.from(stream.matchAll(/^data: (.*)$/gm), ([, data = ""]) => data);
}
