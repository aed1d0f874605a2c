import type { Api, InputFile } from "grammy";
import type {
  EphemeralMessageParameters,
  ForceReply,
  InlineKeyboardMarkup,
  InputMediaDocument,
  InputMediaPhoto,
  Message,
  ReplyParameters,
} from "grammy/types";
import { optional } from "../../core/optional.ts";
import type { ChatPlace, OwnMessage, SentAlbum, SentMessage, Target } from "./place.ts";
import { limits } from "./limits.ts";
import { fitted, type RichText } from "./render.ts";
import { TelegramRefusal } from "./errors.ts";

/** A file to send: bytes, or Telegram's id of a file that it already has. */
export interface Sendable {
  readonly kind: "photo" | "document";
  readonly media: InputFile | string;
  readonly spoiler?: boolean;
}

/** A sent picture, with Telegram's id of its file. */
export interface SentPicture extends SentMessage {
  readonly file: string;
}

interface Where {
  readonly chat_id: number;
  readonly ephemeral_message_parameters?: EphemeralMessageParameters;
  readonly message_thread_id?: number;
  readonly reply_parameters?: ReplyParameters;
}

/**
 * Sends, edits and deletes messages. If a topic or the answered message is gone, it sends without; where a message cannot be
 * shown to one person alone, to all; it follows a group that became a supergroup; all other problems are thrown as TelegramRefusal or TelegramUnreachable. Texts that are too long
 * are cut, markup is never parsed, and links have no preview.
 */
export class Messenger {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  /** Sends a text message; for a guest query as its answer. */
  sendText(
    place: ChatPlace,
    content: RichText,
    markup?: InlineKeyboardMarkup | ForceReply,
  ): Promise<Target> {
    const text = fitted(content, limits.textLength);
    if (place.guest !== undefined) return this.#answerGuest(place.guest, text, markup);
    return following(place, async (where) => {
      const options = { ...where, ...text, ...noPreview, ...optional({ reply_markup: markup }) };
      const message = await this.#api.raw.sendMessage(options);
      return ownOf(message) ?? sentOf(message);
    });
  }

  async #answerGuest(
    guest: string,
    { text, entities }: RichText,
    markup?: InlineKeyboardMarkup | ForceReply,
  ): Promise<Target> {
    const content = { message_text: text, entities, ...noPreview };
    const buttons = markup && "inline_keyboard" in markup ? { reply_markup: markup } : {};
    const article = { type: "article", id: "answer", title: "…" } as const;
    const result = { ...article, input_message_content: content, ...buttons };
    const sent = await this.#api.raw.answerGuestQuery({ guest_query_id: guest, result });
    return { inline: sent.inline_message_id };
  }

  /** Sends a photo or a document. */
  sendPicture(
    place: ChatPlace,
    file: Sendable,
    more: { readonly caption?: RichText; readonly keyboard?: InlineKeyboardMarkup } = {},
  ): Promise<SentPicture> {
    return following(place, async (where) => {
      const options = {
        ...where,
        ...captioned(more.caption),
        ...optional({ reply_markup: more.keyboard }),
      };
      const { media, spoiler = false } = file;
      const message =
        file.kind === "photo"
          ? await this.#api.raw.sendPhoto({ ...options, photo: media, has_spoiler: spoiler })
          : await this.#api.raw.sendDocument({ ...options, ...exactly, document: media });
      return { ...sentOf(message), file: fileOf(message) };
    });
  }

  /** Sends two to ten files of one kind as an album, which all see. */
  sendAlbum(
    place: ChatPlace,
    files: readonly Sendable[],
  ): Promise<SentAlbum & { readonly files: string[] }> {
    return following(place, async (where) => {
      const media = files.map((file) => mediaOf(file)) as InputMediaPhoto[];
      const { ephemeral_message_parameters: _, ...openly } = where;
      const messages = await this.#api.raw.sendMediaGroup({ ...openly, media });
      return {
        chat: messages[0]?.chat.id ?? place.chat,
        messages: messages.map(({ message_id }) => message_id),
        files: messages.map(fileOf),
      };
    });
  }

  /** Replaces the text of a message. */
  async editText(
    target: Target,
    content: RichText,
    keyboard?: InlineKeyboardMarkup,
  ): Promise<void> {
    const text = fitted(content, limits.textLength);
    const options = { ...text, ...noPreview, ...optional({ reply_markup: keyboard }) };
    const { raw } = this.#api;
    await unlessSame(
      "own" in target
        ? raw.editEphemeralMessageText({ ...ownIdOf(target), ...options })
        : raw.editMessageText({ ...idOf(target), ...options }),
    );
  }

  /** Turns a message into one with this picture. Resolves with Telegram's id of the file where it is told. */
  async editPicture(
    target: Target,
    file: Sendable,
    caption: RichText,
    keyboard?: InlineKeyboardMarkup,
  ): Promise<string | undefined> {
    const media = { ...mediaOf(file), ...captioned(caption) };
    const options = { media, ...optional({ reply_markup: keyboard }) };
    const { raw } = this.#api;
    const edited = await unlessSame<Message | true>(
      "own" in target
        ? raw.editEphemeralMessageMedia({ ...ownIdOf(target), ...options })
        : raw.editMessageMedia({ ...idOf(target), ...options }),
    );
    return typeof edited === "object" ? fileOf(edited) : undefined;
  }

  /** Replaces the buttons of a message. */
  async editKeyboard(target: Target, keyboard: InlineKeyboardMarkup): Promise<void> {
    const { raw } = this.#api;
    const options = { reply_markup: keyboard };
    await unlessSame(
      "own" in target
        ? raw.editEphemeralMessageReplyMarkup({ ...ownIdOf(target), ...options })
        : raw.editMessageReplyMarkup({ ...idOf(target), ...options }),
    );
  }

  /** Deletes messages. */
  async remove({ chat, messages }: SentAlbum): Promise<void> {
    if (messages.length === 0) return;
    await this.#api.raw.deleteMessages({ chat_id: chat, message_ids: messages });
  }

  /** Deletes one message, unless only its inline id is known. */
  async removeOne(target: Target): Promise<void> {
    if ("own" in target) await this.#api.raw.deleteEphemeralMessage(ownIdOf(target));
    else if ("chat" in target) await this.remove({ chat: target.chat, messages: [target.message] });
  }

  /** Answers a press; a refusal is ignored, because the press may be too old. */
  async answerPress(id: string, text: string, alert: boolean): Promise<void> {
    const options = { callback_query_id: id, text, show_alert: alert };
    await this.#api.raw.answerCallbackQuery(options).catch((error: unknown) => {
      if (!(error instanceof TelegramRefusal)) throw error;
    });
  }
}

const noPreview = { link_preview_options: { is_disabled: true } } as const;

/** Otherwise a WebP would become a sticker, and a GIF an animation. */
const exactly = { disable_content_type_detection: true } as const;

/** Sends to a place, or without what is gone of it, or to where the chat has moved. */
async function following<Result>(
  place: ChatPlace,
  send: (where: Where) => Promise<Result>,
): Promise<Result> {
  try {
    return await send(whereOf(place));
  } catch (error) {
    const moved = movedPlace(place, error);
    if (!moved) throw error;
    return following(moved, send);
  }
}

function whereOf({ chat, topic, message, only }: ChatPlace): Where {
  const reply =
    only?.message === undefined
      ? message && { message_id: message, allow_sending_without_reply: true }
      : { ephemeral_message_id: only.message };
  const own = only && {
    receiver_user_id: only.user,
    ...optional({ callback_query_id: only.press }),
  };
  const more = { message_thread_id: topic, reply_parameters: reply || undefined };
  return { chat_id: chat, ...optional({ ...more, ephemeral_message_parameters: own }) };
}

/** The place for the next attempt; undefined for none. Each attempt leaves less to drop, so there are at most four. */
function movedPlace(place: ChatPlace, error: unknown): ChatPlace | undefined {
  if (!(error instanceof TelegramRefusal)) return undefined;
  const { only, ...open } = place;
  // Many refusals may mean that this server, chat or moment has no such messages.
  if (only && error.problem !== "flood") return open;
  const { topic, ...untopical } = place;
  if (error.problem === "no-topic" && topic !== undefined) return untopical;
  const { message, ...answerless } = place;
  if (error.problem === "no-reply" && message !== undefined) return answerless;
  if (error.problem !== "migrated" || error.migratedTo === undefined) return undefined;
  return error.migratedTo === place.chat ? undefined : { chat: error.migratedTo, group: true };
}

function ownIdOf({ chat, user, own }: OwnMessage) {
  return { chat_id: chat, receiver_user_id: user, ephemeral_message_id: own };
}

function idOf(target: Exclude<Target, OwnMessage>) {
  return "inline" in target
    ? { inline_message_id: target.inline }
    : { chat_id: target.chat, message_id: target.message };
}

function captioned(caption: RichText | undefined) {
  return caption ? { caption: caption.text, caption_entities: caption.entities } : {};
}

function mediaOf({ kind, media, spoiler = false }: Sendable): InputMediaPhoto | InputMediaDocument {
  return kind === "photo"
    ? { type: kind, media, has_spoiler: spoiler }
    : { type: kind, media, ...exactly };
}

/** The message that one person of a group sees; undefined for any other. */
export function ownOf(message: Message): OwnMessage | undefined {
  const { chat, receiver_user: user, ephemeral_message_id: own } = message;
  return user && own !== undefined ? { chat: chat.id, user: user.id, own } : undefined;
}

function sentOf(message: Message): SentMessage {
  return { chat: message.chat.id, message: message.message_id };
}

function fileOf({ photo, document }: Message): string {
  return photo?.at(-1)?.file_id ?? document?.file_id ?? "";
}

/** An edit that changes nothing counts as a success. */
async function unlessSame<Result>(edit: Promise<Result>): Promise<Result | undefined> {
  return edit.catch((error: unknown) => {
    if (error instanceof TelegramRefusal && error.problem === "not-modified") return undefined;
    throw error;
  });
}
