import { describe, expect, onTestFinished, test, vi } from "vitest";
import type { ActionName } from "../../bots/button-data.ts";
import type { CommandId } from "../../bots/commands.ts";
import type { FormAction } from "../../bots/actions.ts";
import { type Translator, translatorFor } from "../../bots/i18n.ts";
import { ImageError } from "../../core/errors.ts";
import { isSpoiler } from "../../core/job.ts";
import type { ConversationHarness, ConversationOptions } from "./conversation.ts";

/** The beginning of a sentence, up to what is filled in. */
const beginning = (t: Translator, key: Parameters<Translator>[0]) =>
  t(key, { name: "\0", command: "\0", code: "\0" }).split(/\/?\0/)[0] ?? "";

/** What a person without pictures is answered. A new command does not compile until it is here. */
const answers: {
  readonly [Id in Exclude<CommandId, "draw">]: (t: Translator) => string;
} = {
  again: (t) => beginning(t, "ask.nothingYet"),
  show: (t) => beginning(t, "errors.not-found"),
  queue: (t) => t("ask.nothingWaiting"),
  history: (t) => beginning(t, "ask.nothingYet"),
  presets: (t) => t("presets.use").slice(0, 6),
  usage: (t) => t("usage.none"),
  link: (t) => beginning(t, "link.this"),
  settings: (t) => t("settings.own"),
  help: (t) => t("help.commands"),
  privacy: (t) => t("privacy.text").slice(0, 30),
  forgetme: (t) => t("privacy.confirm").slice(0, 30),
};

/** Actions that one platform alone has buttons for: see its own tests. */
type OwnAction = FormAction | "pick" | "share" | "back" | "show" | "settings";

type Walk = (chat: ConversationHarness, t: Translator) => Promise<void>;

const eventually = <Value>(check: () => Value | Promise<Value>) =>
  vi.waitFor(check, { timeout: 60_000, interval: 10 });

/** Waits until the bot has said this. */
const said = (chat: ConversationHarness, text: string) =>
  eventually(() => {
    const all = [...chat.shown().map((shown) => shown.text), ...chat.told("anna")];
    expect(all.join("\n---\n")).toContain(text);
  });

const picturesIn = (chat: ConversationHarness) =>
  chat.shown().reduce((sum, { pictures }) => sum + pictures, 0);

async function drawn(chat: ConversationHarness): Promise<string> {
  await chat.draw("an owl --seed 9");
  await chat.easel.begun(1);
  chat.easel.finish();
  await eventually(() => expect(picturesIn(chat)).toBe(1));
  return /zi-[0-9A-Z]{10}/.exec(chat.shown().at(-1)?.text ?? "")?.[0] ?? "";
}

const remade =
  (action: "again" | "vary" | "own"): Walk =>
  async (chat, t) => {
    await drawn(chat);
    await chat.press(t(`buttons.${action}`));
    await chat.easel.begun(2);
    chat.easel.finish();
    await eventually(() => expect(picturesIn(chat)).toBe(2));
    const [before, after] = chat.easel.orders;
    expect(after?.prompt).toBe("an owl");
    expect(after?.seed === before?.seed).toBe(action === "own");
  };

/** What comes of each button. A new action does not compile until it is here. */
const walks: { readonly [Name in Exclude<ActionName, OwnAction>]: Walk } = {
  again: remade("again"),
  vary: remade("vary"),
  own: remade("own"),

  async ratio(chat, t) {
    await drawn(chat);
    await chat.press(t("buttons.ratio"));
    await eventually(() => chat.press("3:4"));
    await chat.easel.begun(2);
    expect(chat.easel.orders[1]).toMatchObject({ seed: 9, width: 96, height: 128 });
  },

  async original(chat, t) {
    await drawn(chat);
    await chat.press(t("buttons.original"));
    await eventually(() => expect(picturesIn(chat)).toBe(2));
  },

  async hide(chat, t) {
    const code = await drawn(chat);
    await chat.press(t("buttons.hide"));
    await eventually(() => expect(chat.spoilers()).toBe(1));
    expect(isSpoiler(await chat.studio.find(code, { id: chat.idOf("anna") }))).toBe(true);
  },

  async delete(chat, t) {
    await drawn(chat);
    await chat.press(t("buttons.delete"), "ben");
    await eventually(() => expect(chat.told("ben")).toContain(t("errors.not-yours")));
    await chat.press(t("buttons.delete"));
    await eventually(() => expect(picturesIn(chat)).toBe(0));
  },

  async cancel(chat, t) {
    await chat.draw("an owl");
    await chat.easel.begun(1);
    await chat.command("queue");
    await said(chat, t("ask.queue"));
    await chat.press(`${t("buttons.cancel")} 1`);
    await said(chat, t("ask.nothingWaiting"));
    await said(chat, t("errors.cancelled"));
  },

  async retry(chat, t) {
    await chat.draw("an owl");
    await chat.easel.begun(1);
    const details = { provider: "easel", transient: false, paid: false } as const;
    chat.easel.finish(new ImageError("provider-failed", { ...details, fault: "unreachable" }));
    await said(chat, t("faults.unreachable"));
    await eventually(() => chat.press(t("buttons.retry")));
    await chat.easel.begun(2);
    expect(chat.easel.orders[1]?.prompt).toBe("an owl");
  },

  async history(chat, t) {
    const delivery = { door: "http", place: null };
    const submission = { requester: { id: chat.idOf("anna") }, delivery };
    for (let count = 1; count <= 11; count++) {
      const { code } = await chat.studio.submit({ prompt: `owl ${count}` }, submission);
      await chat.easel.begun(count);
      chat.easel.finish();
      await chat.studio.finished(code);
    }
    await chat.command("history");
    await said(chat, t("ask.history", { count: 9 }));
    for (const [turn, there] of [
      ["older", "newer"],
      ["newer", "older"],
    ] as const) {
      await chat.press(t(`buttons.${turn}`));
      await eventually(() => {
        const buttons = chat.shown().flatMap((shown) => shown.buttons);
        expect(buttons).toContain(t(`buttons.${there}`));
        expect(buttons).not.toContain(t(`buttons.${turn}`));
      });
    }
  },

  async paint(chat, t) {
    await chat.draw("{1-5} owls");
    await said(chat, t("ask.batch", { count: 5 }));
    expect(chat.easel.orders).toEqual([]);
    await chat.press(t("buttons.paint", { count: 5 }));
    await chat.easel.begun(1);
  },

  async link(chat, t) {
    await chat.command("link");
    await said(chat, beginning(t, "link.this"));
    await chat.press(t("buttons.makeKey"));
    await said(chat, t("link.key", { key: "\0" }).split("\0")[0] ?? "");
  },

  async forget(chat, t) {
    await drawn(chat);
    await chat.command("forgetme");
    await eventually(() => chat.press(t("buttons.keep")));
    await said(chat, t("privacy.kept"));
    await chat.command("forgetme");
    await eventually(() => chat.press(t("buttons.confirmForget")));
    await said(chat, translatorFor(t.tag)("privacy.forgotten"));
    expect(await chat.studio.history({ id: chat.idOf("anna") }, { limit: 9 })).toEqual([]);
  },
};

/** Every command and every button that both platforms have, in the person's language. */
export function screensContract(options: ConversationOptions): void {
  const { name, start, languages = ["en", "zh-CN"] } = options;
  describe.each(languages)(`${name} in %s`, (language) => {
    const t = translatorFor(language);

    async function aChat(): Promise<ConversationHarness> {
      const chat = await start({ language });
      onTestFinished(() => chat.stop());
      return chat;
    }

    test("answers every command", async () => {
      const chat = await aChat();
      for (const [id, answer] of Object.entries(answers)) {
        const argument = { show: "zi-0000000000", presets: "list" }[id] ?? "";
        await chat.command(id as keyof typeof answers, argument);
        await said(chat, answer(t));
      }
    });

    test.each(Object.entries(walks))("does what the button says: %s", async (_, walk) => {
      await walk(await aChat(), t);
    });
  });
}
