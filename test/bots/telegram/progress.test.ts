import { Api } from "grammy";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Pacer } from "../../../bots/pacing.ts";
import { Activity } from "../../../bots/telegram/show.ts";

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

describe("The edits of progress in one chat", () => {
  /** Asks for a turn, and notes its name and time once it comes. */
  function paced() {
    const pacer = new Pacer(Date.now);
    const begun = Date.now();
    const turns: string[] = [];
    const ask = (name: string, chat = "a", signal = new AbortController().signal) =>
      pacer.turn(chat, 3_000, signal).then(() => turns.push(`${name} ${Date.now() - begun}`));
    return { pacer, turns, ask };
  }

  test("take turns in the order of their requests, with a pause after each", async () => {
    const { turns, ask } = paced();
    for (const name of ["first", "second", "third"]) void ask(name);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(turns).toEqual(["first 0", "second 3000", "third 6000"]);
  });

  test("wait after a message that was written there, and not for other chats", async () => {
    const { pacer, turns, ask } = paced();
    pacer.had("a");
    void ask("here");
    void ask("elsewhere", "b");
    await vi.advanceTimersByTimeAsync(20_000);
    expect(turns).toEqual(["elsewhere 0", "here 3000"]);
  });

  test("begin at once in a process that has just begun", async () => {
    const turn = new Pacer(() => 0).turn("chat", 3000, new AbortController().signal);
    await expect(turn).resolves.toBeUndefined();
  });

  test("leave their place in line at once when their job ends", async () => {
    const { turns, ask } = paced();
    const ended = new AbortController();
    void ask("first");
    const second = expect(ask("second", "a", ended.signal)).rejects.toThrow("ended");
    void ask("third");
    await vi.advanceTimersByTimeAsync(1_000);
    ended.abort(new Error("ended"));
    await second;
    await vi.advanceTimersByTimeAsync(20_000);
    expect(turns).toEqual(["first 0", "third 3000"]);
  });

  test("go on in turns however many wait", async () => {
    const { turns, ask } = paced();
    for (let at = 0; at < 40; at++) void ask(`${at}`);
    await vi.advanceTimersByTimeAsync(90_000);
    void ask("last");
    await vi.advanceTimersByTimeAsync(90_000);
    expect(turns.at(-1)).toBe("last 120000");
  });
});
