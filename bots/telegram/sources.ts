import type { Api } from "grammy";
import type { Document, ExternalReplyInfo, Message } from "grammy/types";
import type { Picture } from "../../core/job.ts";
import { readCapped } from "../../core/wire/fetch.ts";
import { Refused } from "../refused.ts";
import { jobNamedIn } from "../use-cases.ts";
import type { Given } from "../edits.ts";
import type { Context, DoorTools } from "./context.ts";
import { TelegramUnreachable } from "./errors.ts";
import { limits } from "./limits.ts";

/** The longest time to download a photo: the update is not confirmed before it is stored. */
const fetchMs = 10_000;

/** What may hold a picture: a message, or one of another chat that a message answers. */
type Holder = Message | ExternalReplyInfo;

/** The pictures that a message is about. */
export interface FoundPictures {
  readonly pictures: readonly Given[];
  /** They are in the message itself, so that "Try again", which knows that message alone, finds them. */
  readonly enclosed: boolean;
  /** Telegram showed only one picture of an album. */
  readonly partial: boolean;
}

const none: FoundPictures = { pictures: [], enclosed: true, partial: false };

/**
 * The pictures that a message carries or answers: photos, albums, pictures sent as files, stickers that do not move. One of
 * our own is taken as it is stored. Fetches nothing yet; throws Refused for what is no still picture, and for any other file
 * that was sent with the message itself.
 */
export async function picturesOf(message: Message, context: Context): Promise<FoundPictures> {
  const { reply_to_message: answered, external_reply: elsewhere } = message;
  for (const holder of [message, answered, elsewhere]) {
    const found = holder && (await picturesIn(holder, context));
    if (found) return { ...found, enclosed: holder === message };
    if (holder === message) refuseFile(message);
  }
  return none;
}

/** Who sends a file with the words wants it changed, and not the words alone painted. */
function refuseFile({ video, video_note: round, document }: Message): void {
  if (video ?? round) throw new Refused("ask.onlyStill");
  if (!document) return;
  throw new Refused("ask.notAPicture", { values: { name: document.file_name ?? "" } });
}

async function picturesIn(holder: Holder, context: Context) {
  const { tools } = context;
  const isMessage = "message_id" in holder && "date" in holder;
  const own = isMessage ? await ownPictures(holder, context) : [];
  if (own.length > 0) return { pictures: own, partial: false };
  if (!isPicture(holder)) return undefined;
  const { media_group_id: album } = holder as Partial<Message>;
  const parts = album === undefined ? [holder] : await tools.albums.whole(holder as Message);
  const pictures = parts.filter(isPicture).map((part) => sentPicture(part, tools));
  // Telegram tells a bot nothing of its own messages.
  const isOwn = isMessage && holder.from?.id === tools.me().id;
  return { pictures, partial: album !== undefined && parts.length === 1 && !isOwn };
}

/** Pictures of our own have their code in the caption, and are stored in better quality than Telegram shows them. */
async function ownPictures(
  message: Message,
  { actor, tools }: Context,
): Promise<readonly Picture[]> {
  const { caption, from } = message;
  // Below an album of ours the code is in a message of its own.
  const text = from?.id === tools.me().id ? message.text : undefined;
  const words = caption ?? text ?? "";
  const job = await jobNamedIn(words, actor.requester, tools).catch(() => undefined);
  return job?.pictures ?? [];
}

/** Whether this message of the bot's shows pictures that were made here. */
export async function showsOwnPicture(message: Message, context: Context): Promise<boolean> {
  if (message.from?.id !== context.tools.me().id) return false;
  return isPicture(message) || (await ownPictures(message, context)).length > 0;
}

/** Whether a message holds a picture, still or moving. */
export function isPicture(holder: Holder): boolean {
  const { sticker, animation } = holder;
  return fileIn(holder) !== undefined || sticker !== undefined || animation !== undefined;
}

/** Telegram's file of a still picture: of a photo, of a picture sent as a file, or of a sticker. */
function fileIn({ photo, document, sticker, animation }: Holder) {
  // Telegram tells of an animation as a document, too.
  if (animation) return undefined;
  if (document && isImage(document)) return document;
  const moves = sticker?.is_animated || sticker?.is_video;
  return photo?.at(-1) ?? (moves ? undefined : sticker);
}

function isImage({ mime_type: type = "", file_name: name = "" }: Document): boolean {
  return (
    type.startsWith("image/") || /\.(png|jpe?g|webp|avif|heic|heif|gif|tiff?|bmp)$/i.test(name)
  );
}

function sentPicture(holder: Holder, tools: DoorTools): Given {
  const file = fileIn(holder);
  if (!file) throw new Refused("ask.onlyStill");
  const { file_id: id, file_size: bytes = 0 } = file;
  const limit = limits.downloadBytes;
  if (bytes > limit) throw new Refused("ask.tooLarge", { values: { limit: limit / 1024 ** 2 } });
  return () =>
    fetchFile(id, tools).catch((cause: unknown) => {
      throw new Refused("ask.photoNotFetched", { retry: true, cause });
    });
}

/** One time limit covers the whole download, waits for flood limits included. */
async function fetchFile(id: string, { api, fileUrl, fetch }: DoorTools): Promise<Uint8Array> {
  const signal = AbortSignal.timeout(fetchMs);
  const { file_path: path = "" } = await api.getFile(id, signal as Parameters<Api["getFile"]>[1]);
  try {
    return await readCapped(await fetch(`${fileUrl}/${path}`, { signal }), limits.downloadBytes);
  } catch (error) {
    // The error may contain the address, and the token with it.
    throw new TelegramUnreachable("the download of a file", error);
  }
}
