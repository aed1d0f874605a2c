import { fetch as undiciFetch } from "undici";
import { describe, expect, expectTypeOf, test } from "vitest";
import { BodyTooLarge, dropBody, type Fetch, readCapped } from "../../../core/wire/fetch.ts";

describe("Fetch", () => {
  test("is satisfied by the fetch of the runtime and by that of undici", () => {
    expectTypeOf<typeof globalThis.fetch>().toExtend<Fetch>();
    expectTypeOf<typeof undiciFetch>().toExtend<Fetch>();
    const both: readonly Fetch[] = [globalThis.fetch, undiciFetch];
    expect(both).toHaveLength(2);
  });
});

/** A body of the given pieces, which tells whether it was cancelled. */
function aResponse(pieces: Iterable<Uint8Array>, headers: Record<string, string> = {}) {
  const source = pieces[Symbol.iterator]();
  const state = { cancelled: false, pulled: 0 };
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      state.pulled++;
      const next = source.next();
      if (next.done) controller.close();
      else controller.enqueue(next.value);
    },
    cancel() {
      state.cancelled = true;
    },
  });
  return { response: { headers: new Headers(headers), body }, state };
}

function* endless(size: number) {
  for (;;) yield new Uint8Array(size);
}

describe("readCapped", () => {
  test("joins the pieces of a body in order", async () => {
    const pieces = ["ab", "", "c", "de"].map((text) => new TextEncoder().encode(text));
    const bytes = await readCapped(aResponse(pieces).response, 5);
    expect(new TextDecoder().decode(bytes)).toBe("abcde");
    expect(bytes.buffer.byteLength).toBe(5);
  });

  test("grows to a body far longer than its first guess", async () => {
    const pieces = Array.from({ length: 300 }, (_, at) => new Uint8Array(1000).fill(at % 251));
    const bytes = await readCapped(aResponse(pieces).response, 300_000);
    expect(bytes).toHaveLength(300_000);
    expect([bytes[0], bytes[250_999], bytes[299_999]]).toEqual([0, 250, 299 % 251]);
  });

  test("reads an absent body as empty", async () => {
    expect(await readCapped({ headers: new Headers(), body: null }, 10)).toHaveLength(0);
  });

  test("cancels an endless body as soon as it is too long", async () => {
    const { response, state } = aResponse(endless(1000));
    await expect(readCapped(response, 5000)).rejects.toThrow(BodyTooLarge);
    expect(state.cancelled).toBe(true);
    expect(state.pulled).toBeLessThan(10);
  });

  test("reads nothing of a body that says it is too long", async () => {
    const { response, state } = aResponse(endless(1), { "content-length": "5001" });
    await expect(readCapped(response, 5000)).rejects.toMatchObject({ maxBytes: 5000 });
    expect(state.cancelled).toBe(true);
  });

  test("does not believe a length that is smaller than the body, or no number", async () => {
    for (const length of ["1", "-1", "many", ""]) {
      const { response } = aResponse(endless(1000), { "content-length": length });
      await expect(readCapped(response, 5000)).rejects.toThrow(BodyTooLarge);
    }
  });

  test("throws what the stream throws when the connection breaks", async () => {
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.error(new Error("cut")),
    });
    await expect(readCapped({ headers: new Headers(), body }, 10)).rejects.toThrow("cut");
  });
});

describe("dropBody", () => {
  test("cancels a body, and minds neither a broken nor an absent one", () => {
    const { response, state } = aResponse(endless(1));
    dropBody(response);
    expect(state.cancelled).toBe(true);
    const broken = new ReadableStream<Uint8Array>({
      start: (controller) => controller.error(new Error("cut")),
    });
    dropBody({ body: broken });
    dropBody({ body: null });
  });
});
