import type { CallbackQuery } from "grammy/types";
import { type Action, type ActionName, parseAction } from "../actions.ts";
import { cancel, forget, press } from "../imagine.ts";
import { readCommand } from "./command-text.ts";
import { draw } from "./drawing.ts";
import { readPage, turnPage } from "./history.ts";
import { pictureKeyboard, ratioKeyboard } from "./keyboards.ts";
import { clip, plain, richText } from "./rich-text.ts";
import { limits } from "./limits.ts";
import type { Target } from "./messenger.ts";
import type { ChatPlace } from "./place.ts";
import { deletePicture, sendOriginals } from "./picture-presses.ts";
import { pressSettings } from "./settings-menu.ts";
import { showJob } from "./show-job.ts";
import {
  type DoorTools,
  pictureAsker,
  placeOfMessage,
  tellable,
  type Visit,
  visitOf,
} from "./visit.ts";

/** A press below a message of the bot's. */
export interface Pressed extends Visit {
  readonly action: Action;
  readonly code: string;
  readonly query: CallbackQuery;
  /** The message with the button. */
  readonly target: Target;
}

/** What the person who pressed is told: nothing, or a notice that they have to close. */
export type Notice = string | undefined;

/** Everything that the press asks for is on disk when it resolves; what goes over the network comes later. */
export type PressHandler = (pressed: Pressed, tools: DoorTools) => Promise<Notice>;

const handlers: { readonly [Name in ActionName]?: PressHandler } = {
  again: makePicture,
  vary: makePicture,
  own: makePicture,
  ratio: (pressed, tools) =>
    pressed.action.argument === undefined
      ? offerRatios(pressed, tools)
      : chooseRatio(pressed, tools),
  back: restoreButtons,
  retry: (pressed, tools) =>
    pressed.code === "" ? retryMessage(pressed, tools) : makePicture(pressed, tools),
  cancel: async (pressed, tools) => {
    await cancel(pressed.code, pressed.asker, tools);
    return undefined;
  },
  original: sendOriginals,
  delete: deletePicture,
  show: async (pressed, tools) => {
    const job = await tools.studio.find(pressed.code, pressed.asker.requester);
    tools.later(() => showJob(job, pressed, tools));
    return undefined;
  },
  history: async (pressed, tools) => {
    const { owner, before } = readPage(pressed.action);
    if (owner !== pressed.user) return pressed.words.say("ask.notForYou");
    await turnPage(pressed.target, before, pressed, tools);
    return undefined;
  },
  forget: forgetEverything,
  settings: pressSettings,
};

/** Resolves once everything that the press asks for is on disk; the press is answered right after that. */
export async function onPress(query: CallbackQuery, tools: DoorTools): Promise<void> {
  const pressed = await readPress(query, tools);
  const notice = await answerTo(pressed, query, tools);
  const text = clip(notice ?? "", limits.pressAnswerLength);
  tools.later(() => tools.messenger.answerPress(query.id, text, text !== ""));
}

async function answerTo(
  pressed: Pressed | undefined,
  query: CallbackQuery,
  tools: DoorTools,
): Promise<Notice> {
  if (!pressed) return undefined;
  const { words, action, place } = pressed;
  if (!tools.access.allows(place.chat, query.from.id)) return words.say("ask.notAllowed");
  const handle = handlers[action.action];
  if (!handle) return words.say("ask.outdated");
  try {
    return await handle(pressed, tools);
  } catch (error) {
    return tellable(error, pressed, tools)?.text;
  }
}

/** undefined for a button that this bot has never made. */
async function readPress(query: CallbackQuery, tools: DoorTools): Promise<Pressed | undefined> {
  const action = parseAction(query.data ?? "");
  const where = action && whereOf(query);
  if (!action || !where) return undefined;
  const { place, target } = where;
  const visit = await visitOf({ user: query.from, place, key: `press ${query.id}` }, tools);
  return { ...visit, action, code: action.code ?? "", query, target };
}

/** The bot does not know where a message of inline mode stands; its answers go to the person. */
function whereOf(query: CallbackQuery): { place: ChatPlace; target: Target } | undefined {
  const { from, message, inline_message_id: inline } = query;
  if (message) {
    const target = { chat: message.chat.id, message: message.message_id };
    return { place: placeOfMessage(message), target };
  }
  return inline === undefined
    ? undefined
    : { place: { chat: from.id, group: false }, target: { inline } };
}

async function makePicture(pressed: Pressed, tools: DoorTools): Promise<Notice> {
  await press(pressed.action, pictureAsker(pressed), tools);
  return undefined;
}

async function offerRatios(pressed: Pressed, tools: DoorTools): Promise<Notice> {
  const { code, words, target, asker } = pressed;
  await tools.studio.find(code, asker.requester);
  tools.later(() => tools.messenger.editKeyboard(target, ratioKeyboard(code, words)));
  return undefined;
}

async function chooseRatio(pressed: Pressed, tools: DoorTools): Promise<Notice> {
  await makePicture(pressed, tools);
  return restoreButtons(pressed, tools);
}

async function restoreButtons(pressed: Pressed, tools: DoorTools): Promise<Notice> {
  const { code, asker, words, target } = pressed;
  const job = await tools.studio.find(code, asker.requester);
  tools.later(() => tools.messenger.editKeyboard(target, pictureKeyboard(job, words)));
  return undefined;
}

/** Tries again what was refused: the message is still there, as what the refusal answers. */
async function retryMessage(pressed: Pressed, tools: DoorTools): Promise<Notice> {
  const { message } = pressed.query;
  const asked = message && "reply_to_message" in message ? message.reply_to_message : undefined;
  const text = asked?.text ?? asked?.caption ?? "";
  const words = readCommand(text, tools.me().username)?.words ?? text;
  if (!asked || words === "") return pressed.words.say("ask.outdated");
  const place = { ...pressed.place, message: asked.message_id };
  await draw({ ...pressed, place }, { words, message: asked }, tools);
  return undefined;
}

/** The button carries whose it is, and whether it says yes. */
async function forgetEverything(pressed: Pressed, tools: DoorTools): Promise<Notice> {
  const { action, user, words, target, asker } = pressed;
  const [owner, answer] = (action.argument ?? "").split(" ");
  if (owner !== String(user)) return words.say("ask.notForYou");
  const keeps = answer === "no";
  if (!keeps) await forget(asker, tools);
  const content = richText([plain(words.say(keeps ? "privacy.kept" : "privacy.forgotten"))]);
  tools.later(() => tools.messenger.editText(target, content));
  return undefined;
}
