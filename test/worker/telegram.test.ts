import { describe, expect, onTestFinished, test } from "vitest";
import { translatorFor } from "../../bots/i18n.ts";
import { aDirectory } from "../builders.ts";
import { codeIn, labels, textOf } from "../bots/telegram/scene.ts";
import { post, secrets, startStandIns } from "../fakes/drawbridge.ts";
import { type ChatMessage, startTelegram } from "../fakes/telegram.ts";
import { startWorkerd, type Workerd } from "../fakes/workerd.ts";

const say = translatorFor("en");

/** The runtime is slower than a process, and the machine may be busy. */
const longMs = 30_000;

/** A house that is Telegram's bot, in a group with Anna and Ben. */
async function aChat() {
  const standIns = await startStandIns({ enhancer: false });
  onTestFinished(standIns.close);
  const telegram = await startTelegram({ lengthUnit: "utf-16", webhookRetryScale: 0.05 });
  onTestFinished(() => telegram.close());
  const [anna, ben] = ["Anna", "Ben"].map((first_name) => telegram.addUser({ first_name }));
  if (!anna || !ben) throw new Error("There are two people.");
  const group = telegram.addGroup({ supergroup: true, members: [anna, ben] });
  const directory = aDirectory();
  const environment = {
    ...standIns.environment,
    LOG_LEVEL: "silent",
    TELEGRAM_BOT_TOKEN: telegram.token,
    TELEGRAM_API_URL: telegram.url,
  };
  const start = (port = 0) => startWorkerd({ file: "worker.js", directory, environment, port });
  let house: Workerd = await start();
  onTestFinished(() => house.close());

  const ofBot = () => telegram.chat(group).ofBot;
  const pictures = () => ofBot().filter(({ photo }) => photo);
  return {
    service: standIns.service,
    telegram,
    ofBot,
    pictures,
    url: () => house.url,
    setUp: () => post(house.url, "/admin/setup", {}),
    says: (text: string, from = anna) => telegram.userSays(group, { from, text }),
    press: (message: ChatMessage, button: string, by = anna) =>
      telegram.userPresses(message, button, by),
    until: <Value>(check: () => Value) => telegram.until(check, longMs),
    /** The newest message with this button. */
    offering: (button: string) =>
      telegram.until(() => ofBot().findLast((one) => labels(one).includes(button)), longMs),
    /** The object ends, and another one wakes at the same address. */
    wakesAnew: async () => {
      const port = Number(new URL(house.url).port);
      await house.close();
      house = await start(port);
    },
    ben,
  };
}

describe("a house as Telegram's bot", () => {
  test("is one once it is set up, by its owner alone, and by webhook alone", async () => {
    const { url, setUp, says, until, pictures, service, telegram } = await aChat();
    expect((await fetch(`${url()}/admin/setup`, { method: "POST" })).status).toBe(401);
    expect((await setUp()).text).toMatch(
      /sends its updates to http.*\/telegram\. Nothing remains to be done\./,
    );
    const forged = await fetch(`${url()}/telegram`, { method: "POST", body: '{"update_id":1}' });
    expect(forged.status).toBe(401);
    await says("/draw a cat");
    await until(() => pictures().length === 1);
    expect(service.ordersOf({ prompt: "a cat" })).toBe(1);
    expect(telegram.callsOf("getUpdates")).toEqual([]);
  });

  test("makes one job of a message that is handed over twice, and ends it by its owner's Cancel alone", async () => {
    const { setUp, says, until, pictures, service, telegram, offering, press, ben, ofBot } =
      await aChat();
    await setUp();
    const release = service.hold();
    const message = await says("/draw a cat");
    await service.arrived(1);
    telegram.handOverAgain(message);
    await says("/draw a fox");
    const waiting = await offering(say("buttons.cancel"));
    const byBen = press(waiting, say("buttons.cancel"), ben);
    await until(() => byBen.answer !== undefined);
    press(waiting, say("buttons.cancel"));
    await until(() => ofBot().some((one) => textOf(one).includes(say("errors.cancelled"))));
    release();
    await until(() => pictures().length === 1);
    expect(service.ordersOf({ prompt: "a cat" })).toBe(1);
  });

  test("keeps its buttons over the end of its object: again for whoever presses, deleted by the owner", async () => {
    const { setUp, says, until, pictures, service, offering, press, ben, wakesAnew } =
      await aChat();
    await setUp();
    await says("/draw a cat --seed 9");
    await until(() => pictures().length === 1);
    await wakesAnew();
    const shown = await offering(say("buttons.again"));
    press(shown, say("buttons.again"), ben);
    await until(() => pictures().length === 2);
    const seeds = service.requests.map(({ body }) => body["seed"]);
    expect(seeds[0]).toBe(9);
    expect(seeds[1]).not.toBe(9);
    press(shown, say("buttons.delete"));
    await until(() => pictures().length === 1);
  });

  test("shows exactly one picture where its object ended while that was painted", async () => {
    const { setUp, says, until, pictures, service, wakesAnew } = await aChat();
    await setUp();
    const release = service.hold();
    await says("/draw a cat");
    await service.arrived(1);
    await wakesAnew();
    release();
    await until(() => pictures().length === 1);
    expect(service.ordersOf({ prompt: "a cat" })).toBeLessThanOrEqual(2);
  });

  test("forgets its person where that is confirmed", async () => {
    const { url, setUp, says, until, pictures, offering, press } = await aChat();
    await setUp();
    await says("/draw a cat");
    await until(() => pictures().length === 1);
    const path = `${url()}/v1/images/${codeIn(pictures()[0]!)}`;
    const known = async () => {
      const headers = { authorization: `Bearer ${secrets.gateway}` };
      return (await fetch(path, { headers })).status;
    };
    expect(await known()).toBe(200);
    await says("/forgetme");
    press(await offering(say("buttons.confirmForget")), say("buttons.confirmForget"));
    await expect.poll(known, { timeout: longMs }).toBe(404);
  });
});
