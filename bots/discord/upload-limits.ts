import type { SettingsStore } from "../../core/settings.ts";
import { limitBelow } from "./attachments.ts";
import { limits } from "./limits.ts";
import { guildScope, type Place } from "./place.ts";

/** How large a file a place really takes, which may be less than it says: what was once refused is remembered. */
export interface UploadLimits {
  /** Bytes of one file, for an answer to an interaction or for a message of the bot's own. */
  of(place: Place, by: "answer" | "bot"): Promise<number>;
  /** Learns that a file of so many bytes was refused; answers the limit to try next, or undefined when there is none. */
  refused(place: Place, bytes: number): Promise<number | undefined>;
}

export function uploadLimits(settings: SettingsStore): UploadLimits {
  return {
    async of({ guild, fileBytes }, by) {
      const told = by === "answer" ? fileBytes : Math.min(fileBytes, limits.fileBytes);
      if (guild === null) return told;
      const { uploadLimit = told } = await settings.get(guildScope(guild));
      return Math.min(told, uploadLimit);
    },

    async refused({ guild }, bytes) {
      const uploadLimit = limitBelow(bytes);
      if (guild !== null && uploadLimit !== undefined) {
        await settings.set(guildScope(guild), { uploadLimit });
      }
      return uploadLimit;
    },
  };
}
