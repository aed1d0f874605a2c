import {
  type APIInteraction,
  ApplicationIntegrationType,
  InteractionContextType,
  PermissionFlagsBits,
} from "discord.js";
import { z } from "zod";
import { optional } from "../../core/optional.ts";
import type { SettingsStore } from "../../core/settings.ts";
import type { Asker } from "../imagine.ts";
import { type Words, wordsFor } from "../words.ts";
import { limits } from "./limits.ts";
import { guildScope, type Place } from "./place.ts";
import type { Reply } from "./reply.ts";

/** Somebody who did something in Discord, and where. */
export interface Visit {
  readonly place: Place;
  readonly asker: Asker;
  readonly words: Words;
  /** May take away what others wrote in this channel. */
  readonly moderates: boolean;
  /** May change the settings of this server. */
  readonly manages: boolean;
  readonly reply: Reply;
}

/** Who may use the bot; empty lists let everybody in. */
export interface Access {
  readonly guilds: readonly string[];
  readonly users: readonly string[];
}

/** Where Discord does not tell it, what every place takes. */
const sizeLimit = z.number().min(1).catch(limits.fileBytes);

/** Reads from an interaction where it was made. */
export function placeIn(interaction: APIInteraction): Place {
  const { channel, guild_id: guild = null } = interaction;
  const fileBytes = sizeLimit.parse(interaction.attachment_size_limit);
  return {
    application: interaction.application_id,
    interaction: interaction.id,
    token: interaction.token,
    user: userIn(interaction),
    channel: channel?.id ?? "",
    guild,
    bot: isThere(interaction),
    restricted: channel !== undefined && "nsfw" in channel && (channel.nsfw ?? false),
    fileBytes: Math.min(fileBytes, limits.mostFileBytes),
  };
}

/** The bot can write by itself where the server installed it, and in its own conversations. */
function isThere({ context, authorizing_integration_owners: owners }: APIInteraction): boolean {
  if (context === InteractionContextType.BotDM) return true;
  const installed = owners[ApplicationIntegrationType.GuildInstall] !== undefined;
  return context === InteractionContextType.Guild && installed;
}

function userIn({ member, user }: APIInteraction): string {
  return (member?.user ?? user)?.id ?? "";
}

/** Whether somebody may use the bot: who is on either list, where there are lists. */
export function isAllowed({ user, guild }: Place, { guilds, users }: Access): boolean {
  if (guilds.length === 0 && users.length === 0) return true;
  return users.includes(user) || (guild !== null && guilds.includes(guild));
}

/** Who does this, in the language that they chose, or else that of their client. */
export async function visitOf(
  interaction: APIInteraction,
  reply: Reply,
  settings: SettingsStore,
): Promise<Visit> {
  const place = placeIn(interaction);
  const id = `discord:${place.user}`;
  const { language } = await settings.get(id);
  const spoken = "locale" in interaction ? interaction.locale : undefined;
  const words = wordsFor(language, spoken, interaction.guild_locale);
  const requester = { id, locale: words.tag };
  const may = (permission: bigint) =>
    (BigInt(interaction.member?.permissions ?? 0) & permission) !== 0n;
  return {
    place,
    asker: { requester, ...optional({ place: place.guild ? guildScope(place.guild) : undefined }) },
    words,
    moderates: may(PermissionFlagsBits.ManageMessages | PermissionFlagsBits.Administrator),
    manages: may(PermissionFlagsBits.ManageGuild | PermissionFlagsBits.Administrator),
    reply,
  };
}
