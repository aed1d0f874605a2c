import { ApplicationCommandType, InteractionType } from "discord.js";
import { aim, chooseValues, findButton, findSelect, seenMessage } from "./aim.ts";
import {
  type OptionValue,
  type Upload,
  fillOptions,
  offeredCommand,
  storeUpload,
  subcommandOf,
} from "./fill-command.ts";
import type { MessageContent } from "./compose.ts";
import { type FieldValue, fillModal } from "./fill-modal.ts";
import type { Interaction } from "./interactions.ts";
import { type Place, type Where, deliver, invoke, ownersOf, placeOf } from "./invocation.ts";
import type { MessageView } from "./message-view.ts";
import { NO_CONTENT, type StoredMessage } from "./messages.ts";
import type { Platform } from "./platform.ts";
import type { SentInteraction } from "./interaction-view.ts";
import type { Channel, User } from "./world.ts";

/**
 * What people do in their clients. Each throws where the client would not let them: a command that is not offered,
 * a required option left out, a disabled button, a message they cannot see.
 */
export interface People {
  /** `name` with its subcommands, as in `show code`. */
  slash(
    user: User,
    where: Where,
    name: string,
    options?: Readonly<Record<string, OptionValue>>,
  ): SentInteraction;
  /** Types into the option `focused`; what is typed so far is among `options`. */
  autocomplete(
    user: User,
    where: Where,
    name: string,
    typed: {
      readonly focused: string;
      readonly options: Readonly<Record<string, string | number | boolean>>;
    },
  ): SentInteraction;
  /** Presses a button, named by label, emoji or custom id. */
  pressButton(
    message: MessageView,
    button: string,
    user: User,
    where?: Omit<Place, "channel">,
  ): SentInteraction;
  /** Chooses in the message's only select, or the one of that custom id, by labels or values. */
  selectOption(
    message: MessageView,
    chosen:
      | string
      | readonly string[]
      | { readonly customId: string; readonly values: readonly string[] },
    user: User,
    where?: Omit<Place, "channel">,
  ): SentInteraction;
  /** Sends the modal that an interaction opened; fields by custom id or label, the others as they were prefilled. */
  submitModal(
    opened: SentInteraction,
    fields?: Readonly<Record<string, FieldValue>>,
    user?: User,
  ): SentInteraction;
  /** Uses a command of a message's or a person's menu. */
  contextMenu(name: string, target: MessageView | User, user: User, where?: Where): SentInteraction;
  /** Writes a message of their own. */
  say(user: User, channel: Channel, said: string | Said, files?: readonly Upload[]): MessageView;
  /** Hands a message on to another channel. */
  forward(user: User, channel: Channel, message: MessageView): MessageView;
  /** Has the gateway send the same interaction once more. */
  redeliver(sent: SentInteraction): void;
}

/** What a message says beside words, and the message that it answers. */
export interface Said
  extends Partial<Pick<MessageContent, "text" | "embeds" | "components" | "poll">> {
  readonly replyTo?: MessageView;
}

interface Views {
  readonly platform: Platform;
  readonly sent: (interaction: Interaction) => SentInteraction;
  readonly message: (message: StoredMessage) => MessageView;
}

/** People, for a test to act as. */
export function createPeople({ platform, sent, message: view }: Views): People {
  const seen = (message: MessageView, user: User): StoredMessage =>
    seenMessage(platform, message, user);

  function command(
    type: InteractionType,
    user: User,
    {
      place,
      name,
      fill,
    }: {
      readonly place: Place;
      readonly name: string;
      readonly fill: (path: ReturnType<typeof subcommandOf>) => ReturnType<typeof fillOptions>;
    },
  ): SentInteraction {
    const [first = "", ...path] = name.split(" ");
    const wanted = { type: ApplicationCommandType.ChatInput, name: first };
    const { command: found, owners } = offeredCommand(platform, { user, place }, wanted);
    const subcommand = subcommandOf(found, path);
    const { options, resolved } = fill(subcommand);
    const data = {
      id: found.id,
      name: first,
      type: found.type,
      options: subcommand.wrap(options),
      ...(Object.keys(resolved).length > 0 ? { resolved } : {}),
    };
    return sent(invoke(platform, { type, user, place, owners, data }));
  }

  function useComponent(
    message: StoredMessage,
    {
      user,
      where,
      data,
    }: { readonly user: User; readonly where: object; readonly data: Record<string, unknown> },
  ): SentInteraction {
    const place = { channel: message.channel, ...where };
    const owners = message.origin?.owners ?? ownersOf(place, user);
    const deed = {
      type: InteractionType.MessageComponent,
      user,
      place,
      owners,
      data,
      source: message,
    };
    return sent(invoke(platform, deed));
  }

  return {
    slash(user, where, name, options = {}) {
      const place = placeOf(where);
      return command(InteractionType.ApplicationCommand, user, {
        place,
        name,
        fill: ({ parameters }) =>
          fillOptions(platform, place.channel, { parameters, values: options }),
      });
    },
    autocomplete(user, where, name, { focused, options }) {
      return command(InteractionType.ApplicationCommandAutocomplete, user, {
        place: placeOf(where),
        name,
        fill: ({ parameters }) => {
          const field = parameters.find((option) => option.name === focused);
          if (!field || !("autocomplete" in field) || field.autocomplete !== true) {
            throw new Error(`The option ${focused} does not ask for suggestions`);
          }
          const typed = parameters.filter((option) => options[option.name] !== undefined);
          return {
            options: typed.map((option) => ({
              name: option.name,
              type: option.type,
              value: options[option.name],
              ...(option === field ? { focused: true } : {}),
            })),
            resolved: {},
          };
        },
      });
    },
    pressButton(message, button, user, where = {}) {
      const stored = seen(message, user);
      const found = findButton(stored, button);
      const data = { custom_id: found.custom_id, component_type: found.type, id: found.id };
      return useComponent(stored, { user, where, data });
    },
    selectOption(message, chosen, user, where = {}) {
      const stored = seen(message, user);
      const byId = typeof chosen === "object" && "customId" in chosen ? chosen : undefined;
      const names = byId?.values ?? [chosen as string | readonly string[]].flat();
      const select = findSelect(stored, byId?.customId);
      const data = {
        custom_id: select.custom_id,
        component_type: select.type,
        id: select.id,
        values: chooseValues(select, names),
      };
      return useComponent(stored, { user, where, data });
    },
    submitModal(opened, fields = {}, user) {
      const from = interactionOf(platform, opened);
      if (!from.modal) throw new Error("The interaction opened no modal");
      const { channel, owners, source, modal } = from;
      const filled = fillModal(platform, channel, { modal, given: fields });
      const data = { custom_id: modal.custom_id, ...filled };
      const deed = {
        type: InteractionType.ModalSubmit,
        user: user ?? from.user,
        place: { channel },
        owners,
        data,
        source,
      };
      return sent(invoke(platform, deed));
    },
    contextMenu(name, target, user, where) {
      const aimed = aim(platform, target, user);
      const place = placeOf(where ?? channelOf(aimed.channel));
      const { command: found, owners } = offeredCommand(
        platform,
        { user, place },
        { type: aimed.type, name },
      );
      const data = {
        id: found.id,
        name,
        type: found.type,
        target_id: target.id,
        resolved: aimed.resolved,
      };
      return sent(
        invoke(platform, { type: InteractionType.ApplicationCommand, user, place, owners, data }),
      );
    },
    say(user, channel, said, files = []) {
      const stored = files.map((file) => ({
        ...storeUpload(platform, channel, file),
        ephemeral: false,
      }));
      const { replyTo, ...words } = typeof said === "string" ? { text: said } : said;
      const content = { ...NO_CONTENT, ...words, files: stored };
      const repliesTo = replyTo && seen(replyTo, user);
      return view(platform.messages.create({ channel, author: user, content, repliesTo }));
    },
    forward(user, channel, message) {
      const forwards = seen(message, user);
      const made = { channel, author: user, content: NO_CONTENT, forwards };
      return view(platform.messages.create(made));
    },
    redeliver: (again) => deliver(platform, interactionOf(platform, again)),
  };
}

function interactionOf({ interactions }: Platform, { id }: SentInteraction): Interaction {
  const found = interactions.all.find((interaction) => interaction.id === id);
  if (!found) throw new Error("There is no such interaction");
  return found;
}

function channelOf(channel: Channel | undefined): Channel {
  if (!channel) throw new Error("A person's menu is opened in a channel: say in which");
  return channel;
}
