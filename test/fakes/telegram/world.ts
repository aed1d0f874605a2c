import type { EventEmitter } from "node:events";
import type { User, UserFromGetMe } from "grammy/types";
import type { RichText } from "./entities.ts";
import { linksIn } from "./entities.ts";
import { createFileStore } from "./files.ts";
import { createFlood } from "./flood.ts";
import type {
  BotStatus,
  ChatRecord,
  ChatType,
  Clock,
  MemberStatus,
  Settings,
  StoredMessage,
  World,
} from "./model.ts";
import { createUpdateQueue } from "./updates.ts";

export function createClock(): Clock {
  let ahead = 0;
  return {
    now: () => Date.now() + ahead,
    advance(ms) {
      ahead += ms;
    },
  };
}

/** A platform with one bot on it and nobody else. `changes` emits "change". */
export function createWorld(bot: UserFromGetMe, settings: Settings, changes: EventEmitter): World {
  const clock = createClock();
  let number = 1;
  return {
    bot,
    clock,
    settings,
    users: new Map<number, User>([[bot.id, bot]]),
    chats: new Map(),
    met: new Set(),
    files: createFileStore(),
    updates: createUpdateQueue(clock),
    flood: createFlood(clock),
    presses: new Map(),
    inlineQueries: new Map(),
    guestQueries: new Map(),
    inlineMessages: new Map(),
    commands: new Map(),
    profile: new Map(),
    nextNumber: () => number++,
    changed: () => void changes.emit("change"),
  };
}

export interface NewChat {
  readonly id: number;
  readonly type: ChatType;
  readonly title?: string;
  readonly username?: string;
  readonly user?: User;
  readonly isForum?: boolean;
  readonly bot: BotStatus;
  readonly botMayDelete?: boolean;
  readonly members?: readonly { readonly user: User; readonly status: MemberStatus }[];
}

export function addChat(world: World, chat: NewChat): ChatRecord {
  const record: ChatRecord = {
    id: chat.id,
    type: chat.type,
    title: chat.title,
    username: chat.username,
    user: chat.user,
    isForum: chat.isForum ?? false,
    bot: chat.bot,
    botMayDelete: chat.botMayDelete ?? chat.bot === "administrator",
    blocked: false,
    muted: undefined,
    takesReactions: true,
    migratedTo: undefined,
    members: new Map((chat.members ?? []).map((member) => [member.user.id, member])),
    topics: new Map(),
    messages: [],
    actions: [],
    draft: undefined,
  };
  world.chats.set(record.id, record);
  if (record.bot === "member" || record.bot === "administrator") {
    for (const id of record.members.keys()) world.met.add(id);
  }
  return record;
}

/** What a new message is made of; the rest is empty. */
export type Draft = Partial<
  Omit<StoredMessage, "id" | "chatId" | "chat" | "sentAt" | "text" | "caption" | "entities">
> & { readonly richText?: RichText; readonly richCaption?: RichText };

/** Puts a message into a chat; ids grow within the chat. */
export function post(world: World, chat: ChatRecord, draft: Draft): StoredMessage {
  const { richText, richCaption, ...rest } = draft;
  const message: StoredMessage = {
    ...blank(chat),
    id: (chat.messages.at(-1)?.id ?? 0) + 1,
    sentAt: world.clock.now(),
    ...rest,
  };
  if (richText) setText(message, richText);
  if (richCaption) setCaption(message, richCaption);
  chat.messages.push(message);
  if (message.byBot) chat.draft = undefined;
  world.changed();
  return message;
}

function blank(chat: ChatRecord): Omit<StoredMessage, "id" | "sentAt"> {
  return {
    chatId: chat.id,
    chat,
    from: undefined,
    byBot: false,
    inNameOf: undefined,
    editedAt: undefined,
    edits: 0,
    text: undefined,
    caption: undefined,
    entities: [],
    photo: undefined,
    document: undefined,
    sticker: undefined,
    spoiler: false,
    captionAbove: false,
    albumId: undefined,
    keyboard: [],
    markup: undefined,
    replyTo: undefined,
    threadId: undefined,
    topicId: undefined,
    linkPreview: undefined,
    previewDisabled: false,
    reaction: undefined,
    viaBot: false,
    automatic: false,
    moving: false,
    video: false,
    quote: undefined,
    elsewhere: undefined,
    inlineMessageId: undefined,
    seenBy: undefined,
    deleted: false,
    service: undefined,
  };
}

export function setText(message: StoredMessage, rich: RichText): void {
  message.text = rich.text;
  message.caption = undefined;
  message.entities = rich.entities;
  message.linkPreview = message.previewDisabled ? undefined : linksIn(rich)[0];
}

export function setCaption(message: StoredMessage, rich: RichText): void {
  message.text = undefined;
  message.caption = rich.text === "" ? undefined : rich.text;
  message.entities = rich.entities;
  message.linkPreview = undefined;
}

/** The message of this id that all see, unless it is gone. */
export function findMessage(chat: ChatRecord, id: number): StoredMessage | undefined {
  const message = chat.messages.find((one) => one.id === id && one.seenBy === undefined);
  return message?.deleted === false ? message : undefined;
}
