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
import type { Outgoing } from "./render.ts";
import type { Place } from "./place.ts";

/** The interaction that is answered. */
export type Answering = Pick<Place, "application" | "interaction" | "token">;

/** The part of Discord's REST API that this door uses. Each method throws DiscordFailure. */
export interface DiscordApi {
  /**
   * Gives the first answer to an interaction. Resolves with the id of its message where Discord tells it, and also when
   * the interaction was answered before: it came twice, or an earlier attempt arrived although its connection broke.
   */
  acknowledge(to: Answering, response: APIInteractionResponse): Promise<string | undefined>;
  /** Gives a first answer that is a message, with its files. */
  reply(to: Answering, type: MessageAnswer, message: Outgoing): Promise<string | undefined>;
  /** Replaces the first answer. Resolves with its message's id. */
  editAnswer(to: Answering, message: Outgoing): Promise<string>;
  /** Resolves with the id of the first answer's message. */
  findAnswer(to: Answering): Promise<string>;
  deleteAnswer(to: Answering): Promise<void>;
  /** Sends a message to a channel once: a repeated nonce sends nothing more for a few minutes. Resolves with its id. */
  send(channel: string, message: Outgoing, nonce: string): Promise<string>;
  edit(channel: string, id: string, message: Outgoing): Promise<string>;
  delete(channel: string, id: string): Promise<void>;
  /** Resolves with the channel of direct messages to this person. */
  openConversation(user: string): Promise<string>;
}

/** The kinds of first answers that are messages. */
export type MessageAnswer =
  | InteractionResponseType.ChannelMessageWithSource
  | InteractionResponseType.UpdateMessage;

/** Where and as which bot to call Discord. */
export interface DiscordApiOptions {
  readonly url: string;
  readonly token: string;
  /** What calls are made by. */
  readonly fetch: typeof globalThis.fetch;
  /** Ends every wait for a response. */
  readonly signal: AbortSignal;
}

const identified = z.object({ id: z.string() });
const acknowledged = z.object({
  interaction: z.object({ response_message_id: z.string().optional() }),
});

/**
 * The API at this address. Answers to interactions have their own tokens, and do not count towards the bot's limit of
 * fifty requests a second.
 */
export function discordApi({ url, token, fetch, signal }: DiscordApiOptions): DiscordApi {
  const makeRequest = checked(requestsBy(fetch));
  const bot = restAt(url, { makeRequest }).setToken(token);
  const answers = restAt(url, { makeRequest, globalRequestsPerSecond: Number.POSITIVE_INFINITY });

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
    acknowledge: (to, response) => withRetry(() => acknowledge(to, response, [])),
    reply: (to, type, { body, files }) =>
      withRetry(() => acknowledge(to, { type, data: body }, files)),
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
    ...more,
  });
}

/**
 * A fetch for discord.js. Its own takes its dispatcher from the process's global undici, which may be another version
 * and refuse its files.
 */
export function requestsBy(fetch: typeof globalThis.fetch): RESTOptions["makeRequest"] {
  const request = (url: string, init: RequestInit) => fetch(url, init);
  return request as unknown as RESTOptions["makeRequest"];
}

/** Throws for a rate limit with an error code of its own: it is about this message alone, so waiting does not help. */
function checked(makeRequest: RESTOptions["makeRequest"]): RESTOptions["makeRequest"] {
  return async (...request) => {
    const response = await makeRequest(...request);
    if (response.status !== 429) return response;
    const text = await response.text();
    const { code } = coded.safeParse(parseJson(text)).data ?? { code: 0 };
    if (consequences.has(code)) {
      throw new DiscordFailure("Discord limits edits of old messages", { code, status: 429 });
    }
    const headers = new Headers([...response.headers]);
    return new Response(text, { status: response.status, headers });
  };
}

const coded = z.object({ code: z.number() });

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Repeats a first answer at once when its connection breaks: if the first attempt arrived, Discord says so. */
async function withRetry(attempt: () => Promise<string | undefined>): Promise<string | undefined> {
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

/** The same API, rejecting with DiscordFailure alone, and at the latest when the signal is aborted. */
function guarded(api: DiscordApi, signal: AbortSignal): DiscordApi {
  const entries = Object.entries(api).map(([name, call]: [string, AnyCall]) => [
    name,
    (...values: readonly unknown[]) =>
      orAborted(call(...values), signal).catch((error: unknown) => {
        throw failureOf(error);
      }),
  ]);
  // Each method keeps its signature; only its rejections change.
  return Object.fromEntries(entries) as DiscordApi;
}

type AnyCall = (...values: readonly unknown[]) => Promise<unknown>;
