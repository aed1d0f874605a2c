import { onTestFinished, vi } from "vitest";
import {
  createDiscordDoor,
  type DiscordDoor,
  type DiscordDoorOptions,
} from "../../../bots/discord/door.ts";
import { createCatalogue, type Model, modelSchema } from "../../../core/catalogue.ts";
import type { Job } from "../../../core/job.ts";
import type { Log } from "../../../core/observe.ts";
import type { Deliverer } from "../../../core/studio/outbox.ts";
import { imaging } from "../../../src/imaging.ts";
import { aDirectory } from "../../builders.ts";
import { type Discord, type DiscordOptions, startDiscord } from "../../fakes/discord.ts";
import type { SentInteraction } from "../../fakes/discord/interaction-view.ts";
import type { Where } from "../../fakes/discord/invocation.ts";
import type { MessageView } from "../../fakes/discord/message-view.ts";
import type { GuildChannel, User } from "../../fakes/discord/world.ts";
import { memorySettings } from "../../fakes/settings.ts";
import {
  aStudio,
  easel,
  memoryImages,
  type Stores,
  type TestStudioOptions,
} from "../../fakes/studio.ts";
import { openWire } from "../../fakes/wire.ts";
import { doorOverHttp } from "./over-http.ts";

/** A line of the door's log. */
export interface Logged {
  readonly level: "debug" | "info" | "warn" | "error";
  readonly details: object;
  readonly message: string;
}

export interface SceneOptions {
  readonly studio?: TestStudioOptions;
  readonly door?: Partial<DiscordDoorOptions>;
  readonly discord?: DiscordOptions;
  readonly guild?: Parameters<Discord["guild"]>[0];
  readonly channel?: Parameters<Discord["channel"]>[1];
  /** What the easel can do. */
  readonly easel?: Parameters<typeof easel>[0];
  readonly models?: readonly Model[];
  /** The commands are registered to the server alone. */
  readonly developing?: boolean;
  /** Interactions come over HTTP in place of the gateway. */
  readonly overHttp?: boolean;
}

export const testModel = modelSchema.parse({
  id: "Z-Image",
  provider: "easel",
  sizes: { "1:1": "64x64", "16:9": "128x72", "3:4": "96x128" },
  quality: {},
});

/** Anna and Ben in a channel of a server on a stand-in of Discord, and the real door before a studio. */
export async function openDoor(options: SceneOptions = {}) {
  const discord = await startDiscord(options.discord);
  const guild = discord.guild({ name: "Studio", ...options.guild });
  const channel = discord.channel(guild, options.channel);
  const anna = discord.user({ username: "anna" });
  const ben = discord.user({ username: "ben" });
  for (const user of [anna, ben]) discord.member(guild, user);
  const directory = aDirectory();
  const images = memoryImages();
  const settings = memorySettings();
  const logged: Logged[] = [];
  const log = collect(logged);

  async function begin() {
    const wire = await openWire(discord.apiUrl);
    const painter = easel(options.easel);
    const deliverers = new Map<string, Deliverer>();
    const catalogue = createCatalogue(options.models ?? [testModel]);
    const test = aStudio({
      easel: painter,
      directory,
      images,
      deliverers,
      catalogue,
      ...options.studio,
    });
    const doorOptions: DiscordDoorOptions = {
      token: discord.token,
      url: wire.url,
      guild: options.developing ? guild.id : undefined,
      access: { guilds: [], users: [] },
      publicUrl: () => undefined,
      fetch,
      studio: test.studio,
      people: test.people,
      settings,
      catalogue,
      imaging,
      now: Date.now,
      log,
      fileHosts: [new URL(discord.apiUrl).host],
      progressEveryMs: 20,
      firstRetryMs: 10,
      ...options.door,
    };
    const door = options.overHttp
      ? await doorOverHttp(doorOptions)
      : createDiscordDoor(doorOptions);
    deliverers.set("discord", door.deliverer);
    return { ...test, door, wire };
  }

  let life = await begin();
  onTestFinished(async () => {
    await end();
    await discord.close();
  });

  async function end(): Promise<void> {
    await life.door.stop();
    await life.studio.stop(0).catch(() => undefined);
    life.crash();
    life.wire.cut();
  }

  const registered = () => discord.commands(options.developing ? guild : undefined);
  const connected = async () => {
    life.door.start();
    await vi.waitFor(() => {
      const { door } = life;
      const reached = !("address" in door) || discord.endpoint.url === door.address;
      if (door.state !== "connected" || registered().length === 0 || !reached) {
        throw new Error(door.state);
      }
    }, 60_000);
  };

  const imagine = (prompt: string, more: ImagineOptions = {}): SentInteraction => {
    const { by = anna, where = channel, options: values } = more;
    return discord.slash(by, where, "imagine", { prompt: prompt, ...values });
  };

  return {
    discord,
    guild,
    channel,
    anna,
    ben,
    settings,
    logged,
    connected,
    get door(): Omit<DiscordDoor, "shard"> {
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
    get images() {
      return images;
    },
    get easel() {
      return life.easel;
    },
    /** Asks for a picture. */
    imagine,
    /** Asks for a picture and waits for it. */
    drawn: async (prompt: string, more: ImagineOptions = {}): Promise<MessageView> => {
      const sent = imagine(prompt, more);
      const count = Number(more.options?.["count"] ?? 1);
      const before = life.easel.orders.length;
      for (let at = 1; at <= count; at++) {
        await life.easel.begun(before + at);
        life.easel.finish();
      }
      await discord.until(() => (sent.message?.files.length ?? 0) === count);
      if (!sent.message) throw new Error("There is no message");
      return sent.message;
    },
    /** The one job there is, or the newest. */
    newestJob: async (of: User = anna): Promise<Job> => {
      const [job] = await life.studio.history({ id: `discord:${of.id}` }, { limit: 1 });
      if (!job) throw new Error("There is no job");
      return job;
    },
    messages: (viewer?: User, where: GuildChannel = channel) => discord.messages(where, viewer),
    /** Dies as by `kill -9`, cut off from Discord. */
    crash: async (): Promise<void> => {
      life.crash();
      life.wire.cut();
      await life.door.stop();
      await life.studio.stop(0).catch(() => undefined);
    },
    /** A new process on the same data. */
    restart: async (): Promise<void> => {
      life = await begin();
      await life.studio.resume();
      await connected();
    },
    end,
  };
}

export type Scene = Awaited<ReturnType<typeof openDoor>>;

interface ImagineOptions {
  readonly by?: User;
  readonly where?: Where;
  readonly options?: Readonly<Record<string, string | number | boolean>>;
}

/** The same, connected and with its commands registered. */
export async function openedDoor(options: SceneOptions = {}): Promise<Scene> {
  const scene = await openDoor(options);
  await scene.connected();
  return scene;
}

function collect(lines: Logged[]): Log {
  const write =
    (level: Logged["level"]) =>
    (details: object, message: string): void => {
      lines.push({ level, details, message });
    };
  return {
    debug: write("debug"),
    info: write("info"),
    warn: write("warn"),
    error: write("error"),
  };
}

export function codeIn({ text }: Pick<MessageView, "text">): string {
  return /zi-[0-9A-Z]{10}/.exec(text)?.[0] ?? "";
}
