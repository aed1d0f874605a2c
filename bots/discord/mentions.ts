import type { GatewayMessageCreateDispatchData } from "discord-api-types/v10";
import type { Job } from "../../core/job.ts";
import { optional } from "../../core/optional.ts";
import { describeError } from "../conversation.ts";
import { type Given, imagineFrom } from "../edits.ts";
import { type Translator, translatorFor } from "../i18n.ts";
import { said, type Screen } from "../screen.ts";
import { explanationScreen } from "../screens/job.ts";
import type { DiscordApi } from "./api.ts";
import { failureOf } from "./errors.ts";
import { type Access, type DoorTools, isAllowed } from "./interaction.ts";
import { limits } from "./limits.ts";
import { wordsOf } from "./message-words.ts";
import { guildScope, type Place } from "./place.ts";
import { namesIn, readable } from "./readable.ts";
import { render } from "./render.ts";
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

/** What answering messages needs. */
export interface MentionOptions {
  readonly api: DiscordApi;
  readonly tools: DoorTools;
  readonly access: Access;
}

/**
 * Changes a picture of the bot's by an answer to it that names the bot in its words. Everything else is left alone, also
 * answers that merely notify the bot. Never rejects.
 */
export function mentionHandler({ api, tools, access }: MentionOptions) {
  return async (heard: Heard): Promise<void> => {
    const place = placeOf(heard);
    const words = wordsFor(heard);
    if (words === undefined || !isAllowed(place, access)) return;
    const job = await pictureJob(heard, tools);
    if (!job) return;
    const t = await languageOf(place, job, tools);
    try {
      if (words === "") await answer(said(t("ask.changeWords")), place, api);
      else await change({ heard, job, words, place, t }, tools);
    } catch (error) {
      const screen = explanationScreen(describeError(error, t, tools.now()));
      await answer(screen, place, api).catch((failure: unknown) =>
        tools.log.warn({ reason: failureOf(failure).message }, "a failure could not be explained"),
      );
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
async function pictureJob({ message }: Heard, { studio }: DoorTools): Promise<Job | undefined> {
  const { author, referenced_message: answered } = message;
  const code = answered && /zi-[0-9A-HJKMNP-TV-Z]{10}/.exec(wordsOf(answered))?.[0];
  const viewer = { id: `discord:${author.id}` };
  const job = code && (await studio.find(code, viewer).catch(() => undefined));
  return job && job.pictures.length > 0 ? job : undefined;
}

/** The language that the person set, or else that of their picture. */
async function languageOf(
  { user }: Place,
  { requester }: Job,
  { settings }: DoorTools,
): Promise<Translator> {
  const id = `discord:${user}`;
  const { language } = await settings.get(id);
  return translatorFor(language, requester.id === id ? requester.locale : undefined);
}

interface Change {
  readonly heard: Heard;
  readonly job: Job;
  readonly words: string;
  readonly place: Place;
  readonly t: Translator;
}

async function change({ heard, job, words, place, t }: Change, tools: DoorTools): Promise<void> {
  const sent = heard.message.attachments.filter(isPicture);
  const pictures: Given[] = [...job.pictures, ...sent.map((file) => pictureIn(file, tools.files))];
  const submitter = {
    requester: { id: `discord:${place.user}`, locale: t.tag },
    ...optional({ placeScope: place.guild === null ? undefined : guildScope(place.guild) }),
    key: place.interaction,
    private: false,
    delivery: { door: "discord", place },
  };
  await imagineFrom({ prompt: words }, { pictures }, submitter, tools);
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

async function answer(screen: Screen, place: Place, api: DiscordApi): Promise<void> {
  const message = render(screen, { answers: place.message });
  await api.send(place.channel, message, `${place.interaction}:r`);
}
