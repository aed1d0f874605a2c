import { ButtonStyle, PermissionFlagsBits } from "discord.js";
import { describe, expect, test } from "vitest";
import { limits } from "../../../bots/discord/limits.ts";
import type { Enhancer } from "../../../core/enhance.ts";
import { createPolicy, parseRules } from "../../../core/policy.ts";
import { APP_PERMISSIONS } from "../../fakes/discord/world.ts";
import { codeIn, openedDoor, testModel } from "./scene.ts";

const hostile = [
  "@everyone <@1> <@&2> <#3>",
  "# heading",
  "- list",
  "1. first",
  "> quote",
  "[click](https://evil.example) https://evil.example",
  "**bold** _it_ ~~no~~ ||hidden|| `code` ```block```",
  "\u202Eright to left",
].join("\n");

/** An enhancer that makes this of everything. */
function enhancing(enhance: (prompt: string) => string): Enhancer {
  const usage = { promptTokens: 1, completionTokens: 1 };
  const enhancement = { status: "enhanced", model: "llm", usage } as const;
  return async ({ words }) => ({ prompt: enhance(words), enhancement });
}

describe("Asking in Discord", () => {
  test("promises an answer at once, shows progress with Cancel, and ends as the picture", async () => {
    const { discord, imagine, easel, messages } = await openedDoor();
    const sent = imagine("a cat reading", { options: { ratio: "16:9", seed: 77 } });
    const acknowledged = await sent.acknowledged();
    expect(acknowledged.kind).toBe("deferred-message");
    await discord.until(() => sent.message?.buttons.includes("Cancel"));
    expect(sent.message?.text).toMatch(/In line|Painting/);
    await easel.begun(1);
    easel.finish();
    await discord.until(() => sent.message?.files.length === 1);
    const [message] = messages();
    expect(message?.text).toMatch(/^a cat reading\n16:9 · 128×72 · seed 77 · zi-[0-9A-Z]{10}$/);
    expect(message?.files[0]).toMatchObject({
      description: "a cat reading",
      spoiler: false,
      contentType: "image/png",
    });
    expect(message?.buttons).toEqual([
      "Again",
      "Vary",
      "My words",
      "Ratio",
      "Reword",
      "Original",
      "Hide",
      "Delete",
    ]);
    expect(message?.controls.at(-1)?.style).toBe(ButtonStyle.Danger);
    expect(messages()).toHaveLength(1);
  });

  test("puts nothing but the code and the action into buttons", async () => {
    const { drawn } = await openedDoor();
    const message = await drawn("x".repeat(4000));
    for (const { customId = "" } of message.controls) {
      expect(customId.length).toBeLessThanOrEqual(100);
      expect(customId).toContain(codeIn(message));
    }
  });

  test("shows progress and a preview where the provider has them", async () => {
    const { discord, imagine, easel } = await openedDoor({ easel: { progress: true } });
    const sent = imagine("a cat");
    await easel.begun(1);
    const preview = Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, 1, 2]);
    easel.contexts[0]?.onProgress({ fraction: 0.4, preview });
    await discord.until(() => sent.message?.text.includes("40 %"));
    expect(sent.message?.files.map(({ bytes }) => Uint8Array.from(bytes))).toEqual([preview]);
    easel.contexts[0]?.onProgress({ fraction: 0.6 });
    await discord.until(() => sent.message?.text.includes("60 %"));
    expect(sent.message?.files).toEqual([]);
    easel.finish();
    await discord.until(() => sent.message?.files.length === 1);
  });

  test.for([
    ["Markdown, mentions and links", hostile],
    ["4,000 characters", "word ".repeat(800).trim()],
    ["4,000 characters of three bytes", "猫".repeat(4000)],
    ["4,000 characters that are all escaped", "*".repeat(4000)],
    ["4,000 emoji units", "😀".repeat(2000)],
    ["zero-width characters", `\u200Ba\u200D\u2060\uFEFF`],
    ["Markdown at the cut", `${"a".repeat(3380)}${"_*".repeat(200)}`],
  ])("stays harmless and within every limit with %s", async ([, prompt = ""]) => {
    const called: string[] = [];
    const studio = { enhance: enhancing((plain) => `${called.join(" ")} ${plain}`) };
    const mayCall = { appPermissions: APP_PERMISSIONS | PermissionFlagsBits.MentionEveryone };
    const { drawn, discord, guild, anna } = await openedDoor({ studio, guild: mayCall });
    const role = discord.role(guild, { mentionable: true });
    called.push("@everyone", `<@${anna.id}>`, `<@&${role.id}>`, prompt.slice(0, 9));
    const message = await drawn(prompt);
    expect(discord.calls.filter(({ status = 0 }) => status >= 400)).toEqual([]);
    const label = "> **Enhanced prompt:** ";
    expect(message.text).toContain(`\n${label}\\@everyone`);
    const text = message.text.replace(label, "");
    expect(text).toMatch(/seed \d+ · zi-/);
    expect(message.pings).toEqual({ everyone: false, roles: [], users: [] });
    expect(text).not.toMatch(/(?<!\\)[@[`*_<]/);
    expect(text).not.toMatch(/^(#|-|\d+\.|>) /m);
    expect(text).not.toContain("https://");
    expect(text).not.toContain("\u202E");
    expect(message.files[0]?.description?.length).toBeLessThanOrEqual(1024);
  });

  test("shows the person's words and what was made of them, and Vary asks the enhancer anew", async () => {
    let asked = 0;
    const enhance = enhancing((prompt) => `${prompt}, version ${++asked}`);
    const { drawn, discord, anna, easel } = await openedDoor({ studio: { enhance } });
    const message = await drawn("a cat");
    expect(message.text).toMatch(
      /^a cat\n> \*\*Enhanced prompt:\*\* a cat, version 1\n1:1 · 64×64 · seed \d+ · zi-\w+$/,
    );
    for (const [index, label] of ["Vary", "My words", "Again"].entries()) {
      discord.pressButton(message, label, anna);
      await easel.begun(index + 2);
      easel.finish();
    }
    const [, vary, own, again] = easel.orders.map(({ prompt }) => prompt);
    expect([vary, own, again]).toEqual(["a cat, version 2", "a cat", "a cat, version 1"]);
  });

  test("tells the place in line and how long it takes", async () => {
    const { drawn, imagine, discord, easel } = await openedDoor({ studio: { slots: 1 } });
    await drawn("a cat");
    imagine("a dog");
    await easel.begun(2);
    const waiting = imagine("an owl");
    await discord.until(() => waiting.message?.text === "In line, 1st · about 1 s");
    expect(waiting.message?.buttons).toEqual(["Cancel"]);
  });

  test("changes its progress no more often than it may", async () => {
    const progressEveryMs = 120;
    const options = { easel: { progress: true }, door: { progressEveryMs } };
    const { discord, imagine, easel } = await openedDoor(options);
    const sent = imagine("a cat");
    await easel.begun(1);
    const telling = setInterval(() => {
      easel.contexts[0]?.onProgress({ fraction: Math.random() });
    }, 5);
    await discord.until(() => (sent.message?.revisions.length ?? 0) > 4);
    clearInterval(telling);
    const times = sent.message?.revisions.slice(1).map(({ at }) => at) ?? [];
    const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(progressEveryMs - 10);
    expect(limits.progressEveryMs).toBe(2_000);
  });

  test("shows the untouched file itself, so that it need not be asked for", async () => {
    const { drawn, images, discord } = await openedDoor();
    const { files } = await drawn("a cat");
    const [kept] = images.kept.values();
    expect(Buffer.from(files[0]?.bytes ?? []).equals(kept ?? Buffer.of(0))).toBe(true);
    const settings = discord.commands().find(({ name }) => name === "settings");
    expect(settings?.form.options?.map(({ name }) => name)).not.toContain("originals");
  });

  test("reads flags and trigger words as every door does", async () => {
    const { drawn, easel } = await openedDoor();
    await drawn("a cat ratio 16:9 --seed 5 --no fog");
    expect(easel.orders[0]).toMatchObject({ seed: 5, width: 128, height: 72, negative: "fog" });
  });

  test("hands on every option", async () => {
    const { drawn, newestJob, easel } = await openedDoor();
    const options = { ratio: "auto", model: "Z-Image", seed: 3, negative: "dogs", steps: 12 };
    await drawn("a cat", { options: { ...options, guidance: 2.5, enhance: false } });
    const { brief } = await newestJob();
    expect(brief).toMatchObject({ seed: 3, negative: "dogs", steps: 12, guidance: 2.5 });
    expect(brief).toMatchObject({ enhance: false, size: { kind: "open" } });
    expect(easel.orders).toHaveLength(1);
  });

  test("says in the person's language what it says", async () => {
    const { discord, guild, channel } = await openedDoor();
    const lin = discord.user({ locale: "zh-CN" });
    discord.member(guild, lin);
    const sent = discord.slash(lin, channel, "help");
    const answer = await sent.answered();
    expect(answer.text).toContain("命令");
    expect(answer.ephemeral).toBe(true);
  });

  test("refuses at once, for this person alone, what the quota does not allow", async () => {
    const { imagine, drawn, easel, channel, discord, ben } = await openedDoor({
      studio: { perDay: 1 },
    });
    await drawn("a cat");
    const refused = imagine("a dog");
    await refused.acknowledged();
    expect(refused.kind).toBe("message");
    expect(refused.message).toMatchObject({ ephemeral: true, files: [] });
    expect(refused.message?.text).toMatch(/quota of 1 pictures a day/);
    expect(discord.messages(channel, ben)).toHaveLength(1);
    expect(easel.orders).toHaveLength(1);
  });

  test("refuses at once what is too much for the line", async () => {
    const { imagine, discord } = await openedDoor({ studio: { perUser: 1 } });
    const first = imagine("a cat");
    await discord.until(() => first.message?.buttons.includes("Cancel"));
    const waiting = imagine("a dog");
    await waiting.acknowledged();
    imagine("an owl");
    const refused = imagine("a fox");
    await refused.acknowledged();
    expect(refused.message).toMatchObject({ ephemeral: true });
    expect(refused.message?.text).toMatch(/jobs are waiting already/);
  });

  test("refuses at once words that the policy refuses", async () => {
    const rules = [{ word: "forbidden", action: "refuse", reason: "Not *here*." }];
    const policy = createPolicy(parseRules(JSON.stringify(rules)).rules);
    const { imagine } = await openedDoor({ studio: { policy } });
    const refused = imagine("a forbidden thing");
    await refused.acknowledged();
    expect(refused.kind).toBe("message");
    expect(refused.message?.text).toBe("These words were refused: Not \\*here\\*.");
  });

  test("blurs what the policy marks, except in age-restricted channels", async () => {
    const policy = { judge: () => ({ spoiler: true }) };
    const options = { studio: { policy } };
    const usual = await openedDoor(options);
    expect((await usual.drawn("a cat")).files[0]?.spoiler).toBe(true);
    const restricted = await openedDoor({ ...options, channel: { nsfw: true } });
    expect((await restricted.drawn("a cat")).files[0]?.spoiler).toBe(false);
  });

  test("shows several pictures with one Again and a menu to work on one of them", async () => {
    const { discord, drawn, anna, easel } = await openedDoor();
    const message = await drawn("a cat", { options: { count: 4, seed: 10 } });
    expect(message.files).toHaveLength(4);
    expect(message.buttons.filter((label) => label === "Again")).toHaveLength(1);
    expect(message.text).toContain("seed 10–13");
    const chosen = discord.selectOption(message, "3", anna);
    const one = await chosen.answered();
    expect(one).toMatchObject({ ephemeral: true });
    expect(one.files).toHaveLength(1);
    // It would take away the other pictures, too.
    expect(one.buttons).not.toContain("Delete");
    const again = discord.pressButton(one, "My words", anna);
    await easel.begun(5);
    easel.finish();
    await discord.until(() => again.message?.files.length === 1);
    expect(easel.orders[4]).toMatchObject({ seed: 12 });
  });

  test("suggests models by parts of their names, at most 25", async () => {
    const others = Array.from({ length: 40 }, (_, at) => ({
      ...testModel,
      id: `Model-${at}`,
      aliases: [],
    }));
    const { discord, anna, channel } = await openedDoor({ models: [testModel, ...others] });
    const suggested = async (typed: string) => {
      const options = { prompt: "a cat", model: typed };
      const sent = discord.autocomplete(anna, channel, "imagine", { focused: "model", options });
      const { choices, acknowledgedAfterMs } = await sent.acknowledged();
      expect(acknowledgedAfterMs).toBeLessThan(3000);
      return choices?.map(({ value }) => value) ?? [];
    };
    expect(await suggested("zimg")).toEqual(["Z-Image"]);
    expect(await suggested("")).toHaveLength(25);
    expect(await suggested("model 3")).toContain("Model-3");
    expect(await suggested("nothing like it")).toEqual([]);
  });

  test("makes one job of an interaction that comes twice, also after it is done", async () => {
    const { discord, channel, imagine, easel, studio, anna, messages } = await openedDoor();
    const sent = imagine("a cat");
    await sent.acknowledged();
    discord.redeliver(sent);
    await easel.begun(1);
    easel.finish();
    await discord.until(() => sent.message?.files.length === 1);
    discord.redeliver(sent);
    const help = discord.slash(anna, channel, "help");
    await help.acknowledged();
    expect(await studio.history({ id: `discord:${anna.id}` }, { limit: 9 })).toHaveLength(1);
    expect(messages()).toHaveLength(1);
  });

  test("makes one job of an interaction that comes twice at once, also with the last of a quota", async () => {
    const { discord, imagine, easel } = await openedDoor({ studio: { perDay: 1 } });
    const sent = imagine("a cat");
    discord.redeliver(sent);
    await easel.begun(1);
    easel.finish();
    await discord.until(() => sent.message?.files.length === 1);
    expect(sent.kind).toBe("deferred-message");
    expect(discord.calls.filter(({ path }) => path.includes("callback"))).toHaveLength(1);
  });
});

describe("Who may use it", () => {
  test("is everybody where there are no lists, and otherwise who is on one", async () => {
    const scene = await openedDoor({ door: { access: { guilds: ["1"], users: [] } } });
    const refused = scene.imagine("a cat");
    await refused.acknowledged();
    expect(refused.message).toMatchObject({ ephemeral: true });
    expect(refused.message?.text).toContain("not open to everybody");
    expect(scene.easel.orders).toHaveLength(0);
    const options = { prompt: "a", model: "z" };
    const typed = { focused: "model", options };
    const hint = scene.discord.autocomplete(scene.anna, scene.channel, "imagine", typed);
    expect((await hint.acknowledged()).choices).toEqual([]);
  });

  test("are those of an allowed server and those who are allowed themselves", async () => {
    const access = { guilds: [] as string[], users: [] as string[] };
    const scene = await openedDoor({ door: { access } });
    const stranger = scene.discord.user({ installed: true });
    const conversation = scene.discord.directMessages(stranger);
    access.guilds.push(scene.guild.id);
    await scene.drawn("a cat");
    const refused = scene.imagine("a dog", { by: stranger, where: conversation });
    expect((await refused.answered()).text).toContain("not open");
    access.users.push(stranger.id);
    await scene.drawn("a dog", { by: stranger, where: conversation });
  });
});
