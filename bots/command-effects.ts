import { isFinished } from "../core/job.ts";
import { optional } from "../core/optional.ts";
import type { Quality } from "../core/request.ts";
import type { CommandId, OptionId, OptionValues } from "./commands.ts";
import {
  type Conversing,
  type ConversationTools,
  message,
  type Outcome,
  saying,
} from "./context.ts";
import { mostSources } from "./edits.ts";
import {
  historyFor,
  jobOf,
  paintAgain,
  queueFor,
  scopeFor,
  screenOf,
  settingsView,
} from "./actions.ts";
import { Refused } from "./refused.ts";
import { forgetScreen, helpScreen, privacyScreen, usageOf, usageScreen } from "./screens/about.ts";
import { linkScreen } from "./screens/links.ts";
import { type PresetAsk, presetScreen, presetVerbs } from "./screens/presets.ts";
import { chooseAll, settingsScreen, type Whose } from "./screens/settings.ts";
import { codeFor } from "./use-cases.ts";

/** What a command does with the options that were filled in, and what is seen of it. */
export type CommandEffect = (
  values: OptionValues,
  context: Conversing,
  tools: ConversationTools,
) => Promise<Outcome>;

/** What each command does, but for the one that draws: what comes with that differs from platform to platform. */
export const commandEffects: { readonly [Id in Exclude<CommandId, "draw">]: CommandEffect } = {
  async again(values, context, tools) {
    const code = await codeFor(text(values, "code"), context.actor, tools);
    if (code === undefined) return message(await historyFor(context, undefined, tools));
    const parent = await jobOf({ code }, context, tools);
    return paintAgain(parent, { seed: "new" }, context, tools);
  },

  async show(values, context, tools) {
    const typed = text(values, "code");
    const code = typed === "" ? undefined : await codeFor(typed, context.actor, tools);
    if (code === undefined) return saying(context.t("ask.code"));
    const job = await jobOf({ code }, context, tools);
    const hidden = job.private || !isFinished(job);
    return message(screenOf(job, context, tools), { hidden });
  },

  queue: async (_, context, tools) => message(await queueFor(context, tools)),
  history: async (_, context, tools) => message(await historyFor(context, undefined, tools)),

  async presets(values, context, tools) {
    const scope = await scopeFor(whoseIn(values), context);
    const ask = presetAskIn(values);
    const given = ask.verb === "save" ? await context.given?.() : undefined;
    return message(await presetScreen({ ...ask, given }, { ...context, scope }, tools));
  },

  async usage(_, { actor, t }, tools) {
    const now = tools.now();
    return message(usageScreen(await usageOf(actor, now, tools), t, now));
  },

  async link(values, { actor, isSecret, t }, tools) {
    if (!isSecret) throw new Refused("ask.inPrivate");
    return message(await linkScreen(actor, text(values, "linkCode"), t, tools));
  },

  async settings(values, context, tools) {
    const whose = context.isPlace ? "place" : whoseIn(values);
    const saved = await chooseAll(await scopeFor(whose, context), values, tools);
    return message(settingsScreen({ ...(await settingsView(whose, context, tools)), saved }));
  },

  async help(_, { t, platform, publicUrl: url }, { catalogue }) {
    return message(helpScreen(t, platform, { edits: mostSources(catalogue) > 0, url }));
  },

  privacy: async (_, { t }) => message(privacyScreen(t)),
  forgetme: async (_, { t, owner }) => message(forgetScreen(t, owner)),
};

function text(values: OptionValues, option: OptionId): string {
  return String(values.get(option) ?? "");
}

function whoseIn(values: OptionValues): Whose {
  return values.get("scope") === "place" ? "place" : "own";
}

function presetAskIn(values: OptionValues): PresetAsk {
  const verb = presetVerbs.find((one) => one === values.get("verb")) ?? "list";
  const { words = "", ...wishes } = Object.fromEntries(values) as Partial<Record<OptionId, string>>;
  const { negative, model } = wishes;
  const ratio = wishes.ratio === "auto" ? undefined : wishes.ratio;
  const quality = wishes.quality as Quality | undefined;
  const draft = { words, ...optional({ negative, ratio, model, quality }) };
  return { verb, name: wishes.name ?? wishes.share ?? "", draft };
}
