import { InteractionResponseType, MessageFlags } from "discord-api-types/v10";
import { z } from "zod";
import type { Job, JsonValue } from "../../core/job.ts";
import { optional } from "../../core/optional.ts";
import { NotSent, type Sends } from "../../core/studio/outbox.ts";
import { translatorFor } from "../i18n.ts";
import { type Line, mixed, plain } from "../screen.ts";
import { cancelButtons } from "../screens/job.ts";
import type { DiscordApi } from "./api.ts";
import { consequenceOf, DiscordFailure, failureOf } from "./errors.ts";
import { limits } from "./limits.ts";
import type { Place } from "./place.ts";
import { type Outgoing, render } from "./render.ts";

/** A job on its way to the person who asked for it. */
export interface Delivery {
  readonly job: Job;
  readonly place: Place;
  readonly sends: Sends;
  readonly api: DiscordApi;
  readonly now: () => number;
}

/** One way to show a job. */
export interface Route {
  readonly name: string;
  /** Whose upload limit counts: that of the answered person, or the bot's own. */
  readonly by: "answer" | "bot";
  /** The message has to name the person, because Discord does not show whom it answers. */
  readonly mentions: boolean;
  isOpen(delivery: Delivery): boolean;
  /** The place where this route shows the job; its rules count. */
  placeOf(delivery: Delivery): Place;
  /** May be repeated: the job is shown once. Throws DiscordFailure. */
  show(delivery: Delivery, message: Outgoing): Promise<void>;
}

/** Edits the first answer with the interaction's token. */
const editAnswer: Route = {
  name: "answer",
  by: "answer",
  mentions: false,
  placeOf: ({ place }) => place,
  isOpen: ({ job, place, now }) =>
    place.message === undefined && now() - job.createdAt < limits.tokenLifeMs,
  async show({ api, place }, message) {
    await api.editAnswer(place, message);
  },
};

/** Edits the same message with the bot's token. */
const editMessage: Route = {
  name: "message",
  by: "bot",
  mentions: false,
  placeOf: ({ place }) => place,
  isOpen: ({ job, place }) => place.bot && !job.private,
  async show(delivery, message) {
    const id = await messageOf(delivery);
    if (id === undefined) throw new DiscordFailure("its message is not known", { status: 404 });
    await delivery.api.edit(delivery.place.channel, id, message);
  },
};

/** Sends a new message to the same channel, and deletes the old one. */
const newMessage: Route = {
  name: "channel",
  by: "bot",
  mentions: true,
  placeOf: ({ place }) => place,
  isOpen: ({ job, place }) => place.bot && !job.private,
  async show(delivery, message) {
    const { api, place } = delivery;
    const send = (what: Outgoing, nonce: string) => api.send(place.channel, what, nonce);
    await sendOnce(delivery, "channel", { message, send });
    const old = await messageOf(delivery);
    if (old !== undefined) await api.delete(place.channel, old).catch(() => undefined);
  },
};

/** Sends a direct message to the person. */
const directMessage: Route = {
  name: "conversation",
  by: "bot",
  mentions: false,
  placeOf: ({ place }) => ({ ...place, guild: null, restricted: false }),
  isOpen: () => true,
  async show(delivery, message) {
    const { api, place } = delivery;
    const channel = await api.openConversation(place.user);
    const send = (what: Outgoing, nonce: string) => api.send(channel, what, nonce);
    await sendOnce(delivery, "conversation", { message, send });
  },
};

/** Every route, in the order in which they are tried: the closer to where the person asked, the earlier. */
export const allRoutes: readonly Route[] = [editAnswer, editMessage, newMessage, directMessage];

/** The routes that edit the message which is already there. */
export const editRoutes: readonly Route[] = [editAnswer, editMessage];

// === What is sent once

const answer = z.object({ message: z.string().optional(), refused: z.boolean().default(false) });

/** Answers the interaction with "thinking …" once, a message with one. Never throws: without it another route is taken. */
export async function acknowledge(delivery: Delivery): Promise<void> {
  const { job, place, sends, api } = delivery;
  if (place.message !== undefined) {
    await sends.once("acknowledge", () => answerMessage(delivery)).catch(() => undefined);
    return;
  }
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

/** Answers the message that asked; a repeated call finds the same answer for a few minutes. */
async function answerMessage({ job, place, api }: Delivery): Promise<JsonValue> {
  const t = translatorFor(job.requester.locale);
  const screen = { lines: [[plain(t("progress.taken"))]], buttons: cancelButtons(job, t) };
  const message = render(screen, { answers: place.message });
  return { message: await api.send(place.channel, message, `${job.code}:a`) };
}

/** The id of the message that answers the interaction; undefined where it was refused or cannot be found. */
export async function messageOf(delivery: Delivery): Promise<string | undefined> {
  const { place, sends, api } = delivery;
  const known = answer.safeParse(sends.find("acknowledge")?.answer).data;
  if (known?.message !== undefined || known?.refused) return known.message;
  const find = async (): Promise<JsonValue> =>
    place.message === undefined
      ? { message: await api.findAnswer(place) }
      : answerMessage(delivery);
  const learn = () =>
    find().catch(() => {
      throw new NotSent();
    });
  const learnt = await sends.once("learn", learn).catch(() => undefined);
  return answer.safeParse(learnt).data?.message;
}

/** The end of the nonce by which Discord recognises a message that it has already. */
const nonceEndings = { channel: "c", conversation: "d" } as const;

interface NewMessage {
  readonly message: Outgoing;
  readonly send: (message: Outgoing, nonce: string) => Promise<string>;
}

/**
 * Sends a message once. If an earlier send has an unknown outcome, it is repeated while Discord still recognises its
 * nonce; later it counts as sent, because a duplicate picture is worse than a look into `/history`, and the person is
 * told where to look.
 */
async function sendOnce(
  delivery: Delivery,
  name: keyof typeof nonceEndings,
  { message, send }: NewMessage,
): Promise<void> {
  const { sends, job, now } = delivery;
  const nonce = `${job.code}:${nonceEndings[name]}`;
  const careful = async (): Promise<JsonValue> => {
    try {
      return { message: await send(message, nonce) };
    } catch (error) {
      // Also where the outcome is unknown: the next attempt has the same nonce.
      throw new NotSent("not sent", { cause: failureOf(error) });
    }
  };
  try {
    const recent = now() - (job.finishedAt ?? 0) < limits.nonceMs;
    const told = await sends.once(name, careful);
    const again = told === undefined && recent ? await sends.once(`${name} again`, careful) : told;
    if (again === undefined) await sayUnsure(delivery, name, (what) => send(what, `${nonce}u`));
  } catch (error) {
    throw error instanceof NotSent ? failureOf(error.cause) : error;
  }
}

/** Says once, by the same way, that the pictures may not have arrived. */
async function sayUnsure(
  { sends, job, place }: Delivery,
  name: string,
  send: (message: Outgoing) => Promise<string>,
): Promise<void> {
  const t = translatorFor(job.requester.locale);
  const sentence = mixed(t("picture.unsureSend", { code: job.code }));
  const line: Line = name === "channel" ? [plain(`<@${place.user}> `), sentence] : [sentence];
  const say = async () => ({ message: await send(render({ lines: [line] })) });
  // The pictures themselves count as sent, whatever becomes of this.
  await sends.once(`${name} unsure`, say).catch(() => undefined);
}
