import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ModelInput, modelSchema } from "../../core/catalogue.ts";
import { ImageError } from "../../core/errors.ts";
import { inspectImage } from "../../core/image.ts";
import type { Notice } from "../../core/notices.ts";
import type {
  GenerateContext,
  Generated,
  ImageLink,
  ImageProvider,
  Order,
  Progress,
} from "../../core/provider.ts";

/** A provider with whatever stands behind it. */
export interface ProviderUnderTest {
  readonly provider: ImageProvider;
  /** Gets what lies behind a link; needed where the provider answers with links. */
  readonly download?: (link: ImageLink) => Promise<Uint8Array>;
  /** How often the service behind it was asked for a picture; left out where there is no service. */
  readonly calls?: () => number;
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
  return { signal: new AbortController().signal, onProgress: () => {}, ...context };
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
      for (const answer of [
        seed,
        negative,
        steps,
        guidance,
        edit,
        progress,
        preview,
        cancel,
        paid,
      ]) {
        expect(answer).toBeTypeOf("boolean");
      }
      expect(edit || ignoredInEdits.length === 0).toBe(true);
      expect(unknown).toEqual({});
    });

    test("makes a whole picture of the ordered size", async () => {
      for (const [width, height] of [
        [192, 128],
        [128, 192],
        [256, 256],
      ] as const) {
        const facts = await inspectImage(await paint({ width, height }));
        expect(facts).toMatchObject({ width, height });
      }
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
      const facts = await Promise.all(pictures.map(inspectImage));
      expect(facts.map(({ width }) => width)).toEqual(widths);
    });

    test.for(Object.entries(hostilePrompts))("survives a prompt with %s", async ([, prompt]) => {
      await expect(inspectImage(await paint({ prompt, negative: prompt }))).resolves.toBeDefined();
    });

    test("reports only true fractions, and none where it knows none", async () => {
      const reports: Progress[] = [];
      const onProgress = (progress: Progress) => void reports.push(progress);
      await under.provider.generate(order(), aContext({ onProgress }));
      const { progress, preview } = under.provider.capabilities;
      const fractions = reports.map(({ fraction }) => fraction);
      expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
      expect(fractions.every((fraction) => fraction >= 0 && fraction <= 1)).toBe(true);
      expect(reports.length > 0).toBe(progress);
      if (!preview) expect(reports.filter((report) => report.preview)).toEqual([]);
    });

    test("starts nothing when the call is aborted before it began", async () => {
      const reason = new ImageError("cancelled", { by: "caller" });
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
      const signal = AbortSignal.abort(new ImageError("cancelled", { by: "caller" }));
      await expect(under.provider.generate(order(), aContext({ signal }))).rejects.toThrow();
      await expect(inspectImage(await paint())).resolves.toMatchObject({ width: 192 });
    });
  });
}
