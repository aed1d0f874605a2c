import {
  type APIApplicationCommandOptionChoice,
  type APIModalInteractionResponseCallbackData,
  InteractionResponseType,
  MessageFlags,
} from "discord.js";
import type { Answering, DiscordApi } from "./api.ts";
import { compose, type Sheet } from "./message.ts";

/** What can be said to an interaction, the first answer within three seconds. Each method throws DiscordFailure. */
export interface Reply {
  /** Something was answered or promised. */
  readonly begun: boolean;
  /** Says something; `hidden`, to this person alone. */
  say(sheet: Sheet, options?: { readonly hidden?: boolean }): Promise<void>;
  /** Promises an answer, which `show` gives. */
  promise(options: { readonly hidden: boolean }): Promise<void>;
  /** Says that the press has arrived; `show` then changes the message with the button. */
  promiseChange(): Promise<void>;
  /** Changes the message with the button at once. */
  change(sheet: Sheet): Promise<void>;
  /** Gives or changes the answer. */
  show(sheet: Sheet): Promise<void>;
  /** Takes away the answer, or the message with the button. */
  remove(): Promise<void>;
  /** Asks with a form, which must be the first answer. */
  ask(form: APIModalInteractionResponseCallbackData): Promise<void>;
  suggest(choices: readonly APIApplicationCommandOptionChoice[]): Promise<void>;
}

const {
  ApplicationCommandAutocompleteResult,
  ChannelMessageWithSource,
  DeferredChannelMessageWithSource,
  DeferredMessageUpdate,
  Modal,
  UpdateMessage,
} = InteractionResponseType;

export function replyTo(to: Answering, api: DiscordApi): Reply {
  let begun = false;
  const first = async (answer: Promise<unknown>) => {
    await answer;
    begun = true;
  };
  return {
    get begun() {
      return begun;
    },
    say: (sheet, { hidden = true } = {}) =>
      first(api.reply(to, ChannelMessageWithSource, compose(sheet, { hidden }))),
    promise({ hidden }) {
      const data = hidden ? { flags: MessageFlags.Ephemeral as const } : {};
      return first(api.acknowledge(to, { type: DeferredChannelMessageWithSource, data }));
    },
    promiseChange: () => first(api.acknowledge(to, { type: DeferredMessageUpdate })),
    change: (sheet) => first(api.reply(to, UpdateMessage, compose(sheet))),
    async show(sheet) {
      await api.editAnswer(to, compose(sheet));
    },
    remove: () => api.deleteAnswer(to),
    ask: (data) => first(api.acknowledge(to, { type: Modal, data })),
    suggest: (choices) =>
      first(
        api.acknowledge(to, {
          type: ApplicationCommandAutocompleteResult,
          data: { choices: [...choices] },
        }),
      ),
  };
}
