import { OAuth2Scopes, PermissionFlagsBits } from "discord-api-types/v10";
import type { Picture } from "../../core/job.ts";
import { optional } from "../../core/optional.ts";
import type { ConversationTools } from "../context.ts";
import { mostSources } from "../edits.ts";
import { discordApi } from "./api.ts";
import { type Definition, definitions, presetMenus, registerCommands } from "./definitions.ts";
import { discordDeliverer } from "./delivery.ts";
import { interactionHandler } from "./dispatch.ts";
import { failureOf } from "./errors.ts";
import type { Access } from "./interaction.ts";
import { mentionHandler } from "./mentions.ts";
import { guildScope, type Place } from "./place.ts";
import type { Rest } from "./rest.ts";
import { fileFetcher } from "./sent-files.ts";
import { uploadLimits } from "./show.ts";

/** What the bot needs, whichever way its interactions come. */
export interface DiscordBotOptions extends ConversationTools {
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
  readonly progressEveryMs?: number;
}

/**
 * The bot without its connection: what it does with what comes, and how it shows jobs. Its calls are given up when the
 * signal is aborted.
 */
export function discordBot(options: DiscordBotOptions, rest: Rest, signal: AbortSignal) {
  const { url, studio, settings, catalogue, imaging, people, now, log } = options;
  const { access, publicUrl, fetch, guild, progressEveryMs } = options;
  const api = discordApi(rest, signal);
  const uploads = uploadLimits(settings);
  const files = fileFetcher(fetch, [new URL(url).host, ...(options.fileHosts ?? [])]);
  const stores = { studio, settings, catalogue, imaging, people, uploads };
  const sources = mostSources(catalogue);

  async function wantedIn(place: string | undefined): Promise<readonly Definition[]> {
    const all =
      place === guild ? definitions(guild === undefined ? "global" : "guild", sources) : [];
    if (place === undefined) return all;
    return [...all, ...presetMenus(await studio.presets.of(guildScope(place)))];
  }

  async function register(application: string, place: string | undefined): Promise<boolean> {
    try {
      const wanted = await wantedIn(place);
      const changed = await registerCommands(rest, { application, guild: place }, wanted);
      log.info({ changed, guild: place }, "Discord knows the commands");
      return true;
    } catch (error) {
      log.error({ reason: failureOf(error).message }, "Discord does not take the commands");
      return false;
    }
  }

  async function refreshMenus({ application, guild: place }: Place): Promise<void> {
    if (place !== null) await register(application, place);
  }

  const helpers = { publicUrl, files, refreshMenus, now, log };
  const tools = { ...stores, ...helpers };
  return {
    deliverer: discordDeliverer({ ...tools, api, ...optional({ progressEveryMs }) }),
    /** Answers an interaction as Discord sent it. Resolves once what it asks for is on disk, and never rejects. */
    onInteraction: interactionHandler({ api, tools, access }),
    /** Hears a message, and never rejects. Only a model that edits has a use for messages, of which Discord sends many. */
    onMessage: sources > 0 ? mentionHandler({ api, tools, access }) : undefined,
    /** Registers commands that changed. Resolves with whether Discord has the commands then; the log says why not. */
    register: (application: string) => register(application, guild),
  };
}

// === Invitation

const {
  AttachFiles,
  EmbedLinks,
  ReadMessageHistory,
  SendMessages,
  SendMessagesInThreads,
  ViewChannel,
} = PermissionFlagsBits;

/** What the bot needs in a server to show a picture even when the first answer can no longer be edited. */
const permissions =
  AttachFiles |
  EmbedLinks |
  ReadMessageHistory |
  SendMessages |
  SendMessagesInThreads |
  ViewChannel;

/** The address at which a person adds the bot to a server or to their own account. */
export function inviteLink(application: string): string {
  const link = new URL("https://discord.com/oauth2/authorize");
  link.searchParams.set("client_id", application);
  link.searchParams.set("scope", `${OAuth2Scopes.Bot} ${OAuth2Scopes.ApplicationsCommands}`);
  link.searchParams.set("permissions", `${permissions}`);
  return link.href;
}
