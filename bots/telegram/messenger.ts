import type { Api, InputFile } from "grammy";
import type {
  EphemeralMessageParameters,
  ForceReply,
  InlineKeyboardMarkup,
  InputMediaDocument,
  InputMediaPhoto,
  Message as ApiMessage,
  ReplyParameters,
} from "grammy/types";
import { optional } from "../../core/optional.ts";
import type { ChatPlace, OwnMessage, SentAlbum, Target } from "./place.ts";
import { limits } from "./limits.ts";
import { fitted, type RichText } from "./render.ts";
import { TelegramRefusal } from "./errors.ts";

/** A file to send: bytes, or Telegram's id of a file that it already has. */
export interface Sendable {
  readonly kind: "photo" | "document";
  readonly media: InputFile | string;
  readonly spoiler?: boolean;
}

/** A message to send: words, or a file with words below it. */
export interface Message {
  readonly text: RichText;
  readonly file?: Sendable;
  readonly markup?: InlineKeyboardMarkup | ForceReply;
}

/** A message that was sent, with Telegram's id of its file; empty for none. */
export interface Sent {
  readonly target: Target;
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
 * shown to one person alone, to all, or where that is a secret to that person's own chat; it follows a group that became a
 * supergroup; all other problems are thrown as TelegramRefusal or TelegramUnreachable. Texts that are too long are cut,
 * markup is never parsed, and links have no preview.
 */
export class Messenger {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  /** Sends a message; for a guest query as its answer, in words alone. */
  send(place: ChatPlace, { text, file, markup }: Message): Promise<Sent> {
    if (place.guest !== undefined) return this.#answerGuest(place.guest, text, markup);
    if (place.secret) return this.#sendSecretly(place, { text, ...optional({ file, markup }) });
    return following(place, async (where) => {
      const options = { ...where, ...optional({ reply_markup: markup }) };
      const sent = await (file
        ? this.#sendFile(file, { ...options, ...captioned(text) })
        : this.#api.raw.sendMessage({ ...options, ...worded(text) }));
      return { target: targetOf(sent), file: fileOf(sent) };
    });
  }

  /** An empty message comes first, for a server that does not know such messages shows them to all. */
  async #sendSecretly(place: ChatPlace, message: Message): Promise<Sent> {
    try {
      const sent = await this.#api.raw.sendMessage({ ...whereOf(place), text: "…" });
      const target = targetOf(sent);
      if ("own" in target) return { target, file: await this.edit(target, message) };
      await this.remove(target);
    } catch (error) {
      if (!(error instanceof TelegramRefusal) || error.problem === "flood") throw error;
    }
    return this.send(ownChatOf(place), message);
  }

  #sendFile({ kind, media, spoiler = false }: Sendable, options: Where): Promise<ApiMessage> {
    const { raw } = this.#api;
    return kind === "photo"
      ? raw.sendPhoto({ ...options, photo: media, has_spoiler: spoiler })
      : raw.sendDocument({ ...options, ...exactly, document: media });
  }

  async #answerGuest(guest: string, words: RichText, markup: Message["markup"]): Promise<Sent> {
    const { text: message_text, ...more } = worded(words);
    const buttons = markup && "inline_keyboard" in markup ? { reply_markup: markup } : {};
    const article = { type: "article", id: "answer", title: "…" } as const;
    const result = { ...article, input_message_content: { message_text, ...more }, ...buttons };
    const sent = await this.#api.raw.answerGuestQuery({ guest_query_id: guest, result });
    return { target: { inline: sent.inline_message_id }, file: "" };
  }

  /** Sends up to ten files of one kind, several as an album, which all see, unless it is secret. */
  sendFiles(
    place: ChatPlace,
    files: readonly Sendable[],
  ): Promise<SentAlbum & { readonly files: string[] }> {
    return following(place.secret ? ownChatOf(place) : place, async (where) => {
      const { ephemeral_message_parameters: _, ...openly } = where;
      const media = files.map((file) => mediaOf(file)) as InputMediaPhoto[];
      const [first] = files;
      const messages =
        first && files.length === 1
          ? [await this.#sendFile(first, openly)]
          : await this.#api.raw.sendMediaGroup({ ...openly, media });
      return {
        chat: messages[0]?.chat.id ?? place.chat,
        messages: messages.map(({ message_id }) => message_id),
        files: messages.map(fileOf),
      };
    });
  }

  /** Replaces all of a message that has words alone, or a file. Resolves with Telegram's id of the file where it is told. */
  async edit(target: Target, { text, file, markup }: Message): Promise<string> {
    const { raw } = this.#api;
    const options = optional({ reply_markup: markup as InlineKeyboardMarkup | undefined });
    const words = { ...worded(text), ...options };
    const picture = file && { media: { ...mediaOf(file), ...captioned(text) }, ...options };
    const isOwn = "own" in target;
    const edited = await unlessSame<ApiMessage | true>(
      picture
        ? isOwn
          ? raw.editEphemeralMessageMedia({ ...ownIdOf(target), ...picture })
          : raw.editMessageMedia({ ...idOf(target), ...picture })
        : isOwn
          ? raw.editEphemeralMessageText({ ...ownIdOf(target), ...words })
          : raw.editMessageText({ ...idOf(target), ...words }),
    );
    return typeof edited === "object" ? fileOf(edited) : "";
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

  /** Deletes a message, unless only its inline id is known. */
  async remove(target: Target): Promise<void> {
    const { raw } = this.#api;
    if ("own" in target) await raw.deleteEphemeralMessage(ownIdOf(target));
    else if ("chat" in target) {
      await raw.deleteMessages({ chat_id: target.chat, message_ids: [target.message] });
    }
  }

  /** Answers a press; a refusal is ignored, because the press may be too old. */
  async answerPress(id: string, text: string, alert: boolean): Promise<void> {
    const options = { callback_query_id: id, text, show_alert: alert };
    await this.#api.raw.answerCallbackQuery(options).catch((error: unknown) => {
      if (!(error instanceof TelegramRefusal)) throw error;
    });
  }
}

function worded(words: RichText) {
  const { text, entities } = fitted(words, limits.textLength);
  return { text, entities, link_preview_options: { is_disabled: true } } as const;
}

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

/** The private chat of the person who alone may see it. */
function ownChatOf({ chat, only }: ChatPlace): ChatPlace {
  return { chat: only?.user ?? chat, group: false };
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

function captioned({ text: caption, entities: caption_entities }: RichText) {
  return caption === "" ? {} : { caption, caption_entities };
}

function mediaOf({ kind, media, spoiler = false }: Sendable): InputMediaPhoto | InputMediaDocument {
  return kind === "photo"
    ? { type: kind, media, has_spoiler: spoiler }
    : { type: kind, media, ...exactly };
}

/** Where a message is: for one person of a group alone, or for all. */
export function targetOf(message: Pick<ApiMessage, "chat" | "message_id">): Target {
  const { chat, receiver_user: user, ephemeral_message_id: own } = message as ApiMessage;
  return user && own !== undefined
    ? { chat: chat.id, user: user.id, own }
    : { chat: chat.id, message: message.message_id };
}

function fileOf({ photo, document }: ApiMessage): string {
  return photo?.at(-1)?.file_id ?? document?.file_id ?? "";
}

/** An edit that changes nothing counts as a success. */
async function unlessSame<Result>(edit: Promise<Result>): Promise<Result | undefined> {
  return edit.catch((error: unknown) => {
    if (error instanceof TelegramRefusal && error.problem === "not-modified") return undefined;
    throw error;
  });
}
