import type { Job } from "../core/job.ts";
import { idsOf } from "../core/request.ts";
import type { Changes } from "../core/studio/again.ts";
import type { Action, ActionName } from "./button-data.ts";
import {
  type Conversing,
  type ConversationTools,
  instead,
  message,
  notice,
  type Outcome,
} from "./context.ts";
import { Refused } from "./refused.ts";
import { said, type Screen } from "./screen.ts";
import { jobScreen, lackingIn, pictureScreen, ratioScreen } from "./screens/job.ts";
import { pressLink } from "./screens/links.ts";
import { historyScreen, inQueue, pageSize, queueScreen, readTrail } from "./screens/lists.ts";
import {
  choicesScreen,
  choose,
  readSettings,
  type SettingsView,
  settingsScreen,
  type Whose,
} from "./screens/settings.ts";
import { translatorFor } from "./i18n.ts";
import { actOn, changesBy, forget, historyOf, paintAsked, queueOf, remake } from "./use-cases.ts";
import { optional } from "../core/optional.ts";

/** What a press does, and what is seen of it. Throws what the use cases throw, and Refused. */
export type Effect = (
  action: Action,
  context: Conversing,
  tools: ConversationTools,
) => Promise<Outcome>;

/** The actions that open a form; a platform without forms has no buttons for them. */
export type FormAction = "reword" | "edit";

/** What each button does. A new action does not compile until it has an effect here. */
export const effects: { readonly [Name in Exclude<ActionName, FormAction>]: Effect } = {
  again: makeAgain,
  vary: makeAgain,
  own: makeAgain,
  retry: makeAgain,

  async ratio(action, context, tools) {
    const job = await jobOf(action, context, tools);
    const view = viewIn(context, tools);
    if (action.argument === undefined) {
      return { is: "buttons", screen: ratioScreen(action, view) };
    }
    await makeAgain(action, context, tools);
    return view.lacks.includes("back") ? { is: "job" } : buttonsOf(job, context, tools);
  },

  async back(action, context, tools) {
    return buttonsOf(await jobOf(action, context, tools), context, tools);
  },

  async original(action, context, tools) {
    const job = await jobOf(action, context, tools);
    const { code } = job;
    if (job.pictures.length === 0) return notice(context.t("picture.noPicture", { code }));
    return { is: "originals", job, picture: action.picture };
  },

  async delete(action, context, tools) {
    const { job, as } = await entitled(action, context, tools);
    await tools.studio.erasePictures(job.code, as);
    return { is: "deleted", job };
  },

  async hide(action, context, tools) {
    const { job: shown, as } = await entitled(action, context, tools);
    const { code } = shown;
    if (shown.pictures.length === 0) return notice(context.t("picture.noPicture", { code }));
    const job = await tools.studio.gallery.hide(code, as);
    return { is: "changed", job, screen: pictureScreen(job, viewIn(context, tools, action)) };
  },

  async cancel(action, context, tools) {
    const { job, as } = await entitled(action, context, tools);
    await tools.studio.cancel(job.code, as);
    return action.argument === inQueue
      ? instead(await queueFor(context, tools))
      : { is: "nothing" };
  },

  async share(action, context, tools) {
    const { code, private: hidden } = await jobOf(action, context, tools);
    if (!hidden) return notice(context.t("picture.shared", { code }));
    const job = await tools.studio.publish(code, context.actor.requester);
    return message(screenOf(job, context, tools, action), { hidden: false });
  },

  async show(action, context, tools) {
    // The placeholder of a message that will be a picture has this button before there is a job.
    if (action.code === undefined) return notice(context.t("inline.placeholder"));
    return message(screenOf(await jobOf(action, context, tools), context, tools));
  },

  async pick(action, context, tools) {
    return message(screenOf(await jobOf(action, context, tools), context, tools, action));
  },

  async history({ argument }, context, tools) {
    return instead(await historyFor(context, argument, tools));
  },

  async settings({ argument }, context, tools) {
    const { whose, setting, choice } = readSettings(argument);
    const scope = await scopeFor(whose, context);
    if (setting && choice !== undefined) await choose(scope, { setting, choice }, tools);
    const view = await settingsView(whose, context, tools);
    const opens = setting !== undefined && choice === undefined;
    return instead(
      opens
        ? choicesScreen(setting, view, tools)
        : settingsScreen({ ...view, saved: choice !== undefined && !view.platform.settingsBelow }),
    );
  },

  async paint({ argument = "" }, context, tools) {
    const job = await paintAsked(argument, context.submitter(), tools);
    return job ? { is: "painted", job } : notice(context.t("ask.outdated"));
  },

  async link({ argument = "" }, { actor, isSecret, t }, tools) {
    if (!isSecret) throw new Refused("ask.inPrivate");
    return instead(await pressLink(actor, argument, t, tools));
  },

  async forget({ argument }, { actor, t }, tools) {
    if (argument !== "yes") return instead(said(t("privacy.kept")));
    await forget(actor, tools);
    return instead(said(t("privacy.forgotten")));
  },
};

/** The new job belongs to the person who pressed, and is private if the old one was. */
async function makeAgain(
  action: Action,
  context: Conversing,
  tools: ConversationTools,
): Promise<Outcome> {
  const parent = await jobOf(action, context, tools);
  return paintAgain(parent, changesBy(action, parent), context, tools);
}

/** Makes a job again with these changes. Throws what `remake` throws. */
export async function paintAgain(
  parent: Job,
  changes: Changes,
  { submitter }: Conversing,
  tools: ConversationTools,
): Promise<Outcome> {
  await remake(parent.code, changes, submitter(parent.private || undefined), tools);
  return { is: "job" };
}

function buttonsOf(job: Job, context: Conversing, tools: ConversationTools): Outcome {
  return { is: "buttons", screen: pictureScreen(job, viewIn(context, tools)) };
}

/** Throws `not-found`. */
export function jobOf(
  { code = "" }: Pick<Action, "code">,
  { actor }: Conversing,
  { studio }: ConversationTools,
): Promise<Job> {
  return studio.find(code, actor.requester);
}

function entitled({ code = "" }: Action, context: Conversing, tools: ConversationTools) {
  return actOn(code, context.actor, (job) => context.mayModerate(job), tools);
}

// === The screens that commands open, too

function viewIn(
  { t, platform }: Conversing,
  { catalogue }: ConversationTools,
  { picture }: Pick<Action, "picture"> = {},
) {
  return { t, lacks: lackingIn(platform, catalogue), ...optional({ only: picture }) };
}

/** A job as it is now. */
export function screenOf(
  job: Job,
  context: Conversing,
  tools: ConversationTools,
  about: Pick<Action, "picture"> = {},
): Screen {
  const isOwn = idsOf(context.actor.requester).includes(job.requester.id);
  const view = { ...viewIn(context, tools, about), now: tools.now(), isOwn };
  return jobScreen(job, tools.studio.view(job.code), view);
}

/** The person's unfinished jobs. */
export async function queueFor(context: Conversing, tools: ConversationTools): Promise<Screen> {
  return queueScreen(await queueOf(context.actor, tools), context, tools.now());
}

/** A page of the person's pictures, the newest one without an argument. */
export async function historyFor(
  context: Conversing,
  argument: string | undefined,
  tools: ConversationTools,
): Promise<Screen> {
  const { t, actor, platform } = context;
  const trail = readTrail(argument);
  const { before } = trail;
  const page = await historyOf(actor, { size: pageSize, ...optional({ before }) }, tools);
  if (page.jobs.length > 0) return historyScreen(page, trail, context);
  return said(t("ask.nothingYet", { command: platform.nameOf("draw", t) }));
}

/** The scope of these settings. Throws Refused where there are none, or this person may not change them. */
export async function scopeFor(whose: Whose, context: Conversing): Promise<string> {
  const { requester, placeScope } = context.actor;
  if (whose === "own") return requester.id;
  if (placeScope === undefined) throw new Refused("ask.notHere");
  if (!(await context.mayModerate("settings"))) throw new Refused("ask.adminsOnly");
  return placeScope;
}

/** These settings as they are now; a language counts as soon as it is chosen. */
export async function settingsView(
  whose: Whose,
  context: Conversing,
  tools: ConversationTools,
): Promise<SettingsView> {
  const { platform, owner, actor, isPlace } = context;
  const settings = await tools.settings.get(await scopeFor(whose, context));
  const { language } = settings;
  const isOwn = whose === "own" && language !== undefined;
  const t = isOwn ? translatorFor(language) : context.t;
  const switches = platform.settingsBelow && actor.placeScope !== undefined && !isPlace;
  return { whose, settings, t, platform, owner, switches };
}
