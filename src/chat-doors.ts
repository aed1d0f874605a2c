import type { DiscordBotOptions } from "../bots/discord/bot.ts";
import type { Catalogue } from "../core/catalogue.ts";
import type { Imaging } from "../core/imaging.ts";
import type { People } from "../core/people.ts";
import type { Log } from "../core/observe.ts";
import type { Deliverer } from "../core/studio/outbox.ts";
import type { PlatformFiles } from "../core/platform-files.ts";
import type { SettingsStore } from "../core/settings.ts";
import type { Studio } from "../core/studio.ts";
import type { Config } from "./config.ts";
import { discordOptions, discordPath } from "./discord-options.ts";
import type { Fleet } from "./fleet.ts";
import type { Elected } from "./fleet/presence.ts";
import type { Parts, Shares } from "./fleet/shares.ts";
import type { AppOptions } from "./http/app.ts";
import { canonicalPath } from "./http/paths.ts";
import type { Proxies } from "./proxies.ts";
import { roles } from "./variables.ts";

/** A chat platform that people reach the studio by. */
export interface ChatDoor {
  /** Its name in the delivery of jobs. */
  readonly name: string;
  readonly deliverer: Deliverer;
  /** "connected" while it is; otherwise any other text. */
  readonly state: () => string;
  /** The link by which people add it, once that is known. */
  readonly invite: () => string | undefined;
  /** Routes that it needs on the HTTP door. */
  readonly guests: NonNullable<AppOptions["guests"]>;
  /** One process alone may have its connection. */
  readonly elected: boolean;
  /** Where its connection has parts that processes share. */
  readonly parts?: Parts<Elected & Pick<ChatDoor, "state">>;
  /** Connects in the background. */
  start(): void;
  /** Disconnects so that it may be started again. */
  pause(): Promise<void>;
  /** Stops accepting requests. */
  stop(): Promise<void>;
}

/** A chat door, and when this process has its connection. */
export type ConnectedDoor = Pick<ChatDoor, "name" | "state" | "start" | "stop">;

/** A door whose connection one process of all has; where there is one process, its own. `standby`: another one has it. */
export function electedDoor(door: ChatDoor, fleet: Fleet | undefined): ConnectedDoor {
  if (!fleet || !door.elected) return door;
  if (door.parts) return sharedDoor(door, fleet.share(door.name, door.parts));
  const election = fleet.elect(door.name, door);
  return {
    name: door.name,
    state: () => (election.won ? door.state() : "standby"),
    start: () => election.start(),
    async stop() {
      await door.stop();
      await election.stop();
    },
  };
}

/** A door of whose connection this process has some parts, or none. */
function sharedDoor(
  door: ChatDoor,
  shares: Shares<Elected & Pick<ChatDoor, "state">>,
): ConnectedDoor {
  return {
    name: door.name,
    state() {
      const states = [...shares.held.values()].map((part) => part.state());
      return states.find((state) => state !== "connected") ?? states[0] ?? "standby";
    },
    start: () => shares.start(),
    async stop() {
      await Promise.all([shares.stop(), door.stop()]);
    },
  };
}

/** The state of each door, by its name; where the parts are spread over processes, of each part that this one plays. */
export function statesOf(
  doors: readonly ConnectedDoor[],
  { ROLES }: Pick<Config, "ROLES">,
): Record<string, string> {
  const isWhole = ROLES.size === roles.length;
  const ready = (["http", "worker"] as const).filter((role) => ROLES.has(role));
  const own = (isWhole ? ready.slice(0, 1) : ready).map((role) => [role, "connected"] as const);
  return Object.fromEntries([...own, ...doors.map(({ name, state }) => [name, state()] as const)]);
}

/** What every chat door is built from. */
export interface ChatDoorTools {
  readonly studio: Studio;
  readonly catalogue: Catalogue;
  readonly imaging: Imaging;
  readonly people: People;
  readonly settings: SettingsStore;
  readonly files: PlatformFiles;
  readonly fetch: typeof globalThis.fetch;
  readonly log: Log;
}

/** One door for each chat platform with a token. The code of other platforms is not loaded. */
export async function createChatDoors(
  config: Config,
  tools: ChatDoorTools,
): Promise<readonly ChatDoor[]> {
  const doors = await Promise.all([discordDoor(config, tools), telegramDoor(config, tools)]);
  return doors.filter((door) => door !== undefined);
}

/** The links by which people add the bots, as far as they are known, by the names of their doors. */
export function invitesTo(doors: readonly ChatDoor[]): Record<string, string> {
  const links = doors.map(({ name, invite }) => [name, invite()] as const);
  return Object.fromEntries(
    links.filter((link): link is [string, string] => link[1] !== undefined),
  );
}

async function discordDoor(config: Config, tools: ChatDoorTools): Promise<ChatDoor | undefined> {
  const options = discordOptions(config, tools);
  if (!options || !config.ROLES.has("discord")) return undefined;
  if (config.DISCORD_PUBLIC_KEY !== undefined) return discordOverHttp(config, options);
  const { createDiscordDoor } = await import("../bots/discord/door.ts");
  const relay = config.proxies && (await relayThrough(config.proxies));
  let invite: string | undefined;
  const door = createDiscordDoor({
    ...options,
    ...(relay ? { gatewayAt: relay.through } : {}),
    // Not through the log, whose level may hide it: the owner needs this link to begin.
    onInvite: (link) => {
      invite = link;
      console.log(`Add the bot to a server or to your account: ${link}`);
    },
  });
  const { DISCORD_SHARDS: count } = config;
  const shardAt = (id: number) => {
    const shard = door.shard({ id, count: count ?? 1 });
    return { start: () => shard.start(), pause: () => shard.stop(), state: () => shard.state };
  };
  return {
    name: "discord",
    deliverer: door.deliverer,
    state: () => door.state,
    invite: () => invite,
    guests: [],
    elected: true,
    ...(count === undefined ? {} : { parts: { count, part: shardAt } }),
    start: () => door.start(),
    pause: () => door.pause(),
    stop: () => door.stop().finally(() => relay?.close()),
  };
}

/** Discord sends interactions to this process, which needs no connection to its gateway. */
async function discordOverHttp(
  { DISCORD_PUBLIC_KEY: publicKey, PUBLIC_URL: origin }: Config,
  options: DiscordBotOptions,
): Promise<ChatDoor> {
  const { createDiscordHttpDoor } = await import("../bots/discord/http-door.ts");
  const door = createDiscordHttpDoor({ ...options, publicKey });
  return {
    name: "discord",
    deliverer: door.deliverer,
    state: () => door.state,
    invite: () => undefined,
    guests: [{ path: discordPath, handle: door.webhook }],
    elected: false,
    start: () => door.start(origin && origin + discordPath),
    pause: async () => undefined,
    stop: async () => door.stop(),
  };
}

async function relayThrough(proxies: Proxies) {
  const { openRelay } = await import("./gateway-relay.ts");
  return openRelay(proxies);
}

async function telegramDoor(config: Config, tools: ChatDoorTools): Promise<ChatDoor | undefined> {
  const { TELEGRAM_BOT_TOKEN: token, TELEGRAM_ALLOWED_CHATS: allowedChats } = config;
  if (token === undefined || !config.ROLES.has("telegram")) return undefined;
  const { createTelegramDoor } = await import("../bots/telegram/bot.ts");
  const { TELEGRAM_WEBHOOK_URL: url, TELEGRAM_WEBHOOK_SECRET: secret = "" } = config;
  const { TELEGRAM_STORAGE_CHAT: storageChat, PUBLIC_URL: publicUrl } = config;
  const door = createTelegramDoor({
    ...tools,
    token,
    ...(config.proxies ? { callBy: tools.fetch } : {}),
    apiUrl: config.TELEGRAM_API_URL,
    allowedChats,
    ...(url === undefined ? {} : { webhook: { url, secret } }),
    ...(storageChat === undefined ? {} : { storageChat: Number(storageChat) }),
    quietGroups: config.QUIET_GROUPS,
    drafts: config.TELEGRAM_DRAFTS,
    ...(publicUrl === undefined ? {} : { publicUrl }),
    now: Date.now,
  });
  const { webhook: handle } = door;
  return {
    name: "telegram",
    deliverer: door.deliverer,
    state: () => door.state,
    invite: () => undefined,
    guests:
      url === undefined || !handle ? [] : [{ path: canonicalPath(new URL(url).pathname), handle }],
    elected: url === undefined,
    start: () => door.start(),
    pause: () => door.pause(),
    stop: () => door.stop(),
  };
}
