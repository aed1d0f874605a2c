import type { DurableObjectStorage } from "@cloudflare/workers-types";
import {
  type Application,
  createDiscordHttpDoor,
  type DiscordHttpDoor,
} from "../../../bots/discord/http-door.ts";
import type { ChatDoorTools } from "../../chat-doors.ts";
import type { Config } from "../../config.ts";
import { discordOptions, discordPath } from "../../discord-options.ts";

/** Discord's door in an object that sleeps between two interactions. */
export interface DiscordHouse {
  readonly door: DiscordHttpDoor;
  /** Where Discord sends interactions. */
  readonly path: string;
  /** Sets the door up at this origin, and says what was done and what remains to be done. Throws DiscordFailure. */
  setUp(origin: string): Promise<string>;
}

const key = "discord-application";

/** undefined without a token. Who the application is was kept when it was set up. */
export async function discordHouse(
  config: Config,
  tools: ChatDoorTools,
  storage: DurableObjectStorage,
): Promise<DiscordHouse | undefined> {
  const options = discordOptions(config, tools);
  if (!options) return undefined;
  const door = createDiscordHttpDoor({ ...options, publicKey: config.DISCORD_PUBLIC_KEY });
  const application = await storage.get<Application>(key);
  if (application) door.introduce(application);
  return {
    door,
    path: discordPath,
    async setUp(origin) {
      const address = origin + discordPath;
      const done = await door.setUp(address);
      const { application: found, invite, commands, refusal } = done;
      await storage.put(key, found);
      if (!commands) return "Discord does not take the commands; the log says why.";
      const add = `Add ${found.name} to a server or to your account: ${invite}`;
      if (refusal === undefined) {
        return `${found.name} takes its commands at ${address}. ${add}`;
      }
      const page = `https://discord.com/developers/applications/${found.id}/information`;
      return `${refusal}. Paste this as the Interactions Endpoint URL at ${page}: ${address}. ${add}`;
    },
  };
}
