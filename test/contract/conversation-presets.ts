import { describe, expect, onTestFinished, test, vi } from "vitest";
import { translatorFor } from "../../bots/i18n.ts";
import { isSpoiler } from "../../core/job.ts";
import type { ConversationHarness, ConversationOptions } from "./conversation.ts";

const english = translatorFor("en");
const paint = (count: number) => english("buttons.paint", { count });

/** What every chat door does with presets, batches and quotas; run by each door against its own stand-in. */
export function presetConversationContract({ name, start }: ConversationOptions): void {
  async function aChat(options?: { readonly perDay?: number }): Promise<ConversationHarness> {
    const chat = await start(options);
    onTestFinished(() => chat.stop());
    return chat;
  }

  const eventually = <Value>(check: () => Value | Promise<Value>) =>
    vi.waitFor(check, { timeout: 60_000, interval: 10 });

  /** Waits until the bot has said this. */
  const said = (chat: ConversationHarness, text: string | RegExp, by: "anna" | "ben" = "anna") =>
    eventually(() => {
      const all = [...chat.shown().map((shown) => shown.text), ...chat.told(by)];
      const found = all.findLast((one) =>
        typeof text === "string" ? one.includes(text) : text.test(one),
      );
      expect(found, all.join("\n---\n")).toBeDefined();
      return found ?? "";
    });

  const prompts = (chat: ConversationHarness) => chat.easel.orders.map(({ prompt }) => prompt);

  describe(`${name} as a conversation about presets`, () => {
    test("saves one, shows it, lists it, paints with it and deletes it", async () => {
      const chat = await aChat();
      await chat.command("presets", "save ink {prompt}, in ink --ar 3:4");
      await said(chat, "Saved as ink.");
      await chat.command("presets", "show ink");
      await said(chat, /ink\n\{prompt\}, in ink\nratio: 3:4/);
      await chat.command("presets", "list");
      await said(chat, /Your presets:\nink: \{prompt\}, in ink\nBuilt in: .*watercolour/);
      await chat.draw("a fox --preset ink");
      await chat.easel.begun(1);
      expect(chat.easel.orders[0]).toMatchObject({ prompt: "a fox, in ink", width: 96 });
      await chat.command("presets", "delete ink");
      await said(chat, "ink is deleted.");
      await chat.draw("a fox --preset ink2");
      await said(chat, "There is no preset “ink2” here.");
      expect(chat.easel.orders).toHaveLength(1);
    });

    test("brings one over to another person by its code", async () => {
      const chat = await aChat();
      await chat.command("presets", "save glow {prompt}, glowing");
      await said(chat, "Saved as glow.");
      await chat.command("presets", "share glow");
      const code = /zp-[0-9A-Z]{10}/.exec(await said(chat, /The code of glow is zp-/))?.[0] ?? "";
      await chat.command("presets", `take ${code}`, "ben");
      await eventually(async () =>
        expect(await chat.studio.presets.of(chat.idOf("ben"))).toMatchObject([{ name: "glow" }]),
      );
    });

    test("keeps the pictures whose codes stand among its words, for models that take them", async () => {
      const chat = await aChat();
      await chat.draw("Mira");
      await chat.easel.begun(1);
      chat.easel.finish();
      const shown = await said(chat, /zi-[0-9A-Z]{10}/);
      const code = /zi-[0-9A-Z]{10}/.exec(shown)?.[0] ?? "";
      await chat.command("presets", `save mira Mira, {prompt} ${code}`);
      await said(chat, "Saved as mira.");
      const job = await chat.studio.find(code, { id: chat.idOf("anna") });
      const pictures = [job.pictures[0]?.id];
      const saved = { words: "Mira, {prompt}", pictures };
      expect(await chat.studio.presets.of(chat.idOf("anna"))).toMatchObject([saved]);
      await chat.draw("on a boat --preset mira");
      await said(chat, /cannot edit pictures/);
    });

    test("forgets the presets of who asks for that", async () => {
      const chat = await aChat();
      await chat.command("presets", "save ink {prompt}, in ink");
      await said(chat, "Saved as ink.");
      await chat.command("forgetme");
      await said(chat, english("privacy.confirm"));
      await chat.press(english("buttons.confirmForget"));
      await eventually(async () =>
        expect(await chat.studio.presets.of(chat.idOf("anna"))).toEqual([]),
      );
    });
  });

  describe(`${name} as a conversation about batches`, () => {
    test("paints up to four at once, in one message", async () => {
      const chat = await aChat();
      await chat.draw("a {red|blue} fox");
      for (const count of [1, 2]) {
        await chat.easel.begun(count);
        chat.easel.finish();
      }
      await eventually(() => {
        const pictured = chat.shown().filter(({ pictures }) => pictures > 0);
        expect(pictured).toMatchObject([{ pictures: 2 }]);
      });
      expect(prompts(chat)).toEqual(["a red fox", "a blue fox"]);
    });

    test("asks before more than four, says how many, and paints once it is pressed", async () => {
      const chat = await aChat({ perDay: 9 });
      await chat.draw("{1-5} foxes");
      await said(chat, "These words ask for 5 pictures, and you have 9 left.");
      expect(chat.easel.orders).toEqual([]);
      await chat.press(paint(5));
      for (let count = 1; count <= 5; count++) {
        await chat.easel.begun(count);
        chat.easel.finish();
      }
      await eventually(() => {
        const pictured = chat.shown().filter(({ pictures }) => pictures > 0);
        expect(pictured).toMatchObject([{ pictures: 5 }]);
      });
      expect(prompts(chat)[4]).toBe("5 foxes");
    });

    test("still knows what it asked about after it was killed, and paints it once", async () => {
      const chat = await aChat();
      await chat.draw("{1-5} foxes");
      await said(chat, "These words ask for 5 pictures.");
      await chat.crash();
      await chat.restart();
      await chat.press(paint(5));
      await chat.easel.begun(1);
      const jobs = await chat.studio.history({ id: chat.idOf("anna") }, { limit: 9 });
      expect(jobs).toMatchObject([{ brief: { count: 5 } }]);
    });

    test("lets nobody else press", async () => {
      const chat = await aChat();
      await chat.draw("{1-5} foxes");
      await said(chat, "These words ask for 5 pictures.");
      await chat.press(paint(5), "ben").catch(() => undefined);
      expect(chat.easel.orders).toEqual([]);
      expect(await chat.studio.history({ id: chat.idOf("ben") }, { limit: 9 })).toEqual([]);
    });

    test("refuses more than a quota has left, and more than ten, without a question", async () => {
      const chat = await aChat({ perDay: 4 });
      await chat.draw("{1-5} foxes");
      await said(chat, /Your quota of 4 pictures a day/);
      await chat.draw("{1-11} foxes");
      await said(chat, /That is more than 10 pictures at once/);
      expect(chat.easel.orders).toEqual([]);
    });
  });

  describe(`${name} as a conversation about what was used`, () => {
    test("counts the pictures of the day, and what is left of the quota", async () => {
      const chat = await aChat({ perDay: 9 });
      await chat.draw("a fox --n 2");
      await chat.easel.begun(2);
      await chat.command("usage");
      await said(chat, /Today: 2 pictures\.\n2 of 9 pictures a day are used, 7 are left/);
    });

    test("says that there is no quota where there is none", async () => {
      const chat = await aChat();
      await chat.command("usage");
      await said(chat, "Today: 0 pictures.\nThere is no quota here.");
    });
  });

  describe(`${name} as a conversation about linked accounts`, () => {
    test("links another account by a code, and shows what is linked", async () => {
      const chat = await aChat();
      await chat.command("link");
      const invited = await said(chat, /send \/link zl-/);
      const code = /zl-[0-9A-Z]{10}/.exec(invited)?.[0] ?? "";
      await chat.people.join("elsewhere:1", code);
      await chat.draw("a fox");
      await chat.easel.begun(1);
      const there = await chat.people.of("elsewhere:1");
      expect(await chat.studio.history(there, { limit: 9 })).toHaveLength(1);
      await chat.command("link");
      await said(chat, /Linked to you:\nelsewhere 1/);
      await chat.press(english("buttons.unlink", { name: "elsewhere 1" }));
      await eventually(async () =>
        expect(await chat.people.of("elsewhere:1")).toEqual({ id: "elsewhere:1" }),
      );
    });

    test("joins who gave a code", async () => {
      const chat = await aChat();
      await chat.command("link", await chat.people.invite("elsewhere:1"));
      await said(chat, "Linked. History, presets and quota are one now.");
      expect(await chat.people.of(chat.idOf("anna"))).toMatchObject({ id: "elsewhere:1" });
      await chat.command("link", "zl-0000000000");
      await said(chat, english("errors.not-found_link"));
    });

    test("shows a key of the server that was linked, and takes it back", async () => {
      const chat = await aChat();
      const id = chat.idOf("anna");
      await chat.people.join("http:anna", await chat.people.invite(id));
      await chat.command("link");
      await said(chat, /Linked to you:\s+API key anna\n/);
      await chat.press(english("buttons.unlink", { name: "API key anna" }));
      await eventually(async () => expect(await chat.people.links(id)).toEqual([]));
    });

    test("makes a key that is shown once, and forgets it with everything else", async () => {
      const chat = await aChat();
      await chat.command("link");
      await said(chat, /send \/link zl-/);
      await chat.press(english("buttons.makeKey"));
      const key = /zk-[0-9A-Z]{26}/.exec(await said(chat, /Your API key: zk-/))?.[0] ?? "";
      expect(await chat.people.ofKey(key)).toEqual({ id: chat.idOf("anna") });
      await chat.command("forgetme");
      await said(chat, english("privacy.confirm"));
      await chat.press(english("buttons.confirmForget"));
      await eventually(async () => expect(await chat.people.ofKey(key)).toBeUndefined());
    });
  });

  describe(`${name} as a conversation about hiding`, () => {
    test.each([
      ["one picture", "a fox", 1],
      ["an album", "a {red|blue} fox", 2],
    ])("puts %s behind a spoiler for its owner, and for nobody else", async (_, prompt, count) => {
      const chat = await aChat();
      await chat.draw(prompt);
      for (let made = 1; made <= count; made++) {
        await chat.easel.begun(made);
        chat.easel.finish();
      }
      const code = /zi-[0-9A-Z]{10}/.exec(await said(chat, /zi-[0-9A-Z]{10}/))?.[0] ?? "";
      const hide = english("buttons.hide");
      const isHidden = async () =>
        isSpoiler(await chat.studio.find(code, { id: chat.idOf("anna") }));
      await chat.press(hide, "ben");
      expect(await isHidden()).toBe(false);
      await chat.press(hide);
      await eventually(() => {
        expect(chat.shown().flatMap(({ buttons }) => buttons)).not.toContain(hide);
        expect(chat.shown().reduce((sum, { pictures }) => sum + pictures, 0)).toBe(count);
        expect(chat.spoilers()).toBe(count);
      });
      expect(await isHidden()).toBe(true);
    });
  });
}
