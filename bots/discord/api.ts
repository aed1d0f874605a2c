import type { InteractionResponseType } from "discord-api-types/v10";
import { z } from "zod";
import { orAborted } from "../../core/deadline.ts";
import { consequenceOf, failureOf } from "./errors.ts";
import type { Place } from "./place.ts";
import type { Call, Rest, Upload } from "./rest.ts";
import type { Outgoing } from "./render.ts";

/** The interaction that is answered. */
export type Answering = Pick<Place, "application" | "interaction" | "token">;

/** A first answer to an interaction. */
export interface FirstAnswer {
  readonly type: InteractionResponseType;
  readonly data?: object;
  readonly files?: readonly Upload[];
}

/** The part of Discord's REST API that this door uses. Each method throws DiscordFailure. */
export type DiscordApi = ReturnType<typeof discordApi>;

const identified = z.object({ id: z.string() });
const acknowledged = z.object({
  interaction: z.object({ response_message_id: z.string().optional() }),
});

/** The API over these calls, which are given up when the signal is aborted. */
export function discordApi(rest: Rest, signal: AbortSignal) {
  const call = async (request: Call) => {
    try {
      return await orAborted(rest(request), signal);
    } catch (error) {
      throw failureOf(error);
    }
  };
  const idOf = async (request: Call) => identified.parse(await call(request)).id;
  const answerTo = ({ application, token }: Answering) =>
    `/webhooks/${application}/${token}/messages/@original` as const;
  const messagesIn = (channel: string) => `/channels/${channel}/messages` as const;

  return {
    /**
     * Gives the first answer to an interaction. Resolves with the id of its message where Discord tells it, and also when
     * the interaction was answered before: it came twice, or an earlier attempt arrived although its connection broke.
     */
    acknowledge: (to: Answering, { files = [], ...body }: FirstAnswer) =>
      withRetry(async () => {
        const route = `/interactions/${to.interaction}/${to.token}/callback` as const;
        const query = { with_response: "true" };
        const told = await call({ method: "POST", route, query, body, files });
        return acknowledged.safeParse(told).data?.interaction.response_message_id;
      }),
    /** Replaces the first answer. Resolves with its message's id. */
    editAnswer: (to: Answering, message: Outgoing) =>
      idOf({ method: "PATCH", route: answerTo(to), ...message }),
    /** Resolves with the id of the first answer's message. */
    findAnswer: (to: Answering) => idOf({ method: "GET", route: answerTo(to) }),
    deleteAnswer: (to: Answering) => call({ method: "DELETE", route: answerTo(to) }),
    /** Sends a message to a channel once: a repeated nonce sends nothing more for a few minutes. Resolves with its id. */
    send: (channel: string, { body, files }: Outgoing, nonce: string) => {
      const once = { ...body, nonce, enforce_nonce: true };
      return idOf({ method: "POST", route: messagesIn(channel), body: once, files });
    },
    edit: (channel: string, id: string, message: Outgoing) =>
      idOf({ method: "PATCH", route: `${messagesIn(channel)}/${id}`, ...message }),
    delete: (channel: string, id: string) =>
      call({ method: "DELETE", route: `${messagesIn(channel)}/${id}` }),
    /** Resolves with the channel of direct messages to this person. */
    openConversation: (user: string) =>
      idOf({ method: "POST", route: "/users/@me/channels", body: { recipient_id: user } }),
  };
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
