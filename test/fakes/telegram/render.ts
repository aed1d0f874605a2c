import type { InlineKeyboardMarkup, MessageEntity, User } from "grammy/types";
import type { Json } from "./arguments.ts";
import type { Document, Photo } from "./files.ts";
import type { ChatRecord, MemberStatus, StoredMessage, World } from "./model.ts";

/** Seconds, as the Bot API counts time. */
export const seconds = (ms: number): number => Math.floor(ms / 1000);

export function renderUser(user: User): Json {
  const { id, is_bot, first_name, last_name, username, language_code, is_premium } = user;
  return compact({ id, is_bot, first_name, last_name, username, language_code, is_premium });
}

export function renderChat(chat: ChatRecord): Json {
  const { id, type, title, username, user, isForum } = chat;
  return compact({
    id,
    title,
    username: user?.username ?? username,
    first_name: user?.first_name,
    last_name: user?.last_name,
    type,
    is_forum: isForum || undefined,
  });
}

/** A message as the bot receives it; the message it answers is told too, but not what that one answers. */
export function renderMessage(world: World, message: StoredMessage, withReply = true): Json {
  const { chat } = message;
  const answered = message.replyTo ?? topicRoot(message);
  const thread = message.topicId ?? message.threadId;
  return compact({
    ...renderId(world, message),
    from: message.from && renderUser(message.from),
    sender_chat: renderSender(world, message),
    chat: renderChat(chat),
    date: seconds(message.sentAt),
    edit_date: message.editedAt === undefined ? undefined : seconds(message.editedAt),
    message_thread_id: thread,
    is_topic_message: message.topicId === undefined ? undefined : true,
    reply_to_message:
      withReply && answered?.deleted === false ? renderMessage(world, answered, false) : undefined,
    media_group_id: message.albumId,
    ...renderElsewhere(message),
    is_automatic_forward: message.automatic || undefined,
    via_bot: message.viaBot ? renderUser(world.bot) : undefined,
    ...renderContent(message),
    reply_markup: renderKeyboard(message),
    ...message.service,
  });
}

function renderId({ users }: World, { id, seenBy, byBot }: StoredMessage): Json {
  if (seenBy === undefined) return { message_id: id };
  const receiver = byBot ? users.get(seenBy) : undefined;
  return compact({
    message_id: 0,
    ephemeral_message_id: id,
    receiver_user: receiver && renderUser(receiver),
  });
}

/** A channel writes its posts itself; elsewhere a person may write in the name of the group or of a channel. */
function renderSender(world: World, { chat, inNameOf }: StoredMessage): Json | undefined {
  const sender = chat.type === "channel" ? chat : world.chats.get(inNameOf ?? NaN);
  return sender && renderChat(sender);
}

/** In a topic, a message that answers nothing seems to answer the one that opened the topic. */
function topicRoot({ id, chat, topicId }: StoredMessage): StoredMessage | undefined {
  if (topicId === undefined || topicId === id) return undefined;
  return chat.messages.find((candidate) => candidate.id === topicId);
}

/** What a message quotes, and the message of another chat that it answers, as far as that is told. */
function renderElsewhere({ quote, elsewhere }: StoredMessage): Json {
  const quoted = quote === undefined ? {} : { quote: { text: quote, position: 0 } };
  if (!elsewhere) return quoted;
  const { chat, id } = elsewhere;
  const { photo, document, sticker } = renderContent(elsewhere);
  const date = seconds(elsewhere.sentAt);
  const origin = { type: "hidden_user", sender_user_name: "Someone", date };
  const content = { origin, chat: renderChat(chat), message_id: id, photo, document, sticker };
  return { ...quoted, external_reply: compact(content) };
}

function renderContent(message: StoredMessage): Json {
  const { text, caption, photo, document, sticker } = message;
  const entities = message.entities.length > 0 ? (message.entities as MessageEntity[]) : undefined;
  if (text !== undefined) {
    const preview = message.previewDisabled ? { is_disabled: true } : undefined;
    return { text, entities, link_preview_options: preview };
  }
  return {
    photo: photo && renderPhoto(photo),
    document: document && renderDocument(document),
    sticker: sticker && renderSticker(sticker, message.moving),
    video: message.video ? { file_id: "video", file_unique_id: "v", duration: 1 } : undefined,
    caption,
    caption_entities: caption === undefined ? undefined : entities,
    show_caption_above_media: message.captionAbove || undefined,
    has_media_spoiler: message.spoiler || undefined,
  };
}

function renderPhoto(photo: Photo): readonly Json[] {
  return photo.sizes.map(({ fileId, fileUniqueId, width, height }) => ({
    file_id: fileId,
    file_unique_id: fileUniqueId,
    width,
    height,
  }));
}

function renderDocument(document: Document): Json {
  return {
    file_id: document.fileId,
    file_unique_id: document.fileUniqueId,
    file_name: document.fileName,
    mime_type: document.mimeType,
    file_size: document.bytes.length,
  };
}

function renderSticker(sticker: Document, moving: boolean): Json {
  return {
    file_id: sticker.fileId,
    file_unique_id: sticker.fileUniqueId,
    type: "regular",
    width: sticker.width,
    height: sticker.height,
    is_animated: moving,
    is_video: false,
    file_size: sticker.bytes.length,
  };
}

function renderKeyboard({ keyboard }: StoredMessage): InlineKeyboardMarkup | undefined {
  if (keyboard.length === 0) return undefined;
  return { inline_keyboard: keyboard.map((row) => [...row]) };
}

/** A member as `getChatMember` describes it; an administrator may do what the flag says. */
export function renderMember(user: User, status: MemberStatus, mayDelete = true): Json {
  const base = { status, user: renderUser(user) };
  switch (status) {
    case "creator":
      return { ...base, is_anonymous: false };
    case "administrator":
      return {
        ...base,
        can_be_edited: false,
        is_anonymous: false,
        can_manage_chat: true,
        can_delete_messages: mayDelete,
        can_manage_video_chats: false,
        can_restrict_members: false,
        can_promote_members: false,
        can_change_info: false,
        can_invite_users: true,
        can_post_stories: false,
        can_edit_stories: false,
        can_delete_stories: false,
      };
    case "kicked":
      return { ...base, until_date: 0 };
    case "member":
    case "left":
      return base;
  }
}

/** Without what is not there, as the platform writes its JSON. */
export function compact(object: Json): Json {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}
