import {
  type APIInteraction,
  ApplicationIntegrationType,
  InteractionContextType,
} from "discord-api-types/v10";
import { z } from "zod";
import type { JsonValue } from "../../core/job.ts";
import { limits } from "./limits.ts";

/** Where an interaction happened, with all that a later process needs to show its pictures there. */
const placeSchema = z.object({
  application: z.string(),
  interaction: z.string(),
  /** Valid for fifteen minutes, for this interaction alone. */
  token: z.string(),
  /** The message that asked, where there is no interaction and `token` is empty. */
  message: z.string().exactOptional(),
  user: z.string(),
  channel: z.string(),
  /** null in direct messages. */
  guild: z.string().nullable(),
  /** The bot itself is a member and may write; false where only the person installed the app. */
  bot: z.boolean(),
  /** The channel is age-restricted. */
  restricted: z.boolean(),
  /** The largest file that Discord accepts here from this person. */
  fileBytes: z.number().default(limits.fileBytes),
});

/** Where an interaction happened, as it is stored with a job. */
export type Place = Readonly<z.output<typeof placeSchema>>;

/** Reads the stored `Delivery.place` of a job of this door. Throws for a job of another door. */
export function readPlace(place: JsonValue): Place {
  return placeSchema.parse(place);
}

/** The limit that every place has, where Discord names none. */
const sizeLimit = z.number().min(1).catch(limits.fileBytes);

/** The place of an interaction. */
export function placeIn(payload: APIInteraction): Place {
  const { channel, guild_id: guild = null } = payload;
  const fileBytes = sizeLimit.parse(payload.attachment_size_limit);
  return {
    application: payload.application_id,
    interaction: payload.id,
    token: payload.token,
    user: (payload.member?.user ?? payload.user)?.id ?? "",
    channel: channel?.id ?? "",
    guild,
    bot: canWrite(payload),
    restricted: channel !== undefined && "nsfw" in channel && (channel.nsfw ?? false),
    fileBytes: Math.min(fileBytes, limits.mostFileBytes),
  };
}

/** The bot can write on its own where the server installed it, and in its direct messages. */
function canWrite({ context, authorizing_integration_owners: owners }: APIInteraction): boolean {
  if (context === InteractionContextType.BotDM) return true;
  const installed = owners[ApplicationIntegrationType.GuildInstall] !== undefined;
  return context === InteractionContextType.Guild && installed;
}

/** The settings scope of a server. */
export function guildScope(guild: string): string {
  return `discord:guild:${guild}`;
}
