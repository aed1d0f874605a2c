import type { InteractionType } from "discord.js";
import type { Clock } from "./clock.ts";
import type { MessageContent } from "./compose.ts";
import type { FileStore } from "./files.ts";
import { NO_PINGS, type Pings, joinPings } from "./mentions.ts";
import { messagePayload } from "./message-payload.ts";
import type { Json } from "./payloads.ts";
import type { Channel, User } from "./world.ts";

/** The interaction that a message answers. */
export interface MessageOrigin {
  readonly id: string;
  readonly type: InteractionType;
  readonly user: User;
  readonly owners: Readonly<Record<string, string>>;
  /** The id of the first answer, on those that followed. */
  readonly firstAnswerId?: string;
  /** The message whose component was used. */
  readonly usedMessageId?: string;
}

/** A message as the stand-in keeps it. */
export interface StoredMessage {
  readonly id: string;
  readonly channel: Channel;
  readonly author: User;
  readonly createdAt: number;
  readonly nonce: string | undefined;
  readonly origin: MessageOrigin | undefined;
  readonly repliesTo: StoredMessage | undefined;
  /** What it hands on, as it was then. */
  readonly forwards: StoredMessage | undefined;
  /** Who alone sees it; everybody in the channel where undefined. */
  readonly visibleTo: User | undefined;
  /** "Thinking…", until its first edit. */
  loading: boolean;
  content: MessageContent;
  /** Everybody it ever called. */
  pings: Pings;
  editedAt: number | undefined;
  deletedAt: number | undefined;
  /** What it said, and since when; the last is what it says now. */
  readonly revisions: { readonly at: number; readonly content: MessageContent }[];
}

/** What a message that says nothing yet says. */
export const NO_CONTENT: MessageContent = {
  text: "",
  embeds: [],
  components: [],
  flags: 0,
  files: [],
  pings: NO_PINGS,
};

type NewMessage = Pick<StoredMessage, "channel" | "author" | "content"> &
  Partial<
    Pick<StoredMessage, "nonce" | "origin" | "repliesTo" | "forwards" | "visibleTo" | "loading">
  >;

/** Every message there was, and what a connected client hears of them. */
export interface MessageStore {
  create(message: NewMessage): StoredMessage;
  edit(message: StoredMessage, content: MessageContent): void;
  delete(message: StoredMessage): void;
  /** Also deleted ones. */
  find(id: string): StoredMessage | undefined;
  /** Oldest first, deleted ones too. */
  in(channel: Channel): readonly StoredMessage[];
  /** The message as the API tells of it, with fresh links. */
  payload(message: StoredMessage): Json;
}

interface Tools {
  readonly clock: Clock;
  readonly nextId: () => string;
  readonly files: FileStore;
  readonly heard: (event: "CREATE" | "UPDATE" | "DELETE", message: StoredMessage) => void;
}

/** Keeps messages in memory. */
export function createMessageStore({ clock, nextId, files, heard }: Tools): MessageStore {
  const messages = new Map<string, StoredMessage>();

  function create(message: NewMessage): StoredMessage {
    const made: StoredMessage = {
      nonce: undefined,
      origin: undefined,
      repliesTo: undefined,
      forwards: undefined,
      visibleTo: undefined,
      loading: false,
      ...message,
      id: nextId(),
      createdAt: clock.now(),
      pings: message.content.pings,
      editedAt: undefined,
      deletedAt: undefined,
      revisions: [{ at: clock.now(), content: message.content }],
    };
    messages.set(made.id, made);
    heard("CREATE", made);
    return made;
  }

  function edit(message: StoredMessage, content: MessageContent): void {
    message.content = content;
    message.pings = joinPings(message.pings, content.pings);
    if (!message.loading) message.editedAt = clock.now();
    message.loading = false;
    message.revisions.push({ at: clock.now(), content });
    heard("UPDATE", message);
  }

  return {
    create,
    edit,
    delete(message) {
      message.deletedAt = clock.now();
      heard("DELETE", message);
    },
    find: (id) => messages.get(id),
    in: (channel) => [...messages.values()].filter((message) => message.channel === channel),
    payload: (message) => messagePayload(message, files),
  };
}
