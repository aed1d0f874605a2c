import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { eventStream, type EventWriter } from "../../src/http/event-stream.ts";
import { aDoor, chat } from "../fakes/door.ts";
import { easel } from "../fakes/studio.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] }));
afterEach(() => void vi.useRealTimers());

/** What a stream says while its picture takes this long. */
async function streamed(path: string, body: object, seconds: number): Promise<string> {
  const painter = easel();
  const { post } = aDoor({ easel: painter });
  const response = await post(path, { ...body, stream: true });
  await painter.begun(1);
  vi.advanceTimersByTime(seconds * 1000);
  painter.finish();
  return response.text();
}

const beat = ": keep-alive\n\n";

describe("a stream", () => {
  test("breaks off when its writer has a bug, and beats no more", async () => {
    const write = async (writer: EventWriter) => {
      writer.send({ first: 1 });
      await Promise.reject(new TypeError("a bug"));
    };
    const { body } = eventStream({ heartbeatMs: 10, write, door: aDoor().door });
    await expect(new Response(body).text()).rejects.toThrow("a bug");
    expect(vi.getTimerCount()).toBe(0);
  });

  test("of many things has one of them in memory until its client takes it, and ends when that is gone", async () => {
    let sent = 0;
    const ended = Promise.withResolvers<undefined>();
    const write = async (writer: EventWriter) => {
      for (; sent < 10; sent++) await writer.sendWhenTaken({ sent });
      ended.resolve(undefined);
    };
    const { body } = eventStream({ write, door: aDoor().door });
    const reader = (body as ReadableStream<Uint8Array>).getReader();
    await reader.read();
    expect(sent).toBeLessThan(4);
    await reader.cancel();
    await ended.promise;
  });

  test("of a chat keeps its connection alive every 10 s, between the role and the content", async () => {
    const events = (await streamed("/v1/chat/completions", chat("a cat"), 35)).split("data: ");
    expect(events[1]).toMatch(/"role":"assistant"/);
    expect(events[1]?.endsWith(`\n\n${beat}${beat}${beat}`)).toBe(true);
    expect(events[2]).toMatch(/!\[a cat\]/);
    expect(events.slice(2).join("")).not.toContain(beat);
  });

  test("of images keeps its connection alive every 10 s, before its pictures", async () => {
    const text = await streamed("/v1/images/generations", { prompt: "a cat" }, 25);
    expect(text).toMatch(/^(?:: keep-alive\n\n){3}event: image_generation\.completed\n/);
  });

  test("of images begins at once, before there is anything to show", async () => {
    const text = await streamed("/v1/images/generations", { prompt: "a cat" }, 0);
    expect(text).toMatch(/^: keep-alive\n\nevent: image_generation\.completed\n/);
  });

  test("of a picture that is there at once is not interrupted", async () => {
    expect(await streamed("/v1/chat/completions", chat("a cat"), 9)).not.toContain(beat);
  });
});
