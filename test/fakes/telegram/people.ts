import type { InlineKeyboardButton, User } from "grammy/types";
import {
  type ChatMessage,
  type ChatRecord,
  type Press,
  type StoredMessage,
  type World,
} from "./model.ts";
import { remove } from "./methods/delete.ts";
import { threadOf } from "./methods/send.ts";
import { tellGuestMessage, tellMessage, tellStopped, tellPress } from "./notify.ts";
import { requireChat } from "./places.ts";
import { plainText } from "./text.ts";
import { type Draft, post, setCaption, setText } from "./world.ts";

/** What a person writes: words, or a picture with a caption. */
export interface Saying {
  /** The person of a private chat, or the first member of a group, where nobody is named. */
  readonly from?: User;
  /** The group itself, for an administrator who hides behind it, or a channel of the person's. */
  readonly inNameOf?: number;
  /** The platform hands a channel's post on to the group where it is discussed. */
  readonly automatic?: boolean;
  readonly text?: string;
  /** The bytes of a picture that is sent as a photo. */
  readonly photo?: Uint8Array;
  /** A file that is sent as it is. */
  readonly document?: { readonly name: string; readonly bytes: Uint8Array };
  /** A picture, or a moving one, that is sent as a sticker. */
  readonly sticker?: { readonly bytes: Uint8Array; readonly moving?: boolean };
  /** A video, of which the stand-in knows nothing but that it is one. */
  readonly video?: boolean;
  /** Messages with the same name are one album. */
  readonly album?: string;
  readonly caption?: string;
  /** The part of `replyTo` that is quoted. */
  readonly quote?: string;
  /** A message of another chat that this one answers. */
  readonly elsewhere?: ChatMessage;
  readonly replyTo?: ChatMessage;
  readonly topic?: number;
  /** Only the bot sees it: a command that is registered as one of that kind. */
  readonly unseen?: boolean;
}

/** What people do in chats. */
export interface People {
  /** Writes a message; the bot is told if it may see it. The first one in a private chat starts the bot. */
  userSays(chatId: number, saying: Saying): Promise<ChatMessage>;
  /** Calls the bot into a chat that it is not in. */
  userCallsGuest(chatId: number, saying: Saying): Promise<ChatMessage>;
  userEdits(message: ChatMessage, text: string): void;
  /** Presses a button by what is written on it or by its data. Throws where there is no such button. */
  userPresses(message: ChatMessage, button: string, by?: User): Press;
  /** Stops what the bot is about to say. Throws where there is nothing to stop. */
  userStops(chatId: number): void;
  /** A changed client sends any data as if a button below this message had it. */
  forgePress(message: ChatMessage, data: string, by: User): Press;
  /** The platform tells the bot of a message once more. */
  handOverAgain(message: ChatMessage): void;
  /** The message vanishes for everybody; the bot is not told. */
  userDeletes(message: ChatMessage): void;
}

export function createPeople(world: World): People {
  function press(message: StoredMessage, data: string, by: User): Press {
    const id = String(4_400_000_000_000_000 + world.nextNumber());
    const pressed = { id, by, data, at: world.clock.now(), answer: undefined };
    world.presses.set(id, pressed);
    tellPress(world, { ...pressed, message });
    return pressed;
  }

  async function say(chatId: number, saying: Saying): Promise<StoredMessage> {
    const chat = requireChat(world, chatId);
    const content = await contentOf(world, saying);
    // Writing to the bot starts it.
    if (chat.type === "private" && chat.bot === "left") chat.bot = "member";
    const replyTo = saying.replyTo && stored(world, saying.replyTo);
    return post(world, chat, {
      from: speakerOf(chat, saying),
      inNameOf: saying.inNameOf,
      automatic: saying.automatic ?? false,
      albumId: saying.album,
      quote: saying.quote,
      elsewhere: saying.elsewhere && stored(world, saying.elsewhere),
      replyTo,
      topicId: saying.topic ?? replyTo?.topicId,
      ...threadOf(chat, replyTo),
      seenBy: saying.unseen ? speakerOf(chat, saying)?.id : undefined,
      ...content,
    });
  }

  return {
    async userSays(chatId, saying) {
      const message = await say(chatId, saying);
      tellMessage(world, message);
      return message;
    },
    async userCallsGuest(chatId, saying) {
      const message = await say(chatId, saying);
      const id = String(7_700_000_000_000_000 + world.nextNumber());
      world.guestQueries.set(id, { message, answer: undefined });
      tellGuestMessage(world, id, message);
      return message;
    },
    userEdits(message, text) {
      const edited = stored(world, message);
      if (edited.text === undefined) setCaption(edited, plainText(text));
      else setText(edited, plainText(text));
      edited.editedAt = world.clock.now();
      edited.edits++;
      tellMessage(world, edited, true);
      world.changed();
    },
    userPresses(message, button, by) {
      const pressed = stored(world, message);
      if (pressed.deleted) throw new Error("A message that is gone has no buttons.");
      const user = by ?? speaker(pressed.chat, undefined);
      if (!user) throw new Error("Say who presses the button.");
      return press(pressed, dataOf(pressed, button), user);
    },
    userStops(chatId) {
      const chat = requireChat(world, chatId);
      if (!chat.draft?.canStop) throw new Error("There is no draft to stop.");
      tellStopped(world, chat, chat.draft.id);
      chat.draft = undefined;
    },
    forgePress: (message, data, by) => press(stored(world, message), data, by),
    handOverAgain: (message) => tellMessage(world, stored(world, message)),
    userDeletes: (message) => remove(world, stored(world, message)),
  };
}

async function contentOf(world: World, saying: Saying): Promise<Draft> {
  const { photo, document, sticker, video = false } = saying;
  const richCaption = plainText(saying.caption ?? "");
  if (photo) {
    const upload = { name: "photo.jpg", type: "image/jpeg", bytes: photo };
    return { photo: await world.files.addPhoto(upload), richCaption };
  }
  if (document) {
    const upload = { ...document, type: "" };
    return { document: await world.files.addDocument(upload, false), richCaption };
  }
  if (sticker) {
    const upload = { name: "sticker.webp", type: "", bytes: sticker.bytes };
    const moving = sticker.moving ?? false;
    return { sticker: await world.files.addDocument(upload, true), moving };
  }
  if (video) return { video, richCaption };
  return { richText: plainText(saying.text ?? "") };
}

/** Whom the platform names in place of a person who hides. */
const stand = {
  group: { id: 1_087_968_824, is_bot: true, first_name: "Group", username: "GroupAnonymousBot" },
  channel: { id: 136_817_688, is_bot: true, first_name: "Channel", username: "Channel_Bot" },
} as const satisfies Record<string, User>;

function speakerOf(chat: ChatRecord, { from, inNameOf }: Saying): User | undefined {
  if (inNameOf === undefined) return speaker(chat, from);
  return inNameOf === chat.id ? stand.group : stand.channel;
}

function speaker(chat: ChatRecord, from: User | undefined): User | undefined {
  if (chat.type === "channel") return undefined;
  const [member] = chat.members.values();
  return from ?? chat.user ?? member?.user;
}

/** The writable message behind what a test holds. */
export function stored(world: World, message: ChatMessage): StoredMessage {
  const found = requireChat(world, message.chatId).messages.find(({ id }) => id === message.id);
  if (!found) throw new Error(`There is no message ${message.id} in chat ${message.chatId}.`);
  return found;
}

function dataOf({ keyboard }: StoredMessage, wanted: string): string {
  const buttons = keyboard.flat();
  const data = (button: InlineKeyboardButton): string | undefined =>
    "callback_data" in button ? button.callback_data : undefined;
  const found = buttons.find((button) => button.text === wanted || data(button) === wanted);
  const chosen = found && data(found);
  if (chosen !== undefined) return chosen;
  const shown = buttons.map(({ text }) => JSON.stringify(text)).join(", ");
  throw new Error(`There is no button "${wanted}" to press; there are: ${shown || "none"}.`);
}
