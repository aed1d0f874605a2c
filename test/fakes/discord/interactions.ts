import { randomBytes } from "node:crypto";
import type { InteractionType } from "discord.js";
import type { Clock } from "./clock.ts";
import { refusal } from "./errors.ts";
import type { MessageOrigin, StoredMessage } from "./messages.ts";
import type { Json } from "./payloads.ts";
import type { Modal } from "./schema-modal.ts";
import type { Channel, User } from "./world.ts";

/** How an app may answer at first. */
export type AcknowledgementKind =
  | "message"
  | "deferred-message"
  | "update"
  | "deferred-update"
  | "choices"
  | "modal";

/** A suggestion for an option. */
export interface Choice {
  readonly name: string;
  readonly value: string | number;
}

/** Something a person did, as the stand-in keeps it. */
export interface Interaction {
  readonly id: string;
  readonly token: string;
  readonly type: InteractionType;
  readonly user: User;
  readonly channel: Channel;
  /** Who installed the app: `"0"` a server, `"1"` the person. */
  readonly owners: Readonly<Record<string, string>>;
  readonly createdAt: number;
  /** As the gateway sends it. */
  readonly payload: Json;
  /** The message whose component was used, also for a modal that it opened. */
  readonly source: StoredMessage | undefined;
  /** Whether only this person may see the answers: the server does not let them use apps of their own in public. */
  readonly answersHidden: boolean;
  acknowledgement: { readonly kind: AcknowledgementKind; readonly at: number } | undefined;
  /** The message that `@original` means. */
  answer: StoredMessage | undefined;
  readonly followups: StoredMessage[];
  modal: Modal | undefined;
  choices: readonly Choice[] | undefined;
  /** How often the gateway sent it. */
  deliveries: number;
}

/** Discord takes the first answer within this time, in milliseconds. */
export const ANSWER_WITHIN_MS = 3_000;
/** After this time, what belongs to the interaction can no longer be changed by its token. */
export const TOKEN_LIFE_MS = 15 * 60_000;

type NewInteraction = Pick<
  Interaction,
  "type" | "user" | "channel" | "owners" | "source" | "answersHidden"
> & { readonly payload: (id: string, token: string) => Json };

/** Every interaction there was. */
export interface InteractionStore {
  create(interaction: NewInteraction): Interaction;
  readonly all: readonly Interaction[];
  /** For the first answer. Throws 10062 where it is unknown or late, 40060 where it was answered. */
  answerable(id: string, token: string, receivedAt: number): Interaction;
  /** For what follows. Throws 50027 where the token is unknown or too old, 10015 where there is no answer yet. */
  answered(token: string): Interaction;
}

/** Keeps interactions in memory. */
export function createInteractionStore(
  clock: Clock,
  nextId: () => string,
  answerWithinMs = ANSWER_WITHIN_MS,
): InteractionStore {
  const all: Interaction[] = [];

  return {
    all,
    create({ payload, ...interaction }) {
      const id = nextId();
      const token = `aW50ZXJhY3Rpb246${randomBytes(48).toString("base64url")}`;
      const made: Interaction = {
        ...interaction,
        id,
        token,
        createdAt: clock.now(),
        payload: payload(id, token),
        acknowledgement: undefined,
        answer: undefined,
        followups: [],
        modal: undefined,
        choices: undefined,
        deliveries: 0,
      };
      all.push(made);
      return made;
    },
    answerable(id, token, receivedAt) {
      const found = all.find((interaction) => interaction.id === id && interaction.token === token);
      if (!found) throw refusal("unknown-interaction");
      if (found.acknowledgement) throw refusal("already-acknowledged");
      if (receivedAt - found.createdAt > answerWithinMs) throw refusal("unknown-interaction");
      return found;
    },
    answered(token) {
      const found = all.find((interaction) => interaction.token === token);
      if (!found || clock.now() - found.createdAt > TOKEN_LIFE_MS) {
        throw refusal("invalid-webhook-token");
      }
      if (!found.acknowledgement || found.acknowledgement.kind === "choices") {
        throw refusal("unknown-webhook");
      }
      return found;
    },
  };
}

/** What the messages that answer an interaction say of it. */
export function originOf(interaction: Interaction): MessageOrigin {
  const { id, type, user, owners, answer, source } = interaction;
  return {
    id,
    type,
    user,
    owners,
    ...(answer ? { firstAnswerId: answer.id } : {}),
    ...(source ? { usedMessageId: source.id } : {}),
  };
}
