import {
  type APIApplicationCommandOptionChoice,
  type APIModalInteractionResponseCallbackData,
  InteractionResponseType,
  MessageFlags,
} from "discord-api-types/v10";
import type { DiscordApi } from "./api.ts";
import type { Place } from "./place.ts";
import type { Screen } from "../screen.ts";
import { type Outgoing, render, type RenderOptions } from "./render.ts";

/** The answers to one interaction. The first one is due within three seconds. Each method throws DiscordFailure. */
export type Reply = ReturnType<typeof replyTo>;

const {
  ApplicationCommandAutocompleteResult,
  ChannelMessageWithSource,
  DeferredChannelMessageWithSource,
  DeferredMessageUpdate,
  Modal,
  UpdateMessage,
} = InteractionResponseType;

/** The answers to what happened at this place; to a message, which has no first answer, `show` alone. */
export function replyTo(to: Place, api: DiscordApi) {
  const { channel, interaction, message: answers } = to;
  let started = answers !== undefined;
  const first = async (answer: Promise<unknown>) => {
    await answer;
    started = true;
  };
  const message = (type: InteractionResponseType, { body: data, files }: Outgoing) =>
    api.acknowledge(to, { type, data, files });
  return {
    /** A first answer was given. */
    get started() {
      return started;
    },
    /** Answers with a new message, visible to this person alone unless `hidden` is false. */
    say: (screen: Screen, { hidden = true } = {}) =>
      first(message(ChannelMessageWithSource, render(screen, { hidden }))),
    /** Shows "thinking …" until `show` is called. */
    defer: ({ hidden }: { readonly hidden: boolean }) => {
      const data = hidden ? { flags: MessageFlags.Ephemeral as const } : {};
      return first(api.acknowledge(to, { type: DeferredChannelMessageWithSource, data }));
    },
    /** Confirms a press; `show` then edits the message with the button. */
    deferUpdate: () => first(api.acknowledge(to, { type: DeferredMessageUpdate })),
    /** Edits the message with the button at once. */
    update: (screen: Screen) => first(message(UpdateMessage, render(screen))),
    /** Edits the first answer, or the message with the button after `deferUpdate`. */
    show: async (screen: Screen, options?: RenderOptions) => {
      const shown = render(screen, { ...options, answers });
      if (answers === undefined) await api.editAnswer(to, shown);
      else await api.send(channel, shown, `${interaction}:r`);
    },
    /** Deletes the first answer, or the message with the button after `deferUpdate`. */
    remove: () => api.deleteAnswer(to),
    /** Opens a form; only possible as the first answer. */
    showForm: (data: APIModalInteractionResponseCallbackData) =>
      first(api.acknowledge(to, { type: Modal, data })),
    /** Answers an autocomplete interaction. */
    suggest: (choices: readonly APIApplicationCommandOptionChoice[]) =>
      first(
        api.acknowledge(to, {
          type: ApplicationCommandAutocompleteResult,
          data: { choices: [...choices] },
        }),
      ),
  };
}
