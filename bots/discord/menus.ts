import { createHash } from "node:crypto";
import type { APIMessage } from "discord-api-types/v10";
import type { Job } from "../../core/job.ts";
import { mostSources } from "../edits.ts";
import { translatorFor } from "../i18n.ts";
import { said } from "../screen.ts";
import { lackingIn, pictureScreen } from "../screens/job.ts";
import { presetMenuName } from "./definitions.ts";
import { filesIn, openEditOf } from "./edit-pictures.ts";
import { discord, type Interaction } from "./interaction.ts";
import { limits } from "./limits.ts";
import { picturesShown, type Part, partsOf, wordsOf } from "./message-words.ts";
import { jobNamedIn } from "../use-cases.ts";
import { draw, drawFrom } from "./requests.ts";
import { pictureIn } from "./sent-files.ts";

const english = translatorFor();

/** The commands in the context menu of a message, by the key of their name. */
export const menus = ["drawThis", "editPicture", "howMade"] as const;
/** A command in the context menu of a message. */
export type MenuId = (typeof menus)[number];

type MenuHandler = (message: APIMessage, interaction: Interaction) => Promise<void>;

/** What each context menu command does. */
export const menuHandlers: Readonly<Record<MenuId, MenuHandler>> = {
  async drawThis(message, interaction) {
    const prompt = wordsOf(message).slice(0, limits.modalText);
    await draw(new Map([["prompt", prompt]]), interaction);
  },

  async editPicture(message, interaction) {
    const job = await jobByCode(message, interaction);
    await openEditOf(message, job, interaction);
  },

  /** Finds the job by a code in the message's text, or else by the bytes of its files. */
  async howMade(message, interaction) {
    const { t, reply, tools } = interaction;
    await reply.defer({ hidden: true });
    const job = (await jobByCode(message, interaction)) ?? (await jobByFile(message, interaction));
    if (!job) return reply.show(said(t("ask.unknownPicture")));
    await reply.show(pictureScreen(job, { t, lacks: lackingIn(discord, tools.catalogue) }));
  },
};

/**
 * Paints a message with a preset of the server: its pictures, where a model edits some, and its words; of a picture of the
 * bot's own the words that it was made from. False where the server has no preset of this name.
 */
export async function drawWithPreset(
  name: string,
  message: APIMessage,
  interaction: Interaction,
): Promise<boolean> {
  const { tools } = interaction;
  const { placeScope } = interaction.actor;
  const presets = placeScope === undefined ? [] : await tools.studio.presets.of(placeScope);
  const preset = presets.find((one) => presetMenuName(one, english) === name)?.name;
  if (preset === undefined) return false;
  const job = await jobByCode(message, interaction);
  const edits = mostSources(tools.catalogue) > 0;
  const sent = filesIn(message, tools).map((file) => pictureIn(file, tools.files));
  const pictures = job && job.pictures.length > 0 ? job.pictures : sent;
  const words = job ? (edits ? "" : job.brief.prompt) : wordsOf(message);
  const request = { prompt: words.slice(0, limits.modalText), preset };
  const given = job && !edits ? [] : pictures;
  await drawFrom(request, given, interaction, { wordsAlone: !edits });
  return true;
}

function jobByCode(message: APIMessage, { actor, tools }: Interaction): Promise<Job | undefined> {
  return jobNamedIn(wordsOf(message), actor.requester, tools);
}

async function jobByFile(
  message: APIMessage,
  { actor, tools }: Interaction,
): Promise<Job | undefined> {
  const { studio, files, log } = tools;
  for (const url of partsOf(message).flatMap(filesOf)) {
    try {
      const bytes = await files.fetch(url);
      const hash = createHash("sha256").update(bytes).digest("hex");
      const job = await studio.findByHash(hash, actor.requester);
      if (job) return job;
    } catch (error) {
      log.warn({ error }, "the file of a message cannot be read");
    }
  }
  return undefined;
}

/** The addresses of files that Discord hosts itself. Other media may come from any server. */
function filesOf(part: Part): readonly string[] {
  const kept = picturesShown(part).filter(({ media }) => media.attachment_id !== undefined);
  return [...part.attachments.map(({ url }) => url), ...kept.map(({ media }) => media.url)];
}
