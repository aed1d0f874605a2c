import { InteractionResponseType, MessageFlags } from "discord.js";
import { z } from "zod";
import { optional } from "../../core/optional.ts";
import type { Job, JsonValue } from "../../core/job.ts";
import { NotSent, type Sends } from "../../core/studio/outbox.ts";
import type { DiscordApi } from "./api.ts";
import { consequenceOf, DiscordFailure, failureOf } from "./errors.ts";
import { limits } from "./limits.ts";
import type { Outgoing } from "./message.ts";
import type { Place } from "./place.ts";

/** A job on its way to its person. */
export interface Parcel {
  readonly job: Job;
  readonly place: Place;
  readonly sends: Sends;
  readonly api: DiscordApi;
  readonly now: () => number;
}

/** One way to show something, each in a place that is further from where the person asked. */
export interface Rung {
  readonly name: string;
  /** Who uploads: that decides how large a file may be. */
  readonly by: "answer" | "bot";
  /** The message does not say itself who asked. */
  readonly mentions: boolean;
  isOpen(parcel: Parcel): boolean;
  /** Whose rules hold for what is shown. */
  placeOf(parcel: Parcel): Place;
  /** Throws DiscordFailure. Repeating it changes nothing, whatever became of it before. */
  show(parcel: Parcel, message: Outgoing): Promise<void>;
}

/** Edits the first answer by the interaction's token. */
const editAnswer: Rung = {
  name: "answer",
  by: "answer",
  mentions: false,
  placeOf: ({ place }) => place,
  isOpen: ({ job, now }) => now() - job.createdAt < limits.tokenLifeMs,
  async show({ api, place }, message) {
    await api.editAnswer(place, message);
  },
};

/** Edits the same message as any other of the bot's. */
const editMessage: Rung = {
  name: "message",
  by: "bot",
  mentions: false,
  placeOf: ({ place }) => place,
  isOpen: ({ job, place }) => place.bot && !job.private,
  async show(parcel, message) {
    const id = await messageOf(parcel);
    if (id === undefined) throw new DiscordFailure("its message is not known", { status: 404 });
    await parcel.api.edit(parcel.place.channel, id, message);
  },
};

/** Sends a new message to the same channel, and takes the old one away. */
const newMessage: Rung = {
  name: "channel",
  by: "bot",
  mentions: true,
  placeOf: ({ place }) => place,
  isOpen: ({ job, place }) => place.bot && !job.private,
  async show(parcel, message) {
    const { api, place } = parcel;
    await sendOnce(parcel, "channel", () =>
      api.send(place.channel, message, `${parcel.job.code}:c`),
    );
    const old = await messageOf(parcel);
    if (old !== undefined) await api.delete(place.channel, old).catch(() => undefined);
  },
};

/** Sends it to the person alone. */
const directMessage: Rung = {
  name: "conversation",
  by: "bot",
  mentions: false,
  placeOf: ({ place }) => ({ ...place, guild: null, restricted: false }),
  isOpen: () => true,
  async show(parcel, message) {
    const { api, place } = parcel;
    const channel = await api.openConversation(place.user);
    await sendOnce(parcel, "conversation", () =>
      api.send(channel, message, `${parcel.job.code}:d`),
    );
  },
};

/** From the place where the person asked to the one that is furthest from it. */
export const ladder: readonly Rung[] = [editAnswer, editMessage, newMessage, directMessage];

/** The rungs that change a message which is there already. */
export const edits: readonly Rung[] = [editAnswer, editMessage];

// === What is sent once

const answer = z.object({ message: z.string().optional(), refused: z.boolean().default(false) });

/**
 * Answers the interaction with "thinking…", unless it has its answer. Never throws: where Discord does not want the
 * answer any more, the ladder finds another way.
 */
export async function acknowledge({ job, place, sends, api }: Parcel): Promise<void> {
  const data = job.private ? { flags: MessageFlags.Ephemeral } : {};
  const type = InteractionResponseType.DeferredChannelMessageWithSource;
  const send = async (): Promise<JsonValue> => {
    try {
      return optional({ message: await api.acknowledge(place, { type, data }) });
    } catch (error) {
      if (consequenceOf(failureOf(error)) === "later") throw error;
      return { refused: true };
    }
  };
  await sends.once("acknowledge", send).catch(() => undefined);
}

/** The id of the message that answers the interaction, as far as it was ever learnt. */
export async function messageOf({ place, sends, api }: Parcel): Promise<string | undefined> {
  const notAgain = async (): Promise<never> => {
    throw new NotSent();
  };
  const told = await sends.once("acknowledge", notAgain).catch(() => undefined);
  const known = answer.safeParse(told).data;
  if (known?.message !== undefined || known?.refused) return known.message;
  const learn = async () => ({
    message: await api.findAnswer(place).catch(() => {
      throw new NotSent();
    }),
  });
  const learnt = await sends.once("learn", learn).catch(() => undefined);
  return answer.safeParse(learnt).data?.message;
}

/**
 * Sends unless it was sent. Where nobody knows whether an earlier send arrived, Discord does for a few minutes by its
 * nonce; after that it counts as sent, as a second picture would be worse than a look into `/history`.
 */
async function sendOnce(parcel: Parcel, name: string, send: () => Promise<string>): Promise<void> {
  const { sends, job, now } = parcel;
  const careful = async (): Promise<JsonValue> => {
    try {
      return { message: await send() };
    } catch (error) {
      // Also where it is not known whether it arrived: the next try has the same nonce.
      throw new NotSent("not sent", { cause: failureOf(error) });
    }
  };
  try {
    const told = await sends.once(name, careful);
    const recent = now() - (job.finishedAt ?? 0) < limits.nonceMs;
    if (told === undefined && recent) await sends.once(`${name} again`, careful);
  } catch (error) {
    throw error instanceof NotSent ? failureOf(error.cause) : error;
  }
}
