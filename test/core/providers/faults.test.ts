import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { download } from "../../../core/wire/download.ts";
import { type AnyImageError, ImageError, type ProviderFault } from "../../../core/errors.ts";
import { BadImage, type ImageFlaw, inspectImage } from "../../../core/imaging.ts";
import { exacgDialect } from "../../../core/providers/exacg.ts";
import { openaiImagesDialect } from "../../../core/providers/openai-images.ts";
import { aContext, anOrder } from "../../contract/provider.ts";
import type { ImageFaultName } from "../../fakes/image-faults.ts";
import { type ImageService, startImageService } from "../../fakes/image-service.ts";
import { createFetches } from "../../../src/fetches.ts";

const { any: fetch } = createFetches();

const apiKey = "sk-0123456789";

/** What becomes of each fault when the service is called: the fault, `transient` and `paid`, or another error. */
const answers = {
  challenge: ["challenge", true, false],
  unauthorized: ["bad-key", false, false],
  forbidden: ["bad-key", false, false],
  "bad-key-in-words": ["bad-key", false, false],
  "no-points": ["no-points", false, false],
  "refused-words": "content-refused",
  "rate-limited": "provider-busy",
  "rate-limited-silently": "provider-busy",
  "rate-limited-in-words": "provider-busy",
  busy: "provider-busy",
  "busy-silently": ["server-error", false, true],
  rejected: ["rejected", false, false],
  "error-string": ["rejected", false, true],
  "error-object": ["server-error", false, true],
  "failure-without-words": ["rejected", false, true],
  redirected: ["rejected", false, false],
  "html-page": ["bad-reply", false, true],
  "html-error": ["server-error", false, true],
  "gateway-timeout": ["server-error", false, true],
  "not-json": ["bad-reply", false, true],
  "empty-reply": ["bad-reply", false, true],
  "null-reply": ["bad-reply", false, true],
  "list-reply": ["bad-reply", false, true],
  "deep-reply": ["bad-reply", false, true],
  "wrong-types": ["bad-reply", false, true],
  "without-picture": ["bad-reply", false, true],
  "null-picture": ["bad-reply", false, true],
  "number-for-picture": ["bad-reply", false, true],
  "reply-of-5-gb": ["bad-reply", false, true],
  "endless-reply": ["bad-reply", false, true],
  "cut-before-headers": ["unreachable", false, true],
  "cut-after-headers": ["unreachable", false, true],
  "video-link": ["bad-image", false, true],
  "no-link": ["bad-reply", false, true],
  "file-link": ["bad-reply", false, true],
  "script-link": ["bad-reply", false, true],
} as const satisfies Partial<
  Record<ImageFaultName, readonly [ProviderFault, boolean, boolean] | string>
>;

/** Without the one that takes tens of megabytes to be recognised. */
const quickAnswers = (Object.keys(answers) as (keyof typeof answers)[]).filter(
  (fault) => fault !== "endless-reply",
);

/** Faults that nothing ends but the deadline. */
const endless = {
  hang: true,
  "hang-after-headers": true,
  "trickling-reply": true,
  "picture-hangs": true,
  "picture-trickles": true,
} as const satisfies Partial<Record<ImageFaultName, true>>;

/** What becomes of the others when the picture is fetched and decoded; all of them are paid for. */
const pictures: Record<
  Exclude<ImageFaultName, keyof typeof answers | keyof typeof endless>,
  ProviderFault | ImageFlaw | "good"
> = {
  "wrong-content-type": "good",
  "other-model": "good",
  "wrong-size": "good",
  "relative-link": "good",
  "redirect-chain": "good",
  "picture-as-text": "good",
  "truncated-picture": "broken",
  "empty-picture": "unknown-format",
  "html-for-picture": "unknown-format",
  video: "video",
  "credentials-in-link": "unsafe-link",
  "metadata-link": "unsafe-link",
  "private-link": "unsafe-link",
  "localhost-link": "unsafe-link",
  "redirect-to-metadata": "unsafe-link",
  "redirect-loop": "unsafe-link",
  "missing-picture": "server-error",
  "picture-error": "server-error",
  "picture-cut": "unreachable",
  "picture-of-5-gb": "bad-image",
  "endless-picture": "bad-image",
};

describe.for([
  [
    "exacg",
    (service: ImageService) =>
      exacgDialect.create({ SD_API_BASE_URL: service.url, SD_API_KEY: apiKey }, { fetch }),
  ],
  [
    "openai-images",
    (service: ImageService) =>
      openaiImagesDialect.create(
        { IMAGES_OPENAI_BASE_URL: service.openaiUrl, IMAGES_OPENAI_API_KEY: apiKey },
        { fetch },
      ),
  ],
] as const)("%s", ([id, create]) => {
  let service: ImageService;

  beforeEach(async () => {
    service = await startImageService({
      apiKey,
      openaiAnswers: "url",
      paints: { width: 48, height: 48 },
    });
  });
  afterEach(() => service.close());

  /** A whole call, from the order to the decoded picture. */
  async function paint(signal = new AbortController().signal) {
    const { image } = await create(service).generate(anOrder(), aContext({ signal }));
    if (image instanceof Uint8Array) return inspectImage(image);
    const options = { provider: id, fetch, publicFetch: fetch, signal, maxBytes: 4 << 20 };
    return inspectImage(await download(image, { ...options, wait: async () => {} }));
  }

  async function failureOf(fault: ImageFaultName): Promise<AnyImageError | BadImage> {
    service.misbehave(fault);
    return paint().then(
      () => expect.fail(`${fault} went unnoticed`),
      (error: unknown) => error as AnyImageError | BadImage,
    );
  }

  test.for(Object.entries(answers))("answers %s with %s", async ([fault, expected]) => {
    const error = await failureOf(fault as keyof typeof answers);
    if (typeof expected === "string") {
      expect(error).toMatchObject({ code: expected });
    } else {
      const [code, transient, paid] = expected;
      expect(error).toMatchObject({ code: "provider-failed" });
      expect(error).toHaveProperty("details", { provider: id, fault: code, transient, paid });
    }
    expect(service.requests).toHaveLength(1);
  });

  test.for(Object.entries(pictures))("takes a picture with %s as %s", async ([fault, expected]) => {
    if (expected === "good") {
      service.misbehave(fault);
      const side = fault === "wrong-size" ? 96 : 48;
      expect(await paint()).toEqual({ format: "png", width: side, height: side });
      return;
    }
    const error = await failureOf(fault as ImageFaultName);
    if (error instanceof BadImage) expect(error.reason).toBe(expected);
    else {
      const details = { provider: id, fault: expected, transient: false, paid: true };
      expect(error).toMatchObject({ code: "provider-failed", details });
    }
  });

  test.for(Object.keys(endless))("ends %s with the reason of its deadline", async (fault) => {
    service.misbehave(fault);
    const controller = new AbortController();
    const reason = new ImageError("timed-out", { afterMs: 80 });
    setTimeout(() => controller.abort(reason), 80);
    await expect(paint(controller.signal)).rejects.toBe(reason);
  });

  test("leaks its key through no fault, neither in a message nor in a cause", async () => {
    for (const fault of [...quickAnswers, ...Object.keys(pictures)] as ImageFaultName[]) {
      service.misbehave(fault);
      const error = await paint().catch((thrown: unknown) => thrown as Error);
      if (!(error instanceof Error)) continue;
      expect([error.message, String(error.cause), error.stack].join()).not.toContain(apiKey);
    }
  });

  test("works after every fault as before it", async () => {
    for (const fault of quickAnswers) await failureOf(fault);
    expect(await paint()).toMatchObject({ width: 48 });
    expect(service.running).toBe(0);
  });
});
