import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { rankOf } from "../../../bots/discord/suggestions.ts";
import { clip, escapeMarkdown } from "../../../bots/discord/text.ts";
import { type DiscordFailure, failureOf } from "../../../bots/discord/errors.ts";
import { fetchRest } from "../../../bots/discord/rest.ts";

describe("Words of people", () => {
  test("keep every letter and lose every meaning", () => {
    expect(escapeMarkdown("a *cat* [x](https://e.x) <@1> @here")).toBe(
      "a \\*cat\\* \\[x\\](https\\://e.x) \\<\\@1\\> \\@here",
    );
    expect(escapeMarkdown("# a\n-# b\n - c\n2. d\n> e")).toBe(
      "\\# a\n\\-# b\n \\- c\n2\\. d\n\\> e",
    );
    expect(escapeMarkdown("well-lit, 2.5 m: yes_no")).toBe("well-lit, 2.5 m: yes\\_no");
  });

  test("are cut between characters, within both limits, and never behind half an escape", () => {
    const room = fc.record({ length: fc.nat({ max: 60 }), bytes: fc.nat({ max: 120 }) });
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme", maxLength: 80 }),
        room,
        (text, { length, bytes }) => {
          const limit = { length: length + 1, bytes: bytes + 3 };
          const clipped = clip(escapeMarkdown(text), limit);
          expect(clipped.length).toBeLessThanOrEqual(limit.length);
          expect(Buffer.byteLength(clipped)).toBeLessThanOrEqual(limit.bytes);
          expect(clipped.isWellFormed()).toBe(true);
          const slashes = /\\*(?=…?$)/.exec(clipped)?.[0].length ?? 0;
          expect(slashes % 2).toBe(0);
        },
      ),
    );
  });
});

describe("What is suggested", () => {
  test("begins so, contains it, or has its letters in order", () => {
    const ranks = ["Z-Image", "Turbo Z-Image", "Zoom Imagine", "Flux"].map(rankOf("zim"));
    expect(ranks).toEqual([0, 1, 2, Number.POSITIVE_INFINITY]);
  });
});

describe("A failure of Discord's", () => {
  /** The failure of a call that this answers. */
  async function failure(answer: () => Response | Error): Promise<DiscordFailure> {
    const fetch = async () => {
      const given = answer();
      if (given instanceof Error) throw given;
      return given;
    };
    const { signal } = new AbortController();
    const rest = fetchRest({ url: "https://discord.com/api", token: "secret", fetch, signal });
    const route = "/webhooks/1/secret-token/messages/@original";
    const call = rest({ method: "PATCH", route, body: { content: "secret words" } });
    return call.then(() => expect.fail("It did not fail."), failureOf);
  }

  test("holds nothing of the request, whose address may have a token in it", async () => {
    const told = { code: 50027, message: "Invalid Webhook Token" };
    const refused = await failure(() => Response.json(told, { status: 401 }));
    const broken = await failure(() => new TypeError("fetch failed"));
    for (const one of [refused, broken]) {
      expect(inspect(one, { depth: 9, showHidden: true })).not.toContain("secret");
      expect(one.cause).toBeUndefined();
    }
    expect(refused).toMatchObject({ code: 50027, status: 401 });
  });

  test("comes after four tries, also where each takes long", async () => {
    const now = performance.now.bind(performance);
    let calls = 0;
    const clock = vi.spyOn(performance, "now").mockImplementation(() => now() + calls * 10_000);
    onTestFinished(() => clock.mockRestore());
    const failed = await failure(() => {
      calls++;
      return new Response("", { status: 502 });
    });
    expect([failed.status, calls]).toEqual([502, 4]);
  });

  test("leaves in force what it says of its limit", async () => {
    let calls = 0;
    const begun = performance.now();
    const headers = { "x-ratelimit-remaining": "0", "x-ratelimit-reset-after": "1" };
    const failed = await failure(() =>
      calls++ === 0
        ? new Response("", { status: 502, headers })
        : Response.json({ code: 50027 }, { status: 401 }),
    );
    expect([failed.status, calls]).toEqual([401, 2]);
    expect(performance.now() - begun).toBeGreaterThan(900);
  });
});
