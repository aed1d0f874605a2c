import type { AcknowledgementKind, Choice, Interaction } from "./interactions.ts";
import type { MessageView } from "./message-view.ts";
import type { StoredMessage } from "./messages.ts";
import type { Modal } from "./schema-modal.ts";
import type { Signal } from "./signal.ts";

/** What a person did and what became of it: each property is read anew. */
export interface SentInteraction {
  readonly id: string;
  readonly token: string;
  readonly userId: string;
  readonly channelId: string;
  /** By the stand-in's clock. */
  readonly createdAt: number;
  /** How many sessions it was sent to, or will be when they resume. */
  readonly deliveries: number;
  /** How the app answered at first; undefined until it does. */
  readonly kind: AcknowledgementKind | undefined;
  /** How long that took. */
  readonly acknowledgedAfterMs: number | undefined;
  /** The message that `@original` means, also once it is deleted. */
  readonly message: MessageView | undefined;
  readonly followups: readonly MessageView[];
  readonly modal: Modal | undefined;
  readonly choices: readonly Choice[] | undefined;
  /** Resolves once the app answered; rejects after five seconds of real time. */
  acknowledged(): Promise<SentInteraction>;
  /** Resolves once there is an answer that is more than "thinking…"; rejects after five seconds of real time. */
  answered(): Promise<MessageView>;
}

/** A view of an interaction that stays up to date. */
export function viewInteraction(
  interaction: Interaction,
  signal: Signal,
  view: (message: StoredMessage) => MessageView,
): SentInteraction {
  const sent: SentInteraction = {
    id: interaction.id,
    token: interaction.token,
    userId: interaction.user.id,
    channelId: interaction.channel.id,
    createdAt: interaction.createdAt,
    get deliveries() {
      return interaction.deliveries;
    },
    get kind() {
      return interaction.acknowledgement?.kind;
    },
    get acknowledgedAfterMs() {
      const at = interaction.acknowledgement?.at;
      return at === undefined ? undefined : at - interaction.createdAt;
    },
    get message() {
      return interaction.answer && view(interaction.answer);
    },
    get followups() {
      return interaction.followups.map(view);
    },
    get modal() {
      return interaction.modal;
    },
    get choices() {
      return interaction.choices;
    },
    acknowledged: () =>
      signal.until(() => interaction.acknowledgement && sent, { what: "an acknowledgement" }),
    answered: () =>
      signal.until(
        () => {
          const { answer } = interaction;
          return answer && !answer.loading && view(answer);
        },
        { what: "an answer" },
      ),
  };
  return sent;
}
