import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type World, createWorld } from "./builders.ts";
import { type Clock, snowflakes, startClock } from "./clock.ts";
import { type CommandStore, createCommandStore } from "./commands.ts";
import type { GatewaySettings } from "./connection.ts";
import { type Endpoint, createEndpoint } from "./endpoint.ts";
import { type FileStore, createFileStore } from "./files.ts";
import { type Gateway, createGateway } from "./gateway.ts";
import { type InteractionStore, createInteractionStore } from "./interactions.ts";
import { type MessageStore, type StoredMessage, createMessageStore } from "./messages.ts";
import { channelPayload, guildCreatePayload } from "./payloads.ts";
import type { Guild, GuildChannel } from "./world.ts";

/** All that the stand-in knows, for those who answer requests and for those who act as people. */
export interface Platform {
  readonly clock: Clock;
  readonly world: World;
  readonly files: FileStore;
  readonly messages: MessageStore;
  readonly interactions: InteractionStore;
  readonly commands: CommandStore;
  readonly gateway: Gateway;
  readonly endpoint: Endpoint;
  /** What the app proves itself with. */
  readonly token: string;
  /** `http://127.0.0.1:PORT`. */
  readonly origin: () => string;
}

interface Surroundings {
  readonly token: string;
  readonly settings: Partial<GatewaySettings>;
  readonly answerWithinMs: number | undefined;
  readonly origin: () => string;
  readonly isDown: () => boolean;
  readonly changed: () => void;
}

/** An empty platform whose parts know each other, and what takes over connections that become WebSockets. */
export function createPlatform(surroundings: Surroundings): {
  readonly platform: Platform;
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
} {
  const { token, settings, answerWithinMs, origin, isDown, changed } = surroundings;
  const clock = startClock();
  const nextId = snowflakes(clock);
  const files = createFileStore(clock, nextId, origin);
  const world = createWorld({ nextId, now: () => clock.now(), added: tellOfAddition });
  const tools = { token, world, origin, isDown, changed };
  const { gateway, upgrade } = createGateway({ ...tools, ...settings });
  const messages = createMessageStore({ clock, nextId, files, heard: tellOfMessage });
  const interactions = createInteractionStore(clock, nextId, answerWithinMs);
  const commands = createCommandStore(nextId);

  function tellOfAddition(what: Guild | GuildChannel): void {
    if ("guild" in what) {
      if (!what.guild.installed) return;
      gateway.dispatch("CHANNEL_CREATE", channelPayload(what), { guildId: what.guild.id });
    } else if (what.installed) {
      gateway.dispatch("GUILD_CREATE", guildCreatePayload(what, world.app), { guildId: what.id });
    }
  }

  function tellOfMessage(event: "CREATE" | "UPDATE" | "DELETE", message: StoredMessage): void {
    const { channel, visibleTo } = message;
    changed();
    if (visibleTo || channel.kind === "private") return;
    const guildId = channel.kind === "guild" ? channel.guild.id : undefined;
    const place = guildId === undefined ? {} : { guild_id: guildId };
    const gone = { id: message.id, channel_id: channel.id };
    const payload = event === "DELETE" ? gone : messages.payload(message);
    gateway.dispatch(`MESSAGE_${event}`, { ...payload, ...place }, { guildId });
  }

  const platform = {
    clock,
    world,
    files,
    messages,
    interactions,
    commands,
    gateway,
    endpoint: createEndpoint(changed),
    token,
    origin,
  };
  return { platform, upgrade };
}
