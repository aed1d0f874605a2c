import { z } from "zod";
import type { JsonValue } from "../../core/job.ts";
import { limits } from "./limits.ts";

/** Where an interaction was made, with all that a later process needs to show its pictures there. */
const placeSchema = z.object({
  application: z.string(),
  interaction: z.string(),
  /** Good for fifteen minutes, for this interaction alone. */
  token: z.string(),
  user: z.string(),
  channel: z.string(),
  /** null in conversations. */
  guild: z.string().nullable(),
  /** The bot itself is there and may write; not so where only the person installed the app. */
  bot: z.boolean(),
  /** The channel is age-restricted. */
  restricted: z.boolean(),
  /** The largest file that it takes from this person. */
  fileBytes: z.number().default(limits.fileBytes),
});

export type Place = Readonly<z.output<typeof placeSchema>>;

/** Reads what `Delivery.place` holds of a job of this door. */
export function readPlace(place: JsonValue): Place {
  return placeSchema.parse(place);
}

/** The scope of the settings of a place's server. */
export function guildScope(guild: string): string {
  return `discord:guild:${guild}`;
}
