import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  ApplicationCommandType,
  ChannelType,
  InteractionContextType,
  InteractionType,
} from "discord.js";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { definitions } from "../../../bots/discord/definitions.ts";
import { unfinished } from "../../fakes/studio.ts";
import { type Logged, openDoor, openedDoor, type Scene } from "./scene.ts";

const state = (scene: Scene, wanted: string | RegExp) =>
  vi.waitFor(() => expect(scene.door.state).toMatch(wanted), 60_000);

describe("The connection to Discord", () => {
  test("asks for no privileged intent, and for as many shards as Discord wants", async () => {
    // With a concurrency of one, Discord wants five seconds between the two.
    const { discord } = await openedDoor({ discord: { shards: 2, maxConcurrency: 2 } });
    const shards = discord.gateway.identifications.map(({ intents, shard }) => [intents, shard]);
    expect(shards.toSorted()).toEqual([
      [1, [0, 2]],
      [1, [1, 2]],
    ]);
  });

  test("says in one sentence that the token is wrong, and does not try again", async () => {
    const scene = await openDoor({ door: { token: "MTA.wrong.token" } });
    scene.door.start();
    await state(scene, "failed: Discord does not accept DISCORD_TOKEN");
    const errors = scene.logged.filter(({ level }) => level === "error");
    expect(errors.map(({ message }) => message)).toEqual([
      "Discord does not accept DISCORD_TOKEN. The other doors run on.",
    ]);
    expect(JSON.stringify(scene.logged)).not.toContain("MTA.wrong");
    expect(scene.discord.calls.length).toBe(1);
  });

  test("says the same when the token is taken back while it is connected", async () => {
    const scene = await openedDoor();
    scene.discord.gateway.closeWith(4004);
    await state(scene, "failed: Discord does not accept DISCORD_TOKEN");
  });

  test.for([
    [4013, "Discord does not know the intents this bot asks for"],
    [4014, "Discord does not allow this bot the intents it asks for"],
  ] as const)("ends with one sentence when it is closed with %i", async ([code, sentence]) => {
    const scene = await openedDoor();
    scene.discord.gateway.closeWith(code);
    await state(scene, `failed: ${sentence}`);
    const errors = scene.logged.filter(({ level }) => level === "error");
    expect(errors.map(({ message }) => message)).toEqual([`${sentence}. The other doors run on.`]);
    expect(scene.discord.gateway.identifications).toHaveLength(1);
  });

  test("takes interactions back from an address that Discord sends them to", async () => {
    const scene = await openDoor();
    const { discord, anna, channel } = scene;
    const server = createServer((request, response) => {
      const isRight = request.headers["x-signature-ed25519"] !== "0".repeat(128);
      response.writeHead(isRight ? 200 : 401).end('{"type":1}');
    }).listen(0, "127.0.0.1");
    onTestFinished(() => void server.close());
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    await discord.endpoint.change(`http://127.0.0.1:${port}`);
    await scene.connected();
    await vi.waitFor(() => expect(discord.endpoint.url).toBeNull(), 60_000);
    const asked = discord.slash(anna, channel, "help");
    await asked.acknowledged();
  });

  test("outlives interactions that are not as Discord promises", async () => {
    const scene = await openedDoor();
    const { discord, anna, channel, guild } = scene;
    const usual = {
      id: "1",
      application_id: discord.applicationId,
      token: "a-token",
      version: 1,
      type: InteractionType.ApplicationCommand,
      data: { id: "1", name: "imagine", type: ApplicationCommandType.ChatInput },
      guild_id: guild.id,
      channel_id: channel.id,
      channel: { id: channel.id, type: ChannelType.GuildText },
      user: { id: anna.id, username: anna.username, discriminator: "0" },
      locale: "en-US",
      entitlements: [],
      context: InteractionContextType.Guild,
      attachment_size_limit: 10,
      authorizing_integration_owners: { "0": guild.id },
    };
    for (const [index, strange] of [
      { ...usual, type: 99 },
      { ...usual, channel: null },
      { ...usual, token: undefined },
      { ...usual, attachment_size_limit: null },
      { ...usual, data: { ...usual.data, options: [{ name: "prompt", type: 3, value: null }] } },
      { ...usual, data: { ...usual.data, name: "unheard of" } },
    ].entries()) {
      const event = { ...strange, id: `${index}` };
      discord.gateway.dispatch("INTERACTION_CREATE", event, { guildId: guild.id });
    }
    expect((await discord.slash(anna, channel, "help").answered()).text).toContain("/imagine");
    expect(scene.door.state).toBe("connected");
    await scene.door.stop();
    expect(await unfinished(scene.stores)).toEqual([]);
  });

  test("tries again, later and later, while Discord cannot be reached", async () => {
    const scene = await openDoor();
    scene.discord.down();
    scene.door.start();
    const waits = () => scene.logged.filter(({ message }) => message.includes("cannot be reached"));
    await vi.waitFor(() => expect(waits().length).toBeGreaterThan(2), 60_000);
    expect(
      waits()
        .slice(0, 3)
        .map(({ details }) => details),
    ).toMatchObject([{ retryMs: 10 }, { retryMs: 20 }, { retryMs: 40 }]);
    expect(scene.door.state).toBe("connecting");
    scene.discord.up();
    await state(scene, "connected");
  });

  test("connects no more once it was stopped, also while it waits to try again", async () => {
    const scene = await openDoor({ door: { firstRetryMs: 60_000 } });
    const { discord } = scene;
    discord.down();
    scene.door.start();
    const waits = ({ message }: Logged) => message.includes("cannot be reached");
    await vi.waitFor(() => expect(scene.logged.some(waits)).toBe(true), 60_000);
    discord.up();
    await scene.door.stop();
    const logins = () => discord.calls.filter(({ path }) => path.endsWith("/gateway/bot"));
    const before = logins().length;
    const headers = { authorization: `Bot ${discord.token}` };
    for (let count = 1; count <= 3; count++) {
      await fetch(`${discord.apiUrl}/v10/gateway/bot`, { headers });
      expect(logins()).toHaveLength(before + count);
    }
    expect(discord.gateway.identifications).toEqual([]);
  });

  test("resumes after a broken connection, and misses nothing", async () => {
    const scene = await openedDoor();
    const { discord, easel } = scene;
    discord.gateway.dropConnection();
    await discord.until(() => discord.gateway.connected() === 0);
    const sent = scene.imagine("a cat");
    await easel.begun(1);
    easel.finish();
    await discord.until(() => sent.message?.files.length === 1);
    expect(discord.gateway.resumptions).toMatchObject([{ accepted: true }]);
    expect(discord.gateway.identifications).toHaveLength(1);
    await state(scene, "connected");
  });

  test("takes another session where its own has ended", async () => {
    const scene = await openedDoor();
    const { discord, easel } = scene;
    discord.gateway.invalidateSession();
    await discord.until(() => discord.gateway.identifications.length === 2);
    await state(scene, "connected");
    const sent = scene.imagine("a cat");
    await easel.begun(1);
    easel.finish();
    await discord.until(() => sent.message?.files.length === 1);
  });

  test("tells once where to add the bot", async () => {
    const links: string[] = [];
    const scene = await openedDoor({ door: { onInvite: (link) => void links.push(link) } });
    expect(links).toHaveLength(1);
    const link = new URL(links[0]!);
    expect(link.origin + link.pathname).toBe("https://discord.com/oauth2/authorize");
    expect(link.searchParams.get("client_id")).toBe(scene.discord.applicationId);
    expect(link.searchParams.get("scope")).toBe("bot applications.commands");
  });

  test("ends once everything that was asked is answered", async () => {
    const scene = await openedDoor();
    const held = scene.discord.delayNext(/callback/);
    const sent = scene.discord.slash(scene.anna, scene.channel, "help");
    await held.arrived;
    const stopped = scene.door.stop();
    held.release();
    await stopped;
    expect(sent.kind).toBe("message");
  });

  test("waits for a Discord that does not answer no longer than its process may take to end", async () => {
    const scene = await openedDoor({ door: { stopWithinMs: 300 } });
    const { discord, imagine, easel, anna, channel } = scene;
    const sent = imagine("a cat");
    await easel.begun(1);
    await discord.until(() => sent.message?.buttons.includes("Cancel"));
    const callback = discord.delayNext(/callback/);
    discord.slash(anna, channel, "help");
    await callback.arrived;
    const picture = discord.delayNext("PATCH /webhooks/:application/:token/messages/:message");
    easel.finish();
    await picture.arrived;
    await scene.door.stop();
    await scene.studio.stop(0);
    await scene.crash();
    callback.release();
    picture.release();
    await scene.restart();
    await discord.until(() => sent.message?.files.length === 1);
  }, 10_000);
});

describe("The commands", () => {
  test("are registered for servers and for people, with names in Chinese", async () => {
    const { discord } = await openedDoor();
    const commands = discord.commands();
    expect(commands.map(({ name }) => name)).toEqual([
      "imagine",
      "again",
      "show",
      "queue",
      "history",
      "preset",
      "usage",
      "link",
      "settings",
      "help",
      "privacy",
      "forgetme",
      "Draw this",
      "How was this made?",
    ]);
    for (const { form } of commands) {
      expect(form).toMatchObject({ contexts: [0, 1, 2], integration_types: [0, 1] });
      expect(form.name_localizations).toHaveProperty("zh-CN");
      if (form.type !== ApplicationCommandType.ChatInput) continue;
      for (const said of [form, ...(form.options ?? [])]) {
        expect(said.name_localizations).toHaveProperty("zh-CN");
        expect(said.description_localizations).toHaveProperty("zh-CN");
      }
    }
  });

  test("have options with choices, ranges, limits and suggestions", async () => {
    const { discord } = await openedDoor();
    const options = discord.commands()[0]?.form.options ?? [];
    const option = (name: string) => options.find((candidate) => candidate.name === name);
    expect(options.map(({ name }) => name)).toEqual([
      "prompt",
      "ratio",
      "model",
      "seed",
      "negative",
      "steps",
      "guidance",
      "enhance",
      "count",
      "quality",
      "preset",
      "private",
    ]);
    expect(option("prompt")).toMatchObject({ required: true, max_length: 4000 });
    expect(option("ratio")).toHaveProperty("choices.length", 7);
    expect(option("ratio")).toHaveProperty("choices.6.name", "Let the enhancer choose");
    expect(option("model")).toMatchObject({ autocomplete: true });
    expect(option("seed")).toMatchObject({ min_value: 1, max_value: 2_147_483_647 });
    expect(option("count")).toMatchObject({ min_value: 1, max_value: 4 });
    expect(option("guidance")).toMatchObject({ type: 10, min_value: 0, max_value: 30 });
  });

  test("are registered again only when they changed", async () => {
    const scene = await openedDoor();
    const { discord } = scene;
    const said = (...expected: readonly boolean[]) =>
      vi.waitFor(() => {
        const lines = scene.logged.filter(({ message }) => message.includes("knows the commands"));
        expect(lines.map(({ details }) => details)).toEqual(
          expected.map((changed) => ({ changed })),
        );
      }, 60_000);
    await said(true);
    expect(discord.registrations()).toBe(1);
    await scene.crash();
    await scene.restart();
    await said(true, false);
    expect(discord.registrations()).toBe(1);
    const [first, ...others] = definitions("global", 4);
    const body = JSON.stringify([{ ...first, description: "Something else" }, ...others]);
    const headers = { authorization: `Bot ${discord.token}`, "content-type": "application/json" };
    const path = `${discord.apiUrl}/v10/applications/${discord.applicationId}/commands`;
    await fetch(path, { method: "PUT", headers, body });
    await scene.crash();
    await scene.restart();
    await discord.until(() => discord.registrations() === 3);
  });

  test("are registered at the next connection where Discord did not take them", async () => {
    const scene = await openDoor();
    const { discord } = scene;
    discord.failNext("PUT /applications/:application/commands", { status: 403, code: 50001 });
    scene.door.start();
    const complaint = ({ message }: Logged) => message === "Discord does not take the commands";
    await vi.waitFor(() => expect(scene.logged.some(complaint)).toBe(true), 60_000);
    discord.gateway.dropConnection();
    await discord.until(() => discord.commands().length > 0);
  });

  test("are registered to one server alone while developing", async () => {
    const scene = await openDoor({ developing: true });
    scene.door.start();
    const { discord } = scene;
    await discord.until(() => discord.commands(scene.guild).length > 0);
    expect(discord.commands()).toEqual([]);
    await scene.drawn("a cat");
  });
});
