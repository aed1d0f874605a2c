import { MessageFlags, PermissionFlagsBits } from "discord.js";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Discord } from "../discord.ts";
import type { Where } from "./invocation.ts";
import { type ApiAnswer, PNG, type Scene, type Told, faultsOf, openScene } from "./scene.ts";
import type { GuildChannel, User } from "./world.ts";

let discord: Discord;
let channel: GuildChannel;
let ada: User;
let rest: Scene["rest"];
let send: Scene["send"];
let imagine: Scene["imagine"];
let callback: Scene["callback"];
let editOriginal: Scene["editOriginal"];
let followUp: Scene["followUp"];
let webhook: Scene["webhook"];

beforeEach(async () => {
  ({ discord, channel, ada, rest, send, imagine, callback, editOriginal, followUp, webhook } =
    await openScene());
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

const EPHEMERAL = MessageFlags.Ephemeral;
const V2 = MessageFlags.IsComponentsV2;
const row = (...components: object[]) => ({ type: 1, components });
const button = (custom_id: string) => ({ type: 2, style: 1, custom_id, label: custom_id });

describe("An interaction", () => {
  test("is answered within three seconds or unknown (10062)", async () => {
    const sent = await imagine();
    discord.advanceClock(3_001);
    expect(await callback(sent, { type: 5 })).toMatchObject({ status: 404, code: 10062 });
    const unknown = { ...sent, id: "1" };
    expect(await callback(unknown, { type: 5 })).toMatchObject({ status: 404, code: 10062 });
    expect(sent).toMatchObject({ kind: undefined, acknowledgedAfterMs: undefined });
  });

  test("is acknowledged once (40060), so no modal follows a deferral", async () => {
    const sent = await imagine();
    expect(await callback(sent, { type: 5 })).toMatchObject({ status: 204 });
    for (const type of [5, 9]) {
      expect(await callback(sent, { type, data: {} })).toMatchObject({ status: 400, code: 40060 });
    }
    expect(sent.message).toMatchObject({ loading: true });
  });

  test("has no webhook before it is answered (10015), and none after fifteen minutes (50027)", async () => {
    const sent = await imagine();
    expect(await editOriginal(sent, { content: "x" })).toMatchObject({ code: 10015 });
    await callback(sent, { type: 5 });
    discord.advanceClock(15 * 60_000 - 1_000);
    expect(await editOriginal(sent, { content: "x" })).toMatchObject({ status: 200 });
    discord.advanceClock(2_000);
    expect(await editOriginal(sent, { content: "y" })).toMatchObject({
      status: 401,
      code: 50027,
    });
    expect(await followUp(sent, { content: "y" })).toMatchObject({ code: 50027 });
    expect(sent.message).toMatchObject({ content: "x" });
  });

  test("tells its answer when asked for the response", async () => {
    const sent = await imagine();
    const path = `/interactions/${sent.id}/${sent.token}/callback?with_response=true`;
    const { status, json } = await rest("POST", path, { type: 4, data: { content: "hi" } });
    expect(status).toBe(200);
    expect(json).toMatchObject({
      interaction: { id: sent.id, response_message_id: sent.message!.id },
      resource: { type: 4, message: { content: "hi", interaction_metadata: { id: sent.id } } },
    });
  });

  test("takes only EPHEMERAL with a deferral", async () => {
    const sent = await imagine();
    const refused = await callback(sent, { type: 5, data: { flags: EPHEMERAL | V2 } });
    expect(faultsOf(refused)).toEqual({ "data.flags": "BASE_TYPE_CHOICES" });
    expect(await callback(sent, { type: 5, data: { flags: EPHEMERAL } })).toMatchObject({
      status: 204,
    });
    expect(discord.messages(channel)).toEqual([]);
    expect(discord.messages(channel, ada)).toHaveLength(1);
  });

  test("refuses an answer that does not fit it", async () => {
    for (const type of [6, 7, 8, 12]) {
      const refused = await callback(await imagine(), { type, data: { content: "x" } });
      expect(faultsOf(refused)).toEqual({ type: "BASE_TYPE_CHOICES" });
    }
  });

  test("makes the first follow-up of a deferral its answer", async () => {
    const sent = await imagine();
    await callback(sent, { type: 5 });
    const followed = await followUp(sent, { content: "done", flags: EPHEMERAL });
    expect(followed.json.id).toBe(sent.message!.id);
    expect(sent).toMatchObject({ followups: [], message: { content: "done", ephemeral: false } });
  });

  test("has five follow-ups where only the person installed the app (40094)", async () => {
    const friend = discord.user({ installed: true });
    const away = discord.guild({ installed: false });
    discord.member(away, friend);
    const sent = await imagine(discord.channel(away), friend);
    await callback(sent, { type: 4, data: { content: "first" } });
    for (const _ of times(5, () => 0)) {
      expect(await followUp(sent, { content: "more" })).toMatchObject({ status: 200 });
    }
    expect(await followUp(sent, { content: "more" })).toMatchObject({ code: 40094 });
    expect(
      await rest("POST", `/channels/${sent.channelId}/messages`, { content: "x" }),
    ).toMatchObject({ code: 50001 });
  });

  test("is answered in private where the person may not use external apps", async () => {
    const friend = discord.user({ installed: true });
    const away = discord.guild({ installed: false });
    discord.member(away, friend).permissions &= ~PermissionFlagsBits.UseExternalApps;
    const sent = await imagine(discord.channel(away), friend);
    await callback(sent, { type: 4, data: { content: "only you" } });
    expect(sent.message).toMatchObject({ ephemeral: true });
  });

  test("loses its answer when that is deleted (10008)", async () => {
    const sent = await imagine();
    await callback(sent, { type: 4, data: { content: "x" } });
    expect(await rest("DELETE", `${webhook(sent)}/messages/@original`)).toMatchObject({
      status: 204,
    });
    expect(await editOriginal(sent, { content: "y" })).toMatchObject({ code: 10008 });
    expect(await rest("GET", `${webhook(sent)}/messages/${sent.message!.id}`)).toMatchObject({
      code: 10008,
    });
    expect(sent.message).toMatchObject({ deleted: true });
  });

  test("changes the message of a button at once or later", async () => {
    await send({ content: "before", components: [row(button("go"))] });
    const [message] = discord.messages(channel);
    const first = discord.pressButton(message!, "go", ada);
    await callback(first, { type: 7, data: { content: "now" } });
    expect(message).toMatchObject({ content: "now", buttons: ["go"] });
    const second = discord.pressButton(message!, "go", ada);
    await callback(second, { type: 6 });
    await editOriginal(second, { content: "later", components: [] });
    expect(message).toMatchObject({ content: "later", buttons: [] });
  });

  test("suggests at most 25 choices of at most 100 characters", async () => {
    await imagine();
    const typed = { focused: "model", options: { model: "z" } };
    const choose = async (choices: object[]) =>
      faultsOf(
        await callback(discord.autocomplete(ada, channel, "imagine", typed), {
          type: 8,
          data: { choices },
        }),
      );
    const choice = { name: "n", value: "v" };
    expect(await choose(times(25, () => choice))).toEqual({});
    expect(await choose(times(26, () => choice))).toEqual({
      "data.choices": "BASE_TYPE_MAX_LENGTH",
    });
    expect(await choose([{ name: "n".repeat(101), value: "v".repeat(101) }])).toEqual({
      "data.choices.0.name": "BASE_TYPE_BAD_LENGTH",
      "data.choices.0.value": "BASE_TYPE_MAX_LENGTH",
    });
  });
});

describe("A modal", () => {
  const field = (more = {}) => ({
    type: 18,
    label: "Prompt",
    component: { type: 4, custom_id: "prompt", style: 2, ...more },
  });
  const modal = (more = {}) => ({ custom_id: "m", title: "Edit", components: [field()], ...more });
  const only = (component: object) => modal({ components: [component] });
  const upload = (more = {}) => ({
    type: 18,
    label: "Image",
    component: { type: 19, custom_id: "image", ...more },
  });

  test.each<Refused>([
    ["a long title", modal({ title: x(46) }), `data.title ${RANGE}`],
    ["no component", modal({ components: [] }), `data.components ${RANGE}`],
    [
      "six components",
      modal({ components: times(6, (index) => field({ custom_id: `f${index}` })) }),
      `data.components ${RANGE}`,
    ],
    [
      "a long label",
      modal({ components: [{ ...field(), label: x(46) }] }),
      `data.components.0.label ${RANGE}`,
    ],
    [
      "too much in a field",
      only(field({ value: x(4001) })),
      `data.components.0.component.value ${LONG}`,
    ],
    [
      "more than a field takes",
      only(field({ value: "abc", max_length: 2 })),
      `data.components.0.component.value ${LONG}`,
    ],
    [
      "a long placeholder",
      only(field({ placeholder: x(101) })),
      `data.components.0.component.placeholder ${LONG}`,
    ],
    [
      "a custom id twice",
      modal({ components: [field(), field()] }),
      "data.components.1 COMPONENT_CUSTOM_ID_DUPLICATED",
    ],
    [
      "eleven files",
      only(upload({ max_values: 11 })),
      "data.components.0.component.max_values NUMBER_TYPE_MAX",
    ],
    [
      "a button",
      only({ type: 1, components: [{ type: 2 }] }),
      "data.components.0.components.0 UNION_TYPE_CHOICES",
    ],
  ])("is refused with %s", async (_title, data, fault) => {
    expect(linesOf(await callback(await imagine(), { type: 9, data }))).toContain(fault);
  });

  test("takes files and choices, and does not open another", async () => {
    const sent = await imagine();
    const components = [
      upload(),
      {
        type: 18,
        label: "Ratio",
        component: { type: 3, custom_id: "ratio", options: [{ label: "Wide", value: "16:9" }] },
      },
    ];
    await callback(sent, { type: 9, data: modal({ components }) });
    const image = [{ filename: "in.png", bytes: PNG }];
    expect(() => discord.submitModal(sent, { Image: image, Ratio: "Tall" })).toThrow(
      /does not offer/,
    );
    expect(() => discord.submitModal(sent, { Ratio: "Wide" })).toThrow(/does not take 0/);
    const submitted = discord.submitModal(sent, { Image: image, Ratio: "Wide" });
    const again = await callback(submitted, { type: 9, data: modal() });
    expect(faultsOf(again)).toEqual({ type: "BASE_TYPE_CHOICES" });
    expect(await callback(submitted, { type: 5 })).toMatchObject({ status: 204 });
  });

  test("is not sent with too little or too much", async () => {
    const sent = await imagine();
    const components = [field({ min_length: 3, max_length: 5 })];
    await callback(sent, { type: 9, data: modal({ components }) });
    expect(() => discord.submitModal(sent, { prompt: "ab" })).toThrow(/too short/);
    expect(() => discord.submitModal(sent, { prompt: "abcdef" })).toThrow(/too long/);
    expect(() => discord.submitModal(sent, { other: "abc" })).toThrow(/no field/);
  });
});

describe("Commands", () => {
  const path = () => `/applications/${discord.applicationId}/commands`;
  const option = (name: string, more = {}) => ({ type: 3, name, description: "d", ...more });
  const command = (more = {}) => ({ name: "draw", description: "d", ...more });
  const taking = (...options: object[]) => command({ options });
  const BAD_NAME = "APPLICATION_COMMAND_INVALID_NAME";
  const TAKEN = "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS";
  const CHOICE = { name: "n", value: "v" };
  const LONG_CHOICE = { name: x(50), value: x(50) };

  test.each<Refused>([
    ["capitals in its name", command({ name: "Draw" }), `name ${BAD_NAME}`],
    ["a space in its name", command({ name: "draw it" }), `name ${BAD_NAME}`],
    ["a long name", command({ name: x(33) }), `name ${RANGE}`],
    ["no description", { name: "draw" }, "description BASE_TYPE_REQUIRED"],
    ["a long description", command({ description: x(101) }), `description ${LONG}`],
    [
      "an unknown language",
      command({ name_localizations: { xx: "x" } }),
      "name_localizations.xx ENUM_TYPE_COERCE",
    ],
    [
      "a translated name with a space",
      command({ name_localizations: { ja: "画 図" } }),
      `name_localizations.ja ${BAD_NAME}`,
    ],
    ["26 options", taking(...times(26, (index) => option(`o${index}`))), `options ${LONG}`],
    [
      "26 choices",
      taking(option("o", { choices: times(26, () => CHOICE) })),
      `options.0.choices ${LONG}`,
    ],
    [
      "choices and suggestions",
      taking(option("o", { autocomplete: true, choices: [CHOICE] })),
      "options.0.autocomplete APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_INVALID",
    ],
    [
      "a required option after another",
      taking(option("a"), option("b", { required: true })),
      "options.1 APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
    ],
    ["an option twice", taking(option("a"), option("a")), `options.1.name ${TAKEN}`],
    [
      "an option translated like another",
      taking(option("a", { name_localizations: { "zh-CN": "b" } }), option("b")),
      `options.0.name_localizations.zh-CN ${TAKEN}`,
    ],
    [
      "a long text",
      taking(option("o", { max_length: 6001 })),
      "options.0.max_length NUMBER_TYPE_MAX",
    ],
    [
      "a range upside down",
      taking({ ...option("o"), type: 4, min_value: 2, max_value: 1 }),
      "options.0.min_value APPLICATION_COMMAND_OPTIONS_VALUE_RANGE_INVALID",
    ],
    [
      "an unknown kind of option",
      taking({ ...option("o"), type: 12 }),
      "options.0 UNION_TYPE_CHOICES",
    ],
    ["no context", command({ contexts: [] }), `contexts ${RANGE}`],
    ["a context twice", command({ contexts: [0, 0] }), `contexts ${RANGE}`],
    [
      "a description in a menu",
      { name: "Draw this", type: 3, description: "d" },
      "description APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_CANNOT_BE_SET",
    ],
    [
      "more than 8000 characters",
      taking(
        ...times(4, (index) => option(`o${index}`, { choices: times(25, () => LONG_CHOICE) })),
      ),
      " APPLICATION_COMMAND_TOO_LARGE",
    ],
  ])("are refused with %s", async (_title, body, fault) => {
    const refused = await rest("POST", path(), body);
    expect(refused).toMatchObject({ status: 400, code: 50035 });
    expect(linesOf(refused)).toContain(fault);
  });

  test("have one name each, and a number of each type (30032)", async () => {
    const twice = await rest("PUT", path(), [command(), command()]);
    expect(faultsOf(twice)).toEqual({ "1": "APPLICATION_COMMANDS_DUPLICATE_NAME" });
    const menus = times(16, (index) => ({ name: `Menu ${index}`, type: 3 }));
    expect(await rest("PUT", path(), menus)).toMatchObject({ code: 30032 });
    expect(discord.commands()).toEqual([]);
  });

  test("keep their id when they are put again, and their version when nothing changed", async () => {
    const first = await rest("POST", path(), command());
    const same = await rest("POST", path(), command());
    const other = await rest("PUT", path(), [command({ description: "other" })]);
    expect([first.status, same.status, other.status]).toEqual([201, 200, 200]);
    expect(same.json).toEqual(first.json);
    const [replaced] = other.json as unknown as [Told];
    expect(replaced).toMatchObject({
      id: first.json.id,
      integration_types: [0],
      contexts: null,
    });
    expect(replaced.version).not.toBe(first.json.version);
    expect(discord.registrations()).toBe(3);
  });

  test("are changed, listed without translations unless asked, and removed", async () => {
    const { json } = await rest(
      "POST",
      path(),
      command({ name_localizations: { "zh-CN": "画图" } }),
    );
    const one = `${path()}/${json.id}`;
    await rest("PATCH", one, { description: "new" });
    expect((await rest("GET", path())).json).toEqual([
      expect.not.objectContaining({ name_localizations: expect.anything() }),
    ]);
    const listed = await rest("GET", `${path()}?with_localizations=true`);
    expect(listed.json).toMatchObject([
      { description: "new", name_localizations: { "zh-CN": "画图" } },
    ]);
    expect(await rest("DELETE", one)).toMatchObject({ status: 204 });
    expect(await rest("GET", one)).toMatchObject({ status: 404, code: 10063 });
  });

  test("belong to a server or to all", async () => {
    const { guild } = channel;
    await rest("PUT", `/applications/${discord.applicationId}/guilds/${guild.id}/commands`, [
      command(),
    ]);
    expect(discord.commands()).toEqual([]);
    expect(discord.commands(guild)).toMatchObject([{ name: "draw" }]);
    expect(discord.registrations(guild)).toBe(1);
  });

  test("are offered only where they are, to whom they may be, with what they take", async () => {
    const options = [
      option("prompt", { required: true, max_length: 5 }),
      option("ratio", { choices: [{ name: "Square", value: "1:1" }] }),
      { ...option("seed"), type: 4, min_value: 1 },
    ];
    const show = { ...option("show"), type: 1, options: [option("code", { required: true })] };
    await rest("PUT", path(), [
      command({ options, contexts: [0], integration_types: [0] }),
      command({ name: "history", options: [show], nsfw: true, default_member_permissions: "32" }),
    ]);
    const draw =
      (values: Record<string, string | number>, where: Where = channel) =>
      () =>
        discord.slash(ada, where, "draw", values);
    expect(draw({})).toThrow(/required/);
    expect(draw({ prompt: "too long" })).toThrow(/too long/);
    expect(draw({ prompt: "cat", ratio: "9:9" })).toThrow(/choices/);
    expect(draw({ prompt: "cat", seed: 0 })).toThrow(/range/);
    expect(draw({ prompt: "cat", other: "x" })).toThrow(/no option/);
    expect(draw({ prompt: "cat" }, discord.directMessages(ada))).toThrow(/not in such a place/);
    expect(draw({ prompt: "cat", seed: 7 })).not.toThrow();
    const see = () => discord.slash(ada, channel, "history show", { code: "zi-1" });
    expect(see).toThrow(/age-restricted/);
    channel.nsfw = true;
    expect(see).toThrow(/permissions/);
    channel.guild.members.get(ada.id)!.permissions |= PermissionFlagsBits.ManageGuild;
    expect(see).not.toThrow();
  });
});
