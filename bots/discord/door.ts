import { type Client, OAuth2Scopes, PermissionFlagsBits, PermissionsBitField } from "discord.js";
import type { Picture } from "../../core/job.ts";
import type { Log } from "../../core/observe.ts";
import type { Deliverer } from "../../core/studio/outbox.ts";
import { mostSources } from "../edits.ts";
import type { ChatTools } from "../use-cases.ts";
import { discordApi } from "./api.ts";
import { uploadLimits } from "./attachments.ts";
import { type ConnectionState, GatewayConnection } from "./connection.ts";
import { DiscordDeliverer } from "./delivery.ts";
import { interactionHandler } from "./dispatch.ts";
import { OpenForms } from "./edit-pictures.ts";
import { DiscordFailure, failureOf } from "./errors.ts";
import type { Access } from "./interaction.ts";
import { limits } from "./limits.ts";
import { mentionHandler } from "./mentions.ts";
import { registerCommands } from "./registration.ts";
import { fileFetcher } from "./sent-files.ts";

/** What the Discord door needs. */
export interface DiscordDoorOptions extends ChatTools {
  readonly token: string;
  /** The REST API, without a trailing slash. */
  readonly url: string;
  /** The server for which alone commands are registered, during development. */
  readonly guild: string | undefined;
  readonly access: Access;
  /** The public address of a picture; undefined where none is configured. */
  readonly publicUrl: (picture: Picture) => string | undefined;
  /** Calls Discord, and downloads files that people sent. */
  readonly fetch: typeof globalThis.fetch;
  /** Hosts of files that count as Discord's beside its own and that of `url`. */
  readonly fileHosts?: readonly string[];
  /** Where an address of the gateway is reached; without it, where it says. */
  readonly gatewayAt?: (url: string) => string;
  readonly now: () => number;
  readonly log: Log;
  /** Called once, when the bot first connects, with the address at which people add it. */
  readonly onInvite?: (link: string) => void;
  readonly progressEveryMs?: number;
  readonly firstRetryMs?: number;
  /** Calls under way are given up this long after `stop`. */
  readonly stopWithinMs?: number;
}

/** The bot on Discord. */
export interface DiscordDoor {
  /** Shows the jobs of this door, even before `start`. */
  readonly deliverer: Deliverer;
  readonly state: ConnectionState;
  /** Connects in the background. */
  start(): void;
  /** Disconnects so that it may be started again. */
  pause(): Promise<void>;
  /** Answers the interactions under way, then disconnects; what is not shown soon is left to the next process. */
  stop(): Promise<void>;
}

/** Creates the Discord door. Once started, it connects, registers changed commands, and answers interactions. */
export function createDiscordDoor(options: DiscordDoorOptions): DiscordDoor {
  const { token, url, studio, settings, catalogue, imaging, people } = options;
  const { now, log, access, publicUrl, fetch } = options;
  const ending = new AbortController();
  const api = discordApi({ url, token, fetch, signal: ending.signal });
  const uploads = uploadLimits(settings);
  const files = fileFetcher(fetch, [new URL(url).host, ...(options.fileHosts ?? [])]);
  const stores = { studio, settings, catalogue, imaging, people, uploads };
  const tools = { ...stores, publicUrl, files, forms: new OpenForms(), now, log };
  const { progressEveryMs, firstRetryMs, stopWithinMs = limits.lastCallsMs } = options;
  const paced = progressEveryMs === undefined ? {} : { progressEveryMs };
  const deliverer = new DiscordDeliverer({ api, tools, uploads, now, log, ...paced });
  let greeted = false;
  let registered = false;
  const connection = new GatewayConnection({
    token,
    url,
    fetch,
    gatewayAt: options.gatewayAt,
    log,
    onInteraction: interactionHandler({ api, tools, access }),
    // Only a model that edits has a use for messages, of which Discord sends many.
    onMessage: mostSources(catalogue) > 0 ? mentionHandler({ api, tools, access }) : undefined,
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
    pause: () => connection.stop(),
    stop() {
      const givenUp = new DiscordFailure("the process ends");
      setTimeout(() => ending.abort(givenUp), stopWithinMs).unref();
      return connection.stop();
    },
  };
}

/** Resolves with whether Discord has the commands now; if not, the next connection tries again. */
async function register(
  client: Client<true>,
  { guild, catalogue, log }: DiscordDoorOptions,
): Promise<boolean> {
  const application = client.application.id;
  try {
    const changed = await registerCommands(client.rest, {
      application,
      guild,
      sources: mostSources(catalogue),
    });
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

/** What the bot needs in a server to show a picture even when the first answer can no longer be edited. */
const permissions = new PermissionsBitField([
  AttachFiles,
  EmbedLinks,
  ReadMessageHistory,
  SendMessages,
  SendMessagesInThreads,
  ViewChannel,
]);

/** The address at which a person adds the bot to a server or to their own account. */
export function inviteLink(application: string): string {
  const link = new URL("https://discord.com/oauth2/authorize");
  link.searchParams.set("client_id", application);
  link.searchParams.set("scope", `${OAuth2Scopes.Bot} ${OAuth2Scopes.ApplicationsCommands}`);
  link.searchParams.set("permissions", permissions.bitfield.toString());
  return link.href;
}
