import { chatFor } from "../access.ts";
import type { Call } from "../call.ts";
import { badRequest } from "../errors.ts";
import { compact, renderChat, renderMember } from "../render.ts";

/** How long clients show an action. */
const actionMs = 5_000;

const actions = new Set(
  `cancel typing upload_photo record_video upload_video record_voice upload_voice record_audio upload_audio
   upload_document choose_sticker find_location pick_up_location record_video_note upload_video_note`.split(
    /\s+/,
  ),
);

export function sendChatAction({ world, args }: Call): true {
  const action = args.text("action").toLowerCase();
  if (!actions.has(action)) throw badRequest("Wrong parameter action in request");
  const chat = chatFor(world, args.text("chat_id"), "write");
  const topic = args.integer("message_thread_id") || undefined;
  if (chat.isForum && topic !== undefined && topic !== 1 && !chat.topics.has(topic)) {
    throw badRequest("message thread not found");
  }
  const at = world.clock.now();
  chat.actions.push({ action, topicId: topic, at, endsAt: at + actionMs });
  world.changed();
  return true;
}

export function getChat({ world, args }: Call): unknown {
  const chat = chatFor(world, args.text("chat_id"), "read");
  return compact({
    ...renderChat(chat),
    accent_color_id: 0,
    max_reaction_count: 11,
    accepted_gift_types: {},
    permissions: chat.type === "private" ? undefined : { can_send_messages: true },
  });
}

export function getChatMember({ world, args }: Call): unknown {
  const userId = args.integer("user_id");
  if (userId <= 0) throw badRequest("Invalid user_id specified");
  const chat = chatFor(world, args.text("chat_id"), userId === world.bot.id ? "read" : "members");
  if (userId === world.bot.id) {
    const status = chat.bot === "stranger" ? "left" : chat.bot;
    return renderMember(world.bot, status, chat.botMayDelete);
  }
  if (chat.user?.id === userId) return renderMember(chat.user, "member");
  const member = chat.members.get(userId);
  if (member) return renderMember(member.user, member.status);
  const user = world.users.get(userId);
  if (!user || chat.type === "private") throw badRequest("PARTICIPANT_ID_INVALID");
  return renderMember(user, "left");
}

export function getChatAdministrators({ world, args }: Call): unknown {
  const chat = chatFor(world, args.text("chat_id"), "members");
  if (chat.type === "private") {
    throw badRequest("there are no administrators in the private chat");
  }
  const people = [...chat.members.values()]
    .filter(({ status }) => status === "creator" || status === "administrator")
    .map(({ user, status }) => renderMember(user, status));
  if (chat.bot !== "administrator") return people;
  return [...people, renderMember(world.bot, "administrator", chat.botMayDelete)];
}

export function getChatMemberCount({ world, args }: Call): number {
  return chatFor(world, args.text("chat_id"), "members").members.size + 1;
}
