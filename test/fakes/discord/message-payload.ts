import { ComponentType, InteractionType, MessageFlags, MessageType } from "discord.js";
import { everyComponent, mediaOf, shownText } from "./component-rules.ts";
import type { MessageContent } from "./compose.ts";
import type { FileStore, StoredFile } from "./files.ts";
import { fileBehind } from "./message-files.ts";
import type { MessageOrigin, StoredMessage } from "./messages.ts";
import { type Json, userPayload } from "./payloads.ts";

/** The message as the API tells of it, with fresh links. */
export function messagePayload(message: StoredMessage, files: FileStore): Json {
  const { content, origin, repliesTo, forwards, nonce } = message;
  return {
    id: message.id,
    type: typeOf(message),
    channel_id: message.channel.id,
    author: userPayload(message.author),
    content: content.text,
    timestamp: new Date(message.createdAt).toISOString(),
    edited_timestamp:
      message.editedAt === undefined ? null : new Date(message.editedAt).toISOString(),
    tts: false,
    pinned: false,
    mention_everyone: content.pings.everyone,
    mention_roles: content.pings.roles,
    mentions: mentioned(message),
    ...(content.poll ? { poll: content.poll } : {}),
    attachments: loose(content).map((file) => files.payload(file)),
    embeds: content.embeds,
    components: componentPayloads(content, files),
    flags: wireFlags(message),
    ...(nonce === undefined ? {} : { nonce }),
    ...(origin ? originPayload(message, origin) : {}),
    ...(repliesTo ? replyPayload(repliesTo, files) : {}),
    ...(forwards ? forwardPayload(forwards, files) : {}),
  };
}

/** The people whom the words of a message name by their ids. */
function mentioned({ channel, content }: StoredMessage): readonly Json[] {
  const known =
    channel.kind === "guild"
      ? [...channel.guild.members.values()].map(({ user }) => user)
      : channel.recipients;
  const words = `${content.text}\n${shownText(content.components)}`;
  return known.filter(({ id }) => words.includes(`<@${id}>`)).map(userPayload);
}

/** https://docs.discord.com/developers/resources/message#message-snapshot-object */
const SNAPSHOT = [
  "type",
  "content",
  "embeds",
  "attachments",
  "timestamp",
  "flags",
  "components",
  "mentions",
];

function forwardPayload(forwarded: StoredMessage, files: FileStore): Json {
  const { id: message_id, channel } = forwarded;
  const message = Object.entries(messagePayload(forwarded, files));
  const told = message.filter(([field]) => SNAPSHOT.includes(field));
  return {
    message_reference: { type: 1, channel_id: channel.id, message_id },
    message_snapshots: [{ message: Object.fromEntries(told) }],
  };
}

function typeOf({ origin, repliesTo }: StoredMessage): MessageType {
  if (origin?.type === InteractionType.ApplicationCommand) return MessageType.ChatInputCommand;
  return repliesTo ? MessageType.Reply : MessageType.Default;
}

function wireFlags({ content, visibleTo, loading }: StoredMessage): number {
  const seen = visibleTo ? MessageFlags.Ephemeral : 0;
  return content.flags | seen | (loading ? MessageFlags.Loading : 0);
}

/** Files that a component shows are told of there alone. */
function loose({ components, files }: MessageContent): readonly StoredFile[] {
  const shown = [...everyComponent(components)]
    .flatMap(mediaOf)
    .map(({ media }) => fileBehind(media.url, files));
  return files.filter((file) => !shown.includes(file));
}

/** What Discord adds where an app left it out. */
const DEFAULTS: Partial<Record<ComponentType, Json>> = {
  [ComponentType.Container]: { accent_color: null, spoiler: false },
  [ComponentType.File]: { spoiler: false },
  [ComponentType.Separator]: { divider: true, spacing: 1 },
  [ComponentType.StringSelect]: { min_values: 1, max_values: 1 },
  [ComponentType.Thumbnail]: { description: null, spoiler: false },
};
const ITEM_DEFAULTS = { description: null, spoiler: false };

function componentPayloads(content: MessageContent, files: FileStore): readonly Json[] {
  const copy = structuredClone(content.components);
  for (const placed of [...everyComponent(copy)]) {
    const { component } = placed;
    complete(component, DEFAULTS[component.type] ?? {});
    if (component.type === ComponentType.MediaGallery) {
      for (const item of component.items) complete(item, ITEM_DEFAULTS);
    }
    for (const { media } of mediaOf(placed)) {
      const file = fileBehind(media.url, content.files);
      if (component.type === ComponentType.File && file) {
        Object.assign(component, { name: file.filename, size: file.bytes.byteLength });
      }
      Object.assign(media, file ? mediaPayload(file, files) : { proxy_url: media.url });
    }
  }
  return copy;
}

/** Gives the fields that are missing or empty their values. */
function complete(target: object, defaults: Json): void {
  const given = Object.entries(target).filter(([, value]) => value !== null && value !== undefined);
  Object.assign(target, defaults, Object.fromEntries(given));
}

function mediaPayload(file: StoredFile, files: FileStore): Json {
  return {
    id: file.id,
    attachment_id: file.id,
    url: files.link(file),
    proxy_url: files.link(file),
    content_type: file.contentType,
    flags: 0,
  };
}

function originPayload({ author }: StoredMessage, origin: MessageOrigin): Json {
  return {
    application_id: author.id,
    webhook_id: author.id,
    interaction_metadata: {
      id: origin.id,
      type: origin.type,
      user: userPayload(origin.user),
      authorizing_integration_owners: origin.owners,
      ...(origin.firstAnswerId ? { original_response_message_id: origin.firstAnswerId } : {}),
      ...(origin.usedMessageId ? { interacted_message_id: origin.usedMessageId } : {}),
    },
  };
}

function replyPayload(to: StoredMessage, files: FileStore): Json {
  const guild = to.channel.kind === "guild" ? { guild_id: to.channel.guild.id } : {};
  const reference = { type: 0, channel_id: to.channel.id, message_id: to.id, ...guild };
  const gone = to.deletedAt !== undefined;
  return {
    message_reference: reference,
    referenced_message: gone
      ? null
      : { ...messagePayload(to, files), referenced_message: undefined },
  };
}
