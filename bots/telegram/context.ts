import type { Api } from "grammy";
import type { Chat, Message, User } from "grammy/types";
import { optional } from "../../core/optional.ts";
import type { Fetch } from "../../core/wire/fetch.ts";
import type { ConversationTools } from "../context.ts";
import { type Translator, translatorFor } from "../i18n.ts";
import { Refused } from "../refused.ts";
import { type Actor, settingsFor, type Submitter } from "../use-cases.ts";
import type { Albums, Taken } from "./albums.ts";
import type { Messenger } from "./messenger.ts";
import type { Moderators } from "./moderators.ts";
import type { Pictures } from "./pictures.ts";
import { type ChatPlace, chatScope, requesterId, secretly } from "./place.ts";

/** What the door is given and its handlers use. */
export interface DoorSettings extends ConversationTools {
  /** Downloads files that people sent. */
  readonly fetch: Fetch;
  /** Base of links to hand out; undefined for none. */
  readonly publicUrl?: string | undefined;
  /** The chat to which pictures for inline mode are uploaded; without it, inline mode offers only earlier pictures. */
  readonly storageChat?: number | undefined;
}

/** What the handlers of updates need. */
export interface DoorTools extends DoorSettings {
  /** Waits for flood limits: for answers that are sent once. */
  readonly messenger: Messenger;
  readonly api: Api;
  readonly pictures: Pictures;
  readonly allows: ReturnType<typeof accessOf>;
  readonly moderators: Moderators;
  readonly albums: Albums;
  readonly taken: Taken;
  /** The address of Telegram's files. Contains the token: neither log nor show it. */
  readonly fileUrl: string;
  readonly me: () => { readonly id: number; readonly username: string };
  /** Runs work that the update does not wait for: everything that goes over the network. */
  readonly later: (work: () => Promise<unknown>) => void;
}

/** Which chats and users may use the bot: one of their ids is on this list, or there is no list. */
export function accessOf(allowed: readonly string[]) {
  return (...ids: readonly number[]): boolean =>
    allowed.length === 0 || ids.some((id) => allowed.includes(`${id}`));
}

// === Who asks, and where

/** Who sent an update, where to answer it, and in which language. */
export interface Context {
  readonly user: number;
  readonly actor: Actor;
  readonly place: ChatPlace;
  /** Where to say what concerns this person alone. */
  readonly own: ChatPlace;
  /** Pictures are seen by this person alone unless they ask otherwise. */
  readonly hides: boolean;
  readonly t: Translator;
  /** Identifies the message or press: the same key is the same job, however often it comes. */
  readonly key: string;
  /** What answering it needs. */
  readonly tools: DoorTools;
}

/** The part of a context that the update itself tells. */
interface Origin {
  readonly user: Pick<User, "id" | "language_code">;
  readonly place: ChatPlace;
  readonly key: string;
  /** The press that the update is. */
  readonly press?: string;
  /** The id of the message that the update is, where only its author and the bot see it. */
  readonly unseen?: number | undefined;
}

/** The context of an update. Its language is the one that the person set, or else that of their client. */
export async function contextOf(origin: Origin, tools: DoorTools): Promise<Context> {
  const { user, place, key, press, unseen } = origin;
  const scope = place.group ? { placeScope: chatScope(place.chat) } : {};
  const person = await tools.people.of(requesterId(user.id));
  const usual = await settingsFor({ requester: person, ...scope }, tools.settings);
  const { language, private: hides = false } = usual;
  const t = translatorFor(language, user.language_code);
  const actor = { requester: { ...person, locale: t.tag }, ...scope };
  const only = { user: user.id, ...optional({ press, message: unseen }) };
  const own = place.group && user.id > 0 ? { ...place, only } : place;
  return { user: user.id, actor, place, own, hides, t, key, tools };
}

/**
 * The context's person as one who asks for pictures, delivered to the context's place; of private ones others there see
 * nothing. Throws Refused where a private one was asked for and no person asks.
 */
export function submitterOf(
  { actor, place, own, hides, key }: Context,
  asked?: boolean,
): Submitter & { readonly isSecret: boolean } {
  const secret = (asked ?? hides) ? secretly(own) : undefined;
  if (asked && !secret) throw new Refused("ask.notHere");
  const { chat, group, topic, message, guest, only, secret: isSecret = false } = secret ?? place;
  const alone = isSecret && only ? { only: optional(only), secret: true } : {};
  const deliveryPlace = { chat, group, ...optional({ topic, message, guest }), ...alone };
  return {
    ...actor,
    key,
    private: secret !== undefined,
    isSecret,
    delivery: { door: "telegram", place: deliveryPlace },
  };
}

/** Where to answer a message. */
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
    group: chat.type !== "private",
    // A message that others do not see has none.
    ...optional({ topic, message: message_id || undefined }),
  };
}

/**
 * Who sent a message: a person, or the group or channel in whose name it was written. undefined for other bots, and for
 * what comes a second time: a message of inline mode, and a channel's post in the group where it is discussed.
 */
export function senderOf(message: Message): Origin["user"] | undefined {
  const { from, sender_chat, via_bot, is_automatic_forward } = message;
  if (via_bot || is_automatic_forward) return undefined;
  if (sender_chat)
    return { id: sender_chat.id, ...optional({ language_code: from?.language_code }) };
  return from?.is_bot === false ? from : undefined;
}

/**
 * The context as the owner's own: of that person, or of the group for its administrators, because an anonymous
 * administrator writes as the group but presses as a person. undefined for other people. Throws Refused where that is not known.
 */
export async function actingAs<Kind extends Context>(
  owner: number,
  context: Kind,
): Promise<Kind | undefined> {
  const { user, place, actor, tools } = context;
  if (owner === user) return context;
  if (owner !== place.chat || !(await tools.moderators.include(place, user))) return undefined;
  const requester = { id: requesterId(owner), locale: context.t.tag };
  return { ...context, user: owner, actor: { ...actor, requester } };
}
