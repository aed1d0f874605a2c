import type { Api } from "grammy";
import type { Chat, Message, User } from "grammy/types";
import { optional } from "../../core/optional.ts";
import { type AnyImageError, isImageError } from "../../core/errors.ts";
import type { Fetch } from "../../core/wire/fetch.ts";
import type { Log } from "../../core/observe.ts";
import { describeError } from "../conversation.ts";
import { type Asker, type ChatTools, type PictureAsker, settingsFor } from "../imagine.ts";
import { type Words, wordsFor } from "../words.ts";
import type { Access } from "./access.ts";
import type { Messenger } from "./messenger.ts";
import type { Moderators } from "./moderators.ts";
import type { Pictures } from "./pictures.ts";
import type { ChatPlace } from "./place.ts";
import { requesterId, scopeOf } from "./scopes.ts";
import { PhotoNotFetched } from "./trouble.ts";

/** What the handlers of updates need. */
export interface DoorTools extends ChatTools {
  /** Waits where the platform wants it: for answers that nobody repeats. */
  readonly messenger: Messenger;
  readonly api: Api;
  readonly pictures: Pictures;
  readonly access: Access;
  readonly moderators: Moderators;
  /** Where the platform's files lie. Holds the token: neither to be logged nor shown. */
  readonly fileUrl: string;
  readonly fetch: Fetch;
  /** Base of links to hand out; undefined for none. */
  readonly publicUrl: string | undefined;
  /** Where pictures of inline mode are uploaded; without it inline mode offers what there is already. */
  readonly storageChat: number | undefined;
  readonly me: () => { readonly id: number; readonly username: string };
  /** Work that the update does not wait for: everything that goes over the network. */
  readonly later: (work: () => Promise<unknown>) => void;
  readonly now: () => number;
  readonly log: Log;
}

/** A person who asks for something somewhere. */
export interface Visit {
  readonly user: number;
  readonly asker: Asker;
  readonly place: ChatPlace;
  readonly words: Words;
  /** Names the message or press, so that it is one job however often it comes. */
  readonly key: string;
}

interface Coming {
  readonly user: Pick<User, "id" | "language_code">;
  readonly place: ChatPlace;
  readonly key: string;
}

/** Looks up what language the person wants; the platform's word counts where they have not chosen one. */
export async function visitOf({ user, place, key }: Coming, tools: ChatTools): Promise<Visit> {
  const scope = place.group ? { place: scopeOf(place.chat) } : {};
  const id = requesterId(user.id);
  const { language } = await settingsFor({ requester: { id }, ...scope }, tools.settings);
  const words = wordsFor(language, user.language_code);
  const asker = { requester: { id, locale: words.tag }, ...scope };
  return { user: user.id, asker, place, words, key };
}

/** The asker of a picture that is to be delivered to where the visit takes place. */
export function pictureAsker({ asker, place, key }: Visit): PictureAsker {
  return {
    ...asker,
    key,
    private: false,
    delivery: { door: "telegram", place: plainPlace(place) },
  };
}

function plainPlace({ chat, group, topic, message }: ChatPlace) {
  return { chat, group, ...optional({ topic, message }) };
}

/** Where to answer a message. A thread of replies has an id too, but is no topic. */
export function placeOfMessage(message: {
  readonly chat: Chat;
  readonly message_id: number;
  readonly is_topic_message?: boolean;
  readonly message_thread_id?: number;
}): ChatPlace {
  const { chat, message_id, is_topic_message, message_thread_id } = message;
  const topic = is_topic_message ? message_thread_id : undefined;
  return {
    chat: chat.id,
    message: message_id,
    group: chat.type !== "private",
    ...optional({ topic }),
  };
}

/** Who wrote a message: a person, or the group or channel in whose name somebody did; undefined for other bots. */
export function speakerOf({ from, sender_chat }: Message): Coming["user"] | undefined {
  if (sender_chat)
    return { id: sender_chat.id, ...optional({ language_code: from?.language_code }) };
  return from?.is_bot === false ? from : undefined;
}

/** What a person is told about a failed request; undefined for what needs no words. */
export function tellable(
  error: unknown,
  visit: Pick<Visit, "words">,
  { log, now }: Pick<DoorTools, "log" | "now">,
): { text: string; retry: boolean } | undefined {
  if (error instanceof PhotoNotFetched) {
    log.warn({ error: error.cause }, "a photo was not fetched");
    return { text: visit.words.say("ask.photoNotFetched"), retry: true };
  }
  if (!isImageError(error)) log.error({ error }, "a bug in the Telegram door");
  else if (isRepeated(error)) return undefined;
  else if (isShutdown(error)) throw error;
  return describeError(error, visit.words, now());
}

/** The same message came again, after the settings of its author had changed. */
function isRepeated(error: AnyImageError): boolean {
  return error.code === "key-reused";
}

/** Not taken, and not to be confirmed: the next process gets the update again. */
export function isShutdown(error: unknown): boolean {
  return isImageError(error) && error.code === "cancelled" && error.details.by === "shutdown";
}
