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
export interface Reply {
  /** A first answer was given. */
  readonly started: boolean;
  /** Answers with a new message, visible to this person alone unless `hidden` is false. */
  say(screen: Screen, options?: { readonly hidden?: boolean }): Promise<void>;
  /** Shows "thinking …" until `show` is called. */
  defer(options: { readonly hidden: boolean }): Promise<void>;
  /** Confirms a press; `show` then edits the message with the button. */
  deferUpdate(): Promise<void>;
  /** Edits the message with the button at once. */
  update(screen: Screen): Promise<void>;
  /** Edits the first answer, or the message with the button after `deferUpdate`. */
  show(screen: Screen, options?: RenderOptions): Promise<void>;
  /** Deletes the first answer, or the message with the button after `deferUpdate`. */
  remove(): Promise<void>;
  /** Opens a form; only possible as the first answer. */
  showForm(form: APIModalInteractionResponseCallbackData): Promise<void>;
  /** Answers an autocomplete interaction. */
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

/** The answers to what happened at this place; to a message, which has no first answer, `show` alone. */
export function replyTo(to: Place, api: DiscordApi): Reply {
  const { channel, interaction, message: answers } = to;
  let started = answers !== undefined;
  const first = async (answer: Promise<unknown>) => {
    await answer;
    started = true;
  };
  const message = (type: InteractionResponseType, { body: data, files }: Outgoing) =>
    api.acknowledge(to, { type, data, files });
  return {
    get started() {
      return started;
    },
    say: (screen, { hidden = true } = {}) =>
      first(message(ChannelMessageWithSource, render(screen, { hidden }))),
    defer({ hidden }) {
      const data = hidden ? { flags: MessageFlags.Ephemeral as const } : {};
      return first(api.acknowledge(to, { type: DeferredChannelMessageWithSource, data }));
    },
    deferUpdate: () => first(api.acknowledge(to, { type: DeferredMessageUpdate })),
    update: (screen) => first(message(UpdateMessage, render(screen))),
    async show(screen, options) {
      const shown = render(screen, { ...options, answers });
      if (answers === undefined) await api.editAnswer(to, shown);
      else await api.send(channel, shown, `${interaction}:r`);
    },
    remove: () => api.deleteAnswer(to),
    showForm: (data) => first(api.acknowledge(to, { type: Modal, data })),
    suggest: (choices) =>
      first(
        api.acknowledge(to, {
          type: ApplicationCommandAutocompleteResult,
          data: { choices: [...choices] },
        }),
      ),
  };
}
