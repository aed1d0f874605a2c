import { ComponentType, PermissionFlagsBits } from "discord.js";
import { describe, expect, test, vi } from "vitest";
import type { User } from "../../fakes/discord/world.ts";
import { codeIn, openedDoor, type Scene } from "./scene.ts";

describe("The menu of a message", () => {
  test("draws its words", async () => {
    const { discord, anna, ben, channel, easel } = await openedDoor();
    const said = discord.say(ben, channel, "a lighthouse at night");
    const sent = discord.contextMenu("Draw this", said, anna);
    await easel.begun(1);
    easel.finish();
    await discord.until(() => sent.message?.files.length === 1);
    expect(easel.orders[0]?.prompt).toBe("a lighthouse at night");
  });

  test("draws the words of a message that was handed on", async () => {
    const { discord, guild, anna, ben, channel, easel } = await openedDoor();
    const said = discord.say(ben, channel, "a lighthouse at night");
    const elsewhere = discord.forward(anna, discord.channel(guild), said);
    discord.contextMenu("Draw this", elsewhere, anna);
    await easel.begun(1);
    expect(easel.orders[0]?.prompt).toBe("a lighthouse at night");
  });

  test.each<[string, Parameters<Scene["discord"]["say"]>[2]]>([
    [
      "an embed",
      {
        embeds: [
          { title: "a lighthouse", fields: [{ name: "Light", value: "at night" }] },
        ] as never,
      },
    ],
    [
      "an embed that only names somebody",
      {
        embeds: [
          { author: { name: "a lighthouse" }, footer: { text: "Light\nat night" } },
        ] as never,
      },
    ],
    [
      "nested components",
      {
        components: [
          {
            type: ComponentType.Container,
            components: [
              { type: ComponentType.TextDisplay, content: "a lighthouse" },
              {
                type: ComponentType.Section,
                components: [{ type: ComponentType.TextDisplay, content: "Light\nat night" }],
                accessory: { type: ComponentType.Thumbnail, media: { url: "https://a.example/b" } },
              },
            ],
          },
        ] as never,
      },
    ],
    [
      "a poll",
      {
        poll: {
          question: { text: "a lighthouse" },
          answers: ["Light", "at night"].map((text, at) => ({
            answer_id: at + 1,
            poll_media: { text },
          })),
        },
      },
    ],
  ])("draws the words of %s", async (_, content) => {
    const { discord, anna, ben, channel, easel } = await openedDoor();
    const said = discord.say(ben, channel, content);
    discord.contextMenu("Draw this", said, anna);
    await easel.begun(1);
    expect(easel.orders[0]?.prompt).toBe("a lighthouse\nLight\nat night");
  });

  test("draws the alternative texts of pictures where a message has no other words", async () => {
    const { discord, anna, ben, channel, easel } = await openedDoor();
    const file = { filename: "a.png", bytes: new Uint8Array(9), description: "a lighthouse" };
    discord.contextMenu("Draw this", discord.say(ben, channel, "", [file]), anna);
    await easel.begun(1);
    discord.contextMenu("Draw this", discord.say(ben, channel, "an owl", [file]), anna);
    await easel.begun(2);
    expect(easel.orders.map(({ prompt }) => prompt)).toEqual(["a lighthouse", "an owl"]);
  });

  test("draws people, emoji, channels and times by their names", async () => {
    const { discord, anna, ben, channel, easel } = await openedDoor();
    const said = discord.say(
      ben,
      channel,
      `<@${anna.id}> with <:owl:1> and <a:bat:2> at <t:1618953630:D> </show:3> <#404>`,
    );
    discord.contextMenu("Draw this", said, anna);
    await easel.begun(1);
    expect(easel.orders[0]?.prompt).toBe("anna with owl and bat at 2021-04-20 /show");
  });

  test("says so where there are no words to draw", async () => {
    const { discord, anna, ben, channel } = await openedDoor();
    const said = discord.say(ben, channel, "");
    const answer = await discord.contextMenu("Draw this", said, anna).answered();
    expect(answer).toMatchObject({
      ephemeral: true,
      text: "Say in words what the picture should show.",
    });
  });

  test("tells how a picture was made by the code in its message", async () => {
    const { discord, drawn, ben } = await openedDoor();
    const message = await drawn("a cat --seed 9");
    const answer = await discord.contextMenu("How was this made?", message, ben).answered();
    expect(answer).toMatchObject({ ephemeral: true, files: [] });
    expect(answer.text).toContain("seed 9");
    expect(answer.buttons).toContain("Again");
  });

  test("tells how a picture was made by its file alone", async () => {
    const { discord, drawn, ben, channel } = await openedDoor();
    const message = await drawn("a cat --seed 9");
    const { bytes } = message.files[0]!;
    const said = discord.say(ben, channel, "look", [{ filename: "found.png", bytes }]);
    const answer = await discord.contextMenu("How was this made?", said, ben).answered();
    expect(answer.text).toContain(codeIn(message));
  });

  test("knows nothing of other pictures, and of private ones of others", async () => {
    const { discord, drawn, anna, ben, channel } = await openedDoor();
    const secret = await drawn("a cat", { options: { private: true } });
    const { bytes } = secret.files[0]!;
    const other = Uint8Array.from([1, 2, 3]);
    for (const content of [bytes, other]) {
      const said = discord.say(ben, channel, "look", [{ filename: "a.png", bytes: content }]);
      const answer = await discord.contextMenu("How was this made?", said, ben).answered();
      expect(answer.text).toContain("was not made here");
    }
    const said = discord.say(anna, channel, "mine", [{ filename: "a.png", bytes }]);
    const answer = await discord.contextMenu("How was this made?", said, anna).answered();
    expect(answer.text).toContain(codeIn(secret));
  });
});

describe("How was this made?", () => {
  /** Both draw the same picture, each for themselves or for all. */
  async function samePictures(annaHides: boolean, benHides: boolean) {
    const scene = await openedDoor();
    const { drawn, discord, channel, anna, ben } = scene;
    const words = "a cat --seed 9";
    const older = await drawn(words, { by: anna, options: { private: annaHides } });
    const newer = await drawn(words, { by: ben, options: { private: benHides } });
    const { bytes } = older.files[0]!;
    expect(Buffer.compare(bytes, newer.files[0]!.bytes)).toBe(0);
    const stranger = discord.user();
    discord.member(scene.guild, stranger);
    const asked = async (by: User) => {
      const said = discord.say(by, channel, "look", [{ filename: "found.png", bytes }]);
      return (await discord.contextMenu("How was this made?", said, by).answered()).text;
    };
    return { scene, stranger, asked, older: codeIn(older), newer: codeIn(newer) };
  }

  test("finds a public picture behind another person's private one of the same bytes", async () => {
    const { asked, stranger, scene, older, newer } = await samePictures(false, true);
    expect(await asked(stranger)).toContain(older);
    expect(await asked(stranger)).not.toContain(newer);
    expect(await asked(scene.ben)).toContain(newer);
  });

  test("finds one's own private picture behind another person's, and tells others of neither", async () => {
    const { asked, stranger, scene, older } = await samePictures(true, true);
    expect(await asked(scene.anna)).toContain(older);
    expect(await asked(stranger)).toContain("was not made here");
  });

  test("finds the picture of a message that was handed on", async () => {
    const { discord, guild, drawn, ben } = await openedDoor();
    const message = await drawn("a cat");
    const elsewhere = discord.forward(ben, discord.channel(guild), message);
    const answer = await discord.contextMenu("How was this made?", elsewhere, ben).answered();
    expect(answer.text).toContain(codeIn(message));
  });

  test("tells others nothing of a private picture by its code", async () => {
    const { discord, drawn, ben, anna, channel } = await openedDoor();
    const secret = codeIn(await drawn("a cat", { options: { private: true } }));
    const said = discord.say(anna, channel, `see ${secret}`);
    const answer = await discord.contextMenu("How was this made?", said, ben).answered();
    expect(answer.text).toContain("was not made here");
    expect(answer.text).not.toContain("a cat");
  });
});

describe("The commands that look back", () => {
  test("/show brings unfinished and failed pictures, too", async () => {
    const { discord, anna, channel, imagine, newestJob, easel } = await openedDoor();
    const sent = imagine("a cat");
    await easel.begun(1);
    const { code } = await newestJob();
    const running = await discord.slash(anna, channel, "show", { code }).answered();
    expect(running.buttons).toContain("Cancel");
    easel.finish(new TypeError("broken"));
    await discord.until(() => sent.message?.buttons.includes("Try again"));
    const failed = await discord.slash(anna, channel, "show", { code }).answered();
    expect(failed.text).toContain("Something went wrong");
  });

  test("/again makes the picture of a code with another seed", async () => {
    const { discord, anna, ben, channel, drawn, easel } = await openedDoor();
    const code = codeIn(await drawn("a cat --seed 9"));
    await drawn("a dog", { by: ben });
    const sent = discord.slash(ben, channel, "again", { code: code.toLowerCase() });
    await easel.begun(3);
    easel.finish();
    await discord.until(() => sent.message?.files.length === 1);
    expect(easel.orders[2]?.prompt).toBe("a cat");
    expect(easel.orders[2]?.seed).not.toBe(9);
    expect(discord.messages(channel, anna)).toHaveLength(3);
  });

  test("blur what the policy marks, outside age-restricted channels", async () => {
    const policy = { judge: () => ({ spoiler: true }) };
    const { discord, guild, anna, channel, drawn } = await openedDoor({ studio: { policy } });
    const message = await drawn("a cat");
    const code = codeIn(message);
    const restricted = discord.channel(guild, { nsfw: true });
    for (const [where, spoiler] of [
      [channel, true],
      [restricted, false],
    ] as const) {
      const shown = discord.slash(anna, where, "show", { code });
      await discord.until(() => shown.message?.files.length === 1);
      const original = discord.pressButton(shown.message!, "Original", anna);
      const history = discord.slash(anna, where, "history");
      for (const sent of [shown, original, history]) {
        expect((await sent.answered()).files).toMatchObject([{ spoiler }]);
      }
    }
  });

  test("/show says that a picture is not kept any more, and keeps its buttons", async () => {
    const { discord, anna, channel, drawn, stores } = await openedDoor();
    const code = codeIn(await drawn("a cat"));
    await stores.pictures.remove(code);
    const shown = await discord.slash(anna, channel, "show", { code }).answered();
    expect(shown.text).toContain("not kept any more");
    expect(shown.buttons).toContain("Again");
  });

  test("/show suggests one's own pictures", async () => {
    const { discord, anna, ben, channel, drawn } = await openedDoor();
    const code = codeIn(await drawn("an owl at dusk"));
    const typed = { focused: "code", options: { code: "owl" } };
    const mine = await discord.autocomplete(anna, channel, "show", typed).acknowledged();
    expect(mine.choices).toEqual([{ name: `${code} · an owl at dusk`, value: code }]);
    const his = await discord.autocomplete(ben, channel, "show", typed).acknowledged();
    expect(his.choices).toEqual([]);
  });

  test("/queue cancels a job in its list", async () => {
    const { discord, anna, channel, imagine, easel } = await openedDoor();
    const sent = imagine("a cat");
    await easel.begun(1);
    const list = await discord.slash(anna, channel, "queue").answered();
    expect(list).toMatchObject({ ephemeral: true, buttons: ["Cancel 1"] });
    discord.pressButton(list, "Cancel 1", anna);
    await discord.until(() => list.text === "Nothing of yours is waiting.");
    await discord.until(() => sent.message?.text === "Cancelled.");
  });

  test("/history turns its pages there and back, and shows what is chosen", async () => {
    const { discord, anna, channel, studio } = await openedDoor({ easel: { auto: true } });
    const requester = { id: `discord:${anna.id}` };
    for (let at = 1; at <= 21; at++) {
      const delivery = { door: "http", place: null };
      const { code } = await studio.submit({ prompt: `cat ${at}` }, { requester, delivery });
      await studio.finished(code);
    }
    const list = await discord.slash(anna, channel, "history").answered();
    const firstShown = () => list.files[0]?.description;
    expect(list.files).toHaveLength(9);
    expect([firstShown(), list.buttons]).toEqual(["cat 21", ["Older"]]);
    const turn = async (button: string, to: string) => {
      discord.pressButton(list, button, anna);
      await discord.until(() => firstShown() === to);
    };
    await turn("Older", "cat 12");
    await turn("Older", "cat 3");
    expect(list.buttons).toEqual(["Newer"]);
    await turn("Newer", "cat 12");
    await turn("Newer", "cat 21");
    const option = list.controls.find(({ kind }) => kind === "select")?.options[1];
    const shown = await discord.selectOption(list, option!.value, anna).answered();
    expect(shown).toMatchObject({ ephemeral: true });
    expect(shown.text).toContain("cat 20");
  });

  test("/forgetme keeps everything when one thinks better of it", async () => {
    const { discord, anna, channel, drawn, studio } = await openedDoor();
    await drawn("a cat");
    const asked = await discord.slash(anna, channel, "forgetme").answered();
    discord.pressButton(asked, "No, keep it", anna);
    await discord.until(() => asked.text === "Nothing was erased.");
    expect(await studio.history({ id: `discord:${anna.id}` }, { limit: 9 })).toHaveLength(1);
  });
});

describe("The commands that explain", () => {
  test.for([
    ["help", /\/imagine — Paint a picture.*\/forgetme — Erase/s],
    ["privacy", /^Kept: your words.*\/forgetme erases/s],
  ] as const)("/%s answers the person who asks, alone", async ([command, text]) => {
    const { discord, anna, ben, channel } = await openedDoor();
    const sent = discord.slash(anna, channel, command);
    expect((await sent.answered()).text).toMatch(text);
    expect(discord.messages(channel, ben)).toEqual([]);
  });

  test("answer once where their interaction comes twice", async () => {
    const { discord, anna, channel, door } = await openedDoor();
    const sent = discord.slash(anna, channel, "help");
    const { text } = await sent.answered();
    // What comes while it is still being answered is not answered at all.
    await vi.waitFor(() => {
      discord.redeliver(sent);
      expect(discord.calls.some(({ code }) => code === 40060)).toBe(true);
    }, 60_000);
    await door.stop();
    expect(sent.message?.text).toBe(text);
    expect(discord.messages(channel, anna)).toHaveLength(1);
  });

  test("answer once where the connection breaks behind their answer", async () => {
    const { discord, anna, channel, door } = await openedDoor();
    discord.cutNext(/callback/, "after");
    const sent = discord.slash(anna, channel, "help");
    await discord.until(() => discord.calls.some(({ code }) => code === 40060));
    await door.stop();
    expect(sent.message?.text).toContain("/imagine");
  });
});

describe("/settings", () => {
  test("sets, shows and takes back one's own defaults", async () => {
    const { discord, anna, channel, drawn, easel } = await openedDoor();
    const values = { ratio: "16:9", language: "en", model: "Z-Image", enhance: false };
    const answer = await discord.slash(anna, channel, "settings", values).answered();
    expect(answer.ephemeral).toBe(true);
    expect(answer.text).toContain("Ratio: 16:9");
    expect(answer.text).toContain("Language: English");
    expect(answer.text).toContain("Enhance my words: No");
    await drawn("a cat");
    expect(easel.orders[0]).toMatchObject({ width: 128, height: 72 });
    discord.selectOption(answer, "ratio", anna);
    await discord.until(() => answer.text.includes("Ratio: as usual"));
    await drawn("a cat");
    expect(easel.orders[1]).toMatchObject({ width: 64, height: 64 });
  });

  test("changes the language at once", async () => {
    const { discord, anna, channel } = await openedDoor();
    await discord.slash(anna, channel, "settings", { language: "zh-CN" }).answered();
    const help = await discord.slash(anna, channel, "help").answered();
    expect(help.text).toContain("命令");
  });

  test("of a server are for those who manage it, and hold for everybody without own ones", async () => {
    const { discord, guild, anna, channel, drawn, easel } = await openedDoor();
    const values = { for: "place", ratio: "3:4" };
    const refused = await discord.slash(anna, channel, "settings", values).answered();
    expect(refused.text).toBe("Only administrators may do this.");
    const manager = discord.user();
    discord.member(guild, manager, { permissions: PermissionFlagsBits.ManageGuild });
    await discord.slash(manager, channel, "settings", values).answered();
    await drawn("a cat");
    expect(easel.orders[0]).toMatchObject({ width: 96, height: 128 });
    const direct = discord.directMessages(anna);
    const nowhere = await discord.slash(anna, direct, "settings", values).answered();
    expect(nowhere.text).toBe("This cannot be shown here.");
  });

  test("refuses a model that there is not", async () => {
    const { discord, anna, channel } = await openedDoor();
    const answer = await discord.slash(anna, channel, "settings", { model: "none" }).answered();
    expect(answer.text).toContain("no model");
  });
});
