import type { Call, Method } from "../call.ts";
import { badRequest } from "../errors.ts";
import { fileLimits } from "../files.ts";
import { compact } from "../render.ts";
import { answerCallbackQuery, answerInlineQuery } from "./answers.ts";
import {
  getChat,
  getChatAdministrators,
  getChatMember,
  getChatMemberCount,
  sendChatAction,
} from "./chats.ts";
import { deleteMessage, deleteMessages, remove } from "./delete.ts";
import {
  editMessageCaption,
  editMessageMedia,
  editMessageReplyMarkup,
  editMessageText,
  unseenMessage,
} from "./edit.ts";
import { sendMessageDraft } from "./draft.ts";
import { answerGuestQuery } from "./guest.ts";
import { profileMethods } from "./profile.ts";
import { setMessageReaction } from "./react.ts";
import { sendDocument, sendMediaGroup, sendMessage, sendPhoto } from "./send.ts";
import { deleteWebhook, getUpdates, getWebhookInfo, setWebhook } from "./updates.ts";

async function getFile({ world, args }: Call): Promise<unknown> {
  if (args.text("file_id") === "") throw badRequest("file_id not specified");
  const file = world.files.download(args.text("file_id"));
  if (!file) throw badRequest("invalid file_id");
  const size = file.size ?? (await file.bytes()).length;
  if (size > fileLimits.downloadBytes) throw badRequest("file is too big");
  return compact({
    file_id: file.fileId,
    file_unique_id: file.fileUniqueId,
    file_size: size,
    file_path: file.path,
  });
}

const all: Readonly<Record<string, Method>> = {
  getMe: ({ world }) => world.bot,
  getUpdates,
  setWebhook,
  deleteWebhook,
  getWebhookInfo,
  sendMessage,
  sendMessageDraft,
  sendPhoto,
  sendDocument,
  sendMediaGroup,
  sendChatAction,
  setMessageReaction,
  editMessageText,
  editMessageCaption,
  editMessageMedia,
  editMessageReplyMarkup,
  editEphemeralMessageText: editMessageText,
  editEphemeralMessageMedia: editMessageMedia,
  editEphemeralMessageReplyMarkup: editMessageReplyMarkup,
  deleteEphemeralMessage({ world, args }) {
    remove(world, unseenMessage(world, args));
    return true;
  },
  deleteMessage,
  deleteMessages,
  answerCallbackQuery,
  answerInlineQuery,
  answerGuestQuery,
  getFile,
  getChat,
  getChatMember,
  getChatMemberCount,
  getChatAdministrators,
  ...profileMethods,
  logOut: () => true,
  close: () => true,
};

/** By lower-case name, because the platform does not mind the case. */
const byName = new Map(
  Object.entries(all).map(([name, method]) => [name.toLowerCase(), { name, method }]),
);

/** What the stand-in can do; other methods are unknown to it. */
export function findMethod(name: string) {
  return byName.get(name.toLowerCase());
}
