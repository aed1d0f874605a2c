import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { anySecret, post, startDrawbridge, startStandIns } from "../fakes/drawbridge.ts";
import { imageFaults, type ImageFaultName } from "../fakes/image-faults.ts";
import { errorEnvelope, imagesResponse } from "../fakes/openai-schemas.ts";
import { type DrawbridgeProcess, startProcess } from "../fakes/process.ts";

function askForImage(url: string, more: object = {}) {
  return post(url, "/v1/images/generations", { prompt: "a cat", size: "64x64", ...more });
}

/** What each fault of the image service becomes; "retried" ones are asked for once more and then go well. */
const outcomes: Record<ImageFaultName, 200 | 400 | 502 | "retried" | "endless"> = {
  challenge: "retried",
  unauthorized: 502,
  forbidden: 502,
  "bad-key-in-words": 502,
  "no-points": 502,
  "refused-words": 400,
  "rate-limited": "retried",
  "rate-limited-silently": "retried",
  "rate-limited-in-words": "retried",
  busy: "retried",
  "busy-silently": 502,
  rejected: 502,
  "error-string": 502,
  "error-object": 502,
  "failure-without-words": 502,
  redirected: 502,
  "html-page": 502,
  "html-error": 502,
  "gateway-timeout": 502,
  "not-json": 502,
  "empty-reply": 502,
  "null-reply": 502,
  "list-reply": 502,
  "deep-reply": 502,
  "wrong-types": 502,
  "without-picture": 502,
  "null-picture": 502,
  "number-for-picture": 502,
  "reply-of-5-gb": 502,
  "endless-reply": 502,
  "wrong-content-type": 200,
  hang: "endless",
  "hang-after-headers": "endless",
  "cut-before-headers": 502,
  "cut-after-headers": 502,
  "trickling-reply": "endless",
  "other-model": 200,
  "wrong-size": 200,
  "truncated-picture": 502,
  "empty-picture": 502,
  "html-for-picture": 502,
  video: 502,
  "video-link": 502,
  "relative-link": 200,
  "no-link": 502,
  "file-link": 502,
  "script-link": 502,
  "credentials-in-link": 502,
  "metadata-link": 502,
  "private-link": 502,
  "localhost-link": 502,
  "redirect-to-metadata": 502,
  "redirect-chain": 200,
  "redirect-loop": 502,
  "missing-picture": 502,
  "picture-error": 502,
  "picture-hangs": "endless",
  "picture-trickles": "endless",
  "picture-cut": 502,
  "picture-of-5-gb": 502,
  "endless-picture": 502,
  "picture-as-text": 200,
};

/** The faults with this outcome. */
function faultsThat(outcome: (typeof outcomes)[ImageFaultName]): readonly ImageFaultName[] {
  const names = Object.keys(imageFaults) as ImageFaultName[];
  return names.filter((name) => outcomes[name] === outcome);
}

/** Refusals that surely cost nothing. */
const unpaid: readonly ImageFaultName[] = [
  "unauthorized",
  "forbidden",
  "bad-key-in-words",
  "no-points",
  "rejected",
  "redirected",
];

describe("a Drawbridge whose image service misbehaves", () => {
  let standIns: Awaited<ReturnType<typeof startStandIns>>;
  let drawbridge: DrawbridgeProcess;
  const cleanUps: (() => void)[] = [];

  beforeAll(async () => {
    standIns = await startStandIns({
      enhancer: false,
      service: { paints: { width: 64, height: 64 } },
    });
    const environment = {
      ...standIns.environment,
      SD_CONCURRENCY: "20",
      MAX_QUEUED_PER_USER: "100",
      LOG_LEVEL: "debug",
    };
    drawbridge = await startProcess(environment, { cleanUp: (task) => cleanUps.push(task) });
  });
  afterAll(async () => {
    for (const cleanUp of cleanUps) cleanUp();
    await standIns.close();
  });

  test.each(faultsThat(502))("answers %s with 502 and an envelope", async (fault) => {
    standIns.service.misbehave(fault);
    const { status, headers, json } = await askForImage(drawbridge.url);
    expect(status).toBe(502);
    expect(errorEnvelope.parse(json).error.code).toBe("provider_failed");
    expect(headers.get("x-should-retry")).toBe(unpaid.includes(fault) ? null : "false");
  });

  test.each(faultsThat(400))("answers %s as the fault of the words", async (fault) => {
    standIns.service.misbehave(fault);
    const { status, json } = await askForImage(drawbridge.url);
    expect(status).toBe(400);
    expect(errorEnvelope.parse(json).error).toMatchObject({
      param: "prompt",
      code: "content_policy_violation",
    });
  });

  test.each(faultsThat(200))("makes a picture of %s all the same", async (fault) => {
    standIns.service.misbehave(fault);
    const { status, json } = await askForImage(drawbridge.url);
    expect(status).toBe(200);
    imagesResponse.parse(json);
  });

  test("asks once more, after the pause it was told, where nothing can have been paid", async () => {
    const faults = faultsThat("retried");
    const before = standIns.service.requests.length;
    standIns.service.misbehave(...faults);
    const answers = await Promise.all(
      faults.map((fault) => askForImage(drawbridge.url, { prompt: fault })),
    );
    expect(answers.map(({ status }) => status)).toEqual(faults.map(() => 200));
    expect(standIns.service.requests.length - before).toBe(2 * faults.length);
  });

  test("says to the user and to the operator that another model painted", async () => {
    standIns.service.misbehave("other-model");
    const { json } = await askForImage(drawbridge.url);
    expect(json).toMatchObject({
      notices: [
        expect.stringMatching(
          /^The service painted with one_obsession although z-image was expected; .+--find-model.+=auto$/,
        ),
      ],
    });
    const line = drawbridge.logs().findLast(({ msg }) => msg.includes("SD_MODEL_INDEX"));
    expect(line).toMatchObject({ level: 50, made: "one_obsession", index: 5 });
    expect(json).toMatchObject({ code: line?.["job"] });
  });

  test("has shown no key in all that it printed, and serves as before", async () => {
    const { status } = await askForImage(drawbridge.url);
    expect(status).toBe(200);
    expect(drawbridge.logs().length).toBeGreaterThan(100);
    expect(drawbridge.output()).not.toMatch(anySecret);
  });

  test("answers 502 that may be tried again when the service is gone", async () => {
    await standIns.service.close();
    const { status, headers, json } = await askForImage(drawbridge.url);
    expect(status).toBe(502);
    expect(errorEnvelope.parse(json).error.message).toContain("cannot be reached");
    expect(headers.has("x-should-retry")).toBe(false);
  });
});

describe("a Drawbridge whose image service never ends", () => {
  test("gives up when its one deadline is over, whatever it waits for", async () => {
    const drawbridge = await startDrawbridge({
      enhancer: false,
      environment: { SD_TIMEOUT_MS: "600", SD_CONCURRENCY: "20", MAX_QUEUED_PER_USER: "100" },
      service: { paints: { width: 640, height: 640 } },
    });
    const faults = faultsThat("endless");
    drawbridge.service.misbehave(...faults);
    const startedAt = Date.now();
    const answers = await Promise.all(
      faults.map((fault) => askForImage(drawbridge.url, { prompt: fault })),
    );
    expect(Date.now() - startedAt).toBeLessThan(20_000);
    for (const { status, headers, json } of answers) {
      expect(status).toBe(504);
      expect(errorEnvelope.parse(json).error.code).toBe("timeout");
      expect(headers.get("x-should-retry")).toBe("false");
    }
    expect((await askForImage(drawbridge.url)).status).toBe(200);
    await expect.poll(() => drawbridge.service.running).toBe(0);
    await drawbridge.close();
  });
});
