import {
  type APIInteractionResponse,
  type InteractionResponseType,
  type RawFile,
  REST,
  type RESTOptions,
  Routes,
} from "discord.js";
import { z } from "zod";
import { orAborted } from "../../core/deadline.ts";
import { consequenceOf, consequences, DiscordFailure, failureOf } from "./errors.ts";
import { limits } from "./limits.ts";
import type { Outgoing } from "./message.ts";
import type { Place } from "./place.ts";

/** The interaction that an answer belongs to. */
export type Answering = Pick<Place, "application" | "interaction" | "token">;

/** The part of Discord's REST API that this door uses. Every method throws DiscordFailure. */
export interface DiscordApi {
  /**
   * The first answer to an interaction; resolves with the id of its message, as far as that is told. Where the
   * interaction has its answer already, all is well: it came twice, or an earlier attempt arrived unseen.
   */
  acknowledge(to: Answering, response: APIInteractionResponse): Promise<string | undefined>;
  /** A first answer that is a message with files. */
  reply(to: Answering, type: MessageAnswer, message: Outgoing): Promise<string | undefined>;
  /** Replaces the first answer; resolves with its id. */
  editAnswer(to: Answering, message: Outgoing): Promise<string>;
  /** The id of the message that is the first answer. */
  findAnswer(to: Answering): Promise<string>;
  deleteAnswer(to: Answering): Promise<void>;
  /** Sends to a channel. The same nonce within a few minutes is the same message. */
  send(channel: string, message: Outgoing, nonce: string): Promise<string>;
  edit(channel: string, id: string, message: Outgoing): Promise<string>;
  delete(channel: string, id: string): Promise<void>;
  /** The channel of a conversation with this person. */
  openConversation(user: string): Promise<string>;
}

export type MessageAnswer =
  | InteractionResponseType.ChannelMessageWithSource
  | InteractionResponseType.UpdateMessage;

export interface DiscordApiOptions {
  readonly url: string;
  readonly token: string;
  /** Ends every wait for an answer. */
  readonly signal: AbortSignal;
}

const identified = z.object({ id: z.string() });
const acknowledged = z.object({
  interaction: z.object({ response_message_id: z.string().optional() }),
});

/**
 * Calls Discord at this address. Answers to interactions have tokens of their own and are no part of the bot's limit
 * of fifty requests a second.
 */
export function discordApi({ url, token, signal }: DiscordApiOptions): DiscordApi {
  const bot = restAt(url, {}).setToken(token);
  const answers = restAt(url, { globalRequestsPerSecond: Number.POSITIVE_INFINITY });

  const webhook = ({ application, token }: Answering) =>
    Routes.webhookMessage(application, token, "@original");
  const own = { auth: false } as const;
  const idOf = (message: unknown) => identified.parse(message).id;

  async function acknowledge(to: Answering, body: object, files: readonly RawFile[]) {
    const route = Routes.interactionCallback(to.interaction, to.token);
    const query = new URLSearchParams({ with_response: "true" });
    const told = await answers.post(route, { ...own, body, files: [...files], query });
    return acknowledged.safeParse(told).data?.interaction.response_message_id;
  }

  const api: DiscordApi = {
    acknowledge: (to, response) => insistently(() => acknowledge(to, response, [])),
    reply: (to, type, { body, files }) =>
      insistently(() => acknowledge(to, { type, data: body }, files)),
    editAnswer: async (to, { body, files }) =>
      idOf(await answers.patch(webhook(to), { ...own, body, files: [...files] })),
    findAnswer: async (to) => idOf(await answers.get(webhook(to), own)),
    deleteAnswer: async (to) => {
      await answers.delete(webhook(to), own);
    },
    send: async (channel, { body, files }, nonce) =>
      idOf(
        await bot.post(Routes.channelMessages(channel), {
          body: { ...body, nonce, enforce_nonce: true },
          files: [...files],
        }),
      ),
    edit: async (channel, id, { body, files }) =>
      idOf(await bot.patch(Routes.channelMessage(channel, id), { body, files: [...files] })),
    delete: async (channel, id) => {
      await bot.delete(Routes.channelMessage(channel, id));
    },
    openConversation: async (user) =>
      idOf(await bot.post(Routes.userChannels(), { body: { recipient_id: user } })),
  };
  return guarded(api, signal);
}

function restAt(url: string, more: Partial<RESTOptions>): REST {
  return new REST({
    api: url,
    timeout: limits.requestMs,
    rejectOnRateLimit: ({ retryAfter, timeToReset, sublimitTimeout }) =>
      Math.max(retryAfter, timeToReset, sublimitTimeout) > limits.patienceMs,
    makeRequest: tellingCodes,
    ...more,
  });
}

/**
 * The runtime's fetch for discord.js, which otherwise sends through whatever copy of undici is the process's global one;
 * that may be another than its own, and refuse its files.
 */
export const makeRequest = ((url: string, init: RequestInit) =>
  fetch(url, init)) as unknown as RESTOptions["makeRequest"];

/** A rate limit with a code of its own is about this message alone: whoever asked may find another way. */
async function tellingCodes(...request: Parameters<RESTOptions["makeRequest"]>) {
  const response = await makeRequest(...request);
  if (response.status !== 429) return response;
  const text = await response.text();
  const { code } = coded.safeParse(parseJson(text)).data ?? { code: 0 };
  if (consequences.has(code)) {
    throw new DiscordFailure("Discord limits edits of old messages", { code, status: 429 });
  }
  const headers = new Headers([...response.headers]);
  return new Response(text, { status: response.status, headers });
}

const coded = z.object({ code: z.number() });

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A first answer whose connection breaks is tried again at once: if it had arrived, the next one is refused as such. */
async function insistently(
  attempt: () => Promise<string | undefined>,
): Promise<string | undefined> {
  for (let left = 2; ; left--) {
    try {
      return await attempt();
    } catch (error) {
      const failure = failureOf(error);
      if (consequenceOf(failure) === "answered") return undefined;
      if (failure.status !== 0 || left === 0) throw failure;
    }
  }
}

/** The same with DiscordFailure instead of what discord.js throws, and no longer than until the signal. */
function guarded(api: DiscordApi, signal: AbortSignal): DiscordApi {
  const entries = Object.entries(api).map(([name, call]: [string, AnyCall]) => [
    name,
    (...values: readonly unknown[]) =>
      orAborted(call(...values), signal).catch((error: unknown) => {
        throw failureOf(error);
      }),
  ]);
  // Each method keeps its signature: only what it rejects with changes.
  return Object.fromEntries(entries) as DiscordApi;
}

type AnyCall = (...values: readonly unknown[]) => Promise<unknown>;
