import type { User, UserFromGetMe } from "grammy/types";
import type { Json } from "./arguments.ts";
import type { RichText } from "./entities.ts";
import type { Document, FileStore, Photo } from "./files.ts";
import type { Flood } from "./flood.ts";
import type { Keyboard, ReplyMarkup } from "./markup.ts";
import type { LengthUnit } from "./text.ts";
import type { UpdateQueue } from "./updates.ts";

export type ChatType = "private" | "group" | "supergroup" | "channel";
export type MemberStatus = "creator" | "administrator" | "member" | "left" | "kicked";

/** How the bot stands in a chat; in a private chat `left` means that the user has not started it yet. */
export type BotStatus = Exclude<MemberStatus, "creator"> | "stranger";

/** One message as it stands in the chat now: what a person sees. Everything is live. */
export interface ChatMessage {
  readonly id: number;
  readonly chatId: number;
  /** Undefined in a channel. */
  readonly from: User | undefined;
  /** The bot sent it; in a channel that cannot be seen. */
  readonly byBot: boolean;
  /** The group or channel in whose name a person wrote it. */
  readonly inNameOf: number | undefined;
  readonly sentAt: number;
  /** Unix milliseconds of the last edit. */
  readonly editedAt: number | undefined;
  /** How often it was edited. */
  readonly edits: number;
  readonly text: string | undefined;
  readonly caption: string | undefined;
  /** Of the text or of the caption. */
  readonly entities: RichText["entities"];
  readonly photo: Photo | undefined;
  readonly document: Document | undefined;
  /** A WebP that was sent as a document. */
  readonly sticker: Document | undefined;
  readonly spoiler: boolean;
  readonly albumId: string | undefined;
  /** The buttons below the message; empty without. */
  readonly keyboard: Keyboard;
  /** What the message asks of the person's client, such as a forced reply. */
  readonly markup: ReplyMarkup | undefined;
  /** The message that it answers, if that one was there. */
  readonly replyTo: ChatMessage | undefined;
  /** The forum topic that it stands in; undefined in the general topic and outside forums. */
  readonly topicId: number | undefined;
  /** The address whose preview is shown below the text. */
  readonly linkPreview: string | undefined;
  /** The emoji with which the bot reacted. */
  readonly reaction: string | undefined;
  readonly viaBot: boolean;
  /** A channel's post that the platform handed on to the group where it is discussed. */
  readonly automatic: boolean;
  readonly inlineMessageId: string | undefined;
  /** The only person who sees it, apart from the bot; undefined for a message that all see. */
  readonly seenBy: number | undefined;
  readonly deleted: boolean;
}

/** The writable side of a message. */
export interface StoredMessage extends ChatMessage {
  chat: ChatRecord;
  from: User | undefined;
  inNameOf: number | undefined;
  editedAt: number | undefined;
  edits: number;
  text: string | undefined;
  caption: string | undefined;
  entities: RichText["entities"];
  photo: Photo | undefined;
  document: Document | undefined;
  sticker: Document | undefined;
  spoiler: boolean;
  captionAbove: boolean;
  albumId: string | undefined;
  keyboard: Keyboard;
  markup: ReplyMarkup | undefined;
  replyTo: StoredMessage | undefined;
  /** The thread of replies in a supergroup without topics. */
  threadId: number | undefined;
  topicId: number | undefined;
  linkPreview: string | undefined;
  previewDisabled: boolean;
  reaction: string | undefined;
  viaBot: boolean;
  inlineMessageId: string | undefined;
  seenBy: number | undefined;
  deleted: boolean;
  /** Of a sticker. */
  moving: boolean;
  video: boolean;
  quote: string | undefined;
  elsewhere: StoredMessage | undefined;
  /** The fields of a service message, such as `forum_topic_created`. */
  service: Json | undefined;
}

/** Something that the bot was seen doing: shown for five seconds, or until its next message. */
export interface ChatAction {
  readonly action: string;
  readonly topicId: number | undefined;
  readonly at: number;
  endsAt: number;
}

/** A message of the bot's that it has not sent yet. */
export interface ChatDraft {
  readonly id: number;
  readonly text: string;
  /** There is a button that stops it. */
  readonly canStop: boolean;
  readonly endsAt: number;
}

export interface ChatRecord {
  readonly id: number;
  readonly type: ChatType;
  readonly title: string | undefined;
  readonly username: string | undefined;
  /** The other side of a private chat. */
  readonly user: User | undefined;
  readonly isForum: boolean;
  bot: BotStatus;
  /** Whether the bot as an administrator may delete what others wrote. */
  botMayDelete: boolean;
  /** The user does not want to hear from the bot. */
  blocked: boolean;
  /** What the platform says to the bot that wants to write here; undefined where it may. */
  muted: string | undefined;
  /** Members may react to messages. */
  takesReactions: boolean;
  migratedTo: number | undefined;
  readonly members: Map<number, { readonly user: User; status: MemberStatus }>;
  readonly topics: Map<number, string>;
  readonly messages: StoredMessage[];
  readonly actions: ChatAction[];
  /** What the bot is about to say, until it says something. */
  draft: ChatDraft | undefined;
}

/** A press of a button, and what the bot told the person for it. */
export interface Press {
  readonly id: string;
  readonly by: User;
  readonly data: string;
  readonly at: number;
  /** Undefined until the bot answers. */
  readonly answer:
    | { readonly text: string; readonly alert: boolean; readonly at: number }
    | undefined;
}

/** What a person typed behind the bot's name, and what the bot offers for it. */
export interface InlineQuery {
  readonly id: string;
  readonly by: User;
  readonly query: string;
  readonly offset: string;
  readonly at: number;
  /** True if the platform knew the answer and did not ask the bot. */
  readonly cached: boolean;
  /** Undefined until the bot answers. */
  readonly answer: InlineAnswer | undefined;
}

export interface InlineAnswer {
  readonly results: readonly Json[];
  readonly isPersonal: boolean;
  readonly cacheSeconds: number;
  readonly nextOffset: string;
  readonly button: Json | undefined;
  readonly at: number;
}

/** A message by which a person called the bot into a chat that it is not in. */
export interface GuestQuery {
  readonly message: StoredMessage;
  /** What the bot answered; undefined until it does. */
  answer: StoredMessage | undefined;
}

type Writable<Shape> = { -readonly [Name in keyof Shape]: Shape[Name] };

/** Time as the platform sees it, which a test can advance. Unix milliseconds. */
export interface Clock {
  now(): number;
  advance(ms: number): void;
}

/** How this bot was set up at BotFather, and how long things last. */
export interface Settings {
  /** In groups the bot sees commands and replies to itself only. */
  readonly privacyMode: boolean;
  /** `chosen_inline_result` is sent. */
  readonly inlineFeedback: boolean;
  readonly lengthUnit: LengthUnit;
  /** How long a press or an inline query waits for its answer. */
  readonly answerWithinMs: number;
  /** Whether this server knows messages that one person alone sees; one that does not shows them to all. */
  readonly knowsUnseen: boolean;
  /** Whether this server knows drafts that can be stopped. */
  readonly knowsDrafts: boolean;
  /** For addresses that the bot gives in place of a file; without it they cannot be fetched. */
  readonly fetch: ((url: string) => Promise<Response>) | undefined;
}

/** Everything there is on this little platform. */
export interface World {
  readonly bot: UserFromGetMe;
  readonly clock: Clock;
  readonly settings: Settings;
  readonly users: Map<number, User>;
  readonly chats: Map<number, ChatRecord>;
  /** Users whom the bot has met somewhere. */
  readonly met: Set<number>;
  readonly files: FileStore;
  readonly updates: UpdateQueue;
  readonly flood: Flood;
  readonly presses: Map<string, Writable<Press>>;
  readonly inlineQueries: Map<string, Writable<InlineQuery>>;
  readonly guestQueries: Map<string, GuestQuery>;
  readonly inlineMessages: Map<string, StoredMessage>;
  /** By scope and language. */
  readonly commands: Map<
    string,
    readonly {
      readonly command: string;
      readonly description: string;
      readonly is_ephemeral?: boolean;
    }[]
  >;
  /** Texts such as the description, by method and language. */
  readonly profile: Map<string, string>;
  /** Numbers that never come back: ids of queries, albums and chats. */
  nextNumber(): number;
  /** Tells whoever waits that something happened. */
  changed(): void;
}
