import { describe, expect, onTestFinished, test, vi } from "vitest";
import type { CommandId } from "../../bots/commands.ts";
import { type TextKey, translatorFor } from "../../bots/i18n.ts";
import { ImageError } from "../../core/errors.ts";
import type { People } from "../../core/people.ts";
import type { Studio } from "../../core/studio.ts";
import { type Easel, type Stores, unfinished } from "../fakes/studio.ts";

/** A message of the bot's as it stands in the chat now. */
export interface Shown {
  /** All its words: text or caption, whatever the platform calls it. */
  readonly text: string;
  /** How many pictures it shows. */
  readonly pictures: number;
  /** What is written on its buttons. */
  readonly buttons: readonly string[];
}

export type Person = "anna" | "ben";

/** What is behind the bot: the insides of its newest process, and that process's life. */
export interface Insides {
  readonly studio: Studio;
  readonly people: People;
  readonly stores: Stores;
  /** The image service; what it paints, it paints when `finish` is called. */
  readonly easel: Easel;
  /** The process dies as by `kill -9`, with all its connections. */
  crash(): Promise<void>;
  /** A new process on the same data. */
  restart(): Promise<void>;
}

/** One chat with two people and the bot in it, on a stand-in of the platform. Anna speaks unless said otherwise. */
export interface ConversationHarness extends Insides {
  /** Asks for pictures with the platform's own command. */
  draw(prompt: string, by?: Person): Promise<void>;
  /** Gives another command, with what is typed after it. */
  command(id: Exclude<CommandId, "draw">, argument?: string, by?: Person): Promise<void>;
  /** Presses this button on the newest message that has it. */
  press(label: string, by?: Person): Promise<void>;
  /** Every message of the bot's that is there, the oldest first; an album is one message with all its pictures. */
  shown(): readonly Shown[];
  /** How many of the pictures that are there are behind a spoiler. */
  spoilers(): number;
  /** What was said to this person alone, beside the messages: answers to presses. */
  told(by: Person): readonly string[];
  /** The requester's id of a person. */
  idOf(person: Person): string;
  /** The platform hands the newest message of the person to the bot once more. */
  repeat(): Promise<void>;
  stop(): Promise<void>;
}

export interface StartOptions {
  readonly perDay?: number;
  /** The language that both people have set; that of their clients otherwise. */
  readonly language?: string;
}

export interface ConversationOptions {
  readonly name: string;
  readonly start: (options?: StartOptions) => Promise<ConversationHarness>;
  /** Those in which every command and button is walked; each start of a Worker takes long, and the words are the same there. */
  readonly languages?: readonly string[];
}

const english = translatorFor("en");
const say = (key: TextKey) => english(key);
const label = {
  again: say("buttons.again"),
  own: say("buttons.own"),
  delete: say("buttons.delete"),
  cancel: say("buttons.cancel"),
  retry: say("buttons.retry"),
  ratio: say("buttons.ratio"),
} as const;

/** What every chat door does, whatever the platform; run by each door against its own stand-in. */
export function conversationContract({ name, start }: ConversationOptions): void {
  async function aChat(options?: { readonly perDay?: number }): Promise<ConversationHarness> {
    const chat = await start(options);
    onTestFinished(() => chat.stop());
    return chat;
  }

  const eventually = <Value>(check: () => Value | Promise<Value>) =>
    vi.waitFor(check, { timeout: 60_000, interval: 10 });

  /** Asks for one picture and waits until it is there. */
  async function drawn(chat: ConversationHarness, prompt: string): Promise<string> {
    const before = chat.easel.orders.length;
    await chat.draw(prompt);
    await chat.easel.begun(before + 1);
    chat.easel.finish();
    return pictured(chat, prompt);
  }

  /** Waits for the picture of these words; answers its code. */
  function pictured(chat: ConversationHarness, prompt: string): Promise<string> {
    return eventually(() => {
      const message = chat.shown().findLast(({ pictures }) => pictures > 0);
      expect(message?.text).toContain(prompt);
      const code = /zi-[0-9A-Z]{10}/.exec(message?.text ?? "")?.[0];
      expect(code).toBeDefined();
      return code ?? "";
    });
  }

  /** Waits until the job's message is there, and the process knows it. */
  function acknowledged(chat: ConversationHarness): Promise<void> {
    return eventually(async () => {
      expect(chat.shown()).toHaveLength(1);
      const [job] = await unfinished(chat.stores);
      const sends = Object.values(job?.delivery.sends ?? {});
      expect(sends.every(({ answer }) => answer !== undefined)).toBe(true);
    });
  }

  const pictures = (chat: ConversationHarness) =>
    chat.shown().reduce((sum, message) => sum + message.pictures, 0);

  describe(`${name} as a conversation`, () => {
    describe("asking for a picture", () => {
      test("shows a place in line with Cancel, and then the picture in the same message", async () => {
        const chat = await aChat();
        await chat.draw("a cat reading");
        await eventually(() => expect(chat.shown()).toHaveLength(1));
        expect(chat.shown()[0]?.buttons).toContain(label.cancel);
        await chat.easel.begun(1);
        chat.easel.finish();
        await pictured(chat, "a cat reading");
        expect(chat.shown()).toHaveLength(1);
        expect(chat.shown()[0]).toMatchObject({ pictures: 1 });
        expect(chat.shown()[0]?.buttons).not.toContain(label.cancel);
      });

      test("says ratio, size, seed and code below the picture, and offers the buttons", async () => {
        const chat = await aChat();
        await drawn(chat, "a cat ratio 16:9 --seed 77");
        const [message] = chat.shown();
        expect(message?.text).toMatch(/16:9 · 128×72 · seed 77 · zi-/);
        expect(message?.buttons).toEqual(
          expect.arrayContaining([label.again, label.own, label.ratio, label.delete]),
        );
      });

      test("makes one job of a message that the platform hands over twice", async () => {
        const chat = await aChat();
        await chat.draw("a cat");
        await chat.easel.begun(1);
        await chat.repeat();
        chat.easel.finish();
        await pictured(chat, "a cat");
        await chat.command("queue");
        await eventually(() => expect(chat.shown().length).toBeGreaterThan(1));
        expect(await chat.studio.history({ id: chat.idOf("anna") }, { limit: 9 })).toHaveLength(1);
        expect(pictures(chat)).toBe(1);
      });

      test("shows several pictures of one job with one set of buttons", async () => {
        const chat = await aChat();
        await chat.draw("a cat --n 3");
        for (const count of [1, 2, 3]) {
          await chat.easel.begun(count);
          chat.easel.finish();
        }
        await eventually(() => expect(pictures(chat)).toBe(3));
        await eventually(() => {
          const withButtons = chat.shown().filter(({ buttons }) => buttons.includes(label.again));
          expect(withButtons).toHaveLength(1);
        });
      });
    });

    describe("failing", () => {
      test("says in words what failed, and Try again asks for the same", async () => {
        const chat = await aChat();
        await chat.draw("a cat --seed 5");
        await chat.easel.begun(1);
        const details = { provider: "easel", fault: "unreachable", transient: false, paid: false };
        chat.easel.finish(new ImageError("provider-failed", { ...details, fault: "unreachable" }));
        await eventually(() => expect(chat.shown().at(-1)?.text).toContain("cannot be reached"));
        await chat.press(label.retry);
        await chat.easel.begun(2);
        chat.easel.finish();
        await pictured(chat, "a cat");
        expect(chat.easel.orders.map(({ seed }) => seed)).toEqual([5, 5]);
      });

      test("says when the quota starts anew, and asks the service for nothing", async () => {
        const chat = await aChat({ perDay: 1 });
        await drawn(chat, "a cat");
        await chat.draw("a dog");
        await eventually(() => {
          const texts = [...chat.shown().map(({ text }) => text), ...chat.told("anna")];
          expect(texts.join("\n")).toMatch(/quota of 1 pictures a day.*00:00 UTC/);
        });
        expect(chat.easel.orders).toHaveLength(1);
      });

      test("shows nothing of a bug but that there was one", async () => {
        const chat = await aChat();
        await chat.draw("a cat");
        await chat.easel.begun(1);
        chat.easel.finish(new TypeError("x is not a function at /srv/secret.ts:12"));
        await eventually(() => expect(chat.shown().at(-1)?.text).toContain(say("errors.internal")));
        expect(chat.shown().at(-1)?.text).not.toMatch(/TypeError|secret/);
      });
    });

    describe("cancelling", () => {
      test("ends a job by its owner's Cancel", async () => {
        const chat = await aChat();
        await chat.draw("a cat");
        await chat.easel.begun(1);
        await eventually(() => expect(chat.shown()).toHaveLength(1));
        await chat.press(label.cancel);
        await eventually(() => expect(chat.shown()[0]?.text).toContain(say("errors.cancelled")));
        expect(chat.shown()[0]?.buttons).not.toContain(label.cancel);
      });

      test("is not for others", async () => {
        const chat = await aChat();
        await chat.draw("a cat");
        await chat.easel.begun(1);
        await eventually(() => expect(chat.shown()).toHaveLength(1));
        await chat.press(label.cancel, "ben");
        await eventually(() => expect(chat.told("ben")).toContain(say("errors.not-yours")));
        chat.easel.finish();
        await pictured(chat, "a cat");
      });
    });

    describe("the buttons of a picture", () => {
      test("Again makes another picture with another seed, on the account of the person who presses", async () => {
        const chat = await aChat();
        await drawn(chat, "a cat --seed 9");
        await chat.press(label.again, "ben");
        await chat.easel.begun(2);
        chat.easel.finish();
        await eventually(() => expect(pictures(chat)).toBe(2));
        const [first, second] = chat.easel.orders;
        expect(second?.prompt).toBe(first?.prompt);
        expect(second?.seed).not.toBe(first?.seed);
        expect(await chat.studio.history({ id: chat.idOf("ben") }, { limit: 9 })).toHaveLength(1);
      });

      test("work after a restart", async () => {
        const chat = await aChat();
        await drawn(chat, "a cat --seed 9");
        await chat.crash();
        await chat.restart();
        await chat.press(label.again);
        await eventually(() => expect(chat.easel.open).toBe(1));
        chat.easel.finish();
        await eventually(() => expect(pictures(chat)).toBe(2));
      });

      test("Ratio offers the six ratios and keeps the seed", async () => {
        const chat = await aChat();
        await drawn(chat, "a cat --seed 9");
        await chat.press(label.ratio);
        await eventually(() => {
          const buttons = chat.shown().flatMap((message) => message.buttons);
          for (const ratio of ["1:1", "1:2", "3:2", "3:4", "16:9", "9:16"]) {
            expect(buttons.some((text) => text.includes(ratio))).toBe(true);
          }
        });
        await chat.press("16:9");
        await chat.easel.begun(2);
        chat.easel.finish();
        await eventually(() => expect(pictures(chat)).toBe(2));
        expect(chat.easel.orders[1]).toMatchObject({ seed: 9, width: 128, height: 72 });
      });

      test("Delete by the owner takes the picture away and erases it", async () => {
        const chat = await aChat();
        const code = await drawn(chat, "a cat");
        await chat.press(label.delete);
        await eventually(() => expect(pictures(chat)).toBe(0));
        await eventually(async () =>
          expect((await chat.stores.archive.find(code))?.pictures).toEqual([]),
        );
      });

      test("Delete by another does nothing but say so", async () => {
        const chat = await aChat();
        const code = await drawn(chat, "a cat");
        await chat.press(label.delete, "ben");
        await eventually(() => expect(chat.told("ben")).toContain(say("errors.not-yours")));
        expect(pictures(chat)).toBe(1);
        expect((await chat.stores.archive.find(code))?.pictures).toHaveLength(1);
      });
    });

    describe("the other commands", () => {
      test("/again makes the newest picture again", async () => {
        const chat = await aChat();
        await drawn(chat, "a cat --seed 9");
        await chat.command("again");
        await chat.easel.begun(2);
        chat.easel.finish();
        await eventually(() => expect(pictures(chat)).toBe(2));
        expect(chat.easel.orders[1]?.seed).not.toBe(9);
      });

      test("/show brings a picture of any door back with its buttons", async () => {
        const chat = await aChat();
        const delivery = { door: "http", place: null };
        const submission = { requester: { id: "http:someone" }, delivery };
        const { code } = await chat.studio.submit({ prompt: "an owl" }, submission);
        await chat.easel.begun(1);
        chat.easel.finish();
        await chat.studio.finished(code);
        await chat.command("show", code.toLowerCase());
        expect(await pictured(chat, "an owl")).toBe(code);
        expect(chat.shown().at(-1)?.buttons).toContain(label.again);
      });

      test("/show says so where there is no such code", async () => {
        const chat = await aChat();
        await chat.command("show", "zi-0000000000");
        await eventually(() => {
          const texts = [...chat.shown().map(({ text }) => text), ...chat.told("anna")];
          expect(texts.join("\n")).toContain("zi-0000000000");
        });
      });

      test("/queue lists one's own jobs, with Cancel", async () => {
        const chat = await aChat();
        await chat.draw("a cat");
        await chat.easel.begun(1);
        await chat.command("queue");
        await eventually(() => {
          const list = chat.shown().find(({ text }) => text.includes(say("ask.queue")));
          expect(list?.text).toContain("a cat");
          expect(list?.buttons.some((text) => text.includes(label.cancel))).toBe(true);
        });
        chat.easel.finish();
      });

      test("/history shows one's own pictures alone", async () => {
        const chat = await aChat();
        await drawn(chat, "a cat");
        await chat.command("history", "", "ben");
        await eventually(() => {
          const texts = [...chat.shown().map(({ text }) => text), ...chat.told("ben")];
          expect(texts.join("\n")).toContain("no pictures yet");
        });
        await chat.command("history");
        await eventually(() => expect(pictures(chat)).toBe(2));
      });

      test("/forgetme asks first, and then erases jobs and pictures", async () => {
        const chat = await aChat();
        const code = await drawn(chat, "a cat");
        await chat.command("forgetme");
        await eventually(() =>
          expect(chat.shown().at(-1)?.buttons).toContain(say("buttons.confirmForget")),
        );
        expect(await chat.stores.archive.find(code)).toBeDefined();
        await chat.press(say("buttons.confirmForget"));
        await eventually(async () => expect(await chat.stores.archive.find(code)).toBeUndefined());
      });

      test.for(["help", "privacy"] as const)("/%s answers in words", async (id) => {
        const chat = await aChat();
        await chat.command(id);
        const start = { help: say("help.commands"), privacy: say("privacy.text").slice(0, 40) };
        await eventually(() => expect(chat.shown().at(-1)?.text).toContain(start[id]));
      });
    });

    describe("dying", () => {
      test("between the accepted message and the picture leaves exactly one picture", async () => {
        const chat = await aChat();
        await chat.draw("a cat");
        await chat.easel.begun(1);
        await acknowledged(chat);
        await chat.crash();
        await chat.restart();
        await eventually(() => expect(chat.easel.open).toBe(1));
        chat.easel.finish();
        await pictured(chat, "a cat");
        expect(chat.shown()).toHaveLength(1);
      });

      test("between the picture and its delivery leaves exactly one picture", async () => {
        const chat = await aChat();
        await chat.draw("a cat");
        await chat.easel.begun(1);
        await acknowledged(chat);
        const [job] = await unfinished(chat.stores);
        chat.easel.finish();
        await chat.studio.finished(job?.code ?? "");
        await chat.crash();
        await chat.restart();
        await pictured(chat, "a cat");
        expect(chat.shown()).toHaveLength(1);
        expect(pictures(chat)).toBe(1);
      });
    });
  });
}
