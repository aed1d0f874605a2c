import { z } from "zod";
import type { Job } from "../../core/job.ts";

// === Places

/** A chat, and where to answer in it. */
const chatPlace = z.object({
  chat: z.int(),
  /** The topic of a forum. A thread of replies has an id too, but is not a topic. */
  topic: z.int().optional(),
  /** The message to answer. */
  message: z.int().optional(),
  group: z.boolean(),
  /** The query of a person who called the bot into another chat, which takes one answer. */
  guest: z.string().optional(),
  /** Shown in a group to this person alone, who pressed, or sent a message that no other person saw. */
  only: z
    .object({ user: z.int(), press: z.string().optional(), message: z.int().optional() })
    .optional(),
  /** No other person may see it: where `only` cannot be kept, it goes to that person's own chat. */
  secret: z.literal(true).optional(),
});

/** A message in a chat that the bot is not in; only this id is known of it. */
const inlinePlace = z.object({ inline: z.string() });

const place = z.union([inlinePlace, chatPlace]);

/** A chat, and where to answer in it. */
export type ChatPlace = z.output<typeof chatPlace>;
/** A message of inline mode, or the answer to a guest query. */
export type InlinePlace = z.output<typeof inlinePlace>;
/** Where a job of this door is delivered. */
export type Place = ChatPlace | InlinePlace;

/** Reads the stored place of a job. Throws for a job of another door. */
export function placeOf(job: Job): Place {
  return place.parse(job.delivery.place);
}

// === Sent messages

const sentMessage = z.object({ chat: z.int(), message: z.int() });
/** A message of the bot's, as it is stored among the sends of a job. */
export type SentMessage = z.output<typeof sentMessage>;

/** Reads a stored message; undefined for anything else. */
export function parseSent(answer: unknown): SentMessage | undefined {
  return sentMessage.safeParse(answer).data;
}

/** A message that one person of a group sees; its id may come again later. */
const ownMessage = z.object({ chat: z.int(), user: z.int(), own: z.int() });

/** A message that one person of a group sees. */
export type OwnMessage = z.output<typeof ownMessage>;

const target = z.union([inlinePlace, ownMessage, sentMessage]);
/** A message that can be edited. */
export type Target = z.output<typeof target>;

/** Reads a stored message, wherever it is; undefined for anything else. */
export function parseTarget(answer: unknown): Target | undefined {
  return target.safeParse(answer).data;
}

const sentAlbum = z.object({ chat: z.int(), messages: z.array(z.int()) });
/** The messages of an album, as they are stored among the sends of a job. */
export type SentAlbum = z.output<typeof sentAlbum>;

/** Reads a stored album; undefined for anything else. */
export function parseSentAlbum(answer: unknown): SentAlbum | undefined {
  return sentAlbum.safeParse(answer).data;
}

/** The same place for what one person alone may see; undefined where it is no person who asks. */
export function secretly(place: ChatPlace): ChatPlace | undefined {
  if (!place.group) return place;
  return place.only && { ...place, secret: true };
}

// === Names for the core

/** The id of a requester, which is also the scope of their settings. */
export function requesterId(user: number): string {
  return `telegram:${user}`;
}

/** The person behind a requester's id; undefined for a group, a channel, and a requester of another door. */
export function userIn(requester: string): number | undefined {
  const id = /^telegram:(\d+)$/.exec(requester)?.[1];
  return id === undefined ? undefined : Number(id);
}

/** The scope of a chat's settings. */
export function chatScope(chat: number): string {
  return `telegram:chat:${chat}`;
}
