import { isFinished } from "../../core/job.ts";
import { optional } from "../../core/optional.ts";
import type { Quality } from "../../core/request.ts";
import { type CommandId, commands, type OptionId } from "../commands.ts";
import { type Button } from "../conversation.ts";
import { describeUsage } from "../usage.ts";
import { mostSources } from "../edits.ts";
import type { Translator } from "../i18n.ts";
import { linkScreen } from "../links.ts";
import { type PresetAsk, presetAnswer, presetVerbs } from "../presets.ts";
import { codeFor } from "../use-cases.ts";
import { usageOf } from "../usage.ts";
import type { DoorTools, Interaction } from "./interaction.ts";
import { drawName, historyScreen, queueScreen, readTrail } from "./list-screens.ts";
import { draw, drawAgain, type OptionValues } from "./requests.ts";
import type { Screen } from "./screen.ts";
import {
  changeSettings,
  noScopeText,
  type SettingScope,
  scopeOf,
  settingsScreen,
} from "./settings-screen.ts";
import { answerFitting, showJob } from "./show.ts";
import { escapeMarkdown } from "./text.ts";

type CommandHandler = (
  values: OptionValues,
  interaction: Interaction,
  tools: DoorTools,
) => Promise<void>;

/** What each command does. A command that asks for a picture is answered by the delivery of that picture. */
export const commandHandlers: Readonly<Record<CommandId, CommandHandler>> = {
  async draw(values, interaction, tools) {
    await draw(values, interaction, tools);
  },

  async again(values, interaction, tools) {
    const code = await codeFor(typedCode(values), interaction.actor, tools);
    await drawAgain(code, { seed: "new" }, interaction, tools);
  },

  async show(values, interaction, tools) {
    const { actor } = interaction;
    const code = await codeFor(typedCode(values), actor, tools);
    const job = await tools.studio.find(code, actor.requester);
    await showJob(job, interaction, { tools, hidden: job.private || !isFinished(job) });
  },

  async queue(_, interaction, tools) {
    await interaction.reply.say(await queueScreen(interaction, tools));
  },

  async history(_, interaction, tools) {
    await interaction.reply.defer({ hidden: true });
    await answerFitting(interaction, tools, () => historyScreen(interaction, readTrail(), tools));
  },

  async presets(values, interaction, tools) {
    const { reply, t, actor } = interaction;
    const whose: SettingScope = values.get("scope") === "place" ? "place" : "own";
    const scope = scopeOf(whose, interaction);
    if (scope === undefined) return reply.say({ text: noScopeText(interaction) });
    const text = await presetAnswer(presetAskOf(values), { actor, scope, t }, tools);
    await reply.say({ text: escapeMarkdown(text) });
  },

  async link(values, { actor, reply, t }, tools) {
    const screen = await linkScreen(actor, String(values.get("linkCode") ?? ""), t, tools);
    await reply.say({ ...screen, text: escapeMarkdown(screen.text) });
  },

  async usage(_, { actor, reply, t }, tools) {
    const now = tools.now();
    await reply.say({ text: describeUsage(await usageOf(actor, now, tools), t, now) });
  },

  async settings(values, interaction, tools) {
    const { reply, t } = interaction;
    const whose: SettingScope = values.get("scope") === "place" ? "place" : "own";
    const scope = scopeOf(whose, interaction);
    if (scope === undefined) return reply.say({ text: noScopeText(interaction) });
    const saved = await changeSettings(scope, values, tools);
    const settings = await tools.settings.get(scope);
    await reply.say(settingsScreen(settings, whose, { t, saved }));
  },

  help: (_, { reply, t }, tools) => reply.say({ text: helpText(t, tools) }),
  privacy: (_, { reply, t }) => reply.say({ text: t("privacy.text") }),
  forgetme: (_, { reply, t }) => reply.say(forgetScreen(t)),
};

function typedCode(values: OptionValues): string {
  return String(values.get("code") ?? "");
}

function presetAskOf(values: OptionValues): PresetAsk {
  const verb = presetVerbs.find((one) => one === values.get("verb")) ?? "list";
  const { words = "", ...wishes } = Object.fromEntries(values) as Partial<Record<OptionId, string>>;
  const { negative, ratio, model, quality } = wishes;
  const draft = {
    words,
    ...optional({ negative, ratio: ratio === "auto" ? undefined : ratio, model }),
  };
  return {
    verb,
    name: wishes.name ?? wishes.share ?? "",
    draft: { ...draft, ...optional({ quality: quality as Quality | undefined }) },
  };
}

function helpText(t: Translator, { catalogue }: DoorTools): string {
  const edits = mostSources(catalogue) > 0 ? [t("help.edits")] : [];
  const lines = commands.map(
    ({ id }) => `/${t(`commands.${id}.name`)} — ${t(`commands.${id}.description`)}`,
  );
  const intro = t("help.intro", { command: drawName(t) });
  const explained = [intro, t("help.flags"), t("help.buttons"), ...edits];
  return [...explained, t("help.commands"), ...lines].join("\n");
}

function forgetScreen(t: Translator): Screen {
  const yes: Button = {
    label: t("buttons.confirmForget"),
    data: { action: "forget", argument: "yes" },
    style: "danger",
  };
  const no: Button = {
    label: t("buttons.keep"),
    data: { action: "forget", argument: "no" },
  };
  return { text: t("privacy.confirm"), buttons: [yes, no] };
}
