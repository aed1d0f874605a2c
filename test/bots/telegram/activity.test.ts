import { Api } from "grammy";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Activity } from "../../../bots/telegram/activity.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** An activity, and when it was announced where. */
function watched() {
  const shown: { readonly at: number; readonly payload: unknown }[] = [];
  const api = new Api("1:token");
  api.config.use(async (_, __, payload) => {
    shown.push({ at: Date.now(), payload });
    return { ok: true, result: true as never };
  });
  return { activity: new Activity(api), shown };
}

describe("What the Telegram door is seen doing", () => {
  test("is announced again before the five seconds that it is shown are over", async () => {
    const { activity, shown } = watched();
    const end = activity.begin({ chat: -7, topic: 3, group: true });
    await vi.advanceTimersByTimeAsync(20_000);
    end();
    await vi.advanceTimersByTimeAsync(20_000);
    const gaps = shown.slice(1).map(({ at }, index) => at - (shown[index]?.at ?? 0));
    expect(gaps).toHaveLength(4);
    expect(Math.max(...gaps)).toBeLessThan(5_000);
    expect(shown[0]?.payload).toEqual({
      chat_id: -7,
      action: "upload_photo",
      message_thread_id: 3,
    });
  });

  test("is announced once for all jobs of a chat, until the last of them ends", async () => {
    const { activity, shown } = watched();
    const [first, second] = [1, 2].map(() => activity.begin({ chat: 7, group: false }));
    expect(shown).toHaveLength(1);
    first?.();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(shown).toHaveLength(2);
    second?.();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(shown).toHaveLength(2);
  });
});
