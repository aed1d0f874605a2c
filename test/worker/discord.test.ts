import { describe, expect, onTestFinished, test } from "vitest";
import { discordChat } from "../bots/discord/chat.ts";
import { type Discord, startDiscord } from "../fakes/discord.ts";
import { aDirectory } from "../builders.ts";
import { startStandIns } from "../fakes/drawbridge.ts";
import { houseIn } from "../fakes/house.ts";
import { conversationContracts, housesForTests, paint, setUp } from "./bot-house.ts";

/** A channel with Anna and Ben. */
async function aChannel(options?: Parameters<typeof startDiscord>[0]) {
  const discord = await startDiscord(options);
  onTestFinished(() => discord.close());
  const guild = discord.guild({ name: "Studio" });
  const channel = discord.channel(guild);
  const anna = discord.user({ username: "anna" });
  const ben = discord.user({ username: "ben" });
  for (const user of [anna, ben]) discord.member(guild, user);
  const environment = { DISCORD_TOKEN: discord.token, DISCORD_API_URL: discord.apiUrl };
  return { discord, channel, anna, ben, environment };
}

const aHouse = housesForTests();

conversationContracts({
  name: "The Discord door in a Worker",
  languages: ["en"],
  async start({ perDay = 0, language } = {}) {
    const { environment, ...channel } = await aChannel();
    const house = await aHouse({ ...environment, QUOTA_IMAGES_PER_DAY: `${perDay}` });
    await setUp(house);
    return discordChat(channel, house, language);
  },
});

/** The channel, and a house with a bot that is not set up yet. */
async function aServer(options?: Parameters<typeof startDiscord>[0]) {
  const { environment, ...channel } = await aChannel(options);
  return { ...channel, house: await aHouse(environment) };
}

/** Sends a body to the house as Discord does. */
function sent(
  discord: Discord,
  url: string,
  body: string,
  headers = discord.endpoint.signed(body),
) {
  return fetch(url, { method: "POST", headers, body });
}

describe("A house that is Discord's bot over HTTP", () => {
  test("is set up by one call: commands, address, and who may add it", async () => {
    const { discord, house } = await aServer();
    const refused = await fetch(`${house.url}/admin/setup`, { method: "POST" });
    expect(refused.status).toBe(401);
    const before = await sent(discord, `${house.url}/discord/interactions`, '{"id":"1","type":1}');
    expect(before.status).toBe(503);

    const text = await setUp(house);
    expect(text).toContain(`takes its commands at ${house.url}/discord/interactions. Add`);
    expect(text).toMatch(/https:\/\/discord\.com\/oauth2\/authorize\?client_id=\d+/);
    expect(discord.endpoint.url).toBe(`${house.url}/discord/interactions`);
    expect(discord.commands().map(({ name }) => name)).toContain("imagine");
    expect(discord.gateway.identifications).toEqual([]);
  });

  test("says what to paste where Discord does not take the address", async () => {
    const { discord, house } = await aServer();
    discord.failNext("PATCH /applications/@me", { status: 403, code: 50013, message: "No" });
    const text = await setUp(house);
    expect(text).toContain("Discord refused: No. Paste this as the Interactions Endpoint URL at");
    expect(text).toContain(`applications/${discord.applicationId}/information`);
  });

  test("says so where Discord does not take the token", async () => {
    const { discord, house } = await aServer();
    discord.failNext("GET /applications/@me", { status: 401 });
    expect(await setUp(house)).toContain("Discord refused");
  });

  test("answers a ping, and nothing that Discord did not sign over just these bytes", async () => {
    const { discord, house } = await aServer();
    await setUp(house);
    const url = discord.endpoint.url ?? "";
    const ping = '{"id":"1", "type":1}';
    const pong = await sent(discord, url, ping);
    expect([pong.status, await pong.json()]).toEqual([200, { type: 1 }]);

    const { signed } = discord.endpoint;
    const wrong = [
      {},
      signed('{"id":"1","type":1}'),
      { ...signed(ping), "x-signature-timestamp": "1" },
      { ...signed(ping), "x-signature-ed25519": "zz" },
    ];
    for (const headers of wrong) expect((await sent(discord, url, ping, headers)).status).toBe(401);
    expect((await sent(discord, url, "no json")).status).toBe(400);
  });

  test("draws for a command, and answers presses below the picture", async () => {
    const { discord, channel, anna, house } = await aServer();
    await setUp(house);
    const asked = discord.slash(anna, channel, "imagine", { prompt: "a cat" });
    expect((await asked.acknowledged()).kind).toBe("deferred-message");
    await paint(house, 1);
    await discord.until(() => asked.message?.files.length === 1);
    expect(asked.message?.text).toContain("a cat");
    expect(discord.endpoint.responses).toEqual([202]);
    expect(house.easel.orders).toMatchObject([{ prompt: "a cat" }]);

    const again = discord.pressButton(asked.message!, "Again", anna);
    await paint(house, 2);
    await discord.until(() => again.message?.files.length === 1);
    const reword = await discord.pressButton(asked.message!, "Reword", anna).acknowledged();
    expect(reword.kind).toBe("modal");
    const typed = { focused: "model", options: { prompt: "a", model: "" } };
    const { choices } = await discord.autocomplete(anna, channel, "imagine", typed).acknowledged();
    expect(choices?.length).toBeGreaterThan(0);
  });

  test("makes one job of an interaction that comes twice", async () => {
    const { discord, channel, anna, house } = await aServer();
    await setUp(house);
    const asked = discord.slash(anna, channel, "imagine", { prompt: "a cat" });
    discord.redeliver(asked);
    await paint(house, 1);
    await discord.until(() => asked.message?.files.length === 1);
    discord.redeliver(asked);
    await discord.until(() => discord.endpoint.responses.length === 3);
    expect(discord.endpoint.responses).toEqual([202, 202, 202]);
    expect(discord.messages(channel)).toHaveLength(1);
    expect(house.easel.orders).toHaveLength(1);
  });

  test("waits as long as Discord's rate limits say", async () => {
    const { discord, channel, anna, house } = await aServer({ rateLimits: { perRoute: true } });
    await setUp(house);
    const limited = { status: 429, retryAfterMs: 300 };
    discord.failNext(/PATCH .*@original/, limited, 2);
    const asked = discord.slash(anna, channel, "imagine", { prompt: "a cat" });
    await paint(house, 1);
    await discord.until(() => asked.message?.files.length === 1);
    const edits = discord.calls.filter(({ path }) => path.endsWith("@original"));
    const [first, second] = edits.filter(({ status }) => status === 429);
    expect(second!.at - first!.at).toBeGreaterThanOrEqual(290);
  });
});

describe("A house whose runtime is killed between a command and its picture", () => {
  test("shows the picture without being asked, in the message that was there", async () => {
    const { service, ...standIns } = await startStandIns({ enhancer: false });
    onTestFinished(standIns.close);
    const { environment: bot, discord, channel, anna } = await aChannel();
    const environment = { ...standIns.environment, ...bot, LOG_LEVEL: "error" };
    const directory = aDirectory();
    const first = await houseIn(directory, environment);
    await setUp(first);
    const release = service.hold();
    const asked = discord.slash(anna, channel, "imagine", { prompt: "a cat" });
    await discord.until(() => asked.message?.buttons.includes("Cancel"));
    await service.arrived(1);
    await first.kill();
    release();

    const second = await houseIn(directory, environment);
    await discord.until(() => asked.message?.files.length === 1, { timeoutMs: 40_000 });
    expect(discord.messages(channel)).toHaveLength(1);
    expect(service.requests).toHaveLength(2);

    await discord.endpoint.change(`${second.url}/discord/interactions`);
    const shown = discord.pressButton(asked.message!, "Original", anna);
    await discord.until(() => shown.message?.files.length === 1);
  });
});
