import { describe, expect, test } from "vitest";
import { excerpt, refusalOf } from "../../../core/providers/refusal.ts";
import { processorMs } from "../../builders.ts";

const hidden = ["sk-0123456789", "the secret wedding"];

function refusal(status: number, json: unknown, headers: Record<string, string> = {}) {
  const text = typeof json === "string" ? json : JSON.stringify(json);
  const reply = {
    status,
    headers: new Headers(headers),
    text,
    json: typeof json === "string" ? undefined : json,
  };
  return refusalOf(reply, { provider: "p", hidden });
}

function verdictOf(...args: Parameters<typeof refusal>): string {
  const { code, details } = refusal(...args);
  return "fault" in details ? details.fault : code;
}

describe("refusalOf", () => {
  test.for([
    [401, { message: "no" }, "bad-key"],
    [402, { message: "pay" }, "no-points"],
    [403, { message: "no" }, "bad-key"],
    [404, { message: "no such page" }, "rejected"],
    [404, "<html>not found</html>", "rejected"],
    [422, { detail: [{ msg: "field required" }] }, "rejected"],
    [429, { error: { code: "requests" } }, "provider-busy"],
    [429, "<html>slow down</html>", "provider-busy"],
    [500, { message: "oops" }, "server-error"],
    [520, {}, "server-error"],
    [521, "<html>web server is down</html>", "unreachable"],
    [522, {}, "server-error"],
    [523, {}, "unreachable"],
    [524, {}, "server-error"],
    [525, {}, "unreachable"],
    [526, {}, "unreachable"],
  ] as const)("judges %i %o by its status: %s", ([status, json, expected]) => {
    expect(verdictOf(status, json)).toBe(expected);
  });

  test.for([
    [400, "moderation_blocked", "content-refused"],
    [400, "content_policy_violation", "content-refused"],
    [400, "DataInspectionFailed", "content-refused"],
    [429, "insufficient_quota", "no-points"],
    [400, "billing_hard_limit_reached", "no-points"],
    [403, "invalid_api_key", "bad-key"],
    [400, "rate_limit_exceeded", "provider-busy"],
  ] as const)("judges %i with code %s as %s", ([status, code, expected]) => {
    expect(verdictOf(status, { error: { message: "", code } })).toBe(expected);
    expect(verdictOf(status, { error: { message: "", code: null, type: code } })).toBe(expected);
  });

  test.for([
    [403, { error: "内容违规" }, "content-refused"],
    [400, { error: "Your request was rejected by the safety system." }, "content-refused"],
    [200, { error: { message: "NSFW content detected" } }, "content-refused"],
    [500, { success: false, message: "积分余额不足" }, "no-points"],
    [400, { detail: "credits exhausted" }, "no-points"],
    [200, { success: false, msg: "令牌无效" }, "bad-key"],
    [200, { success: false, error: "Invalid API key" }, "bad-key"],
    [200, { success: false, message: "请求过于频繁，请稍后再试" }, "provider-busy"],
    [500, { error: "服务器错误，请稍后再试" }, "server-error"],
    [400, { error: "server_error", message: "prompt is too long: limit is 300" }, "rejected"],
  ] as const)("judges %i %o by its words: %s", ([status, json, expected]) => {
    expect(verdictOf(status, json)).toBe(expected);
  });

  test("takes neither the user's words nor a page's for the service's own", () => {
    const context = { provider: "p", hidden: ["nsfw points"] };
    const json = { error: 'cannot paint "nsfw points"' };
    const reply = { status: 400, headers: new Headers(), text: "", json };
    expect(refusalOf(reply, context).details).toMatchObject({ fault: "rejected" });
    expect(verdictOf(502, "<html>nsfw points</html>")).toBe("server-error");
  });

  test("knows Cloudflare's challenge by its header, or as a page with status 403", () => {
    expect(verdictOf(503, {}, { "cf-mitigated": "challenge" })).toBe("challenge");
    expect(verdictOf(403, "<html>Just a moment...</html>")).toBe("challenge");
    expect(verdictOf(403, "error code: 1020")).toBe("challenge");
    expect(verdictOf(503, "<html>Just a moment...</html>")).toBe("server-error");
  });

  test("takes a 503 for busy only when it says when to come back", () => {
    expect(verdictOf(503, {}, { "retry-after": "7" })).toBe("provider-busy");
    expect(verdictOf(503, {}, { "retry-after": "later" })).toBe("server-error");
    expect(verdictOf(503, {})).toBe("server-error");
  });

  test.for([
    [{ "retry-after": "2" }, 2_000],
    [{ "retry-after": "1.5" }, 1_500],
    [{ "retry-after": "0" }, 0],
    [{ "retry-after": "-5" }, 0],
    [{ "retry-after": "99999999" }, 86_400_000],
    [{ "retry-after": "1e999" }, 5_000],
    [{ "retry-after": "soon" }, 5_000],
    [{ "retry-after": "yesterday GMT" }, 5_000],
    [{}, 5_000],
    [
      { "retry-after": "Wed, 21 Oct 2026 07:28:30 GMT", date: "Wed, 21 Oct 2026 07:28:00 GMT" },
      30_000,
    ],
    [{ "retry-after": "Wed, 21 Oct 2015 07:28:00 GMT", date: "Wed, 21 Oct 2026 07:28:00 GMT" }, 0],
    [{ "retry-after": "Wed, 21 Oct 2015 07:28:00 GMT" }, 0],
  ] as const)("comes back as %o asks, after %i ms", ([headers, retryAfterMs]) => {
    expect(refusal(429, {}, { ...headers }).details).toEqual({ provider: "p", retryAfterMs });
  });

  test("believes that a refusal cost nothing only where that is certain", () => {
    const paid = (status: number, json: unknown) =>
      (refusal(status, json).details as { paid: boolean }).paid;
    expect(paid(400, { error: "no" })).toBe(false);
    expect(paid(200, { error: "no" })).toBe(true);
    expect(paid(200, { error: "积分不足" })).toBe(false);
    expect(paid(500, {})).toBe(true);
  });

  test("quotes the service for the operator, and gives the user a reason of our own", () => {
    const refused = refusal(400, { error: "违规: sk-0123456789 the secret wedding" });
    expect(refused.message).toBe("p answered 400: 违规: […] […]");
    const reason = "The image service does not paint this.";
    expect(refused.details).toEqual({ by: "provider", reason });
  });
});

describe("excerpt", () => {
  test.for([
    ["a\u0007b\n\n  c\u202ed", "a b c d"],
    ["<html><title>504</title> <b>late</b></html>", "504 late"],
    ["see https://h.example/a?key=1, or http://b", "see [link] or [link]"],
    ['{"url":"https:\\/\\/h.example\\/x"}', '{"url":"[link]"}'],
    ["sk-0123456789 paints the secret wedding", "[…] paints […]"],
    ["", ""],
  ] as const)("shows %j as %j", ([text, shown]) => {
    expect(excerpt(text, hidden)).toBe(shown);
  });

  test("shows no part of a secret that a limit cuts off", () => {
    for (let padding = 270; padding < 310; padding++) {
      expect(excerpt(`${"x".repeat(padding)}sk-0123456789`, hidden)).not.toContain("sk");
    }
    for (let padding = 3_980; padding < 4_010; padding++) {
      expect(excerpt(`${" ".repeat(padding)}sk-0123456789`, hidden)).not.toContain("sk");
    }
  });

  test("stays short and well-formed", () => {
    const shown = excerpt("x".repeat(299) + "😀".repeat(9), hidden);
    expect(shown).toHaveLength(300);
    expect(shown.isWellFormed()).toBe(true);
  });

  test("does not hide what is too short to be a secret", () => {
    expect(excerpt("a cat", ["a", ""])).toBe("a cat");
  });

  test("takes no more than linear time", () => {
    const texts = ["<".repeat(1 << 20), " ".repeat(1 << 20), "https://".repeat(1 << 17)];
    const taken = processorMs(() => texts.map((text) => excerpt(text, hidden)));
    expect(taken).toBeLessThan(1_000);
  });
});
