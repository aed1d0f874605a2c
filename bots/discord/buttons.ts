import { isSpoiler, type Job } from "../../core/job.ts";
import { optional } from "../../core/optional.ts";
import { listedRatios } from "../../core/request.ts";
import type { Action, ActionName } from "../actions.ts";
import type { Button } from "../conversation.ts";
import {
  bytesOf,
  cancel,
  erase,
  forget,
  type MayModerate,
  remakeBy,
  paintAsked,
  hide,
} from "../use-cases.ts";
import { extensionOf } from "./attachments.ts";
import { openEdit } from "./edit-pictures.ts";
import { type DoorTools, type Interaction, submitterOf } from "./interaction.ts";
import { limits } from "./limits.ts";
import { historyScreen, inQueue, queueScreen, readTrail } from "./list-screens.ts";
import { readPlace } from "./place.ts";
import { rewordForm } from "./reword-form.ts";
import type { Link, Screen } from "./screen.ts";
import {
  noScopeText,
  resetSettings,
  type SettingScope,
  scopeOf,
  settingsScreen,
} from "./settings-screen.ts";
import { answerFitting, showAgain, showJob } from "./show.ts";
import { pressLink } from "../links.ts";
import { escapeMarkdown } from "./text.ts";

/** A press of a button, or a choice in a select menu with the chosen values. */
export interface Press {
  readonly action: Action;
  readonly values: readonly string[];
}

type PressHandler = (press: Press, interaction: Interaction, tools: DoorTools) => Promise<void>;

/** What each button and menu of this door's messages does; other actions have no handler. */
export const pressHandlers: Readonly<Partial<Record<ActionName, PressHandler>>> = {
  again: drawByPress,
  vary: drawByPress,
  own: drawByPress,
  retry: drawByPress,

  async ratio(press, interaction, tools) {
    if (press.action.argument !== undefined) return drawByPress(press, interaction, tools);
    await interaction.reply.say(ratioScreen(press.action, interaction));
  },

  async reword({ action }, interaction, tools) {
    const job = await jobOf(action, interaction, tools);
    await interaction.reply.showForm(rewordForm(job, action, interaction.t));
  },

  edit: ({ action }, interaction, tools) => openEdit(action, interaction, tools),

  async original({ action }, interaction, tools) {
    const job = await jobOf(action, interaction, tools);
    await interaction.reply.defer({ hidden: true });
    const kept = await bytesOf(job, tools, AbortSignal.timeout(limits.requestMs));
    const { picture } = action;
    const wanted = [...kept].filter(([number]) => picture === undefined || number === picture);
    await answerFitting(interaction, tools, ({ fileBytes }) =>
      originalsScreen(job, new Map(wanted), { interaction, tools, fileBytes }),
    );
  },

  async delete({ action }, interaction, tools) {
    const { actor, reply, t } = interaction;
    await erase(action.code ?? "", actor, moderating(interaction), tools);
    await reply.deferUpdate();
    await reply.remove().catch(() => reply.show({ text: t("picture.deleted") }));
  },

  async hide({ action }, interaction, tools) {
    const { code = "" } = action;
    const job = await hide(code, interaction.actor, moderating(interaction), tools);
    await showAgain(job, interaction, { tools, ...only(action) });
  },

  async cancel({ action }, interaction, tools) {
    await cancel(action.code ?? "", interaction.actor, moderating(interaction), tools);
    if (action.argument !== inQueue) return interaction.reply.deferUpdate();
    await interaction.reply.update(await queueScreen(interaction, tools));
  },

  async share({ action }, interaction, tools) {
    const { actor, t, reply } = interaction;
    const { code, private: hidden } = await jobOf(action, interaction, tools);
    if (!hidden) return reply.say({ text: t("picture.shared", { code }) });
    const job = await tools.studio.publish(code, actor.requester);
    await showJob(job, interaction, { tools, hidden: false, ...only(action) });
  },

  async show({ action, values: [code = action.code ?? ""] }, interaction, tools) {
    const job = await jobOf({ code }, interaction, tools);
    await showJob(job, interaction, { tools, hidden: true });
  },

  async pick({ action, values: [number] }, interaction, tools) {
    const job = await jobOf(action, interaction, tools);
    await showJob(job, interaction, { tools, hidden: true, ...only({ picture: Number(number) }) });
  },

  async history({ action }, interaction, tools) {
    const trail = readTrail(action.argument);
    await interaction.reply.deferUpdate();
    await answerFitting(interaction, tools, () => historyScreen(interaction, trail, tools));
  },

  async settings({ action, values }, interaction, tools) {
    const { reply, t } = interaction;
    const whose: SettingScope = action.argument === "place" ? "place" : "own";
    const scope = scopeOf(whose, interaction);
    if (scope === undefined) return reply.say({ text: noScopeText(interaction) });
    await resetSettings(scope, values, tools);
    const settings = await tools.settings.get(scope);
    await reply.update(settingsScreen(settings, whose, { t, saved: true }));
  },

  async paint({ action }, interaction, tools) {
    const { place, reply, t } = interaction;
    const job = await paintAsked(action.argument ?? "", submitterOf(interaction), tools);
    // Of two presses the first has its picture.
    const isOurs = job && readPlace(job.delivery.place).interaction === place.interaction;
    if (!isOurs) await reply.say({ text: t("ask.outdated") });
  },

  async link({ action }, { actor, reply, t }, tools) {
    const screen = await pressLink(actor, action.argument ?? "", t, tools);
    await reply.update({ ...screen, text: escapeMarkdown(screen.text) });
  },

  async forget({ action }, { actor, t, reply }, tools) {
    if (action.argument !== "yes") return reply.update({ text: t("privacy.kept") });
    await reply.deferUpdate();
    await forget(actor, tools);
    await reply.show({ text: t("privacy.forgotten") });
  },
};

function jobOf(
  { code = "" }: Pick<Action, "code">,
  { actor }: Interaction,
  { studio }: DoorTools,
): Promise<Job> {
  return studio.find(code, actor.requester);
}

function only({ picture }: Pick<Action, "picture">): { only?: number } {
  return optional({ only: picture });
}

/** The new job belongs to the person who pressed, and is private if the old one was. */
async function drawByPress(
  { action }: Press,
  interaction: Interaction,
  tools: DoorTools,
): Promise<void> {
  const parent = await jobOf(action, interaction, tools);
  await remakeBy(action, submitterOf(interaction, parent.private || undefined), tools);
}

function ratioScreen({ code, picture }: Action, { t }: Interaction): Screen {
  const about = optional({ code, picture });
  const buttons = listedRatios.map(
    (ratio): Button => ({ label: ratio, data: { action: "ratio", ...about, argument: ratio } }),
  );
  return { text: t("picture.chooseRatio"), buttons };
}

interface OriginalsOptions {
  readonly interaction: Interaction;
  readonly tools: DoorTools;
  readonly fileBytes: number;
}

/** The original files where they fit, and links to those that do not. */
function originalsScreen(
  job: Job,
  kept: ReadonlyMap<number, Uint8Array>,
  { interaction: { t, place }, tools, fileBytes }: OriginalsOptions,
): Screen {
  if (kept.size === 0) return { text: t("picture.noPicture", { code: job.code }) };
  const most = Math.min(fileBytes, Math.floor(limits.requestBytes / kept.size));
  const fitting = new Map([...kept].filter(([, bytes]) => bytes.byteLength <= most));
  const others = job.pictures.filter(({ number }) => kept.has(number) && !fitting.has(number));
  const links = others.flatMap((picture): Link[] => {
    const url = tools.publicUrl(picture);
    return url === undefined ? [] : [{ label: `${job.code}.${picture.number}`, url }];
  });
  const missing = links.length < others.length ? [t("ask.notHere")] : [];
  return {
    pictures: [...fitting].map(([number, bytes]) => ({
      name: `${job.code}-${number}-original.${extensionOf(bytes)}`,
      bytes,
      alternative: job.brief.words,
      spoiler: isSpoiler(job) && !place.restricted,
    })),
    text: [job.code, ...missing].join("\n"),
    buttons: links,
  };
}

// === Rights

/** Of members who may manage messages in the channel where the job was delivered. */
function moderating({ moderates, place }: Interaction): MayModerate {
  return ({ delivery }) =>
    moderates &&
    place.guild !== null &&
    delivery.door === "discord" &&
    readPlace(delivery.place).channel === place.channel;
}
