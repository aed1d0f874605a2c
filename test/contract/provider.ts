import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ModelInput, modelSchema } from "../../core/catalogue.ts";
import { ImageError } from "../../core/errors.ts";
import { inspectImage } from "../../core/imaging.ts";
import type { Notice } from "../../core/notices.ts";
import type {
  GenerateContext,
  Generated,
  ImageLink,
  ImageProvider,
  Order,
  Progress,
  Remote,
} from "../../core/provider.ts";

/** A provider with whatever stands behind it. */
export interface ProviderUnderTest {
  readonly provider: ImageProvider;
  /** Gets what lies behind a link; needed where the provider answers with links. */
  readonly download?: (link: ImageLink) => Promise<Uint8Array>;
  /** How often the service behind it was asked for a picture; left out where there is no service. */
  readonly calls?: () => number;
  /** Another one for the same service, as a new process makes it; needed where there is `resume`. */
  readonly restarted?: () => ImageProvider;
  /** Makes its service lose all work; needed where there is `resume`. */
  readonly forget?: () => void;
  readonly close?: () => Promise<void>;
}

export interface ProviderContract {
  readonly create: () => ProviderUnderTest | Promise<ProviderUnderTest>;
  /** What the orders must carry so that this provider can make them. */
  readonly model?: ModelInput;
  /** What it says beside the picture of `anOrder`; nothing unless told. */
  readonly notices?: readonly Notice[];
}

/** An order of a small picture, complete and deeply frozen. */
export function anOrder(wishes: Partial<Omit<Order, "model">> = {}, model?: ModelInput): Order {
  const order: Order = {
    model: modelSchema.parse(model ?? { id: "Z-Image", provider: "any", index: 5 }),
    prompt: "a cat reading a book",
    negative: "",
    width: 192,
    height: 128,
    seed: 42,
    steps: 8,
    guidance: 7,
    extras: {},
    ...wishes,
  };
  return deepFrozen(order);
}

export function aContext(context: Partial<GenerateContext> = {}): GenerateContext {
  const { signal } = new AbortController();
  return { signal, onProgress: () => {}, onAccepted: async () => {}, ...context };
}

function deepFrozen<T extends object>(value: T): T {
  for (const part of Object.values(value)) {
    if (typeof part === "object" && part !== null && !ArrayBuffer.isView(part)) deepFrozen(part);
  }
  return Object.freeze(value);
}

const hostilePrompts = {
  markup: `</text></svg><script>alert(1)</script> ]]> <!-- & &amp; &#0; "quotes" 'too'`,
  "control characters": "a\u0000b\u0007c\u001b[31md\u0085e\u2028f\ufffe",
  "half a character": "a lone \ud83d and another \udc00",
  "right-to-left and joined characters": "\u202eעִבְרִית 👩‍👩‍👧‍👦 e\u0301\u0301\u0301",
  "a hundred kilobytes": "猫 in the snow, ".repeat(8_000),
  "one long word": "x".repeat(100_000),
  "a look like JSON": '","width":1,"x":"',
} as const;

/** What every provider promises, whatever service it speaks to. */
export function providerContract(name: string, contract: ProviderContract): void {
  describe(`${name} keeps the contract of providers: it`, () => {
    let under: ProviderUnderTest;
    const order = (wishes?: Parameters<typeof anOrder>[0]) => anOrder(wishes, contract.model);

    beforeEach(async () => {
      under = await contract.create();
    });
    afterEach(() => under.close?.());

    async function bytesOf({ image }: Generated): Promise<Uint8Array> {
      if (image instanceof Uint8Array) return image;
      if (!under.download) throw new Error("This provider answers with links: give `download`.");
      return under.download(image);
    }

    async function paint(wishes?: Parameters<typeof anOrder>[0]): Promise<Uint8Array> {
      return bytesOf(await under.provider.generate(order(wishes), aContext()));
    }

    test("has an id and answers yes or no to every capability", () => {
      expect(under.provider.id).toMatch(/^[a-z0-9-]+$/);
      const { seed, negative, steps, guidance, edit, ...others } = under.provider.capabilities;
      const { progress, preview, cancel, paid, ignoredInEdits = [], ...unknown } = others;
      for (const answer of [seed, negative, steps, guidance, progress, preview, paid]) {
        expect(answer).toBeTypeOf("boolean");
      }
      expect(["never", "queued", "always"]).toContain(cancel);
      expect(["no", "bytes", "links"]).toContain(edit);
      expect(edit !== "no" || ignoredInEdits.length === 0).toBe(true);
      expect(unknown).toEqual({});
    });

    test("makes a whole picture of the ordered size", async () => {
      for (const [width, height] of [
        [192, 128],
        [128, 192],
        [256, 256],
      ] as const) {
        const facts = inspectImage(await paint({ width, height }));
        expect(facts).toMatchObject({ width, height });
      }
    });

    test("makes a picture of the ordered size of a picture, where it edits, and leaves that as it is", async ({
      skip,
    }) => {
      if (under.provider.capabilities.edit === "no") return skip();
      const bytes = new Uint8Array(await paint({ prompt: "a boat" }));
      const format = inspectImage(bytes).format;
      const before = bytes.slice();
      const sources = [{ bytes, format, url: `https://draw.example/images/a.${format}` }];
      const made = inspectImage(await paint({ prompt: "make it night", sources }));
      expect(made).toMatchObject({ width: 192, height: 128 });
      expect(bytes).toEqual(before);
    });

    test("answers with bytes, or with a link and the origin that it trusts", async () => {
      const { image, notices, facts } = await under.provider.generate(order(), aContext());
      if (!(image instanceof Uint8Array)) {
        expect(new URL(image.url).protocol).toMatch(/^https?:$/);
        expect(new URL(image.trustedOrigin).origin).toBe(image.trustedOrigin);
      }
      expect(notices).toEqual(contract.notices ?? []);
      expect(facts).toBeTypeOf("object");
    });

    test("paints the same picture for the same seed, and another for another", async ({ skip }) => {
      if (!under.provider.capabilities.seed) skip("it takes no seed");
      const [first, same, other] = [await paint(), await paint(), await paint({ seed: 43 })];
      expect(Buffer.from(same).equals(first)).toBe(true);
      expect(Buffer.from(other).equals(first)).toBe(false);
    });

    test("paints several pictures at once without mixing them up", async () => {
      const widths = [64, 128, 192, 256];
      const pictures = await Promise.all(widths.map((width) => paint({ width })));
      const facts = pictures.map((picture) => inspectImage(picture));
      expect(facts.map(({ width }) => width)).toEqual(widths);
    });

    test.for(Object.entries(hostilePrompts))("survives a prompt with %s", async ([, prompt]) => {
      expect(inspectImage(await paint({ prompt, negative: prompt }))).toBeDefined();
    });

    test("reports only true fractions, and none where it knows none", async () => {
      const reports: Progress[] = [];
      const onProgress = (progress: Progress) => void reports.push(progress);
      await under.provider.generate(order(), aContext({ onProgress }));
      const { progress, preview } = under.provider.capabilities;
      const fractions = reports.flatMap(({ fraction = [] }) => fraction);
      expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
      expect(fractions.every((fraction) => fraction >= 0 && fraction <= 1)).toBe(true);
      expect(fractions.length > 0).toBe(progress);
      if (!progress) expect(reports.filter(({ step }) => step)).toEqual([]);
      for (const { step, place = 1 } of reports) {
        expect(Number.isInteger(place) && place >= 1).toBe(true);
        if (step) expect(step.number >= 1 && step.number <= step.of).toBe(true);
      }
      if (!preview) expect(reports.filter((report) => report.preview)).toEqual([]);
    });

    test("starts nothing when the call is aborted before it began", async () => {
      const reason = new ImageError("cancelled", {});
      const { provider, calls } = under;
      const call = provider.generate(order(), aContext({ signal: AbortSignal.abort(reason) }));
      await expect(call).rejects.toBe(reason);
      expect(calls?.() ?? 0).toBe(0);
    });

    test("rejects with the reason of the abort when the call is aborted meanwhile", async () => {
      const reason = new ImageError("timed-out", { afterMs: 1 });
      const controller = new AbortController();
      const { signal } = controller;
      const call = under.provider.generate(
        order({ width: 512, height: 512 }),
        aContext({ signal }),
      );
      controller.abort(reason);
      await expect(call).rejects.toBe(reason);
    });

    test("makes a picture after an abort as before it", async () => {
      const signal = AbortSignal.abort(new ImageError("cancelled", {}));
      await expect(under.provider.generate(order(), aContext({ signal }))).rejects.toThrow();
      expect(inspectImage(await paint())).toMatchObject({ width: 192 });
    });

    test("gives its work an id exactly where it can resume work", async () => {
      let accepted = 0;
      const onAccepted = async () => {
        accepted++;
      };
      await under.provider.generate(order(), aContext({ onAccepted }));
      expect(accepted).toBe(under.provider.resume ? 1 : 0);
    });

    describe("with ids for its work,", () => {
      /** What has to be there for these tests; skips them where the provider cannot resume. */
      function resumable(skip: (reason: string) => void) {
        const { provider, restarted, calls, forget } = under;
        if (!provider.resume) skip("its service has no ids for its work");
        if (!restarted || !calls || !forget) throw new Error("Give what `resume` needs.");
        return { provider, restarted, calls, forget };
      }

      /** The id of work that was accepted by a process that died at that moment. */
      async function orphaned(provider: ImageProvider): Promise<Remote> {
        const remote = await new Promise<Remote>((resolve, reject) => {
          const onAccepted = (id: Remote) => {
            resolve(id);
            return new Promise<void>(() => {});
          };
          provider.generate(order(), aContext({ onAccepted })).catch(reject);
        });
        return JSON.parse(JSON.stringify(remote)) as Remote;
      }

      test("goes on after a restart with what was accepted, without a second order", async (at) => {
        const { provider, restarted, calls } = resumable(at.skip);
        const remote = await orphaned(provider);
        const generated = await restarted().resume?.(remote, order(), aContext());
        const facts = inspectImage(await bytesOf(generated!));
        expect(facts).toMatchObject({ width: 192, height: 128 });
        expect(calls()).toBe(1);
      });

      test("resumes work that is done already, and more than once", async (at) => {
        const { provider, restarted, calls } = resumable(at.skip);
        const remote = await orphaned(provider);
        const [first, second] = [
          await restarted().resume?.(remote, order(), aContext()),
          await restarted().resume?.(remote, order(), aContext()),
        ];
        expect(Buffer.from(await bytesOf(first!)).equals(await bytesOf(second!))).toBe(true);
        expect(calls()).toBe(1);
      });

      test("waits for the picture only when the id is kept", async (at) => {
        const { provider } = resumable(at.skip);
        const events: string[] = [];
        const onAccepted = async () => {
          await setImmediate();
          events.push("kept");
        };
        const onProgress = () => void events.push("progress");
        await provider.generate(order(), aContext({ onAccepted, onProgress }));
        expect(events[0]).toBe("kept");
        expect(events.filter((event) => event === "kept")).toHaveLength(1);
      });

      test("ends with the reason why the id cannot be kept, and orders nothing more", async (at) => {
        const { provider, calls } = resumable(at.skip);
        const reason = new ImageError("storage-failed", { problem: "full", paid: false });
        const onAccepted = () => Promise.reject(reason);
        const call = provider.generate(order(), aContext({ onAccepted }));
        await expect(call).rejects.toBe(reason);
        expect(calls()).toBe(1);
      });

      test("has no answer where its service has lost the work, and orders nothing", async (at) => {
        const { provider, restarted, calls, forget } = resumable(at.skip);
        const remote = await orphaned(provider);
        forget();
        expect(await restarted().resume?.(remote, order(), aContext())).toBeUndefined();
        expect(calls()).toBe(1);
      });

      test("rejects with the reason of the abort when it resumes", async (at) => {
        const { provider, restarted } = resumable(at.skip);
        const remote = await orphaned(provider);
        const reason = new ImageError("timed-out", { afterMs: 1 });
        const context = aContext({ signal: AbortSignal.abort(reason) });
        await expect(restarted().resume?.(remote, order(), context)).rejects.toBe(reason);
      });
    });
  });
}
