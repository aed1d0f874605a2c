import { ApplicationCommandType, ButtonStyle, ComponentType } from "discord.js";
import { everyComponent } from "./component-rules.ts";
import type { MessageView } from "./message-view.ts";
import type { StoredMessage } from "./messages.ts";
import { userPayload } from "./payloads.ts";
import type { Platform } from "./platform.ts";
import type { AnyComponent } from "./schema-components.ts";
import type { User } from "./world.ts";

// What somebody can point at in their client. Each throws where they could not.

/** What the menu of a message or a person is about. */
export function aim(platform: Platform, target: MessageView | User, user: User) {
  if ("username" in target) {
    const resolved = { users: { [target.id]: userPayload(target) } };
    return { type: ApplicationCommandType.User, channel: undefined, resolved };
  }
  const message = seenMessage(platform, target, user);
  const resolved = { messages: { [target.id]: platform.messages.payload(message) } };
  return { type: ApplicationCommandType.Message, channel: message.channel, resolved };
}

/** The message behind a view, if this person sees it. */
export function seenMessage(
  { messages }: Platform,
  { id }: MessageView,
  user: User,
): StoredMessage {
  const message = messages.find(id);
  if (!message || message.deletedAt !== undefined) throw new Error("The message is gone");
  if (message.visibleTo && message.visibleTo !== user) {
    throw new Error(`${user.username} does not see the message: it is ephemeral`);
  }
  return message;
}

type Button = Extract<AnyComponent, { type: ComponentType.Button }>;
type Select = Exclude<Extract<AnyComponent, { custom_id?: string | null | undefined }>, Button>;

function componentsOf({ content }: StoredMessage): readonly AnyComponent[] {
  return [...everyComponent(content.components)].map(({ component }) => component);
}

/** A button that can be pressed, by label, emoji or custom id. */
export function findButton(message: StoredMessage, name: string): Button {
  const buttons = componentsOf(message).filter(
    (it): it is Button => it.type === ComponentType.Button,
  );
  const found = buttons.find((it) => [it.label, it.custom_id, it.emoji?.name].includes(name));
  const labels = buttons.map(({ label, emoji }) => label ?? emoji?.name).join(", ");
  if (!found) throw new Error(`There is no button ${name}; there are: ${labels}`);
  if (found.disabled === true) throw new Error(`The button ${name} is disabled`);
  if (found.style === ButtonStyle.Link) throw new Error(`The button ${name} is a link`);
  return found;
}

/** The only select, or the one of that custom id. */
export function findSelect(message: StoredMessage, customId: string | undefined): Select {
  const selects = componentsOf(message).filter(
    (it): it is Select => "custom_id" in it && it.type !== ComponentType.Button,
  );
  const fitting = selects.filter((it) => customId === undefined || it.custom_id === customId);
  const [found, another] = fitting;
  if (!found || another) throw new Error(`There are ${fitting.length} such selects`);
  if (found.disabled === true) throw new Error("The select is disabled");
  return found;
}

/** What the options of those labels or values stand for. */
export function chooseValues(select: Select, names: readonly string[]): readonly string[] {
  const { min_values, max_values } = select;
  if (names.length < (min_values ?? 1) || names.length > (max_values ?? 1)) {
    throw new Error(`The select does not take ${names.length} values`);
  }
  if (!("options" in select)) return names;
  return names.map((name) => {
    const option = select.options.find((it) => it.value === name || it.label === name);
    if (!option) throw new Error(`The select does not offer ${name}`);
    return option.value;
  });
}
