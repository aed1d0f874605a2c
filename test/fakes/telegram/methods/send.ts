import { chatFor, replyFor, topicFor } from "../access.ts";
import type { Arguments } from "../arguments.ts";
import type { Call } from "../call.ts";
import { badRequest } from "../errors.ts";
import type { StoredFile } from "../files.ts";
import { checkKeyboard, type ReplyMarkup, readMarkup } from "../markup.ts";
import {
  captionOf,
  checkCaption,
  type Media,
  readInputMedia,
  resolveMedia,
  sourceOf,
} from "../media.ts";
import type { ChatRecord, StoredMessage, World } from "../model.ts";
import { renderMessage } from "../render.ts";
import { lengthOf, readText, reasonOf, textLimits } from "../text.ts";
import { unseenFor } from "../unseen.ts";
import { type Draft, post } from "../world.ts";

const albumSize = { min: 2, max: 10 } as const;

export function sendMessage({ world, args }: Call): unknown {
  const richText = textOf(world, args);
  const previewDisabled = isPreviewDisabled(args);
  const place = placeFor(world, args);
  if (lengthOf(richText.text, world.settings.lengthUnit) > textLimits.text) {
    throw badRequest("Message is too long");
  }
  return renderMessage(world, place.send({ richText, previewDisabled }));
}

export function sendPhoto({ world, args }: Call): Promise<unknown> {
  return sendFile(world, args, "photo");
}

export function sendDocument({ world, args }: Call): Promise<unknown> {
  return sendFile(world, args, "document");
}

async function sendFile(world: World, args: Arguments, type: Media["type"]): Promise<unknown> {
  const source = sourceOf(args, type, args.text(type));
  if (!source) throw badRequest(`There is no ${type} in the request`);
  const media: Media = {
    type,
    source,
    caption: captionOf(world, args),
    spoiler: args.boolean("has_spoiler"),
    captionAbove: args.boolean("show_caption_above_media"),
    detectType: !args.boolean("disable_content_type_detection"),
  };
  const place = placeFor(world, args);
  checkCaption(world, media.caption);
  const file = await resolveMedia(world, media);
  return renderMessage(world, place.send(draftOf(media, file)));
}

/** An album has no keyboard: `reply_markup` is ignored. The documented least of two items is enforced. */
export async function sendMediaGroup({ world, args }: Call): Promise<unknown> {
  args.required("media");
  const list = args.json("media", "Can't parse media JSON object");
  if (!Array.isArray(list)) throw badRequest("Expected an Array of InputMedia");
  const album = list.map((item) => ({ ...readInputMedia(world, args, item), detectType: false }));
  const place = placeFor(world, args, false);
  checkAlbum(world, album);
  const files = await Promise.all(
    album.map((media, at) =>
      resolveMedia(world, media).catch((error: unknown) => failItem(at, error)),
    ),
  );
  world.flood.charge(place.chat, album.length);
  const albumId = String(13_900_000_000_000_000 + world.nextNumber());
  return album.map((media, at) => {
    const file = files[at];
    if (!file) throw badRequest("Group send failed");
    const message = place.put({ ...draftOf(media, file), albumId });
    return renderMessage(world, message);
  });
}

function checkAlbum(world: World, album: readonly Media[]): void {
  if (album.length === 0) throw badRequest("There are no messages to send");
  if (album.length > albumSize.max) throw badRequest("Too many messages to send as an album");
  if (album.length < albumSize.min) throw badRequest("media must include 2-10 items");
  for (const { caption } of album) checkCaption(world, caption);
  if (new Set(album.map(({ type }) => type)).size > 1) {
    throw badRequest("Document can't be mixed with other media types");
  }
  if (new Set(album.map(({ captionAbove }) => captionAbove)).size > 1) {
    throw badRequest("Parameter show_caption_above_media must be the same for all messages");
  }
}

function failItem(at: number, error: unknown): never {
  throw badRequest(`Failed to send message #${at + 1} with the error message "${reasonOf(error)}"`);
}

/** The argument `text` with its entities. */
export function textOf(world: World, args: Arguments) {
  if (args.text("text") === "") throw badRequest("Message text is empty");
  const input = {
    text: args.text("text"),
    parseMode: args.text("parse_mode"),
    entities: args.json("entities", "Can't parse entities JSON object"),
    users: world.users,
  };
  return readText(input, { mayBeEmpty: false });
}

export function isPreviewDisabled(args: Arguments): boolean {
  const options = args.json("link_preview_options", "Can't parse link preview options JSON object");
  const chosen = (options as { is_disabled?: unknown } | undefined)?.is_disabled === true;
  return chosen || args.boolean("disable_web_page_preview");
}

/** What a file puts into a message. */
export function draftOf(media: Media, file: StoredFile): Draft {
  return {
    photo: file.kind === "photo" ? file : undefined,
    document: file.kind === "document" ? file : undefined,
    sticker: file.kind === "sticker" ? file : undefined,
    // A sticker has no caption.
    ...(file.kind !== "sticker" && { richCaption: media.caption }),
    spoiler: media.spoiler && file.kind === "photo",
    captionAbove: media.captionAbove && file.kind === "photo",
  };
}

interface Place {
  readonly chat: ChatRecord;
  /** Counts the message for flood control, checks the keyboard and puts it into the chat. */
  send(draft: Draft): StoredMessage;
  put(draft: Draft): StoredMessage;
}

function placeFor(world: World, args: Arguments, withMarkup = true): Place {
  const markup = withMarkup ? readMarkup(args) : undefined;
  const chat = chatFor(world, args.text("chat_id"), "write");
  if (chat.type === "channel" && markup && markup.kind !== "inline") {
    throw badRequest("inline keyboard expected");
  }
  const unseen = unseenFor(world, chat, args);
  const replyTo = unseen?.replyTo ?? replyFor(world, chat, args);
  const shared: Draft = {
    from: chat.type === "channel" ? undefined : world.bot,
    byBot: true,
    replyTo,
    topicId: topicFor(chat, args) ?? topicOfReply(chat, replyTo),
    ...threadOf(chat, replyTo),
    ...markupOf(markup),
    seenBy: unseen?.by,
  };
  function put(draft: Draft): StoredMessage {
    // Clients stop showing an action as soon as a message arrives.
    for (const action of chat.actions) {
      action.endsAt = Math.min(action.endsAt, world.clock.now());
    }
    return post(world, chat, { ...shared, ...draft });
  }
  return {
    chat,
    put,
    send(draft) {
      checkKeyboard(markup);
      world.flood.charge(chat);
      return put(draft);
    },
  };
}

/** In a forum, an answer stands where the message stands that it answers. */
function topicOfReply(chat: ChatRecord, replyTo: StoredMessage | undefined): number | undefined {
  return chat.isForum && replyTo?.chat === chat ? replyTo.topicId : undefined;
}

/** In a supergroup without topics, answers make a thread that is named after its first message. */
export function threadOf(chat: ChatRecord, replyTo: StoredMessage | undefined): Draft {
  if (chat.type !== "supergroup" || chat.isForum || replyTo?.chat !== chat) return {};
  return { threadId: replyTo.threadId ?? replyTo.id };
}

export function markupOf(markup: ReplyMarkup | undefined): Draft {
  return { markup, keyboard: markup?.kind === "inline" ? markup.rows : [] };
}
