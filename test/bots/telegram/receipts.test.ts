import type { Update } from "grammy/types";
import { describe, expect, test } from "vitest";
import { Receipts } from "../../../bots/telegram/receipts.ts";

const update = (id: number): Update => ({ update_id: id });

/** Handles each update when it is told to, and counts how often each one came. */
function byHand() {
  const handled: number[] = [];
  const waiting = new Map<number, () => void>();
  const receipts = new Receipts((one) => {
    handled.push(one.update_id);
    return new Promise((resolve) => waiting.set(one.update_id, resolve));
  });
  async function finish(id: number): Promise<void> {
    waiting.get(id)?.();
    while (receipts.offset <= id) await Promise.resolve();
  }
  return { receipts, handled, finish };
}

describe("The receipts of updates", () => {
  test("confirm an update only once it is handled", async () => {
    const { receipts, finish } = byHand();
    receipts.take([update(7), update(8)]);
    expect(receipts.offset).toBe(7);
    await finish(7);
    expect(receipts.offset).toBe(8);
  });

  test("recognise an update that comes again with a poll from before it was handled", async () => {
    const { receipts, handled, finish } = byHand();
    receipts.take([update(7)]);
    const { offset } = receipts;
    await finish(7);
    receipts.confirmed(offset);
    receipts.take([update(7)]);
    expect(handled).toEqual([7]);
    expect(receipts.offset).toBe(8);
  });

  test("forget what Telegram cannot repeat any more", async () => {
    const { receipts, handled, finish } = byHand();
    receipts.take([update(7)]);
    await finish(7);
    receipts.confirmed(8);
    receipts.take([update(7)]);
    expect(handled).toEqual([7, 7]);
  });
});
