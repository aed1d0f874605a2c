import { describe, expect, test } from "vitest";
import { addressUnder, orUnderV1 } from "../../../core/wire/base.ts";
import type { Fetch } from "../../../core/wire/fetch.ts";

const base = "https://api.example/openai?api-version=2";

/** A service that has something at these paths, and remembers what it was asked. */
function aService(paths: readonly string[], elsewhere = new Response("", { status: 404 })) {
  const asked: string[] = [];
  const fetch: Fetch = async (url) => {
    const { pathname, search } = new URL(url);
    asked.push(pathname + search);
    return paths.includes(pathname) ? new Response("here") : elsewhere.clone();
  };
  return { fetch, asked };
}

describe("a base address", () => {
  test.each(["", "/", "//"])("takes a path behind %j, and keeps its query", (end) => {
    const address = addressUnder(`https://api.example/v1${end}?api-version=2#top`, "models");
    expect(address.href).toBe("https://api.example/v1/models?api-version=2");
  });
});

describe("a fetch that may need /v1", () => {
  test("asks there once where nothing is found, and from then on", async () => {
    const { fetch, asked } = aService(["/openai/v1/models"]);
    const ask = orUnderV1(fetch, base);
    for (let times = 2; times > 0; times--) {
      expect((await ask(addressUnder(base, "models"))).status).toBe(200);
    }
    expect(asked).toEqual([
      "/openai/models?api-version=2",
      "/openai/v1/models?api-version=2",
      "/openai/v1/models?api-version=2",
    ]);
  });

  test("takes a page for people for nothing", async () => {
    const page = new Response("<html>", {
      headers: { "content-type": "Text/HTML; charset=utf-8" },
    });
    const { fetch, asked } = aService(["/v1/models"], page);
    const ask = orUnderV1(fetch, "https://api.example");
    const { headers } = await ask("https://api.example/models");
    expect(headers.get("content-type")).not.toMatch(/html/);
    expect(asked).toEqual(["/models", "/v1/models"]);
  });

  test.each([400, 401, 403, 501])(
    "asks there, too, where %i is said of all else",
    async (status) => {
      const { fetch } = aService(["/v1/models"], new Response("", { status }));
      const ask = orUnderV1(fetch, "https://api.example");
      expect((await ask("https://api.example/models")).status).toBe(200);
    },
  );

  test("asks there no more once something was found as it was given", async () => {
    const { fetch, asked } = aService(["/models"], new Response("", { status: 400 }));
    const ask = orUnderV1(fetch, "https://api.example");
    await ask("https://api.example/models");
    expect((await ask("https://api.example/chat")).status).toBe(400);
    expect(asked).toEqual(["/models", "/chat"]);
  });

  test("answers with what it found first where there is nothing at all", async () => {
    const { fetch, asked } = aService([]);
    expect((await orUnderV1(fetch, base)(addressUnder(base, "models"))).status).toBe(404);
    expect(asked).toHaveLength(2);
  });

  test.each(["https://api.example/v1", "https://api.example/api/paas/v4/"])(
    "asks %s alone, which has a version",
    async (versioned) => {
      const { fetch, asked } = aService([]);
      await orUnderV1(fetch, versioned)(addressUnder(versioned, "models"));
      expect(asked).toHaveLength(1);
    },
  );
});
