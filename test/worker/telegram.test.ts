import { expect, onTestFinished, test } from "vitest";
import { post, startStandIns } from "../fakes/drawbridge.ts";
import { startTelegram } from "../fakes/telegram.ts";
import { startWorkerd } from "../fakes/workerd.ts";

test("a house is Telegram's bot once it is set up: it draws for a message", async () => {
  const standIns = await startStandIns({ enhancer: false });
  onTestFinished(standIns.close);
  const telegram = await startTelegram({ lengthUnit: "utf-16", webhookRetryScale: 0.05 });
  onTestFinished(() => telegram.close());
  const house = await startWorkerd({
    file: "worker.js",
    environment: {
      ...standIns.environment,
      LOG_LEVEL: "error",
      TELEGRAM_BOT_TOKEN: telegram.token,
      TELEGRAM_API_URL: telegram.url,
    },
  });
  onTestFinished(() => house.close());

  const refused = await fetch(`${house.url}/admin/setup`, { method: "POST" });
  expect(refused.status).toBe(401);
  const { text } = await post(house.url, "/admin/setup", {});
  expect(text).toMatch(/sends its updates to http.*\/telegram\. Nothing remains to be done\./);
  const forged = await fetch(`${house.url}/telegram`, { method: "POST", body: '{"update_id":1}' });
  expect(forged.status).toBe(401);

  const anna = telegram.addUser();
  const pictures = () => telegram.chat(anna.id).ofBot.filter(({ photo }) => photo);
  await telegram.userSays(anna.id, { text: "/draw a cat" });
  await telegram.until(() => pictures().length === 1, 20_000);
  expect(standIns.service.ordersOf({ prompt: "a cat" })).toBe(1);
  expect(telegram.callsOf("getUpdates")).toEqual([]);
});
