import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { World } from "./discord/builders.ts";
import { type Command, GLOBAL } from "./discord/commands.ts";
import type { GatewaySettings } from "./discord/connection.ts";
import type { Endpoint } from "./discord/endpoint.ts";
import { type Faults, createFaults } from "./discord/faults.ts";
import type { Gateway } from "./discord/gateway.ts";
import { type LoggedCall, createRestServer } from "./discord/http.ts";
import { type SentInteraction, viewInteraction } from "./discord/interaction-view.ts";
import type { Interaction } from "./discord/interactions.ts";
import { type MessageView, viewMessage } from "./discord/message-view.ts";
import type { StoredMessage } from "./discord/messages.ts";
import { channelPayload } from "./discord/payloads.ts";
import { type People, createPeople } from "./discord/people.ts";
import { type Platform, createPlatform } from "./discord/platform.ts";
import { type RateLimits, createRateLimiter } from "./discord/rate-limits.ts";
import { createRouter } from "./discord/router.ts";
import { applicationRoutes } from "./discord/routes-application.ts";
import { channelRoutes } from "./discord/routes-channels.ts";
import { commandRoutes } from "./discord/routes-commands.ts";
import { interactionRoutes } from "./discord/routes-interactions.ts";
import { type Signal, createSignal } from "./discord/signal.ts";
import type { Channel, Guild, GuildChannel, User } from "./discord/world.ts";

export interface DiscordOptions extends Partial<GatewaySettings> {
  /** What the app has to prove itself with. */
  readonly token?: string;
  readonly rateLimits?: Partial<RateLimits>;
  /** For how long interactions take their first answer, in milliseconds; Discord's three seconds without it. */
  readonly answerWithinMs?: number;
  /** The address that its links and its gateway begin with, where clients know it by another one. */
  readonly knownAs?: string;
}

/** A command that is registered. */
export interface RegisteredCommand {
  readonly id: string;
  readonly type: number;
  readonly name: string;
  readonly version: string;
  /** As it was registered. */
  readonly form: Command["form"];
}

/**
 * A working stand-in of Discord: REST API v10, gateway and links to files, on 127.0.0.1. It enforces what Discord does
 * and keeps what would be seen, so that a test can assert the final messages.
 */
export interface Discord
  extends Omit<World, "app" | "users" | "guilds" | "channels">,
    People,
    Faults,
    Pick<Signal, "until"> {
  /** For discord.js: `rest: { api }`, for our door: `DISCORD_API_URL`. */
  readonly apiUrl: string;
  readonly token: string;
  readonly applicationId: string;
  /** The app's bot. */
  readonly app: User;
  readonly gateway: Gateway;
  /** Interactions go there once it has an address, in place of the gateway. */
  readonly endpoint: Endpoint;
  /** May be switched at any time. */
  readonly rateLimits: RateLimits;
  /** Every REST request since the start, oldest first. */
  readonly calls: readonly LoggedCall[];
  /** Everything people did, oldest first. */
  interactions(): readonly SentInteraction[];
  /** The commands of a server, or those for everywhere. */
  commands(guild?: Guild): readonly RegisteredCommand[];
  /** How often the app asked to change the commands of a server, or those for everywhere. */
  registrations(guild?: Guild): number;
  /** What is to be seen in a channel, oldest first: by everybody, or by this person, whose ephemeral ones are among it. */
  messages(channel: Channel | string, viewer?: User): readonly MessageView[];
  /** The same with what was deleted. */
  history(channel: Channel | string): readonly MessageView[];
  /** A channel is deleted. */
  deleteChannel(channel: GuildChannel): void;
  /** The app's bot is removed from a server. */
  kick(guild: Guild): void;
  /** The stand-in's time, milliseconds since 1970. */
  now(): number;
  /** Lets time pass at once: tokens, messages, links and limits age; heartbeats do not. */
  advanceClock(ms: number): void;
  /** From now on, time passes by `advanceClock` alone, so that nothing depends on how fast the machine is. */
  stopClock(): void;
  /** Cuts every connection and accepts none, until `up`. */
  down(): void;
  up(): void;
  /** Ends it. Rejects where the stand-in itself failed meanwhile, so that no test passes on its faults. */
  close(): Promise<void>;
}

const ROUTES = [...applicationRoutes, ...commandRoutes, ...channelRoutes, ...interactionRoutes];
const DEFAULT_TOKEN = "MTA.stand-in.token-of-the-app";

/** Starts a stand-in of Discord on a free port. */
export async function startDiscord(options: DiscordOptions = {}): Promise<Discord> {
  const {
    token = DEFAULT_TOKEN,
    rateLimits: limits,
    knownAs,
    answerWithinMs,
    ...settings
  } = options;
  const state = { origin: "", isDown: false };
  const problems: unknown[] = [];
  const signal = createSignal();
  const { changed } = signal;
  const isDown = () => state.isDown;
  const origin = () => state.origin;
  const { platform, upgrade } = createPlatform({
    ...{ token, settings, answerWithinMs, origin, isDown, changed },
  });

  const rateLimits = { perRoute: false, global: false, ...limits };
  const faults = createFaults();
  const { server, calls } = createRestServer({
    platform,
    route: createRouter(ROUTES),
    limit: createRateLimiter(platform.clock, rateLimits),
    faults,
    isDown,
    changed,
    broke: (error) => problems.push(error),
  });
  server.on("upgrade", upgrade);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  state.origin = knownAs ?? address;

  const cutEverything = () => {
    platform.gateway.dropConnection();
    server.closeAllConnections();
  };
  return {
    ...handleOf(platform, signal),
    ...faults,
    apiUrl: `${address}/api`,
    rateLimits,
    calls,
    down() {
      state.isDown = true;
      cutEverything();
    },
    up() {
      state.isDown = false;
    },
    async close() {
      cutEverything();
      server.close();
      await once(server, "close");
      if (problems.length > 0) throw new AggregateError(problems, "The stand-in of Discord failed");
    },
  };
}

type Handle = Omit<
  Discord,
  keyof Faults | "apiUrl" | "rateLimits" | "calls" | "down" | "up" | "close"
>;

/** What a test does with a platform, whatever it is served by. */
function handleOf(platform: Platform, signal: Signal): Handle {
  const { clock, commands, endpoint, files, gateway, interactions, messages, token, world } =
    platform;
  const view = (message: StoredMessage) => viewMessage(message, files);
  const sent = (interaction: Interaction) => viewInteraction(interaction, signal, view);
  const messagesOf = (channel: Channel | string): readonly StoredMessage[] => {
    const found = typeof channel === "string" ? world.channels.get(channel) : channel;
    return found ? messages.in(found) : [];
  };

  return {
    ...world,
    ...createPeople({ platform, sent, message: view }),
    until: signal.until,
    token,
    applicationId: world.app.id,
    gateway,
    endpoint,
    interactions: () => interactions.all.map(sent),
    commands: (guild) =>
      commands
        .list(guild?.id ?? GLOBAL)
        .map(({ scope: _scope, ...command }) => ({ ...command, name: command.form.name })),
    registrations: (guild) =>
      commands.registrations.filter(({ scope }) => scope === (guild?.id ?? GLOBAL)).length,
    messages: (channel, viewer) =>
      messagesOf(channel)
        .filter(({ deletedAt }) => deletedAt === undefined)
        .filter(({ visibleTo }) => visibleTo === undefined || visibleTo === viewer)
        .map(view),
    history: (channel) => messagesOf(channel).map(view),
    deleteChannel(channel) {
      channel.deleted = true;
      gateway.dispatch("CHANNEL_DELETE", channelPayload(channel), { guildId: channel.guild.id });
    },
    kick(guild) {
      guild.installed = false;
      guild.members.delete(world.app.id);
      gateway.dispatch("GUILD_DELETE", { id: guild.id }, { guildId: guild.id });
    },
    now: clock.now,
    stopClock: clock.stop,
    advanceClock(ms) {
      clock.advance(ms);
      signal.changed();
    },
  };
}
