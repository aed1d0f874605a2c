import { describe, expect, test } from "vitest";
import { ImageError } from "../../core/errors.ts";
import { aDoor, chat } from "../fakes/door.ts";
import { easel } from "../fakes/studio.ts";

type Body = Record<string, unknown> & { error: Record<string, unknown> };

async function json(response: Response | Promise<Response>): Promise<Body> {
  return (await (await response).json()) as Body;
}

describe("the HTTP door", () => {
  test.each(["/v1/models", "/models", "/v1/v1/models", "/v1/models/", "//v1//models"])(
    "lists the models at %s",
    async (path) => {
      const { get } = aDoor();
      expect(await json(get(path))).toEqual({
        object: "list",
        data: [
          {
            id: "Z-Image",
            object: "model",
            created: 1_730_800_000,
            owned_by: "sd-exacg-gateway",
          },
        ],
      });
    },
  );

  test("answers to a pasted endpoint with another endpoint behind it", async () => {
    const { get } = aDoor();
    expect((await get("/v1/chat/completions/models")).status).toBe(200);
    expect((await get("/v1/chat/completions/v1/models")).status).toBe(200);
  });

  test("shows one model, and says which are there when it is asked for another", async () => {
    const { get } = aDoor();
    expect(await json(get("/v1/models/Z-Image"))).toMatchObject({ id: "Z-Image" });
    const missing = await get("/v1/models/gpt-4o");
    expect(missing.status).toBe(404);
    expect(await json(missing)).toMatchObject({
      error: { code: "model_not_found", param: "model", type: "invalid_request_error" },
    });
  });

  describe("without the right key", () => {
    test.each([
      ["none", {}],
      ["a wrong one", { authorization: "Bearer wrong" }],
      ["another scheme", { authorization: "Basic key" }],
      ["an empty one", { authorization: "Bearer " }],
    ])("refuses %s with invalid_api_key", async (_, headers) => {
      const { app } = aDoor();
      const response = await app.request("/v1/models", { headers });
      expect(response.status).toBe(401);
      expect(await json(response)).toMatchObject({
        error: { code: "invalid_api_key", param: null, message: expect.any(String) },
      });
      expect(response.headers.get("access-control-allow-origin")).toBe("*");
    });

    test.each(["/healthz", "/readyz", "/"])("still answers %s", async (path) => {
      expect((await aDoor().app.request(path)).status).toBe(200);
    });

    test("allows a browser's preflight", async () => {
      const response = await aDoor().app.request("/v1/images/generations", {
        method: "OPTIONS",
        headers: {
          origin: "https://chat.example",
          "access-control-request-method": "POST",
          "access-control-request-headers": "authorization,content-type,x-stainless-lang",
        },
      });
      expect(response.status).toBe(204);
      expect(response.headers.get("access-control-allow-origin")).toBe("*");
      expect(response.headers.get("access-control-allow-headers")).toContain("x-stainless-lang");
      expect(response.headers.get("x-request-id")).toBeTruthy();
      expect(response.headers.has("access-control-allow-private-network")).toBe(false);
    });

    test.each(["/v1/images/generations", "/v1/chat/completions", "/v1/models", "/"])(
      "allows a public page's preflight to a private address where it asks for that: %s",
      async (path) => {
        const response = await aDoor().app.request(path, {
          method: "OPTIONS",
          headers: {
            origin: "https://chat.example",
            "access-control-request-method": "GET",
            "access-control-request-private-network": "true",
          },
        });
        expect(response.status).toBe(204);
        expect(response.headers.get("access-control-allow-private-network")).toBe("true");
        expect(response.headers.get("vary")).toContain("Access-Control-Request-Private-Network");
      },
    );

    test.each(["key", "api_key", "api-key", "token"])("takes none from ?%s=", async (name) => {
      const response = await aDoor().app.request(`/v1/models?${name}=key`);
      expect(response.status).toBe(401);
    });
  });

  test.each(["/metrics", "/readyz", "/v1/readyz"])(
    "lets pages of other origins read %s neither with a key nor after a preflight",
    async (path) => {
      const { send } = aDoor();
      for (const method of ["GET", "OPTIONS", "DELETE"]) {
        const { headers } = await send(method, path, undefined, { origin: "https://x.example" });
        expect([...headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
      }
    },
  );

  test.each([
    ["GET", "/v1/nothing", 404],
    ["GET", "/v1", 404],
    ["GET", "/v1/chat/completions", 405],
    ["GET", "/v1/images/generations", 405],
    ["DELETE", "/v1/models", 405],
    ["PUT", "/images/generations", 405],
  ])("answers %s %s with %i in OpenAI's envelope", async (method, path, status) => {
    const { send } = aDoor();
    const response = await send(method, path);
    expect(response.status).toBe(status);
    const { error } = await json(response);
    expect(Object.keys(error).toSorted()).toEqual(["code", "message", "param", "type"]);
    expect(response.headers.get("x-request-id")).toBeTruthy();
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
  });

  test("refuses a body over 32 MiB, with and without its length", async () => {
    const { post, app } = aDoor();
    const big = chat("x".repeat(32 * 1024 * 1024));
    expect((await post("/v1/chat/completions", big)).status).toBe(413);
    const body = new Blob([JSON.stringify(big)]).stream();
    const headers = { authorization: "Bearer key" };
    const request = { method: "POST", body, duplex: "half", headers } as RequestInit;
    expect((await app.request("/v1/chat/completions", request)).status).toBe(413);
  });

  test.each([
    ["messages", { messages: [] }],
    ["messages", {}],
    ["messages", { messages: "hello" }],
    ["messages", { messages: [{ role: "assistant", content: "hi" }] }],
    ["prompt", { prompt: 5 }],
    ["prompt", chat("   ")],
    ["prompt", chat("ratio 16:9")],
    ["model", { ...chat("x"), model: 5 }],
    ["width", chat("x", { width: 63, height: 64 })],
    ["width", chat("x", { width: 2049, height: 64 })],
    ["width", chat("x", { width: "wide", height: 64 })],
    ["height", chat("x", { width: 64 })],
    ["size", chat("x", { size: "big" })],
    ["size", chat("x", { size: "4096x1024" })],
    ["aspect_ratio", chat("x", { aspect_ratio: "1:11" })],
    ["seed", chat("x", { seed: 2 ** 65 })],
    ["seed", chat("x", { seed: 1.5 })],
    ["seed", chat("x", { seed: "x" })],
    ["steps", chat("x", { steps: 0 })],
    ["cfg", chat("x", { cfg: "high" })],
    ["quality", chat("x", { quality: "ultra" })],
    ["n", chat("x", { n: 0 })],
    ["n", chat("x", { n: 5 })],
    ["stream", chat("x", { stream: "maybe" })],
    ["negative_prompt", chat("x", { negative_prompt: {} })],
  ])("names %s when that is what is wrong with a chat", async (param, body) => {
    const { post } = aDoor();
    const response = await post("/v1/chat/completions", body);
    expect(response.status).toBe(400);
    expect(await json(response)).toMatchObject({
      error: { param, type: "invalid_request_error", message: expect.any(String) },
    });
  });

  test.each([
    [{ width: 63, height: 64 }, "width: has to be at least 64."],
    [{ steps: 10_001 }, "steps: has to be at most 10000."],
    [{ steps: "nine" }, "steps: has to be a number."],
    [{ steps: 1.5 }, "steps: has to be a whole number."],
    [{ seed: 1.5 }, "seed: has to be a whole number."],
    [{ cfg: "high" }, "cfg: has to be a number."],
    [{ stream: "maybe" }, "stream: has to be true or false."],
    [{ model: "x".repeat(201) }, "model: has to have at most 200 characters."],
    [{ negative_prompt: 5 }, "negative_prompt: has to be a string."],
    [{ quality: "ultra" }, /^quality: has to be "low" or "medium" or .+\.$/],
    [{ messages: "a cat" }, "messages: has to be a list of messages."],
  ])("says in words what is wrong with %j", async (fields, message) => {
    const { post } = aDoor();
    const body = await json(await post("/v1/chat/completions", chat("x", fields)));
    expect((body as { error: { message: string } }).error.message).toMatch(message);
  });

  test.each(["", "{", "null", "[]", '"a cat"', "1e999", "\u0000"])(
    "answers 400 to the body %j",
    async (body) => {
      const { post } = aDoor();
      expect((await post("/v1/images/generations", body)).status).toBe(400);
    },
  );

  test("answers 404 to a model that is not there, and knows aliases", async () => {
    const { post } = aDoor();
    const body = { prompt: "x", response_format: "url" };
    const missing = await post("/v1/images/generations", { ...body, model: "flux" });
    expect(missing.status).toBe(404);
    expect(await json(missing)).toMatchObject({ error: { code: "model_not_found" } });
    const known = await post("/v1/images/generations", { ...body, model: "dall-e-3" });
    expect(known.status).toBe(200);
  });

  test.each([0, -1, -9_007_199_254_740_993, -1e300])(
    "chooses a seed instead of %d",
    async (seed) => {
      const { post, easel: painter } = aDoor();
      const response = await post("/v1/images/generations", { prompt: "x", seed });
      expect(response.status).toBe(200);
      expect(painter.orders[0]?.seed).toBeGreaterThan(0);
    },
  );

  test.each([
    [2147483648, 1],
    [4294967295, 1],
    ["4294967294", 2147483647],
    ["18446744073709551615", 5],
  ])("brings the seed %j into range, and says so", async (seed, made) => {
    const { post, easel: painter } = aDoor();
    const answer = await json(await post("/v1/chat/completions", chat("a cat", { seed })));
    expect(painter.orders[0]?.seed).toBe(made);
    expect(JSON.stringify(answer)).toContain(`The seed ${Number(seed)} became ${made}`);
  });

  test("accepts what other models take, and null for anything, in silence", async () => {
    const { post } = aDoor();
    const more = {
      temperature: 0.7,
      top_p: 1,
      presence_penalty: 0,
      user: "u",
      background: "auto",
      quality: "auto",
      seed: null,
      size: null,
      nobody_knows: { this: [1] },
    };
    const answer = await json(post("/v1/chat/completions", chat("a cat", more)));
    expect(JSON.stringify(answer)).not.toContain("ℹ️");
  });

  describe("links", () => {
    const url = async (
      options: Parameters<typeof aDoor>[0],
      headers?: Readonly<Record<string, string>>,
    ) => {
      const { post } = aDoor(options);
      const body = { prompt: "x", response_format: "url" };
      const answer = await json(post("/v1/images/generations", body, headers));
      return (answer["data"] as { url: string }[])[0]?.url ?? "";
    };
    const forwarded = { "x-forwarded-proto": "https", "x-forwarded-host": "draw.example" };

    test("are built from the request's own address", async () => {
      expect(await url({}, forwarded)).toMatch(/^http:\/\/localhost\/images\/[0-9a-f]{32}\.png$/);
    });

    test("believe a proxy only where it is trusted", async () => {
      expect(await url({ trustProxy: true }, forwarded)).toMatch(/^https:\/\/draw\.example\//);
      expect(await url({ trustProxy: true }, { "x-forwarded-proto": "javascript" })).toMatch(
        /^http:\/\/localhost\//,
      );
    });

    test("begin with the public address where there is one", async () => {
      expect(await url({ publicUrl: "https://a.example/b", trustProxy: true }, forwarded)).toMatch(
        /^https:\/\/a\.example\/b\/images\//,
      );
    });
  });

  describe("a kept picture", () => {
    async function kept() {
      const test = aDoor();
      const body = { prompt: "x", response_format: "url" };
      const answer = await json(test.post("/v1/images/generations", body));
      const { pathname } = new URL((answer["data"] as { url: string }[])[0]?.url ?? "");
      return { ...test, pathname };
    }

    test("loads without a key, is cached for ever and never sniffed", async () => {
      const { app, pathname } = await kept();
      const response = await app.request(pathname);
      expect(response.status).toBe(200);
      expect(Object.fromEntries(response.headers)).toMatchObject({
        "content-type": "image/png",
        "x-content-type-options": "nosniff",
        "cache-control": "public, max-age=31536000, immutable",
      });
      const bytes = await response.bytes();
      expect(Number(response.headers.get("content-length"))).toBe(bytes.byteLength);
    });

    test("answers HEAD with the same headers, and 304 to who has it", async () => {
      const { app, pathname } = await kept();
      const [get, head] = [
        await app.request(pathname),
        await app.request(pathname, { method: "HEAD" }),
      ];
      expect(head.headers.get("content-length")).toBe(get.headers.get("content-length"));
      const etag = get.headers.get("etag") ?? "";
      expect(head.headers.get("etag")).toBe(etag);
      const cached = await app.request(pathname, {
        headers: { "if-none-match": `"x", W/${etag}` },
      });
      expect([cached.status, await cached.text()]).toEqual([304, ""]);
    });

    test("is converted to the format of its ending", async () => {
      const { app, pathname } = await kept();
      const webp = await app.request(pathname.replace(".png", ".webp"));
      expect(webp.headers.get("content-type")).toBe("image/webp");
      expect(
        Buffer.from(await webp.bytes())
          .subarray(8, 12)
          .toString(),
      ).toBe("WEBP");
    });

    test.each(["/images/nothing.png", "/images/..%2f..%2fetc%2fpasswd.png", "/images/x.exe"])(
      "is not found at %s",
      async (path) => {
        expect((await aDoor().app.request(path)).status).toBe(404);
      },
    );
  });

  describe("when a picture fails", () => {
    const failing = async (error: ImageError) => {
      const painter = easel();
      const { post } = aDoor({ easel: painter });
      const answer = post("/v1/images/generations", { prompt: "x" });
      await painter.begun(1);
      painter.finish(error);
      return answer;
    };
    const provider = "p";

    test.each([
      [
        502,
        "false",
        new ImageError("provider-failed", {
          provider,
          fault: "bad-reply",
          transient: false,
          paid: true,
        }),
      ],
      [
        502,
        null,
        new ImageError("provider-failed", {
          provider,
          fault: "unreachable",
          transient: true,
          paid: false,
        }),
      ],
      [503, null, new ImageError("provider-busy", { provider, retryAfterMs: 1500 })],
      [504, "false", new ImageError("timed-out", { afterMs: 1000 })],
      [400, null, new ImageError("content-refused", { by: "provider", reason: "No." })],
    ])("answers %i with x-should-retry %s", async (status, shouldRetry, error) => {
      const response = await failing(error);
      expect(response.status).toBe(status);
      expect(response.headers.get("x-should-retry")).toBe(shouldRetry);
      expect(response.headers.get("retry-after")).toBe(status === 503 ? "2" : null);
    });

    test("says nothing of what a bug was about", async () => {
      const painter = easel();
      const { post } = aDoor({ easel: painter });
      const answer = post("/v1/images/generations", { prompt: "x" });
      await painter.begun(1);
      painter.finish(new TypeError("secret-key is undefined"));
      const response = await answer;
      expect(response.status).toBe(500);
      expect(await response.text()).not.toContain("secret");
    });
  });

  test("says what is left of the quota, and when it starts anew", async () => {
    const { post } = aDoor({ perDay: 1 });
    const body = { prompt: "x", response_format: "url" };
    const first = await post("/v1/images/generations", body);
    expect(first.headers.get("x-ratelimit-remaining")).toBe("0");
    const second = await post("/v1/images/generations", body);
    expect(second.status).toBe(429);
    expect(Number(second.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(second.headers.get("x-ratelimit-limit")).toBe("1");
    expect(Number(second.headers.get("x-ratelimit-reset"))).toBeGreaterThan(0);
  });

  test("answers 429 to one user's too many waiting jobs", async () => {
    const { post } = aDoor({ easel: easel(), slots: 1, perUser: 1 });
    const body = { prompt: "x" };
    void post("/v1/images/generations", body);
    void post("/v1/images/generations", body);
    await expect.poll(async () => (await post("/v1/images/generations", body)).status).toBe(429);
  });
});
