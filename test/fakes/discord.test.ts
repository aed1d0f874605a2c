import { once } from "node:events";
import { createConnection } from "node:net";
import {
  ActionRowBuilder,
  AttachmentBuilder,
  ButtonBuilder,
  ButtonStyle,
  type ChatInputCommandInteraction,
  Client,
  ContainerBuilder,
  Events,
  GatewayIntentBits,
  type Interaction,
  LabelBuilder,
  MediaGalleryBuilder,
  MediaGalleryItemBuilder,
  MessageFlags,
  ModalBuilder,
  PermissionFlagsBits,
  type TextChannel,
  TextDisplayBuilder,
  TextInputBuilder,
  TextInputStyle,
} from "discord.js";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Discord } from "./discord.ts";
import { IMAGINE, MENU, PNG, type Scene, openScene } from "./discord/scene.ts";
import type { GuildChannel, User } from "./discord/world.ts";
import { requestsBy } from "../../bots/discord/connection.ts";

const EPHEMERAL = MessageFlags.Ephemeral;
const clients: Client[] = [];
const failures: unknown[] = [];
let discord: Discord;
let channel: GuildChannel;
let ada: User;
let rest: Scene["rest"];
let send: Scene["send"];
let imagine: Scene["imagine"];
let callback: Scene["callback"];

beforeEach(async () => {
  ({ discord, channel, ada, rest, send, imagine, callback } = await openScene());
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.destroy()));
  await discord.close();
  expect(failures.splice(0)).toEqual([]);
});

/** The real client, connected, with a handler for interactions. */
async function connect(
  handle: (interaction: Interaction) => Promise<unknown> = async () => undefined,
  options: { readonly token?: string; readonly intents?: number[] } = {},
): Promise<Client<true>> {
  const client = new Client({
    intents: options.intents ?? [GatewayIntentBits.Guilds],
    allowedMentions: { parse: [] },
    rest: { api: discord.apiUrl, retries: 0, makeRequest: requestsBy(fetch) },
  });
  clients.push(client);
  client.on(Events.Error, () => undefined); // what matters of it rejects the login
  client.on(Events.InteractionCreate, (interaction) => {
    handle(interaction).catch((error: unknown) => failures.push(error));
  });
  const ready = new Promise((resolve) => client.once(Events.ClientReady, resolve));
  await client.login(options.token ?? discord.token);
  await ready;
  return client as Client<true>;
}

describe("A client of the stand-in", () => {
  test("logs in, knows its servers and registers commands", async () => {
    const client = await connect();
    expect(client.user.id).toBe(discord.applicationId);
    expect(client.guilds.cache.map(({ name }) => name)).toEqual(["Studio"]);
    expect(client.channels.cache.get(channel.id)).toMatchObject({ name: "pictures" });
    await client.application.commands.set([IMAGINE]);
    expect(discord.commands().map(({ name }) => name)).toEqual(["imagine"]);
    expect(discord.registrations()).toBe(1);
    expect(discord.gateway.identifications).toMatchObject([{ intents: 1, shard: [0, 1] }]);
  });

  test("defers, edits the answer into a message with a picture, and follows up", async () => {
    const client = await connect(async (interaction) => {
      if (!interaction.isChatInputCommand()) return;
      await interaction.deferReply();
      await interaction.editReply(pictureMessage(interaction.options.getString("prompt", true)));
      await interaction.followUp({ content: "@everyone look", flags: EPHEMERAL });
    });
    await client.application.commands.set([IMAGINE]);

    const sent = discord.slash(ada, channel, "imagine", { prompt: "a cat" });
    await discord.until(() => sent.followups.length === 1);
    expect(sent).toMatchObject({ kind: "deferred-message", deliveries: 1 });
    expect(sent.acknowledgedAfterMs).toBeLessThan(3000);
    const [message] = discord.messages(channel);
    expect(message).toMatchObject({
      text: "**a cat** <@1>",
      buttons: ["Again"],
      loading: false,
      ephemeral: false,
      pings: { everyone: false, roles: [], users: [] },
      files: [
        { filename: "cat.png", description: "a cat", spoiler: true, contentType: "image/png" },
      ],
    });
    expect(Uint8Array.from(message!.files[0]!.bytes)).toEqual(PNG);
    expect(discord.messages(channel, ada)).toHaveLength(2);
    expect(sent.followups[0]).toMatchObject({ ephemeral: true, content: "@everyone look" });
  });

  test("suggests what a person may mean while they type", async () => {
    const client = await connect(async (interaction) => {
      if (!interaction.isAutocomplete()) return;
      const typed = interaction.options.getFocused();
      await interaction.respond([{ name: `${typed}-image`, value: "z-image" }]);
    });
    await client.application.commands.set([IMAGINE]);
    const options = { prompt: "a c", model: "z" };
    const sent = discord.autocomplete(ada, channel, "imagine", { focused: "model", options });
    await sent.acknowledged();
    expect(sent.choices).toEqual([{ name: "z-image", value: "z-image" }]);
  });

  test("opens a modal from a button, and answers what is sent with it", async () => {
    await connect(async (interaction) => {
      if (interaction.isButton()) await interaction.showModal(aModal("a cat"));
      if (!interaction.isModalSubmit()) return;
      if (!interaction.isFromMessage()) throw new Error("the message is missing");
      await interaction.update({ content: interaction.fields.getTextInputValue("prompt") });
    });
    const edit = { type: 2, style: 1, custom_id: "edit:1", label: "Edit" };
    await send({ content: "a cat", components: [{ type: 1, components: [edit] }] });
    const [message] = discord.messages(channel);

    const pressed = await discord.pressButton(message!, "Edit", ada).acknowledged();
    expect(pressed.modal).toMatchObject({ title: "Edit", custom_id: "modal:1" });
    const submitted = discord.submitModal(pressed, { Prompt: "a dog" });
    await submitted.acknowledged();
    expect(message!.content).toBe("a dog");
    const unchanged = await discord.submitModal(pressed).acknowledged();
    expect(unchanged.message?.content).toBe("a cat");
  });

  test("answers a choice, and a command of a message's menu", async () => {
    const client = await connect(async (interaction) => {
      if (interaction.isStringSelectMenu()) await interaction.reply(interaction.values.join("+"));
      if (!interaction.isMessageContextMenuCommand()) return;
      const { targetMessage } = interaction;
      await interaction.reply({ content: `read: ${targetMessage.content}`, flags: EPHEMERAL });
    });
    await client.application.commands.set([MENU]);
    const options = ["one", "two"].map((value) => ({ label: value.toUpperCase(), value }));
    await send({
      content: "pick",
      components: [
        { type: 1, components: [{ type: 3, custom_id: "pick", options, max_values: 2 }] },
      ],
    });
    const [message] = discord.messages(channel);

    const chosen = discord.selectOption(message!, ["TWO", "one"], ada);
    expect(await chosen.answered()).toMatchObject({ content: "two+one", repliesTo: message!.id });
    const said = discord.say(ada, channel, "a lighthouse");
    const read = discord.contextMenu("Draw this", said, ada);
    expect(await read.answered()).toMatchObject({ content: "read: a lighthouse", ephemeral: true });
  });

  test("receives a file, and the limits and owners of the place", async () => {
    const heard = Promise.withResolvers<ChatInputCommandInteraction>();
    const client = await connect(async (interaction) => {
      if (interaction.isChatInputCommand()) heard.resolve(interaction);
    });
    await client.application.commands.set([IMAGINE]);
    const friend = discord.user({ installed: true, locale: "zh-CN", attachmentLimit: 50_000_000 });
    const place = discord.privateChannel(friend, ada);
    const image = { filename: "in.png", bytes: PNG };
    discord.slash(friend, place, "imagine", { prompt: "like this", image });

    const interaction = await heard.promise;
    expect(interaction).toMatchObject({
      locale: "zh-CN",
      attachmentSizeLimit: 50_000_000,
      context: 2,
    });
    expect(interaction.authorizingIntegrationOwners).toMatchObject({ userId: friend.id });
    expect(interaction.authorizingIntegrationOwners.guildId).toBeNull();
    expect(interaction.inGuild()).toBe(false);
    const fetched = await fetch(interaction.options.getAttachment("image", true).url);
    expect(new Uint8Array(await fetched.arrayBuffer())).toEqual(PNG);
  });

  test("answers in a conversation with the bot, for the person alone and for good", async () => {
    const client = await connect(async (interaction) => {
      if (!interaction.isChatInputCommand()) return;
      await interaction.reply({ content: "here", flags: EPHEMERAL });
      await interaction.user.send("and here");
    });
    await client.application.commands.set([IMAGINE]);
    const place = discord.directMessages(ada);
    discord.slash(ada, place, "imagine", { prompt: "a cat" });
    await discord.until(() => discord.messages(place).length === 1);
    expect(discord.messages(place, ada)).toMatchObject([
      { content: "here", ephemeral: true },
      { content: "and here", ephemeral: false },
    ]);
  });

  test("writes to a person, and edits and deletes what it wrote", async () => {
    const client = await connect();
    const person = await client.users.fetch(ada.id);
    const message = await person.send({ content: "hello", nonce: "one", enforceNonce: true });
    const again = await person.send({ content: "hello", nonce: "one", enforceNonce: true });
    expect(again.id).toBe(message.id);
    await message.edit("hello again");
    const place = discord.directMessages(ada);
    expect(discord.messages(place)).toMatchObject([{ content: "hello again", nonce: "one" }]);
    await message.delete();
    expect(discord.messages(place)).toEqual([]);
    expect(discord.history(place)[0]!.revisions.map((it) => it.text)).toEqual([
      "hello",
      "hello again",
    ]);
  });

  test("computes the permissions it has in a channel", async () => {
    const { ViewChannel } = PermissionFlagsBits;
    const quiet = discord.channel(channel.guild, { appPermissions: ViewChannel });
    const client = await connect();
    const seen = client.channels.cache.get(quiet.id) as TextChannel;
    expect(seen.permissionsFor(client.user)?.bitfield).toBe(ViewChannel);
  });
});

describe("The gateway", () => {
  test("replays to a client that resumes what it missed", async () => {
    const heard: string[] = [];
    const client = await connect(async ({ id }) => heard.push(id));
    await client.application.commands.set([IMAGINE]);
    discord.gateway.dropConnection();
    await discord.until(() => discord.gateway.connected() === 0);
    const sent = discord.slash(ada, channel, "imagine", { prompt: "a cat" });
    await vi.waitFor(() => expect(heard).toEqual([sent.id]), { timeout: 60_000 });
    expect(discord.gateway.resumptions).toMatchObject([{ accepted: true }]);
    expect(discord.gateway.identifications).toHaveLength(1);
  });

  test("lets a client resume that it asks to reconnect, and ends a session it calls invalid", async () => {
    await connect();
    discord.gateway.askToReconnect();
    await discord.until(
      () => discord.gateway.resumptions.length === 1 && discord.gateway.connected() === 1,
    );
    const socket = await openSocket();
    await socket.identify();
    discord.gateway.invalidateSession();
    expect(await socket.next(9)).toMatchObject({ d: false });
  });

  test("sends the same interaction again when asked to", async () => {
    const heard: string[] = [];
    const client = await connect(async ({ id }) => heard.push(id));
    await client.application.commands.set([IMAGINE]);
    const sent = discord.slash(ada, channel, "imagine", { prompt: "a cat" });
    discord.redeliver(sent);
    await vi.waitFor(() => expect(heard).toEqual([sent.id, sent.id]), 60_000);
    expect(sent.deliveries).toBe(2);
  });

  test("says 401 to a wrong token before there is a connection", async () => {
    await expect(connect(undefined, { token: "MTA.wrong.token" })).rejects.toThrow(
      /invalid token/i,
    );
    expect(discord.gateway.identifications).toEqual([]);
  });

  test("closes with 4014 where privileged intents are asked for, unless they were granted", async () => {
    const intents = [GatewayIntentBits.Guilds, GatewayIntentBits.MessageContent];
    await expect(connect(undefined, { intents })).rejects.toThrow(/disallowed intents/i);
    discord.gateway.grantedIntents = GatewayIntentBits.MessageContent;
    expect((await connect(undefined, { intents })).isReady()).toBe(true);
  });

  test.each([
    ["4002 on what is no JSON", "{", 4002],
    ["4001 on an unknown opcode", JSON.stringify({ op: 99, d: null }), 4001],
    ["4003 before a session", JSON.stringify({ op: 3, d: {} }), 4003],
    ["4004 on a wrong token", JSON.stringify({ op: 2, d: { token: "no", intents: 0 } }), 4004],
  ])("closes with %s", async (_title, sent, code) => {
    const socket = await openSocket();
    socket.send(sent);
    expect(await socket.closed).toBe(code);
  });

  test("forgets the session of a client that died once a new one identifies", async () => {
    const dying = await openSocket();
    await dying.identify();
    discord.gateway.dropConnection();
    await dying.closed;
    const next = await openSocket();
    await next.identify();
    expect((await imagine()).deliveries).toBe(1);
  });

  test("closes with 4009 a connection that sends no heartbeat", async () => {
    discord.gateway.heartbeatIntervalMs = 20;
    const socket = await openSocket();
    expect(await socket.closed).toBe(4009);
  });

  test("acknowledges heartbeats, asks for them, and takes a code from a test", async () => {
    const socket = await openSocket();
    socket.send(JSON.stringify({ op: 1, d: null }));
    expect(await socket.next(11)).toMatchObject({ op: 11 });
    discord.gateway.askForHeartbeat();
    expect(await socket.next(1)).toMatchObject({ op: 1 });
    expect(discord.gateway.heartbeats()).toBe(1);
    discord.gateway.closeWith(4000);
    expect(await socket.closed).toBe(4000);
  });

  test("divides servers among shards", async () => {
    const socket = await openSocket();
    await socket.identify({ shard: [1, 2] });
    const other = await openSocket();
    await other.identify({ shard: [0, 2] });
    const mine = Number((BigInt(channel.guild.id) >> 22n) % 2n);
    await imagine();
    const owner = mine === 1 ? socket : other;
    expect(await owner.next(0, "INTERACTION_CREATE")).toMatchObject({
      d: { guild_id: channel.guild.id },
    });
  });
});

describe("Limits and faults", () => {
  test("answer 401 without the token, 404 to what is not there, 400 to another version", async () => {
    expect(await send({ content: "x" }, { token: "wrong" })).toMatchObject({
      status: 401,
      code: 0,
    });
    expect(await rest("GET", "/nothing")).toMatchObject({ status: 404 });
    expect(await rest("PUT", "/gateway", {})).toMatchObject({ status: 405 });
    expect((await fetch(`${discord.apiUrl}/v9/gateway`)).status).toBe(400);
  });

  test("tell of buckets, and refuse with 429 what is too much", async () => {
    discord.stopClock();
    discord.rateLimits.perRoute = true;
    const first = await send({ content: "1" });
    expect(first.headers.get("x-ratelimit-limit")).toBe("5");
    expect(first.headers.get("x-ratelimit-remaining")).toBe("4");
    for (const content of ["2", "3", "4", "5"]) await send({ content });
    const over = await send({ content: "6" });
    expect(over).toMatchObject({ status: 429, json: { global: false } });
    expect(Number(over.headers.get("retry-after"))).toBeCloseTo(over.json.retry_after);
    discord.advanceClock(5_000);
    expect(await send({ content: "6" })).toMatchObject({ status: 200 });
  });

  test("count fifty requests a second, those of interactions not among them", async () => {
    discord.stopClock();
    const sent = await imagine();
    discord.rateLimits.global = true;
    const answers = await Promise.all(Array.from({ length: 60 }, () => rest("GET", "/users/@me")));
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(60 - 50);
    const over = answers.find(({ status }) => status === 429);
    expect(over?.headers.get("x-ratelimit-global")).toBe("true");
    expect(await callback(sent, { type: 5 })).toMatchObject({ status: 204 });
  });

  test("make the client wait out a 429, and not lose the request", async () => {
    const client = await connect();
    const target = client.channels.cache.get(channel.id) as TextChannel;
    discord.failNext("POST /channels/:channel/messages", { status: 429, retryAfterMs: 20 });
    await target.send("patience");
    expect(discord.messages(channel)).toMatchObject([{ content: "patience" }]);
    expect(
      discord.calls.filter(({ method }) => method === "POST").map(({ status }) => status),
    ).toEqual([429, 200]);
  });

  test("fail the requests that a test names, so often as it says", async () => {
    discord.failNext(/messages$/, { status: 403, code: 50013, message: "Missing Permissions" }, 2);
    expect(await send({ content: "x" })).toMatchObject({ status: 403, code: 50013 });
    expect(await send({ content: "x" })).toMatchObject({ status: 403, code: 50013 });
    expect(await send({ content: "x" })).toMatchObject({ status: 200 });
  });

  test("cut a request before or after it has its effect", async () => {
    discord.cutNext("POST /channels/:channel/messages", "before");
    await expect(send({ content: "lost" })).rejects.toThrow();
    discord.cutNext("POST /channels/:channel/messages", "after");
    await expect(send({ content: "sent" })).rejects.toThrow();
    expect(discord.messages(channel).map(({ content }) => content)).toEqual(["sent"]);
  });

  test("hold a request until it is released", async () => {
    const held = discord.delayNext("POST /channels/:channel/messages");
    const sending = send({ content: "late" });
    await held.arrived;
    expect(discord.messages(channel)).toEqual([]);
    held.release();
    expect(await sending).toMatchObject({ status: 200 });
  });

  test("count what a request was held for", async () => {
    const sent = await imagine();
    const held = discord.delayNext("POST /interactions/:interaction/:token/callback");
    const answering = callback(sent, { type: 5 });
    await held.arrived;
    discord.advanceClock(3_001);
    held.release();
    expect(await answering).toMatchObject({ code: 10062 });
  });

  test("do not mind a client that dies in the middle of a request", async () => {
    const socket = createConnection({
      host: "127.0.0.1",
      port: Number(new URL(discord.apiUrl).port),
    });
    socket.write(
      "POST /api/v10/users/@me/channels HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n{",
    );
    await discord.until(() => discord.calls.length === 1, { what: "the request" });
    socket.destroy();
    await once(socket, "close");
    expect(await rest("GET", "/users/@me")).toMatchObject({ status: 200 });
    expect(discord.calls).toMatchObject([{ status: undefined }, { status: 200 }]);
  });

  test("take everything down and up again", async () => {
    await connect();
    discord.down();
    await expect(send({ content: "x" })).rejects.toThrow();
    expect(discord.gateway.connected()).toBe(0);
    discord.up();
    expect(await send({ content: "x" })).toMatchObject({ status: 200 });
    await discord.until(() => discord.gateway.connected() === 1);
  });

  test("keep a log of every request", async () => {
    await send({ content: "x" }, { files: { "a.png": PNG } });
    expect(discord.calls).toMatchObject([
      {
        method: "POST",
        path: `/channels/${channel.id}/messages`,
        route: "POST /channels/:channel/messages",
        json: { content: "x" },
        files: [{ filename: "a.png" }],
        status: 200,
      },
    ]);
  });

  test("answer hostile bodies without failing", async () => {
    const url = `${discord.apiUrl}/v10/channels/${channel.id}/messages`;
    const headers = { authorization: `Bot ${discord.token}` };
    const post = async (body: string, type: string) => {
      const response = await fetch(url, {
        method: "POST",
        body,
        headers: { ...headers, "content-type": type },
      });
      return [response.status, ((await response.json()) as { code: number }).code];
    };
    expect(await post("{", "application/json")).toEqual([400, 50109]);
    expect(await post("[]", "application/json")).toEqual([400, 50035]);
    expect(await post("null", "application/json")).toEqual([400, 50006]);
    expect(await post("nonsense", "multipart/form-data; boundary=x")).toEqual([400, 50109]);
    const sent = await imagine();
    expect(await callback(sent, { type: "x" })).toMatchObject({ code: 50035 });
    expect(await callback(sent, { type: 4, data: "x" })).toMatchObject({ code: 50035 });
  });

  test("tell in vain waiting from success", async () => {
    await expect(discord.until(() => false, { timeoutMs: 1, what: "nothing" })).rejects.toThrow(
      /nothing/,
    );
  });
});

/** A modal with one prefilled field. */
function aModal(prompt: string): ModalBuilder {
  const input = new TextInputBuilder()
    .setCustomId("prompt")
    .setStyle(TextInputStyle.Paragraph)
    .setValue(prompt);
  return new ModalBuilder()
    .setCustomId("modal:1")
    .setTitle("Edit")
    .addLabelComponents(new LabelBuilder().setLabel("Prompt").setTextInputComponent(input));
}

/** A message of components with a blurred picture and a button. */
function pictureMessage(prompt: string) {
  const item = new MediaGalleryItemBuilder()
    .setURL("attachment://cat.png")
    .setDescription(prompt)
    .setSpoiler(true);
  const again = new ButtonBuilder()
    .setCustomId("again:1")
    .setLabel("Again")
    .setStyle(ButtonStyle.Primary);
  const container = new ContainerBuilder()
    .addMediaGalleryComponents(new MediaGalleryBuilder().addItems(item))
    .addTextDisplayComponents(new TextDisplayBuilder().setContent(`**${prompt}** <@1>`))
    .addActionRowComponents(new ActionRowBuilder<ButtonBuilder>().addComponents(again));
  return {
    flags: MessageFlags.IsComponentsV2,
    files: [new AttachmentBuilder(Buffer.from(PNG), { name: "cat.png" })],
    components: [container],
  } as const;
}

interface Frame {
  readonly op: number;
  readonly t: string | null;
  readonly d: unknown;
}

/** A bare connection to the gateway, past its greeting. */
async function openSocket() {
  const { url } = (await rest("GET", "/gateway/bot")).json;
  const socket = new WebSocket(`${url}?v=10&encoding=json`);
  const frames: Frame[] = [];
  const arrivals = new EventTarget();
  socket.addEventListener("message", ({ data }) => {
    frames.push(JSON.parse(String(data)) as Frame);
    arrivals.dispatchEvent(new Event("frame"));
  });
  const closed = new Promise<number>((resolve) =>
    socket.addEventListener("close", ({ code }) => resolve(code)),
  );
  /** The first frame of that opcode, and that event, not looked at yet. */
  async function next(op: number, event?: string): Promise<Frame> {
    for (;;) {
      const index = frames.findIndex(
        (it) => it.op === op && (event === undefined || it.t === event),
      );
      const [found] = index < 0 ? [] : frames.splice(index, 1);
      if (found) return found;
      await once(arrivals, "frame");
    }
  }
  await next(10);
  return {
    closed,
    next,
    send: (frame: string) => socket.send(frame),
    async identify(more: object = {}) {
      socket.send(JSON.stringify({ op: 2, d: { token: discord.token, intents: 0, ...more } }));
      await next(0, "READY");
    },
  };
}
