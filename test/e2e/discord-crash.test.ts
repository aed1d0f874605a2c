import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { codeIn, openedDoor, type Scene, type SceneOptions } from "../bots/discord/scene.ts";
import { type Discord, startDiscord } from "../fakes/discord.ts";
import type { GuildChannel, User } from "../fakes/discord/world.ts";
import { startStandIns } from "../fakes/drawbridge.ts";
import { type DrawbridgeProcess, startProcess } from "../fakes/process.ts";

const minute = 60_000;

/** Waits until exactly one picture is to be seen, in a message that is the only one. */
async function onePicture({ discord, channel }: Pick<Scene, "discord" | "channel">) {
  const shown = () => discord.messages(channel).filter(({ files }) => files.length > 0);
  await discord.until(() => shown().length > 0);
  expect(discord.messages(channel)).toHaveLength(1);
  expect(shown()).toHaveLength(1);
  return shown()[0]!;
}

/** Asks for a picture and waits until its person sees that it is being made. */
async function begun(options: SceneOptions = {}) {
  const scene = await openedDoor(options);
  const sent = scene.imagine("a cat");
  await scene.discord.until(() => sent.message?.buttons.includes("Cancel"));
  await scene.easel.begun(1);
  return { scene, sent };
}

describe("After its process was killed, the Discord door", () => {
  test.for([0, 16 * minute])(
    "goes on between acknowledgement and picture, %i ms later",
    async (later) => {
      const { scene, sent } = await begun();
      await scene.crash();
      scene.discord.advanceClock(later);
      await scene.restart();
      await scene.easel.begun(1);
      scene.easel.finish();
      const message = await onePicture(scene);
      expect(message.id).toBe(sent.message?.id);
      expect(message.text).toContain("asked for twice");
    },
  );

  test.for([0, 16 * minute])(
    "delivers what was made and not delivered, %i ms later",
    async (later) => {
      const { scene, sent } = await begun();
      const { discord, studio, newestJob } = scene;
      discord.down();
      const { code } = await newestJob();
      scene.easel.finish();
      await studio.finished(code);
      await scene.crash();
      discord.advanceClock(later);
      discord.up();
      await scene.restart();
      const message = await onePicture(scene);
      expect(message.id).toBe(sent.message?.id);
      expect(codeIn(message)).toBe(code);
    },
  );

  test("brings the picture of a job whose interaction it never answered", async () => {
    const scene = await openedDoor();
    const held = scene.discord.delayNext(/callback/);
    scene.imagine("a cat");
    await held.arrived;
    await scene.crash();
    scene.discord.advanceClock(4_000);
    held.release();
    await scene.restart();
    await scene.easel.begun(1);
    scene.easel.finish();
    expect((await onePicture(scene)).text).toContain("a cat");
  });

  test("says where to look when it is not known whether a new message arrived", async () => {
    let ahead = 0;
    const { scene, sent } = await begun({ door: { now: () => Date.now() + ahead } });
    const { discord, easel, channel } = scene;
    await discord.until(() => sent.message);
    const { code } = await scene.newestJob();
    discord.advanceClock(16 * minute);
    const gone = { status: 404, code: 10008 };
    discord.failNext("PATCH /channels/:channel/messages/:message", gone);
    const held = discord.delayNext("POST /channels/:channel/messages");
    easel.finish();
    await held.arrived;
    await scene.crash();
    discord.advanceClock(4 * minute);
    ahead = 20 * minute;
    discord.failNext("PATCH /channels/:channel/messages/:message", gone);
    await scene.restart();
    await discord.until(() => sent.message?.deleted);
    held.release();
    const told = discord.messages(channel).filter(({ text }) => text.includes("may not have"));
    expect(told).toHaveLength(1);
    expect(told[0]?.text).toContain(`The pictures of ${code} may not have arrived. /show ${code}`);
  });

  test("sends no second message where the first had arrived unseen", async () => {
    const { scene, sent } = await begun();
    const { discord, easel, channel } = scene;
    await discord.until(() => sent.message);
    const held = discord.delayNext("POST /channels/:channel/messages", "after");
    discord.advanceClock(16 * minute);
    discord.failNext("PATCH /channels/:channel/messages/:message", { status: 404, code: 10008 });
    easel.finish();
    await held.arrived;
    await scene.crash();
    held.release();
    discord.failNext("PATCH /channels/:channel/messages/:message", { status: 404, code: 10008 });
    await scene.restart();
    await discord.until(() => sent.message?.deleted);
    await onePicture({ discord, channel });
  });
});

describe("A real process with Discord", () => {
  let discord: Discord;
  let channel: GuildChannel;
  let anna: User;
  let standIns: Awaited<ReturnType<typeof startStandIns>>;

  beforeAll(async () => {
    discord = await startDiscord();
    const guild = discord.guild();
    channel = discord.channel(guild);
    anna = discord.user();
    discord.member(guild, anna);
    standIns = await startStandIns({ enhancer: false });
  });

  afterAll(async () => {
    await standIns.close();
    await discord.close();
  });

  const begin = (more: Readonly<Record<string, string>> = {}) =>
    startProcess({
      ...standIns.environment,
      DISCORD_TOKEN: discord.token,
      DISCORD_API_URL: discord.apiUrl,
      ...more,
    });

  test("prints the invite link, survives rubbish and kill -9, and shows one picture", async () => {
    const first = await begin({ LOG_LEVEL: "warn" });
    await first.printed(/^Add the bot .*client_id=\d+/m);
    await discord.until(() => discord.commands().length > 0);
    expect(await doorsOf(first)).toMatchObject({ discord: "connected" });
    // Even discord.js cannot read this one.
    discord.gateway.dispatch("INTERACTION_CREATE", { id: "1", type: 2 }, { guildId: undefined });
    await first.printed(/"msg":"a bug"/);
    const release = standIns.service.hold();
    const sent = discord.slash(anna, channel, "imagine", { prompt: "a cat" });
    await discord.until(() => sent.message?.buttons.includes("Cancel"));
    await standIns.service.arrived(1);
    await first.kill();
    discord.advanceClock(16 * minute);
    release();
    const second = await first.restart();
    await onePicture({ discord, channel });
    expect(discord.registrations()).toBe(1);
    expect(first.output() + second.output()).not.toContain(discord.token);
    await discord.until(() => discord.gateway.identifications.length === 2);
    expect((await second.stop()).code).toBe(0);
  }, 60_000);

  test("warns of everybody, and says in one sentence that a token is wrong", async () => {
    const drawbridge = await begin({ DISCORD_TOKEN: "MTA.wrong.token" });
    await drawbridge.printed(/does not accept DISCORD_TOKEN/);
    expect(drawbridge.output()).toContain("or DISCORD_ALLOWED_GUILDS or DISCORD_ALLOWED_USERS");
    const sentences = drawbridge.logs().filter(({ level }) => Number(level) >= 50);
    expect(sentences).toHaveLength(1);
    const health = await fetch(`${drawbridge.url}/healthz`);
    expect(health.status).toBe(200);
    expect(await doorsOf(drawbridge)).toEqual({
      http: "connected",
      discord: "failed: Discord does not accept DISCORD_TOKEN",
    });
  });
});

async function doorsOf({ url }: DrawbridgeProcess): Promise<unknown> {
  const answer = await fetch(`${url}/readyz`);
  return ((await answer.json()) as { doors: unknown }).doors;
}
