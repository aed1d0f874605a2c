import type { User } from "grammy/types";
import { onTestFinished, vi } from "vitest";
import { createTelegramDoor, type TelegramOptions } from "../../../bots/telegram/bot.ts";
import { createCatalogue, type ModelInput, modelSchema } from "../../../core/catalogue.ts";
import type { Job } from "../../../core/job.ts";
import type { Log } from "../../../core/observe.ts";
import type { Deliverer } from "../../../core/studio/outbox.ts";
import { imaging } from "../../../src/imaging.ts";
import { aDirectory } from "../../builders.ts";
import { memoryPlatformFiles } from "../../fakes/platform-files.ts";
import { memorySettings } from "../../fakes/settings.ts";
import {
  aStudio,
  easel,
  memoryImages,
  type Stores,
  type TestStudioOptions,
} from "../../fakes/studio.ts";
import {
  type ChatMessage,
  startTelegram,
  type TelegramOptions as StandInOptions,
} from "../../fakes/telegram.ts";
import type { Saying as Spoken } from "../../fakes/telegram/people.ts";
import { openWire } from "../../fakes/wire.ts";

/** A line of the door's log. */
export interface Logged {
  readonly level: "debug" | "info" | "warn" | "error";
  readonly facts: object;
  readonly message: string;
}

export interface SceneOptions {
  readonly studio?: TestStudioOptions;
  /** Also what depends on who and what there is. */
  readonly door?: Partial<TelegramOptions> | ((known: Known) => Partial<TelegramOptions>);
  readonly telegram?: StandInOptions;
  /** What the easel can do. */
  readonly easel?: Parameters<typeof easel>[0];
  readonly models?: readonly ModelInput[];
}

/** Ids that are known before the door opens. */
export interface Known {
  readonly anna: number;
  readonly group: number;
}

export const testModel = {
  id: "Z-Image",
  provider: "easel",
  sizes: { "1:1": "64x64", "16:9": "128x72", "3:4": "96x128" },
  quality: {},
} as const satisfies ModelInput;

/** Anna and Ben and a group of theirs on a stand-in of Telegram, and the real door before a studio. */
export async function aScene(options: SceneOptions = {}) {
  const telegram = await startTelegram({ lengthUnit: "utf-16", ...options.telegram });
  const anna = telegram.addUser({ first_name: "Anna" });
  const ben = telegram.addUser({ first_name: "Ben" });
  const group = telegram.addGroup({ supergroup: true, members: [anna, ben] });
  const directory = aDirectory();
  const images = memoryImages();
  const settings = memorySettings();
  const files = memoryPlatformFiles();
  const logged: Logged[] = [];

  async function begin() {
    const wire = await openWire(telegram.url);
    const painter = easel(options.easel);
    const deliverers = new Map<string, Deliverer>();
    const models = (options.models ?? [testModel]).map((model) => modelSchema.parse(model));
    const catalogue = createCatalogue(models);
    const shared = { easel: painter, directory, images, deliverers, catalogue };
    const test = aStudio({ ...shared, ...options.studio });
    const door = createTelegramDoor({
      studio: test.studio,
      people: test.people,
      settings,
      catalogue,
      imaging,
      files,
      token: telegram.token,
      apiUrl: wire.url,
      fetch,
      allowedChats: [],
      editEveryMs: { private: 30, group: 60 },
      now: Date.now,
      log: collect(logged),
      ...(typeof options.door === "function"
        ? options.door({ anna: anna.id, group })
        : options.door),
    });
    deliverers.set("telegram", door.deliverer);
    door.start();
    return { ...test, door, wire };
  }

  let life = await begin();
  onTestFinished(async () => {
    await end();
    await telegram.close();
  });

  async function end(): Promise<void> {
    await life.door.stop();
    await life.studio.stop(0).catch(() => undefined);
    life.crash();
    life.wire.cut();
  }

  return {
    telegram,
    anna,
    ben,
    group,
    settings,
    files,
    images,
    logged,
    get door() {
      return life.door;
    },
    get studio() {
      return life.studio;
    },
    get people() {
      return life.people;
    },
    get stores(): Stores {
      return life;
    },
    get easel() {
      return life.easel;
    },
    /** Says it in a chat; in the group, unless said otherwise. */
    say: (text: string, { by = anna, chat = group, ...more }: Saying = {}) =>
      telegram.userSays(chat, { from: by, text, ...more }),
    /** Every message of the bot's that is still there. */
    ofBot: (chat = group): readonly ChatMessage[] => telegram.chat(chat).ofBot,
    /** Paints the pictures that are asked for, one after the other. */
    async paint(count = 1): Promise<void> {
      for (let painted = 0; painted < count; painted++) {
        await telegram.until(() => life.easel.open > 0);
        life.easel.finish();
      }
    },
    /** Asks for a picture and waits until it is there. */
    async drawn(prompt: string, saying: Saying = {}): Promise<ChatMessage> {
      const before = this.pictures(saying.chat).length;
      await this.say(`/draw ${prompt}`, saying);
      await this.paint();
      await telegram.until(() => this.pictures(saying.chat).length > before);
      const picture = this.pictures(saying.chat).at(-1);
      if (!picture) throw new Error("There is no picture.");
      return picture;
    },
    pictures(chat = group): readonly ChatMessage[] {
      return telegram.chat(chat).ofBot.filter(({ photo, document }) => photo ?? document);
    },
    /** The newest message of the bot's that contains this text. */
    saying: (wanted: string | RegExp, chat = group): Promise<ChatMessage> =>
      telegram.until(() =>
        telegram.chat(chat).ofBot.findLast((message) => matches(textOf(message), wanted)),
      ),
    async newestJob(of: User = anna): Promise<Job> {
      const [job] = await life.studio.history({ id: `telegram:${of.id}` }, { limit: 1 });
      if (!job) throw new Error("There is no job.");
      return job;
    },
    /** Until every update was handled and confirmed. */
    settled: () => telegram.until(() => telegram.pendingUpdates.length === 0),
    /** Dies as by `kill -9`, cut off from Telegram. */
    async crash(): Promise<void> {
      life.wire.cut();
      life.crash();
      await life.door.stop();
      await life.studio.stop(0).catch(() => undefined);
    },
    /** A new process on the same data. */
    async restart(): Promise<void> {
      life = await begin();
      await life.studio.resume();
    },
    end,
  };
}

export type Scene = Awaited<ReturnType<typeof aScene>>;

interface Saying extends Omit<Spoken, "from" | "text"> {
  readonly by?: User;
  readonly chat?: number;
}

export function textOf({ text, caption }: ChatMessage): string {
  return text ?? caption ?? "";
}

/** What is written on the buttons below a message. */
export function labels({ keyboard }: ChatMessage): string[] {
  return keyboard.flat().map(({ text }) => text);
}

export function codeIn(message: ChatMessage): string {
  return /zi-[0-9A-Z]{10}/.exec(textOf(message))?.[0] ?? "";
}

export const eventually = <Value>(check: () => Value | Promise<Value>) =>
  vi.waitFor(check, { timeout: 60_000, interval: 10 });

function matches(text: string, wanted: string | RegExp): boolean {
  return typeof wanted === "string" ? text.includes(wanted) : wanted.test(text);
}

function collect(logged: Logged[]): Log {
  const write = (level: Logged["level"]) => (facts: object, message: string) =>
    void logged.push({ level, facts, message });
  return { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
}
