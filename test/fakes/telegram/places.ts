import type { User } from "grammy/types";
import type { BotStatus, ChatRecord, ChatType, MemberStatus, World } from "./model.ts";
import { tellMembership, tellMessage } from "./notify.ts";
import { addChat, post } from "./world.ts";

/** A person to be; what is missing is made up. */
export type NewUser = Partial<Omit<User, "is_bot">>;

export interface NewGroup {
  readonly title?: string;
  readonly members?: readonly User[];
  /** Members that are administrators; the first one is the owner. */
  readonly admins?: readonly User[];
  /** A basic group otherwise. */
  readonly supergroup?: boolean;
  /** A supergroup with topics. */
  readonly forum?: boolean;
  readonly channel?: boolean;
  /** For addressing the group as `@username`. */
  readonly username?: string;
  /** "member" unless said otherwise; the bot knows nothing of a chat where it is a "stranger". */
  readonly bot?: BotStatus;
  readonly botMayDelete?: boolean;
}

/** Who and where there is. */
export interface Places {
  addUser(user?: NewUser): User;
  /** The id of the new chat. */
  addGroup(group?: NewGroup): number;
  /** Where two people talk without the bot; the id of the chat. */
  addConversation(one: User, other: User): number;
  /** Opens a topic in a forum; its id. */
  addTopic(chatId: number, name: string, by?: User): number;
  userBlocksBot(user: User): void;
  userUnblocksBot(user: User): void;
  kickBot(chatId: number, by?: User): void;
  /** The bot may read here and not write; the platform says so in these words. */
  muteBot(chatId: number, words: string): void;
  /** No more reactions in this chat. */
  forbidReactions(chatId: number): void;
  /** Makes a supergroup of a basic group; its id. */
  migrateGroup(chatId: number, by?: User): number;
}

export function createPlaces(world: World): Places {
  /** Somebody of the chat, where a test does not care who. */
  function anyone(chat: ChatRecord): User {
    const [member] = chat.members.values();
    return chat.user ?? member?.user ?? world.bot;
  }

  function block(user: User, blocked: boolean): void {
    const chat = privateChat(world, user);
    chat.blocked = blocked;
    const [from, to] = blocked ? (["member", "kicked"] as const) : (["kicked", "member"] as const);
    tellMembership(world, chat, { by: user, from, to });
    world.changed();
  }

  return {
    addUser(user = {}) {
      const id = user.id ?? 1000 + world.nextNumber();
      const added: User = {
        first_name: `User ${id}`,
        language_code: "en",
        ...user,
        id,
        is_bot: false,
      };
      world.users.set(id, added);
      privateChat(world, added);
      return added;
    },
    addGroup(group = {}) {
      return addChat(world, groupOf(world, group)).id;
    },
    addConversation(one, other) {
      const members = [one, other].map((user) => ({ user, status: "member" as const }));
      const id = -9_000_000_000 - world.nextNumber();
      return addChat(world, { id, type: "private", bot: "stranger", members }).id;
    },
    addTopic(chatId, name, by) {
      const chat = requireChat(world, chatId);
      if (!chat.isForum) throw new Error("Only a forum has topics.");
      const service = { forum_topic_created: { name, icon_color: 7_322_096 } };
      const message = post(world, chat, { from: by ?? anyone(chat), service });
      message.topicId = message.id;
      chat.topics.set(message.id, name);
      tellMessage(world, message);
      return message.id;
    },
    userBlocksBot: (user) => block(user, true),
    userUnblocksBot: (user) => block(user, false),
    kickBot(chatId, by) {
      const chat = requireChat(world, chatId);
      chat.bot = "kicked";
      tellMembership(world, chat, { by: by ?? anyone(chat), from: "member", to: "kicked" });
      world.changed();
    },
    muteBot(chatId, words) {
      requireChat(world, chatId).muted = words;
    },
    forbidReactions(chatId) {
      requireChat(world, chatId).takesReactions = false;
    },
    migrateGroup(chatId, by) {
      const old = requireChat(world, chatId);
      if (old.type !== "group") throw new Error("Only a basic group becomes a supergroup.");
      const from = by ?? anyone(old);
      const next = addChat(world, {
        id: supergroupId(world),
        type: "supergroup",
        bot: old.bot,
        botMayDelete: old.botMayDelete,
        members: [...old.members.values()],
        ...(old.title !== undefined && { title: old.title }),
      });
      tellMessage(world, post(world, old, { from, service: { migrate_to_chat_id: next.id } }));
      old.migratedTo = next.id;
      const service = { migrate_from_chat_id: old.id };
      tellMessage(world, post(world, next, { from, service }));
      return next.id;
    },
  };
}

function groupOf(world: World, group: NewGroup) {
  const admins = group.admins ?? [];
  const members = [...admins, ...(group.members ?? [])];
  const statusOf = (user: User): MemberStatus => {
    if (user === admins[0]) return "creator";
    return admins.includes(user) ? "administrator" : "member";
  };
  const type = typeOf(group);
  const id = type === "group" ? -5_000_000 - world.nextNumber() : supergroupId(world);
  return {
    id,
    type,
    title: group.title ?? `Group ${Math.abs(id)}`,
    isForum: group.forum ?? false,
    bot: group.bot ?? (type === "channel" ? ("administrator" as const) : ("member" as const)),
    members: members.map((user) => ({ user, status: statusOf(user) })),
    ...(group.username !== undefined && { username: group.username }),
    ...(group.botMayDelete !== undefined && { botMayDelete: group.botMayDelete }),
  };
}

function typeOf({ channel, supergroup, forum }: NewGroup): ChatType {
  if (channel) return "channel";
  return supergroup || forum ? "supergroup" : "group";
}

function supergroupId(world: World): number {
  return -1_002_000_000_000 - world.nextNumber();
}

/** The chat of a user with the bot, which the bot may write to only after the user wrote first. */
export function privateChat(world: World, user: User): ChatRecord {
  return (
    world.chats.get(user.id) ?? addChat(world, { id: user.id, type: "private", user, bot: "left" })
  );
}

export function requireChat(world: World, id: number): ChatRecord {
  const chat = world.chats.get(id);
  if (!chat) throw new Error(`There is no chat ${id}; add a user or a group first.`);
  return chat;
}
