import type { CallbackQuery } from "grammy/types";
import { within } from "../../core/deadline.ts";
import { type ActionName, parseAction } from "../actions.ts";
import { forget, remakeBy } from "../use-cases.ts";
import { explain } from "./answers.ts";
import {
  actingAs,
  contextOf,
  type DoorTools,
  placeOfMessage,
  type Press,
  type PressAnswer,
  type PressHandler,
  submitterOf,
} from "./context.ts";
import { draw, paintPressed } from "./drawing.ts";
import { linkPressed } from "./links.ts";
import { readPage, turnPage } from "./history.ts";
import { pictureKeyboard, ratioKeyboard } from "./job-message.ts";
import { limits, pace } from "./limits.ts";
import { ownOf } from "./messenger.ts";
import { cancelJob, deletePicture, hidePicture, sendOriginals } from "./picture-presses.ts";
import type { ChatPlace, Target } from "./place.ts";
import { clip, mixed, plain, richText } from "./rich-text.ts";
import { pressSettings } from "./settings-menu.ts";
import { showJob } from "./show-job.ts";
import { readCommand } from "./text-commands.ts";

const handlers: { readonly [Name in ActionName]?: PressHandler } = {
  again: makePicture,
  vary: makePicture,
  own: makePicture,
  ratio: (press, tools) =>
    press.action.argument === undefined ? offerRatios(press, tools) : chooseRatio(press, tools),
  back: restoreButtons,
  retry: (press, tools) =>
    press.code === "" ? retryMessage(press, tools) : makePicture(press, tools),
  cancel: cancelJob,
  original: sendOriginals,
  delete: deletePicture,
  hide: hidePicture,
  show: async (press, tools) => {
    // The placeholder of inline mode has this button before there is a job.
    if (press.code === "") return press.t("inline.placeholder");
    const job = await tools.studio.find(press.code, press.actor.requester);
    tools.later(() => showJob(job, press, tools));
    return undefined;
  },
  history: async (press, tools) => {
    const { owner, before } = readPage(press.action);
    const context = await actingAs(owner, press, tools);
    if (!context) return press.t("ask.notForYou");
    await turnPage(press.target, before, context, tools);
    return undefined;
  },
  forget: forgetEverything,
  paint: paintPressed,
  link: linkPressed,
  settings: pressSettings,
};

/**
 * Handles a press. Resolves once all that it asks for is on disk. The press is answered right after that; if it takes
 * too long, the press is answered before, and its notice follows as a message.
 */
export async function onPress(query: CallbackQuery, tools: DoorTools): Promise<void> {
  const press = await readPress(query, tools);
  const answering = answerTo(press, query, tools);
  const early = await within(pace.pressMs, answering);
  const text = clip(early?.value ?? "", limits.pressAnswerLength);
  tools.later(() => tools.messenger.answerPress(query.id, text, text !== ""));
  const late = early ? undefined : await answering;
  if (!press || late === undefined) return;
  tools.later(() => tools.messenger.sendText(press.own, richText([mixed(late)])));
}

async function answerTo(
  press: Press | undefined,
  query: CallbackQuery,
  tools: DoorTools,
): Promise<PressAnswer> {
  if (!press) return undefined;
  const { t, action, place } = press;
  if (!tools.access.allows(place.chat, query.from.id)) return t("ask.notAllowed");
  const handle = handlers[action.action];
  if (!handle) return t("ask.outdated");
  try {
    const acting = await actorOf(press, tools);
    return acting ? await handle(acting, tools) : t("ask.adminsOnly");
  } catch (error) {
    return explain(error, press, tools)?.text;
  }
}

/** The press as it counts: in a channel everyone sees the buttons, and those who run it press in its name. */
async function actorOf(press: Press, tools: DoorTools): Promise<Press | undefined> {
  const inChannel = press.query.message?.chat.type === "channel";
  return inChannel ? actingAs(press.place.chat, press, tools) : press;
}

/** Reads a press; undefined for a button that this bot did not make. */
async function readPress(query: CallbackQuery, tools: DoorTools): Promise<Press | undefined> {
  const action = parseAction(query.data ?? "");
  const where = action && whereOf(query);
  if (!action || !where) return undefined;
  const { place, target } = where;
  const origin = { user: query.from, place, key: `press ${query.id}`, press: query.id };
  const context = await contextOf(origin, tools);
  return { ...context, action, code: action.code ?? "", query, target };
}

/** The bot does not know the chat of an inline message, so it answers the person directly. */
function whereOf(query: CallbackQuery): { place: ChatPlace; target: Target } | undefined {
  const { from, message, inline_message_id: inline } = query;
  if (message) {
    const target = ownOf(message) ?? {
      chat: message.chat.id,
      message: message.message_id,
    };
    return { place: placeOfMessage(message), target };
  }
  return inline === undefined
    ? undefined
    : { place: { chat: from.id, group: false }, target: { inline } };
}

async function makePicture(press: Press, tools: DoorTools): Promise<PressAnswer> {
  await remakeBy(press.action, submitterOf(press), tools);
  return undefined;
}

async function offerRatios(press: Press, tools: DoorTools): Promise<PressAnswer> {
  const { code, t, target, actor } = press;
  await tools.studio.find(code, actor.requester);
  tools.later(() => tools.messenger.editKeyboard(target, ratioKeyboard(code, t)));
  return undefined;
}

async function chooseRatio(press: Press, tools: DoorTools): Promise<PressAnswer> {
  await makePicture(press, tools);
  return restoreButtons(press, tools);
}

async function restoreButtons(press: Press, tools: DoorTools): Promise<PressAnswer> {
  const { code, actor, t, target } = press;
  const job = await tools.studio.find(code, actor.requester);
  tools.later(() => tools.messenger.editKeyboard(target, pictureKeyboard(job, t)));
  return undefined;
}

/** Repeats a refused request: the refusal answers the message that asked. */
async function retryMessage(press: Press, tools: DoorTools): Promise<PressAnswer> {
  const { message: refusal } = press.query;
  const message = refusal && "reply_to_message" in refusal ? refusal.reply_to_message : undefined;
  const typed = message?.text ?? message?.caption ?? "";
  const text = readCommand(typed, tools.me().username)?.text ?? typed;
  if (!message || text === "") return press.t("ask.outdated");
  const place = { ...press.place, message: message.message_id };
  await draw({ ...press, place }, { text, message }, tools);
  return undefined;
}

/** The argument holds the owner's id, and "no" for the button that keeps everything. */
async function forgetEverything(press: Press, tools: DoorTools): Promise<PressAnswer> {
  const { action, t, target } = press;
  const [owner, answer] = (action.argument ?? "").split(" ");
  const context = await actingAs(Number(owner), press, tools);
  if (!context) return t("ask.notForYou");
  const keeps = answer === "no";
  if (!keeps) await forget(context.actor, tools);
  const content = richText([plain(t(keeps ? "privacy.kept" : "privacy.forgotten"))]);
  tools.later(() => tools.messenger.editText(target, content));
  return undefined;
}
