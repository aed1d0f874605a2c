import { chatFor } from "../access.ts";
import type { Arguments } from "../arguments.ts";
import type { Call } from "../call.ts";
import { badRequest } from "../errors.ts";
import { checkKeyboard, type ReplyMarkup, readMarkup } from "../markup.ts";
import { captionOf, checkCaption, type Media, readInputMedia, resolveMedia } from "../media.ts";
import type { StoredMessage, World } from "../model.ts";
import { renderMessage } from "../render.ts";
import { lengthOf, textLimits } from "../text.ts";
import { findUnseen } from "../unseen.ts";
import { findMessage, setCaption, setText } from "../world.ts";
import { draftOf, isPreviewDisabled, markupOf, textOf } from "./send.ts";

const notModified =
  "message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message";

/** A message that may be edited, and how. */
interface Target {
  readonly message: StoredMessage;
  readonly inline: boolean;
  /** Applies the change and answers as the method does. Throws "message is not modified". */
  change(apply: (message: StoredMessage) => void, markup: ReplyMarkup | undefined): unknown;
}

export function editMessageText({ world, args }: Call): unknown {
  const richText = textOf(world, args);
  const previewDisabled = isPreviewDisabled(args);
  const markup = readMarkup(args);
  const target = targetOf(world, args);
  if (target.message.text === undefined) {
    throw badRequest("There is no text in the message to edit");
  }
  if (lengthOf(richText.text, world.settings.lengthUnit) > textLimits.text) {
    throw badRequest("MESSAGE_TOO_LONG");
  }
  return target.change((message) => {
    message.previewDisabled = previewDisabled;
    setText(message, richText);
  }, markup);
}

export function editMessageCaption({ world, args }: Call): unknown {
  const caption = captionOf(world, args);
  const markup = readMarkup(args);
  const target = targetOf(world, args);
  if (!target.message.photo && !target.message.document) {
    throw badRequest("There is no caption in the message to edit");
  }
  if (lengthOf(caption.text, world.settings.lengthUnit) > textLimits.caption) {
    throw badRequest("MEDIA_CAPTION_TOO_LONG");
  }
  return target.change((message) => {
    message.captionAbove = args.boolean("show_caption_above_media");
    setCaption(message, caption);
  }, markup);
}

export async function editMessageMedia({ world, args }: Call): Promise<unknown> {
  const markup = readMarkup(args);
  args.required("media");
  const value = args.json("media", "Can't parse input media JSON object");
  const media = readInputMedia(world, args, value);
  const target = targetOf(world, args);
  checkMedia(world, target, media);
  const file = await resolveMedia(world, media);
  const { richCaption, ...content } = draftOf(media, file);
  // While the file was decoded, the message may have gone.
  if (target.message.deleted) throw badRequest("message to edit not found");
  return target.change((message) => {
    Object.assign(message, content);
    setCaption(message, richCaption ?? { text: "", entities: [] });
  }, markup);
}

function checkMedia(world: World, { message, inline }: Target, media: Media): void {
  if (message.sticker || message.service) throw badRequest("Message media can't be edited");
  if (inline && media.source.from === "upload") {
    throw badRequest("Invalid message content specified");
  }
  checkCaption(world, media.caption);
  const was = message.document ? "document" : "photo";
  if (message.albumId !== undefined && was !== media.type) {
    throw badRequest("Can't change media type in the album");
  }
}

export function editMessageReplyMarkup({ world, args }: Call): unknown {
  const markup = readMarkup(args);
  const target = targetOf(world, args);
  return target.change(() => undefined, markup);
}

function targetOf(world: World, args: Arguments): Target {
  const isUnseen = args.text("ephemeral_message_id") !== "";
  const inlineId = isUnseen ? undefined : inlineIdOf(args);
  const seen = () =>
    inlineId === undefined ? ownMessage(world, args) : world.inlineMessages.get(inlineId);
  const message = isUnseen ? unseenMessage(world, args) : seen();
  if (!message || message.deleted) throw badRequest("MESSAGE_ID_INVALID");
  return {
    message,
    inline: inlineId !== undefined,
    change(apply, markup) {
      checkKeyboard(markup);
      if (markup && message.albumId !== undefined) throw badRequest("REPLY_MARKUP_INVALID");
      world.flood.charge(message.chat);
      applyChange(world, message, (draft) => {
        apply(draft);
        // An edit without a keyboard takes the keyboard away.
        Object.assign(draft, markupOf(markup?.kind === "inline" ? markup : undefined));
      });
      return inlineId === undefined && !isUnseen ? renderMessage(world, message) : true;
    },
  };
}

/** The message of the bot's that this person alone sees. */
export function unseenMessage(world: World, args: Arguments): StoredMessage {
  const chat = chatFor(world, args.text("chat_id"), "edit");
  const message = findUnseen(chat, args.integer("ephemeral_message_id"));
  if (!message?.byBot || message.seenBy !== args.integer("receiver_user_id")) {
    throw badRequest("EPHEMERAL_MESSAGE_ID_INVALID");
  }
  return message;
}

function inlineIdOf(args: Arguments): string | undefined {
  if (args.text("chat_id") !== "" || args.integer("message_id") !== 0) return undefined;
  const id = args.text("inline_message_id");
  if (id === "") throw badRequest("Message identifier is not specified");
  return id;
}

function ownMessage(world: World, args: Arguments): StoredMessage {
  const chat = chatFor(world, args.text("chat_id"), "edit");
  const message = findMessage(chat, args.integer("message_id"));
  if (!message) throw badRequest("message to edit not found");
  const own = message.from?.id === world.bot.id || message.viaBot || chat.type === "channel";
  // A message that carries another keyboard than an inline one stays as it is.
  const fixed = message.markup !== undefined && message.markup.kind !== "inline";
  if (!own || fixed || message.service) throw badRequest("Message can't be edited");
  return message;
}

function applyChange(
  world: World,
  message: StoredMessage,
  apply: (message: StoredMessage) => void,
): void {
  const changed = { ...message };
  apply(changed);
  if (looksOf(changed) === looksOf(message)) throw badRequest(notModified);
  Object.assign(message, changed, { editedAt: world.clock.now(), edits: message.edits + 1 });
  world.changed();
}

/** All that a person could see of a message, for telling whether an edit changed anything. */
function looksOf(message: StoredMessage): string {
  const { text, caption, entities, photo, document, spoiler, captionAbove, keyboard } = message;
  const shown = [text, caption, entities, photo?.fileId, document?.fileId, spoiler, captionAbove];
  return JSON.stringify([...shown, keyboard, message.linkPreview]);
}
