import { expect, onTestFinished, test } from "vitest";
import { telegramChat } from "../bots/telegram/chat.ts";
import type { StartOptions } from "../contract/conversation.ts";
import { post, startStandIns } from "../fakes/drawbridge.ts";
import { startTelegram } from "../fakes/telegram.ts";
import { startWorkerd } from "../fakes/workerd.ts";
import { aBotHouse, conversationContracts } from "./bot-house.ts";

/** A group with Anna and Ben. */
async function aGroup() {
  const telegram = await startTelegram({ lengthUnit: "utf-16", webhookRetryScale: 0.05 });
  onTestFinished(() => telegram.close());
  const anna = telegram.addUser({ first_name: "Anna" });
  const ben = telegram.addUser({ first_name: "Ben" });
  const group = telegram.addGroup({ supergroup: true, members: [anna, ben] });
  const { token: TELEGRAM_BOT_TOKEN, url: TELEGRAM_API_URL } = telegram;
  const environment = { TELEGRAM_BOT_TOKEN, TELEGRAM_API_URL };
  return { telegram, anna, ben, group, environment };
}

conversationContracts({
  name: "The Telegram door in a Worker",
  languages: ["zh-CN"],
  async start(options: StartOptions = {}) {
    const { environment, ...group } = await aGroup();
    return telegramChat(group, await aBotHouse(options, environment), options.language);
  },
});

test("A house is Telegram's bot once it is set up, by its owner alone, and by webhook alone", async () => {
  const standIns = await startStandIns({ enhancer: false });
  onTestFinished(standIns.close);
  const { telegram, anna, group, environment } = await aGroup();
  const { url, runtime } = await startWorkerd({
    file: "worker.js",
    environment: { ...standIns.environment, ...environment, LOG_LEVEL: "silent" },
  });
  onTestFinished(() => runtime.dispose());
  expect((await fetch(`${url}/admin/setup`, { method: "POST" })).status).toBe(401);
  expect((await post(url, "/admin/setup", {})).text).toMatch(
    /sends its updates to http.*\/telegram\. Nothing remains to be done\./,
  );
  const forged = await fetch(`${url}/telegram`, { method: "POST", body: '{"update_id":1}' });
  expect(forged.status).toBe(401);
  await telegram.userSays(group, { from: anna, text: "/draw a cat" });
  const pictures = () => telegram.chat(group).ofBot.filter(({ photo }) => photo);
  await telegram.until(() => pictures().length === 1);
  expect(standIns.service.ordersOf({ prompt: "a cat" })).toBe(1);
  expect(telegram.callsOf("getUpdates")).toEqual([]);
});
