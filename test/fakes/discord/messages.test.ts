import { MessageFlags, PermissionFlagsBits } from "discord.js";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Discord } from "../discord.ts";
import { type ApiAnswer, PNG, type Scene, faultsOf, openScene } from "./scene.ts";
import type { GuildChannel, User } from "./world.ts";

let discord: Discord;
let channel: GuildChannel;
let ada: User;
let rest: Scene["rest"];
let send: Scene["send"];
let imagine: Scene["imagine"];
let callback: Scene["callback"];
let editOriginal: Scene["editOriginal"];

beforeEach(async () => {
  ({ discord, channel, ada, rest, send, imagine, callback, editOriginal } = await openScene());
});

afterEach(async () => {
  await discord.close();
});

/** What is sent, and one line of what is wrong with it. */
type Refused = readonly [title: string, body: object, fault: string];
const LONG = "BASE_TYPE_MAX_LENGTH";
const RANGE = "BASE_TYPE_BAD_LENGTH";
const x = (length: number) => "x".repeat(length);
const times = <Made>(count: number, make: (index: number) => Made): Made[] =>
  Array.from({ length: count }, (_, index) => make(index));
const linesOf = (answer: ApiAnswer) =>
  Object.entries(faultsOf(answer)).map(([place, code]) => `${place} ${code}`);

const V2 = MessageFlags.IsComponentsV2;
const LEGACY = "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2";
const NO_FILE = "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND";
const LINK = "https://a.test/b.png";
const FIELD = { name: "n", value: "v" };
const embed = (fields: object) => ({ embeds: [fields] });
const text = (content: string) => ({ type: 10, content });
const button = (custom_id: string, label = custom_id) => ({ type: 2, style: 1, custom_id, label });
const select = (count: number) => ({
  type: 3,
  custom_id: "s",
  options: times(count, (index) => ({ label: "l", value: `${index}` })),
});
const row = (...components: object[]) => ({ type: 1, components });
const inRow = (...components: object[]) => ({ components: [row(...components)] });
const gallery = (...urls: string[]) => ({
  type: 12,
  items: urls.map((url) => ({ media: { url } })),
});
const v2 = (...components: object[]) => ({ flags: V2, components });

describe("A message", () => {
  test.each<Refused>([
    ["2001 characters", { content: "é".repeat(2001) }, `content ${LONG}`],
    ["a content that is no text", { content: 5 }, "content STRING_TYPE_CONVERT"],
    ["11 embeds", { embeds: times(11, () => ({ title: "x" })) }, `embeds ${LONG}`],
    ["a long title", embed({ title: x(257) }), `embeds.0.title ${LONG}`],
    ["a long description", embed({ description: x(4097) }), `embeds.0.description ${LONG}`],
    ["a long footer", embed({ footer: { text: x(2049) } }), `embeds.0.footer.text ${LONG}`],
    ["26 fields", embed({ fields: times(26, () => FIELD) }), `embeds.0.fields ${LONG}`],
    [
      "a long field",
      embed({ fields: [{ ...FIELD, value: x(1025) }] }),
      `embeds.0.fields.0.value ${RANGE}`,
    ],
    [
      "half a field",
      embed({ fields: [{ name: "n" }] }),
      "embeds.0.fields.0.value BASE_TYPE_REQUIRED",
    ],
    [
      "6001 characters in embeds",
      { embeds: [{ description: x(3000) }, { description: x(3001) }] },
      "embeds MAX_EMBED_SIZE_EXCEEDED",
    ],
    ["a long nonce", { nonce: x(26) }, `nonce ${LONG}`],
    [
      "mentions both parsed and listed",
      { allowed_mentions: { parse: ["users"], users: ["1"] } },
      "allowed_mentions MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
    ],
    [
      "six rows",
      { components: times(6, (index) => row(button(`b${index}`))) },
      `components ${LONG}`,
    ],
    [
      "six buttons in a row",
      inRow(...times(6, (index) => button(`b${index}`))),
      `components.0.components ${RANGE}`,
    ],
    ["an empty row", inRow(), `components.0.components ${RANGE}`],
    [
      "a select beside a button",
      inRow(button("a"), select(1)),
      "components.0.components.1 COMPONENT_LAYOUT_WIDTH_EXCEEDED",
    ],
    [
      "a long custom id",
      inRow(button(x(101), "b")),
      `components.0.components.0.custom_id ${RANGE}`,
    ],
    ["an empty custom id", inRow(button("", "b")), `components.0.components.0.custom_id ${RANGE}`],
    ["a long label", inRow(button("b", x(81))), `components.0.components.0.label ${LONG}`],
    [
      "no label",
      inRow(button("b", " ")),
      "components.0.components.0.label BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED",
    ],
    [
      "a link to nowhere",
      inRow({ ...button("b"), style: 5 }),
      "components.0.components.0.url BUTTON_COMPONENT_URL_REQUIRED",
    ],
    [
      "a custom id twice",
      inRow(button("a"), button("a")),
      "components.0.components.1.custom_id COMPONENT_CUSTOM_ID_DUPLICATED",
    ],
    ["26 options", inRow(select(26)), `components.0.components.0.options ${RANGE}`],
    [
      "text components without the flag",
      { components: [text("x")] },
      "components.0 UNION_TYPE_CHOICES",
    ],
    [
      "an answer to nothing",
      { message_reference: { message_id: "1" } },
      "message_reference REPLIES_UNKNOWN_MESSAGE",
    ],
  ])("is refused with %s", async (_title, body, fault) => {
    const refused = await send({ content: "x", ...body });
    expect(refused).toMatchObject({ status: 400, code: 50035 });
    expect(linesOf(refused)).toContain(fault);
    expect(discord.messages(channel)).toEqual([]);
  });

  test("is counted in characters, not in UTF-16 units", async () => {
    expect(await send({ content: "🐈".repeat(2000) })).toMatchObject({ status: 200 });
  });

  test("says something (50006), now and after an edit", async () => {
    expect(await send({ content: " \n" })).toMatchObject({ status: 400, code: 50006 });
    const { json } = await send({ content: "x" });
    const edited = await rest("PATCH", `/channels/${channel.id}/messages/${json.id}`, {
      content: "",
    });
    expect(edited).toMatchObject({ code: 50006 });
  });

  test("calls only whom it may, and nobody in code", async () => {
    const role = discord.role(channel.guild, { mentionable: true });
    const content = `@everyone <@${ada.id}> <@&${role.id}> \`<@${channel.guild.owner.id}>\``;
    await send({ content });
    await send({ content, allowed_mentions: { parse: [] } });
    await send({ content, allowed_mentions: { users: [ada.id] } });
    const { MentionEveryone } = PermissionFlagsBits;
    channel.guild.members.get(discord.applicationId)!.permissions |= MentionEveryone;
    await send({ content: `@here` });
    const none = { everyone: false, roles: [], users: [] };
    expect(discord.messages(channel).map(({ pings }) => pings)).toEqual([
      { everyone: false, roles: [role.id], users: [ada.id] },
      none,
      { ...none, users: [ada.id] },
      { ...none, everyone: true },
    ]);
  });

  test("keeps whom it ever called, edits and answers to interactions too", async () => {
    const sent = await imagine();
    await callback(sent, { type: 5 });
    await editOriginal(sent, { content: `<@${ada.id}> @everyone` });
    await editOriginal(sent, { content: "nobody" });
    expect(sent.message!.pings).toEqual({ everyone: false, roles: [], users: [ada.id] });
  });

  test("is sent once for one nonce, for a few minutes", async () => {
    const body = { content: "x", nonce: "job-1", enforce_nonce: true };
    const first = await send(body);
    expect((await send({ ...body, content: "y" })).json.id).toBe(first.json.id);
    expect((await send({ ...body, enforce_nonce: false })).json.id).not.toBe(first.json.id);
    discord.advanceClock(6 * 60_000);
    expect((await send(body)).json.id).not.toBe(first.json.id);
    expect(discord.messages(channel)).toHaveLength(3);
  });

  test("is blocked by a server's moderation (200000), also as an answer", async () => {
    channel.guild.blockedWords.push("Badger");
    expect(await send({ content: "a badger!" })).toMatchObject({ status: 400, code: 200000 });
    const sent = await imagine();
    await callback(sent, { type: 5 });
    const edited = await editOriginal(sent, { flags: V2, components: [text("BADGER")] });
    expect(edited).toMatchObject({ code: 200000 });
    expect(sent.message).toMatchObject({ loading: true });
  });

  test("older than an hour is edited three times in six seconds (30046)", async () => {
    discord.stopClock();
    const { json } = await send({ content: "x" });
    const path = `/channels/${channel.id}/messages/${json.id}`;
    discord.advanceClock(61 * 60_000);
    for (const content of ["1", "2", "3"]) {
      expect(await rest("PATCH", path, { content })).toMatchObject({ status: 200 });
    }
    const refused = await rest("PATCH", path, { content: "4" });
    expect(refused).toMatchObject({ status: 429, code: 30046 });
    expect(refused.json.retry_after).toBe(6);
    expect(Number(refused.headers.get("retry-after"))).toBe(refused.json.retry_after);
    discord.advanceClock(6_000);
    expect(await rest("PATCH", path, { content: "4" })).toMatchObject({ status: 200 });
  });
});

describe("Components V2", () => {
  test.each<Refused>([
    ["content", { ...v2(text("x")), content: "x" }, `content ${LEGACY}`],
    ["embeds", { ...v2(text("x")), embeds: [{ title: "x" }] }, `embeds ${LEGACY}`],
    [
      "41 components, inner ones counted",
      v2({ type: 17, components: times(20, () => text("x")) }, ...times(20, () => text("x"))),
      "components COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
    ],
    [
      "4001 characters together",
      v2(text(x(2000)), text(x(2001))),
      "components COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
    ],
    ["an empty text", v2(text("")), `components.0.content ${RANGE}`],
    ["a gallery of none", v2(gallery()), `components.0.items ${RANGE}`],
    ["a gallery of eleven", v2(gallery(...times(11, () => LINK))), `components.0.items ${RANGE}`],
    [
      "a long alternative text",
      v2({ type: 12, items: [{ media: { url: LINK }, description: x(1025) }] }),
      `components.0.items.0.description ${RANGE}`,
    ],
    [
      "an address of another kind",
      v2(gallery("file:///a.png")),
      "components.0.items.0.media.url URL_TYPE_INVALID_SCHEME",
    ],
    [
      "an attachment that is not there",
      v2(gallery("attachment://no.png")),
      `components.0.items.0.media.url ${NO_FILE}`,
    ],
    [
      "a file that is a link",
      v2({ type: 13, file: { url: LINK } }),
      "components.0.file.url UNFURLED_MEDIA_ITEM_ATTACHMENT_REFERENCE_REQUIRED",
    ],
    [
      "a section without accessory",
      v2({ type: 9, components: [text("x")] }),
      "components.0.accessory BASE_TYPE_REQUIRED",
    ],
    [
      "a container in a container",
      v2({ type: 17, components: [{ type: 17, components: [text("x")] }] }),
      "components.0.components.0 UNION_TYPE_CHOICES",
    ],
    ["a bare button", v2(button("b")), "components.0 UNION_TYPE_CHOICES"],
    [
      "a number twice",
      v2({ ...text("x"), id: 7 }, { ...text("y"), id: 7 }),
      "components.1.id COMPONENT_ID_DUPLICATED",
    ],
    [
      "a custom id twice, one in an accessory",
      v2(row(button("a")), { type: 9, components: [text("x")], accessory: button("a") }),
      "components.1.accessory.custom_id COMPONENT_CUSTOM_ID_DUPLICATED",
    ],
  ])("refuse %s", async (_title, body, fault) => {
    const refused = await send(body);
    expect(refused).toMatchObject({ status: 400, code: 50035 });
    expect(linesOf(refused)).toContain(fault);
  });

  test("take forty components and 4000 characters", async () => {
    const body = v2(text("x".repeat(3961)), ...times(39, () => text("y")));
    expect(await send(body)).toMatchObject({ status: 200 });
    expect(discord.messages(channel)[0]!.text).toHaveLength(4000 + 39);
  });

  test("fail on 10,170 bytes of text, as an answer with 10062", async () => {
    const long = v2(text("画".repeat(3390)));
    expect(await send(long)).toMatchObject({ status: 500 });
    expect(await callback(await imagine(), { type: 4, data: long })).toMatchObject({
      code: 10062,
    });
    expect(await send(v2(text("画".repeat(3386))))).toMatchObject({ status: 200 });
  });

  test("cannot be taken away by an edit, and have to be asked for again", async () => {
    const { json } = await send(v2(text("x")));
    const path = `/channels/${channel.id}/messages/${json.id}`;
    const bare = await rest("PATCH", path, { content: "y" });
    expect(faultsOf(bare)).toEqual({ flags: "MESSAGE_CANNOT_REMOVE_COMPONENTS_V2_FLAG" });
    const unflagged = await rest("PATCH", path, { components: [text("y")] });
    expect(faultsOf(unflagged)).toEqual({ "components.0": "UNION_TYPE_CHOICES" });
    expect(await rest("PATCH", path, v2(text("y")))).toMatchObject({ status: 200 });
    expect(discord.messages(channel)[0]!.text).toBe("y");
  });

  test("replace a message of the old kind once its content is emptied", async () => {
    const { json } = await send({ content: "waiting" });
    const path = `/channels/${channel.id}/messages/${json.id}`;
    expect(faultsOf(await rest("PATCH", path, v2(text("y"))))).toHaveProperty("content");
    expect(await rest("PATCH", path, { ...v2(text("y")), content: null })).toMatchObject({
      status: 200,
    });
  });

  test("keep their pictures through edits, by id and name or by link", async () => {
    const files = { "a.png": PNG };
    const { json } = await send(v2(gallery("attachment://a.png")), { files });
    const [message] = discord.messages(channel);
    const path = `/channels/${channel.id}/messages/${json.id}`;
    const { attachment_id: id, url } = json.components[0].items[0].media;
    expect(json.attachments).toEqual([]);
    expect(message!.files).toMatchObject([{ id, filename: "a.png" }]);

    const named = {
      ...v2(gallery("attachment://a.png")),
      attachments: [{ id, filename: "a.png" }],
    };
    const unnamed = { ...named, attachments: [{ id }] };
    expect(await rest("PATCH", path, named)).toMatchObject({ status: 200 });
    expect(faultsOf(await rest("PATCH", path, unnamed))).toEqual({
      "components.0.items.0.media.url": NO_FILE,
      attachments: "MESSAGE_ATTACHMENT_NOT_REFERENCED",
    });
    expect(await rest("PATCH", path, { ...v2(gallery(url)), attachments: [] })).toMatchObject({
      status: 200,
    });
    expect(message!.files).toMatchObject([{ id }]);
    expect(faultsOf(await rest("PATCH", path, v2(text("gone"))))).toEqual({
      attachments: "MESSAGE_ATTACHMENT_NOT_REFERENCED",
    });
    expect(await rest("PATCH", path, { ...v2(text("gone")), attachments: [] })).toMatchObject({
      status: 200,
    });
    expect(message!.files).toEqual([]);
  });

  test("blur what a container, an item or the name of a file says", async () => {
    const item = (url: string, more = {}) => ({ media: { url }, ...more });
    await send(
      v2(
        {
          type: 12,
          items: [
            item("attachment://SPOILER_a.png"),
            item("attachment://b.png", { spoiler: true }),
            item("attachment://c.png"),
          ],
        },
        { type: 17, spoiler: true, components: [gallery("attachment://d.png")] },
      ),
      { files: { "SPOILER_a.png": PNG, "b.png": PNG, "c.png": PNG, "d.png": PNG } },
    );
    const [message] = discord.messages(channel);
    expect(message!.files.map(({ spoiler }) => spoiler)).toEqual([true, true, false, true]);
  });
});

describe("Attachments", () => {
  test("are taken up to the limit of the place (40005), which may be lower than it says", async () => {
    channel.guild.attachmentLimit = 20;
    channel.guild.realAttachmentLimit = 12;
    const fits = { files: { "a.png": new Uint8Array(12) } };
    const large = { files: { "a.png": new Uint8Array(13) } };
    expect(await send({ content: "x" }, fits)).toMatchObject({ status: 200 });
    expect(await send({ content: "x" }, large)).toMatchObject({ status: 413, code: 40005 });
    const sent = await imagine();
    expect(await callback(sent, { type: 4, data: {} }, large)).toMatchObject({ code: 40005 });
  });

  test("together with the rest have at most 25 MiB (40005)", async () => {
    const body = new Uint8Array(25 * 1024 * 1024 + 1);
    const response = await fetch(`${discord.apiUrl}/v10/channels/${channel.id}/messages`, {
      method: "POST",
      headers: { authorization: `Bot ${discord.token}` },
      body,
    });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ code: 40005 });
  });

  test("are listed, described, kept and dropped by edits", async () => {
    const files = { "my cat.png": PNG };
    const attachments = [{ id: 0, description: "a cat" }];
    const { json } = await send({ content: "x", attachments }, { files });
    expect(json.attachments).toMatchObject([
      { filename: "my_cat.png", description: "a cat", size: 11 },
    ]);
    const path = `/channels/${channel.id}/messages/${json.id}`;
    await rest("PATCH", path, { content: "still there" });
    expect(discord.messages(channel)[0]!.files).toHaveLength(1);
    const unknown = await rest("PATCH", path, { attachments: [{ id: "99" }] });
    expect(faultsOf(unknown)).toEqual({ "attachments.0.id": "ATTACHMENT_NOT_FOUND" });
    await rest("PATCH", path, { attachments: [{ id: 0 }] }, { files: { "new.png": PNG } });
    expect(discord.messages(channel)[0]!.files).toMatchObject([{ filename: "new.png" }]);
  });

  test("have links that are signed, live for a day and come anew with the message", async () => {
    const { json } = await send({ content: "x" }, { files: { "a.png": PNG } });
    const { url } = json.attachments[0];
    expect(new Uint8Array(await (await fetch(url)).arrayBuffer())).toEqual(PNG);
    expect((await fetch(url.replace(/\?.*/, ""))).status).toBe(404);
    discord.advanceClock(25 * 60 * 60_000);
    expect((await fetch(url)).status).toBe(404);
    const again = await rest("GET", `/channels/${channel.id}/messages/${json.id}`);
    expect((await fetch(again.json.attachments[0].url)).status).toBe(200);
  });
});

describe("Channels", () => {
  const { AttachFiles, ManageMessages, SendMessages, ViewChannel } = PermissionFlagsBits;

  test("are unknown (10003), closed (50001) or read-only (50013)", async () => {
    const guild = channel.guild;
    const hidden = discord.channel(guild, { appPermissions: 0n });
    const silent = discord.channel(guild, { appPermissions: ViewChannel });
    const pictureless = discord.channel(guild, { appPermissions: ViewChannel | SendMessages });
    const post = (id: string, options = {}) =>
      rest("POST", `/channels/${id}/messages`, { content: "x" }, options);
    expect(await post("123")).toMatchObject({ status: 404, code: 10003 });
    expect(await post(hidden.id)).toMatchObject({ status: 403, code: 50001 });
    expect(await post(silent.id)).toMatchObject({ status: 403, code: 50013 });
    expect(await post(pictureless.id)).toMatchObject({ status: 200 });
    expect(await post(pictureless.id, { files: { "a.png": PNG } })).toMatchObject({ code: 50013 });
    expect(pictureless.overrides.get(discord.applicationId)! & AttachFiles).toBe(0n);
    discord.deleteChannel(silent);
    expect(await post(silent.id)).toMatchObject({ code: 10003 });
    discord.kick(guild);
    expect(await post(channel.id)).toMatchObject({ code: 50001 });
  });

  test("keep others' messages from being edited (50005) or deleted (50013) without permission", async () => {
    const { id } = discord.say(ada, channel, "mine");
    const path = `/channels/${channel.id}/messages/${id}`;
    expect(await rest("PATCH", path, { content: "x" })).toMatchObject({ status: 403, code: 50005 });
    expect(await rest("DELETE", path)).toMatchObject({ status: 403, code: 50013 });
    channel.guild.members.get(discord.applicationId)!.permissions |= ManageMessages;
    expect(await rest("DELETE", path)).toMatchObject({ status: 204 });
    expect(await rest("DELETE", path)).toMatchObject({ status: 404, code: 10008 });
  });

  test("do not know ephemeral messages (10008)", async () => {
    const sent = await imagine();
    await callback(sent, { type: 4, data: { content: "secret", flags: MessageFlags.Ephemeral } });
    const path = `/channels/${channel.id}/messages/${sent.message!.id}`;
    for (const method of ["GET", "PATCH", "DELETE"]) {
      expect(
        await rest(method, path, method === "PATCH" ? { content: "x" } : undefined),
      ).toMatchObject({ code: 10008 });
    }
    expect((await rest("GET", `/channels/${channel.id}/messages`)).json).toEqual([]);
    expect(() => discord.pressButton(sent.message!, "x", discord.user())).toThrow(/ephemeral/);
  });

  test("of people are refused where they accept none (50007) or share no server (50278)", async () => {
    const write = async (user: User) => {
      const { json } = await rest("POST", "/users/@me/channels", { recipient_id: user.id });
      return rest("POST", `/channels/${json.id}/messages`, { content: "hi" });
    };
    expect(await write(ada)).toMatchObject({ status: 200 });
    ada.acceptsMessages = false;
    expect(await write(ada)).toMatchObject({ status: 403, code: 50007 });
    expect(await write(discord.user())).toMatchObject({ status: 403, code: 50278 });
    expect(await write(discord.user({ installed: true }))).toMatchObject({ status: 200 });
  });

  test("tell of servers and members", async () => {
    const guild = `/guilds/${channel.guild.id}`;
    expect((await rest("GET", guild)).json).toMatchObject({ name: "Studio" });
    expect((await rest("GET", `${guild}/members/${ada.id}`)).json).toMatchObject({
      user: { username: "ada" },
    });
    expect(await rest("GET", `${guild}/members/${discord.user().id}`)).toMatchObject({
      code: 10007,
    });
    expect(await rest("GET", `/guilds/1`)).toMatchObject({ code: 10004 });
    expect((await rest("GET", `/channels/${channel.id}`)).json).toMatchObject({ nsfw: false });
  });
});
