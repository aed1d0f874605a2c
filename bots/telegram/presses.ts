import type { CallbackQuery, Message } from "grammy/types";
import { within } from "../../core/deadline.ts";
import type { Job } from "../../core/job.ts";
import { effects } from "../actions.ts";
import { type Action, type ActionName, parseAction } from "../button-data.ts";
import type { Outcome } from "../context.ts";
import { clip, mixed, plain, type Screen } from "../screen.ts";
import { conversing, explain, say, sendTo } from "./answers.ts";
import { actingAs, type Context, contextOf, type DoorTools, placeOfMessage } from "./context.ts";
import { draw } from "./drawing.ts";
import { problemOf } from "./errors.ts";
import { limits, pace } from "./limits.ts";
import { type Sendable, targetOf } from "./messenger.ts";
import {
  type ChatPlace,
  parseSent,
  parseSentAlbum,
  type SentMessage,
  type Target,
} from "./place.ts";
import { keyboardOf, richText } from "./render.ts";
import { editing, emptyPicture, messageOf, noWords, present, sendOriginal } from "./show.ts";
import { readCommand } from "./text-commands.ts";

/** The press of a button below a message of the bot's. */
interface Press extends Context {
  readonly action: Action;
  /** The code of the job that the button is about; empty for none. */
  readonly code: string;
  readonly query: CallbackQuery;
  /** The message with the button. */
  readonly target: Target;
}

/** A notice for the person who pressed, which they have to close; undefined for none. */
type PressAnswer = string | undefined;

/**
 * Handles a press. Resolves once all that it asks for is on disk. The press is answered right after that; if it takes
 * too long, the press is answered before, and its notice follows as a message.
 */
export async function onPress(query: CallbackQuery, tools: DoorTools): Promise<void> {
  const press = await readPress(query, tools);
  const answering = answerTo(press, query);
  const early = await within(pace.pressMs, answering);
  const text = clip(early?.value ?? "", limits.pressAnswerLength);
  tools.later(() => tools.messenger.answerPress(query.id, text, text !== ""));
  const late = early ? undefined : await answering;
  if (!press || late === undefined) return;
  say(press, [mixed(late)]);
}

async function answerTo(press: Press | undefined, query: CallbackQuery): Promise<PressAnswer> {
  if (!press) return undefined;
  const { t, place, tools } = press;
  if (!tools.allows(place.chat, query.from.id)) return t("ask.notAllowed");
  try {
    const acting = await actorOf(press);
    if (acting) return await act(acting);
    return t(press.action.owner === undefined ? "ask.adminsOnly" : "ask.notForYou");
  } catch (error) {
    return explain(error, press)?.text;
  }
}

/** Actions of one person alone, whose buttons name that person in a group. */
const owned: readonly ActionName[] = ["history", "settings", "forget"];

async function act(press: Press): Promise<PressAnswer> {
  const { action, code, place, t, tools } = press;
  const isUnowned = action.owner === undefined && place.group && owned.includes(action.action);
  if (action.action === "reword" || action.action === "edit" || isUnowned) return t("ask.outdated");
  if (action.action === "retry" && code === "") return retryMessage(press);
  return give(await effects[action.action](action, conversing(press), tools), press);
}

/** The press as it counts: as the owner's of the button; in a channel everyone sees it, and those who run it press in its name. */
async function actorOf(press: Press): Promise<Press | undefined> {
  const inChannel = press.query.message?.chat.type === "channel";
  const { owner = inChannel ? press.place.chat : undefined } = press.action;
  return owner === undefined ? press : actingAs(Number(owner), press);
}

/** Shows what came of a press; answers the notice that only its person sees. */
function give(outcome: Outcome, press: Press): PressAnswer {
  const { target, tools } = press;
  const { messenger, later } = tools;
  switch (outcome.is) {
    case "job":
    case "nothing":
      return undefined;
    case "notice":
      return outcome.text;
    case "message":
      sendTo(press, outcome);
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
      later(() => deleteMessages(outcome.job, press));
      return undefined;
    case "originals":
      later(() => sendOriginals(outcome.job, press.place, tools));
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
async function retryMessage(press: Press): Promise<PressAnswer> {
  const message = askedBy(press.query);
  const typed = message?.text ?? message?.caption ?? "";
  const { text, isPrivate } = readCommand(typed, press.tools.me().username) ?? { text: typed };
  if (!message || text === "") return press.t("ask.outdated");
  const place = { ...press.place, message: message.message_id };
  await draw({ ...press, place }, { text, message, isPrivate });
  return undefined;
}

// === Pictures that are pressed

async function sendOriginals(job: Job, place: ChatPlace, tools: DoorTools): Promise<void> {
  for (const picture of job.pictures) await sendOriginal(job, picture, place, tools);
}

/** Replaces the picture of the pressed message, or those of its album, by the same behind a spoiler. */
async function showHidden(
  { job, screen }: { readonly job: Job; readonly screen: Screen },
  target: Target,
  { messenger, pictures }: DoorTools,
): Promise<void> {
  const album = parseSentAlbum(job.delivery.sends["album"]?.answer);
  const several = job.pictures.length > 1;
  for (const [index, picture] of job.pictures.entries()) {
    const message = album?.messages[index] ?? 0;
    const shown = several ? album && { chat: album.chat, message } : target;
    if (!shown) continue;
    const changed = (file: Sendable) =>
      several ? { text: noWords, file } : messageOf(screen, file);
    await pictures.showing(job, (file) => messenger.edit(shown, changed(file)), picture);
  }
  await messenger.editKeyboard(target, keyboardOf(screen));
}

/** Deletes the pressed message, and the other messages of the same job. */
async function deleteMessages(job: Job, { target, t, tools }: Press): Promise<void> {
  const { messenger } = tools;
  if (!("message" in target)) return messenger.remove(target);
  for (const message of [target, ...otherMessages(job, target)]) {
    try {
      await messenger.remove(message);
    } catch (error) {
      if (problemOf(error) === "no-message") continue;
      if (problemOf(error) !== "cannot-delete") throw error;
      await blank(message, t("picture.deleted"), { messenger });
    }
  }
}

function otherMessages({ delivery }: Job, target: SentMessage): SentMessage[] {
  const { album, ...others } = delivery.sends;
  const { chat = target.chat, messages = [] } = parseSentAlbum(album?.answer) ?? {};
  const found = [
    ...messages.map((message) => ({ chat, message })),
    ...Object.values(others).flatMap(({ answer }) => parseSent(answer) ?? []),
  ];
  const isTarget = (one: SentMessage) => one.chat === target.chat && one.message === target.message;
  // Only if the pressed message is one of the job's own: a copy from /show is deleted alone.
  return found.some(isTarget) ? found.filter((one) => !isTarget(one)) : [];
}

/** Replaces a message that is too old to be deleted, unless it is gone: a text by this text, a picture by an empty one. */
async function blank(
  target: SentMessage,
  text: string,
  { messenger }: Pick<DoorTools, "messenger">,
): Promise<void> {
  const words = { text: richText([[plain(text)]]) };
  for (const message of [words, { ...words, file: emptyPicture() }]) {
    try {
      await messenger.edit(target, message);
      return;
    } catch (error) {
      if (problemOf(error) !== "no-message") throw error;
    }
  }
}
