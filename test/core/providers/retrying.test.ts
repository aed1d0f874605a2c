import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ImageError } from "../../../core/errors.ts";
import type { Remote } from "../../../core/provider.ts";
import { exacgDialect } from "../../../core/providers/exacg.ts";
import { type RetryingOptions, retrying } from "../../../core/providers/retrying.ts";
import { aContext, anOrder } from "../../contract/provider.ts";
import type { ImageFaultName } from "../../fakes/image-faults.ts";
import { type ImageService, startImageService } from "../../fakes/image-service.ts";
import { queueingService } from "../../fakes/queueing-service.ts";
import { createFetches } from "../../../src/fetches.ts";

const { any: fetch } = createFetches();

function exacg(SD_API_BASE_URL: string) {
  return exacgDialect.create({ SD_API_BASE_URL, SD_API_KEY: "sk-1" }, { fetch });
}

describe("retrying", () => {
  let service: ImageService;

  beforeEach(async () => {
    service = await startImageService({ paints: { width: 16, height: 16 } });
  });
  afterEach(() => service.close());

  function setUp(options: RetryingOptions = {}) {
    const pauses: number[] = [];
    const wait = async (ms: number) => void pauses.push(ms);
    const provider = exacg(service.url);
    return {
      pauses,
      provider,
      retried: retrying(provider, { wait, random: () => 0.5, ...options }),
    };
  }

  test("is the same provider by name and capabilities", () => {
    const { provider, retried } = setUp();
    expect(retried.id).toBe(provider.id);
    expect(retried.capabilities).toBe(provider.capabilities);
    expect(retried).not.toHaveProperty("resume");
  });

  test.for(["challenge", "rate-limited", "rate-limited-silently", "busy"] as const)(
    "asks again after %s, which surely started nothing",
    async (fault) => {
      const { retried } = setUp();
      service.misbehave(fault, fault);
      await expect(retried.generate(anOrder(), aContext())).resolves.toMatchObject({ notices: [] });
      expect(service.requests).toHaveLength(3);
    },
  );

  test.for([
    "unauthorized",
    "no-points",
    "refused-words",
    "rejected",
    "busy-silently",
    "gateway-timeout",
    "html-error",
    "cut-before-headers",
    "cut-after-headers",
    "not-json",
    "without-picture",
    "video-link",
  ] as const satisfies ImageFaultName[])("asks once and no more when %s", async (fault) => {
    const { retried } = setUp();
    service.misbehave(fault);
    await expect(retried.generate(anOrder(), aContext())).rejects.toBeInstanceOf(ImageError);
    expect(service.requests).toHaveLength(1);
  });

  test("asks again when nobody listened, and finds who listens by then", async () => {
    const closed = await startImageService();
    await closed.close();
    const deaf = exacg(closed.url);
    const { provider, pauses } = setUp();
    const waking = {
      ...provider,
      generate: (...call: Parameters<typeof provider.generate>) =>
        (pauses.length === 0 ? deaf : provider).generate(...call),
    };
    const retried = retrying(waking, { wait: async (ms) => void pauses.push(ms) });
    await expect(retried.generate(anOrder(), aContext())).resolves.toMatchObject({ notices: [] });
    expect(service.requests).toHaveLength(1);
  });

  test("waits as long as the service asks", async () => {
    const { retried, pauses } = setUp({ baseDelayMs: 10 });
    service.misbehave("rate-limited", "challenge");
    await retried.generate(anOrder(), aContext());
    expect(pauses).toEqual([1_000, 20]);
  });

  test("does not wait for a service that asks for more than its patience", async () => {
    const { retried, pauses } = setUp({ maxDelayMs: 999 });
    service.misbehave("rate-limited");
    await expect(retried.generate(anOrder(), aContext())).rejects.toMatchObject({
      code: "provider-busy",
      details: { retryAfterMs: 1_000 },
    });
    expect(pauses).toEqual([]);
  });

  test("gives up after its attempts and keeps every error", async () => {
    const { retried } = setUp({ attempts: 4 });
    service.keepMisbehaving("challenge");
    const error = await retried.generate(anOrder(), aContext()).catch((e: unknown) => e as Error);
    expect(error).toMatchObject({ code: "provider-failed", details: { fault: "challenge" } });
    expect((error as { cause: AggregateError }).cause.errors).toHaveLength(4);
    expect(service.requests).toHaveLength(4);
  });

  test("stops waiting when its caller does, with the caller's reason", async () => {
    const provider = exacg(service.url);
    const retried = retrying(provider, { baseDelayMs: 20_000 });
    const controller = new AbortController();
    const reason = new ImageError("cancelled", {});
    service.misbehave("challenge");
    const result = retried.generate(anOrder(), aContext({ signal: controller.signal }));
    await service.arrived(1);
    setTimeout(() => controller.abort(reason), 50);
    await expect(result).rejects.toBe(reason);
    expect(service.requests).toHaveLength(1);
  });

  describe("a provider that can resume work", () => {
    const busy = new ImageError("provider-busy", { provider: "queueing", retryAfterMs: 0 });
    const wait = async () => {};

    /** Its service is busy when it is first asked how the work stands. */
    function interrupted() {
      const queueing = queueingService();
      const provider = queueing.provider();
      const generate: typeof provider.generate = (order, context) => {
        const onAccepted = async (remote: Remote) => {
          await context.onAccepted(remote);
          throw busy;
        };
        return provider.generate(order, { ...context, onAccepted });
      };
      return { queueing, provider: { ...provider, generate } };
    }

    test("goes on with accepted work after a failure, and does not order it again", async () => {
      const { queueing, provider } = interrupted();
      const kept: Remote[] = [];
      const onAccepted = async (remote: Remote) => void kept.push(remote);
      const retried = retrying(provider, { wait });
      const { image } = await retried.generate(anOrder(), aContext({ onAccepted }));
      expect(image).toBeInstanceOf(Uint8Array);
      expect(kept).toEqual([{ id: "work-1" }]);
      expect(queueing.orders).toBe(1);
    });

    test("fails where the service lost the accepted work, which may be paid for", async () => {
      const { queueing, provider } = interrupted();
      const retried = retrying(provider, { wait: async () => queueing.forget() });
      await expect(retried.generate(anOrder(), aContext())).rejects.toMatchObject({
        code: "provider-failed",
        details: { provider: "queueing", fault: "server-error", transient: false, paid: true },
      });
      expect(queueing.orders).toBe(1);
    });

    test("asks again for resumed work while the service is busy", async () => {
      const { provider } = interrupted();
      let failures = 2;
      const resume: typeof provider.resume = (...call) =>
        failures-- > 0 ? Promise.reject(busy) : provider.resume!(...call);
      const retried = retrying({ ...provider, resume }, { wait });
      await provider.generate(anOrder(), aContext()).catch(() => {});
      await expect(
        retried.resume?.({ id: "work-1" }, anOrder(), aContext()),
      ).resolves.toMatchObject({ notices: [] });
    });
  });
});
