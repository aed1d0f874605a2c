import { type Client, OAuth2Scopes, PermissionFlagsBits, PermissionsBitField } from "discord.js";
import type { Fetch } from "../../core/wire/fetch.ts";
import type { Picture } from "../../core/job.ts";
import type { Log } from "../../core/observe.ts";
import type { Deliverer } from "../../core/studio/outbox.ts";
import type { ChatTools } from "../imagine.ts";
import { discordApi } from "./api.ts";
import { type ConnectionState, GatewayConnection } from "./connection.ts";
import { DiscordDelivery } from "./delivery.ts";
import { DiscordFailure, failureOf } from "./errors.ts";
import { interactionHandler } from "./interactions.ts";
import { limits } from "./limits.ts";
import { registerCommands } from "./registration.ts";
import { uploadLimits } from "./upload-limits.ts";
import type { Access } from "./visit.ts";

export interface DiscordDoorOptions extends ChatTools {
  readonly token: string;
  /** Of the REST API, without a slash at its end. */
  readonly url: string;
  /** Where the commands are registered alone while developing. */
  readonly guild: string | undefined;
  readonly access: Access;
  /** Where anybody can see a picture, where there is such an address. */
  readonly publicUrl: (picture: Picture) => string | undefined;
  readonly fetch: Fetch;
  readonly now: () => number;
  readonly log: Log;
  /** Told once, when the bot is connected: the address at which people add it. */
  readonly onInvite?: (link: string) => void;
  readonly progressEveryMs?: number;
  readonly firstRetryMs?: number;
  /** When calls that are under way are given up, counted from `stop`. */
  readonly stopWithinMs?: number;
}

export interface DiscordDoor {
  /** Shows the jobs of this door; works as soon as it exists. */
  readonly deliverer: Deliverer;
  readonly state: ConnectionState;
  /** Connects in the background. */
  start(): void;
  /** Takes no more interactions, once those that came are answered; what is not shown soon is left to the next process. */
  stop(): Promise<void>;
}

/** The Discord door: once it is started it connects, registers the commands where they changed, and answers. */
export function createDiscordDoor(options: DiscordDoorOptions): DiscordDoor {
  const { token, url, studio, settings, catalogue, imaging } = options;
  const { now, log, access, publicUrl, fetch } = options;
  const ending = new AbortController();
  const api = discordApi({ url, token, signal: ending.signal });
  const uploads = uploadLimits(settings);
  const tools = { studio, settings, catalogue, imaging, uploads, publicUrl, fetch, now, log };
  const { progressEveryMs, firstRetryMs, stopWithinMs = limits.lastCallsMs } = options;
  const paced = progressEveryMs === undefined ? {} : { progressEveryMs };
  const deliverer = new DiscordDelivery({ api, tools, uploads, now, log, ...paced });
  let greeted = false;
  let registered = false;
  const connection = new GatewayConnection({
    token,
    url,
    log,
    onInteraction: interactionHandler({ api, tools, access }),
    onConnected(client) {
      if (!greeted) options.onInvite?.(inviteLink(client.application.id));
      greeted = true;
      if (registered) return;
      registered = true;
      void register(client, options).then((done) => {
        registered = done;
      });
    },
    ...(firstRetryMs === undefined ? {} : { firstRetryMs }),
  });
  return {
    deliverer,
    get state() {
      return connection.state;
    },
    start: () => connection.start(),
    stop() {
      const givenUp = new DiscordFailure("the process ends");
      setTimeout(() => ending.abort(givenUp), stopWithinMs).unref();
      return connection.stop();
    },
  };
}

/** Answers whether Discord knows the commands now; where it does not, the next connection is another occasion. */
async function register(
  client: Client<true>,
  { guild, log }: DiscordDoorOptions,
): Promise<boolean> {
  const application = client.application.id;
  try {
    const changed = await registerCommands(client.rest, { application, guild });
    log.info({ changed }, "Discord knows the commands");
    return true;
  } catch (error) {
    log.error({ reason: failureOf(error).message }, "Discord does not take the commands");
    return false;
  }
}

const {
  AttachFiles,
  EmbedLinks,
  ReadMessageHistory,
  SendMessages,
  SendMessagesInThreads,
  ViewChannel,
} = PermissionFlagsBits;

/** What the bot needs in a server, so that a picture arrives also when its first answer cannot be changed any more. */
const permissions = new PermissionsBitField([
  AttachFiles,
  EmbedLinks,
  ReadMessageHistory,
  SendMessages,
  SendMessagesInThreads,
  ViewChannel,
]);

/** The address at which somebody adds the bot to a server, or to their own account. */
export function inviteLink(application: string): string {
  const link = new URL("https://discord.com/oauth2/authorize");
  link.searchParams.set("client_id", application);
  link.searchParams.set("scope", `${OAuth2Scopes.Bot} ${OAuth2Scopes.ApplicationsCommands}`);
  link.searchParams.set("permissions", permissions.bitfield.toString());
  return link.href;
}
