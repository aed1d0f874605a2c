import { expect, onTestFinished, test } from "vitest";
import { telegramChat } from "../bots/telegram/chat.ts";
import { startTelegram } from "../fakes/telegram.ts";
import { conversationContracts, housesForTests, paint, setUp } from "./bot-house.ts";

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

const aHouse = housesForTests();

conversationContracts({
  name: "The Telegram door in a Worker",
  languages: ["zh-CN"],
  async start({ perDay = 0, language } = {}) {
    const { environment, ...group } = await aGroup();
    const house = await aHouse({ ...environment, QUOTA_IMAGES_PER_DAY: `${perDay}` });
    await setUp(house);
    return telegramChat(group, house, language);
  },
});

test("A house is Telegram's bot once it is set up, by its owner alone, and by webhook alone", async () => {
  const { telegram, anna, group, environment } = await aGroup();
  const house = await aHouse(environment);
  const { url } = house;
  expect((await fetch(`${url}/admin/setup`, { method: "POST" })).status).toBe(401);
  expect(await setUp(house)).toMatch(
    /sends its updates to http.*\/telegram\. Nothing remains to be done\./,
  );
  const forged = await fetch(`${url}/telegram`, { method: "POST", body: '{"update_id":1}' });
  expect(forged.status).toBe(401);
  await telegram.userSays(group, { from: anna, text: "/draw a cat" });
  await paint(house, 1);
  const pictures = () => telegram.chat(group).ofBot.filter(({ photo }) => photo);
  await telegram.until(() => pictures().length === 1);
  expect(house.easel.orders).toMatchObject([{ prompt: "a cat" }]);
  expect(telegram.callsOf("getUpdates")).toEqual([]);
});
