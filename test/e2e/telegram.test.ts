import type { User } from "grammy/types";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { startStandIns } from "../fakes/drawbridge.ts";
import { type DrawbridgeProcess, startProcess } from "../fakes/process.ts";
import { type ChatMessage, startTelegram, type Telegram } from "../fakes/telegram.ts";

const patience = 20_000;

async function doorsOf({ url }: DrawbridgeProcess): Promise<unknown> {
  const response = await fetch(`${url}/readyz`);
  const { doors } = (await response.json()) as { doors: unknown };
  return { status: response.status, doors };
}

describe("A real process with Telegram", () => {
  let telegram: Telegram;
  let anna: User;
  let standIns: Awaited<ReturnType<typeof startStandIns>>;

  beforeAll(async () => {
    standIns = await startStandIns({ enhancer: false });
  });

  afterAll(() => standIns.close());

  async function begin(more: Readonly<Record<string, string>> = {}): Promise<DrawbridgeProcess> {
    telegram = await startTelegram({ lengthUnit: "utf-16", webhookRetryScale: 0.05 });
    const own = telegram;
    onTestFinished(() => own.close());
    anna = telegram.addUser();
    return startProcess({
      ...standIns.environment,
      TELEGRAM_BOT_TOKEN: telegram.token,
      TELEGRAM_API_URL: telegram.url,
      ...more,
    });
  }

  const ask = (words: string): Promise<ChatMessage> =>
    telegram.userSays(anna.id, { text: `/draw ${words}` });
  const ofBot = () => telegram.chat(anna.id).ofBot;
  const pictures = () => ofBot().filter(({ photo }) => photo);

  /** The one message that there is has become the picture. */
  async function onePicture(): Promise<ChatMessage> {
    await telegram.until(() => pictures().length > 0, patience);
    expect(ofBot()).toHaveLength(1);
    return pictures()[0]!;
  }

  test("killed between the accepted message and the picture shows one picture", async () => {
    const first = await begin();
    const release = standIns.service.hold();
    const before = standIns.service.requests.length;
    await ask("a cat");
    // It begins once the process knows the message that it sent.
    await telegram.until(() => telegram.chat(anna.id).actions.length > 0, patience);
    await standIns.service.arrived(before + 1);
    await first.kill();
    release();
    const second = await first.restart();
    const picture = await onePicture();
    expect(picture.caption).toContain("asked for twice");
    expect(await doorsOf(second)).toEqual({
      status: 200,
      doors: { http: "connected", telegram: "connected" },
    });
    const output = first.output() + second.output();
    expect(output).not.toContain(telegram.token);
    expect(output).not.toContain("a cat");
    expect((await second.stop()).code).toBe(0);
  });

  test("killed between the picture and its delivery shows one picture", async () => {
    const first = await begin();
    telegram.faults.delayNext("editMessageMedia", 60_000);
    await ask("a dog");
    await telegram.until(() => telegram.callsOf("editMessageMedia").length === 1, patience);
    const orders = standIns.service.requests.length;
    await first.kill();
    const second = await first.restart();
    await onePicture();
    expect(standIns.service.requests.length).toBe(orders);
    expect((await second.stop()).code).toBe(0);
  });

  test("killed after the platform had taken the picture shows it once", async () => {
    const first = await begin();
    telegram.faults.cutNext("editMessageMedia", "after", 50);
    await ask("an owl");
    await telegram.until(() => pictures().length === 1, patience);
    await first.kill();
    const second = await first.restart();
    await onePicture();
    expect((await second.stop()).code).toBe(0);
  });

  test("takes updates by a webhook that only the platform can call", async () => {
    const port = 20_000 + Math.floor(Math.random() * 20_000);
    const url = `http://127.0.0.1:${port}/telegram/hook`;
    const drawbridge = await begin({
      PORT: String(port),
      TELEGRAM_WEBHOOK_URL: url,
      TELEGRAM_WEBHOOK_SECRET: "a-secret-of-the-webhook",
    });
    const forged = await fetch(url, { method: "POST", body: '{"update_id":1}' });
    expect(forged.status).toBe(401);
    await ask("a fox");
    await onePicture();
    expect(telegram.callsOf("getUpdates")).toEqual([]);
    expect(telegram.deliveries.at(-1)).toMatchObject({ status: 200 });
    expect((await drawbridge.stop()).code).toBe(0);
  });

  test("with a wrong token says so in one sentence, and its other doors run on", async () => {
    const drawbridge = await begin({ TELEGRAM_BOT_TOKEN: "123:wrong" });
    await drawbridge.printed(/Telegram does not accept TELEGRAM_BOT_TOKEN/);
    expect(await doorsOf(drawbridge)).toMatchObject({
      status: 503,
      doors: { http: "connected", telegram: expect.stringMatching(/^failed: /) },
    });
    expect((await fetch(`${drawbridge.url}/healthz`)).status).toBe(200);
    expect(drawbridge.output()).not.toContain("123:wrong");
  });

  test("that everybody may use at its owner's expense says so at the start", async () => {
    const open = await begin();
    await open.printed(/expense|spend/);
    const listed = await begin({ TELEGRAM_ALLOWED_CHATS: String(1) });
    expect(listed.output()).not.toMatch(/expense|spend/);
  });
});
