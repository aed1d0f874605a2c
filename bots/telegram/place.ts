import { z } from "zod";
import type { Job } from "../../core/job.ts";

/** A chat, and where in it to answer. */
const chatPlace = z.object({
  chat: z.int(),
  /** Of a forum; never of a thread of replies, which only looks like one. */
  topic: z.int().optional(),
  /** The message that is answered. */
  message: z.int().optional(),
  group: z.boolean(),
});

/** A message that a person sent by inline mode, known by this id alone. */
const inlinePlace = z.object({ inline: z.string() });

const place = z.union([inlinePlace, chatPlace]);

export type ChatPlace = z.output<typeof chatPlace>;
export type InlinePlace = z.output<typeof inlinePlace>;
export type Place = ChatPlace | InlinePlace;

/** Where the answer to a job goes, as the job keeps it on disk. Throws for a job of another door. */
export function placeOf(job: Job): Place {
  return place.parse(job.delivery.place);
}

/** A message of the bot's, as kept among the sends of a job. */
const sentMessage = z.object({ chat: z.int(), message: z.int() });
export type SentMessage = z.output<typeof sentMessage>;

/** undefined for anything that is no record of a sent message. */
export function parseSent(answer: unknown): SentMessage | undefined {
  return sentMessage.safeParse(answer).data;
}

const sentAlbum = z.object({ chat: z.int(), messages: z.array(z.int()) });
export type SentAlbum = z.output<typeof sentAlbum>;

export function parseSentAlbum(answer: unknown): SentAlbum | undefined {
  return sentAlbum.safeParse(answer).data;
}
