import type { CallbackQuery } from "grammy/types";
import { within } from "../../core/deadline.ts";
import { type Action, type ActionName, parseAction } from "../actions.ts";
import { cancel, forget, press } from "../imagine.ts";
import { readCommand } from "./command-text.ts";
import { draw } from "./drawing.ts";
import { readPage, turnPage } from "./history.ts";
import { pictureKeyboard, ratioKeyboard } from "./keyboards.ts";
import { clip, mixed, plain, richText } from "./rich-text.ts";
import { limits, pace } from "./limits.ts";
import type { Target } from "./messenger.ts";
import { ModeratorsUnknown, visitAs } from "./moderators.ts";
import type { ChatPlace } from "./place.ts";
import { deletePicture, sendOriginals } from "./picture-presses.ts";
import { pressSettings } from "./settings-menu.ts";
import { requesterId } from "./scopes.ts";
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
  cancel: cancelJob,
  original: sendOriginals,
  delete: deletePicture,
  show: async (pressed, tools) => {
    // The placeholder of inline mode has this button before there is a job.
    if (pressed.code === "") return pressed.words.say("inline.placeholder");
    const job = await tools.studio.find(pressed.code, pressed.asker.requester);
    tools.later(() => showJob(job, pressed, tools));
    return undefined;
  },
  history: async (pressed, tools) => {
    const { owner, before } = readPage(pressed.action);
    const visit = await visitAs(owner, pressed, tools);
    if (!visit) return pressed.words.say("ask.notForYou");
    await turnPage(pressed.target, before, visit, tools);
    return undefined;
  },
  forget: forgetEverything,
  settings: pressSettings,
};

/**
 * Resolves once everything that the press asks for is on disk. The press is answered right after that, or before where
 * it takes long; what there is to say then comes as a message.
 */
export async function onPress(query: CallbackQuery, tools: DoorTools): Promise<void> {
  const pressed = await readPress(query, tools);
  const answering = answerTo(pressed, query, tools);
  const early = await within(pace.pressMs, answering);
  const text = clip(early?.value ?? "", limits.pressAnswerLength);
  tools.later(() => tools.messenger.answerPress(query.id, text, text !== ""));
  const late = early ? undefined : await answering;
  if (!pressed || late === undefined) return;
  tools.later(() => tools.messenger.sendText(pressed.place, richText([mixed(late)])));
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
    if (error instanceof ModeratorsUnknown) return words.say("ask.adminsUnknown");
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

/** What an administrator asked for in the group's name, whoever runs the group may cancel. */
async function cancelJob(pressed: Pressed, tools: DoorTools): Promise<Notice> {
  const { code, asker, place } = pressed;
  const job = await tools.studio.find(code, asker.requester);
  const ofGroup = place.group && job.requester.id === requesterId(place.chat);
  const visit = ofGroup ? await visitAs(place.chat, pressed, tools) : pressed;
  await cancel(code, (visit ?? pressed).asker, tools);
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
  const { action, words, target } = pressed;
  const [owner, answer] = (action.argument ?? "").split(" ");
  const visit = await visitAs(Number(owner), pressed, tools);
  if (!visit) return words.say("ask.notForYou");
  const keeps = answer === "no";
  if (!keeps) await forget(visit.asker, tools);
  const content = richText([plain(words.say(keeps ? "privacy.kept" : "privacy.forgotten"))]);
  tools.later(() => tools.messenger.editText(target, content));
  return undefined;
}
