import type { GatewayMessageCreateDispatchData } from "discord-api-types/v10";
import type { Job } from "../../core/job.ts";
import { said } from "../screen.ts";
import { type DispatchOptions, explain } from "./dispatch.ts";
import { type DoorTools, interactionAt, isAllowed } from "./interaction.ts";
import { limits } from "./limits.ts";
import { wordsOf } from "./message-words.ts";
import type { Place } from "./place.ts";
import { namesIn, readable } from "./readable.ts";
import { jobNamedIn } from "../use-cases.ts";
import { replyTo } from "./reply.ts";
import { drawFrom } from "./requests.ts";
import { isPicture, pictureIn } from "./sent-files.ts";

/** A message as it comes, with what only the client knows. */
export interface Heard {
  readonly message: GatewayMessageCreateDispatchData;
  /** The id of this bot. */
  readonly me: string;
  readonly application: string;
  /** The channel is age-restricted. */
  readonly restricted: boolean;
}

/**
 * Changes a picture of the bot's by an answer to it that names the bot in its words. Everything else is left alone, also
 * answers that merely notify the bot. Never rejects.
 */
export function mentionHandler({ api, tools, access }: DispatchOptions) {
  return async (heard: Heard): Promise<void> => {
    const place = placeOf(heard);
    const prompt = wordsFor(heard);
    if (prompt === undefined || !isAllowed(place, access)) return;
    const job = await pictureJob(heard, tools);
    if (!job) return;
    const reply = replyTo(place, api);
    // Where the person set no language, that of their picture counts.
    const isOwn = job.requester.id === `discord:${place.user}`;
    const locales = isOwn ? [job.requester.locale] : [];
    const interaction = await interactionAt(place, { reply, locales }, tools);
    const { t } = interaction;
    try {
      if (prompt === "") {
        await reply.show(said(t("ask.changeWords")));
        return;
      }
      const sent = heard.message.attachments.filter(isPicture);
      const pictures = [...job.pictures, ...sent.map((file) => pictureIn(file, tools.files))];
      await drawFrom({ prompt }, pictures, interaction, { hidden: false });
    } catch (error) {
      await explain(error, reply, { tools, t });
    }
  };
}

/** What stands beside the bot's name; undefined where a message does not answer the bot by name. */
function wordsFor({ message, me }: Heard): string | undefined {
  const { author, content, mentions, referenced_message: answered } = message;
  const name = new RegExp(`<@!?${me}>`, "g");
  if (author.bot || answered?.author.id !== me || !name.test(content)) return undefined;
  return readable(content.replace(name, ""), namesIn({}, mentions)).trim();
}

/** The job whose pictures the answered message shows. */
async function pictureJob({ message }: Heard, tools: DoorTools): Promise<Job | undefined> {
  const { author, referenced_message: answered } = message;
  const words = answered ? wordsOf(answered) : "";
  const viewer = { id: `discord:${author.id}` };
  const job = await jobNamedIn(words, viewer, tools).catch(() => undefined);
  return job && job.pictures.length > 0 ? job : undefined;
}

function placeOf({ message, application, restricted }: Heard): Place {
  const { id, author, channel_id: channel, guild_id: guild = null } = message;
  return {
    ...{ application, user: author.id, channel, guild, restricted },
    interaction: id,
    token: "",
    message: id,
    bot: true,
    fileBytes: limits.fileBytes,
  };
}
