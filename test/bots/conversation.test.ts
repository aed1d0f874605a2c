import { describe, expect, test } from "vitest";
import {
  describeError,
  describeFacts,
  describeNotice,
  describeProgress,
} from "../../bots/conversation.ts";
import { translatorFor } from "../../bots/i18n.ts";
import { ImageError, invalidRequest } from "../../core/errors.ts";
import { promptTooLong } from "../../core/request.ts";
import type { JobStatus } from "../../core/studio/watch.ts";
import { aJob, aPicture } from "../builders.ts";

const t = translatorFor("en");
const now = Date.parse("2026-11-23T18:00:00Z");

function aView(changes: Partial<JobStatus> = {}): JobStatus {
  const nothing = { position: undefined, startedAt: undefined, progress: undefined };
  return { state: "queued", stage: "waiting", ...nothing, ...changes };
}

describe("What a chat says of a job's progress", () => {
  test.each<[string, JobStatus | undefined]>([
    ["In line, 2nd · about 40 s", aView({ position: { place: 2, etaMs: 41_000 } })],
    ["In line, 1st", aView({ position: { place: 1, etaMs: undefined } })],
    ["In line", aView()],
    ["Painting …", aView({ state: "running", startedAt: now - 200 })],
    ["Painting · 25 s", aView({ state: "running", startedAt: now - 24_000 })],
    ["Painting · 43 %", aView({ state: "running", startedAt: now, progress: { fraction: 0.427 } })],
    ["Painting · 100 %", aView({ state: "running", progress: { fraction: 7 } })],
    ["Finishing …", undefined],
  ])("is %j", (expected, view) => {
    expect(describeProgress(view, t, now)).toBe(expected);
  });
});

describe("What a chat says of an error", () => {
  test("tells when a quota starts anew", () => {
    const resetsAt = Date.parse("2026-11-24T00:00:00Z");
    const details = { window: "day", limit: 20, left: 1, resetsAt } as const;
    expect(describeError(new ImageError("quota-exceeded", details), t, now)).toEqual({
      text: "Your quota of 20 pictures a day is used up (1 left). It starts anew in about 6 h, at 00:00 UTC.",
      retry: true,
    });
  });

  test("tells apart whose line is full", () => {
    const full = (whose: "requester" | "everyone") =>
      describeError(
        new ImageError("queue-full", { whose, limit: 5, retryAfterMs: 30_000 }),
        t,
        now,
      );
    expect(full("requester").text).toBe(
      "5 of your jobs are waiting already. Try again in about 30 s, or cancel one of them.",
    );
    expect(full("everyone").text).toMatch(/^The line is full: 5 jobs .* in about 30 s\.$/);
  });

  test("says that a failure may have cost something", () => {
    const details = { provider: "exacg", fault: "bad-reply", transient: false } as const;
    const told = (paid: boolean) =>
      describeError(new ImageError("provider-failed", { ...details, paid }), t, now).text;
    expect(told(false)).toBe("The image service failed: its answer made no sense.");
    expect(told(true)).toMatch(/It may have charged for the picture\.$/);
  });

  test("tells words that are too long from none at all", () => {
    const told = (problem: string) => describeError(invalidRequest("prompt", problem), t, now).text;
    expect(told(`A prompt ${promptTooLong}.`)).toBe(
      "A prompt ends at 20000 characters. Say it in fewer words.",
    );
    expect(told("Say it.")).toBe("Say in words what the picture should show.");
  });

  test("offers no second try where it would be the same", () => {
    const refused = new ImageError("content-refused", { by: "policy", reason: "No." });
    expect(describeError(refused, t, now)).toEqual({
      text: "These words were refused: No.",
      retry: false,
    });
  });

  test("shows nothing of a bug", () => {
    const { text } = describeError(new TypeError("at /srv/secret.ts"), t, now);
    expect(text).toBe(t("errors.internal"));
  });
});

describe("What a chat says of a finished job", () => {
  test("names every seed of several pictures", () => {
    const job = aJob({
      code: "zi-7K3QF9X2WM",
      pictures: [1, 2, 3].map((number) => aPicture({ number, seed: 41 + number })),
    });
    expect(describeFacts(job, t)).toBe("seed 42–44 · zi-7K3QF9X2WM");
  });

  test("says in a line what could not be honoured", () => {
    expect(describeNotice({ code: "hint-ignored", hint: "negative", model: "M" }, t)).toBe(
      "M cannot use the negative prompt, so it was left out.",
    );
    expect(describeNotice({ code: "enhancement-failed", reason: "rate-limited" }, t)).toBe(
      "Enhancement failed (it is busy), so your own words were painted.",
    );
  });

  test("says that no service made the picture, and which words the sketch shows", () => {
    const sketched = (...recognised: string[]) => ({ code: "sketched", recognised }) as const;
    expect(describeNotice(sketched("cat", "book"), t)).toBe(
      "Sketch: no image service is configured. Recognised: cat, book.",
    );
    expect(describeNotice(sketched("猫", "书"), translatorFor("zh"))).toBe(
      "简笔画：未配置图像服务。识别：猫、书。",
    );
    expect(describeNotice(sketched(), t)).toBe(
      "Sketch: no image service is configured. It knows animals, people, food, things, places and weather.",
    );
    expect(describeNotice(sketched(), translatorFor("zh"))).toBe(
      "简笔画：未配置图像服务。它认识动物、人物、食物、物品、地点和天气。",
    );
  });
});
