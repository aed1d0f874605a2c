import type { CallbackQuery, Message } from "grammy/types";
import { within } from "../../core/deadline.ts";
import { type ActionName, parseAction } from "../button-data.ts";
import type { Outcome } from "../context.ts";
import { effects } from "../actions.ts";
import { clip, mixed } from "../screen.ts";
import { conversing, explain, say, sendTo } from "./answers.ts";
import {
  actingAs,
  contextOf,
  type DoorTools,
  placeOfMessage,
  type Press,
  type PressAnswer,
} from "./context.ts";
import { draw } from "./drawing.ts";
import { limits, pace } from "./limits.ts";
import { targetOf } from "./messenger.ts";
import { deleteMessages, sendOriginals, showHidden } from "./picture-presses.ts";
import type { ChatPlace, Target } from "./place.ts";
import { keyboardOf } from "./render.ts";
import { editing, present } from "./show.ts";
import { readCommand } from "./text-commands.ts";

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
  say(press, [mixed(late)], tools);
}

async function answerTo(
  press: Press | undefined,
  query: CallbackQuery,
  tools: DoorTools,
): Promise<PressAnswer> {
  if (!press) return undefined;
  const { t, place } = press;
  if (!tools.access.allows(place.chat, query.from.id)) return t("ask.notAllowed");
  try {
    const acting = await actorOf(press, tools);
    if (acting) return await act(acting, tools);
    return t(press.action.owner === undefined ? "ask.adminsOnly" : "ask.notForYou");
  } catch (error) {
    return explain(error, press, tools)?.text;
  }
}

/** Actions of one person alone, whose buttons name that person in a group. */
const owned: readonly ActionName[] = ["history", "settings", "forget"];

async function act(press: Press, tools: DoorTools): Promise<PressAnswer> {
  const { action, code, place, t } = press;
  const isUnowned = action.owner === undefined && place.group && owned.includes(action.action);
  if (action.action === "reword" || action.action === "edit" || isUnowned) return t("ask.outdated");
  if (action.action === "retry" && code === "") return retryMessage(press, tools);
  return give(await effects[action.action](action, conversing(press, tools), tools), press, tools);
}

/** The press as it counts: as the owner's of the button; in a channel everyone sees it, and those who run it press in its name. */
async function actorOf(press: Press, tools: DoorTools): Promise<Press | undefined> {
  const inChannel = press.query.message?.chat.type === "channel";
  const { owner = inChannel ? press.place.chat : undefined } = press.action;
  return owner === undefined ? press : actingAs(Number(owner), press, tools);
}

/** Shows what came of a press; answers the notice that only its person sees. */
function give(outcome: Outcome, press: Press, tools: DoorTools): PressAnswer {
  const { target } = press;
  const { messenger, later } = tools;
  switch (outcome.is) {
    case "job":
    case "nothing":
      return undefined;
    case "notice":
      return outcome.text;
    case "message":
      sendTo(press, outcome, tools);
      return undefined;
    case "instead":
      later(() => present(outcome.screen, editing(target, tools), { t: press.t, tools }));
      return undefined;
    case "buttons":
      later(() => messenger.editKeyboard(target, keyboardOf(outcome.screen)));
      return undefined;
    case "changed":
      later(() => showHidden(outcome, target, tools));
      return undefined;
    case "deleted":
      later(() => deleteMessages(outcome.job, press, tools));
      return undefined;
    case "originals":
      later(() => sendOriginals(outcome.job, press, tools));
      return undefined;
    case "painted":
      later(() => messenger.remove(target));
      return undefined;
  }
}

/** Reads a press; undefined for a button that this bot did not make. */
async function readPress(query: CallbackQuery, tools: DoorTools): Promise<Press | undefined> {
  const action = parseAction(query.data ?? "");
  const where = action && whereOf(query);
  if (!action || !where) return undefined;
  const { place, target } = where;
  const asking = askedBy(query)?.message_id;
  // What is painted after a question answers the message that asked for it.
  const about = action.action === "paint" && asking ? { ...place, message: asking } : place;
  const origin = { user: query.from, place: about, key: `press ${query.id}`, press: query.id };
  const context = await contextOf(origin, tools);
  return { ...context, action, code: action.code ?? "", query, target };
}

/** The bot does not know the chat of an inline message, so it answers the person directly. */
function whereOf(query: CallbackQuery): { place: ChatPlace; target: Target } | undefined {
  const { from, message, inline_message_id: inline } = query;
  if (message) {
    return { place: placeOfMessage(message), target: targetOf(message) };
  }
  return inline === undefined
    ? undefined
    : { place: { chat: from.id, group: false }, target: { inline } };
}

/** The message that the message with the button answers. */
function askedBy({ message }: CallbackQuery): Message | undefined {
  return message && "reply_to_message" in message ? message.reply_to_message : undefined;
}

/** Repeats a refused request: the refusal answers the message that asked. */
async function retryMessage(press: Press, tools: DoorTools): Promise<PressAnswer> {
  const message = askedBy(press.query);
  const typed = message?.text ?? message?.caption ?? "";
  const { text, isPrivate } = readCommand(typed, tools.me().username) ?? { text: typed };
  if (!message || text === "") return press.t("ask.outdated");
  const place = { ...press.place, message: message.message_id };
  await draw({ ...press, place }, { text, message, isPrivate }, tools);
  return undefined;
}
