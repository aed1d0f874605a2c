import type { Api } from "grammy";
import type { Message } from "grammy/types";
import type { Defaults } from "../../core/brief.ts";
import { editingModel } from "../../core/editing.ts";
import { parseCode } from "../../core/job.ts";
import { optional } from "../../core/optional.ts";
import { parseRatio } from "../../core/size.ts";
import { readCapped } from "../../core/wire/fetch.ts";
import type { Context, DoorTools } from "./context.ts";
import { PhotoNotFetched, TelegramUnreachable } from "./errors.ts";
import { limits } from "./limits.ts";

/** The longest time to download a photo: the update is not confirmed before it is stored. */
const fetchMs = 10_000;

interface EditRequest {
  readonly prompt: string;
  readonly message: Message;
}

/** The picture to edit, and its ratio as a default; empty where there is nothing to edit. */
interface Source {
  readonly sources?: readonly string[];
  readonly defaults?: readonly Defaults[];
}

/**
 * The photo that a message carries or answers, as a picture to edit: one of our own as it is stored, any other as
 * Telegram has it. Throws `unsupported` before any download where the model cannot edit, and PhotoNotFetched.
 */
export async function sourceFor(
  { prompt, message }: EditRequest,
  context: Context,
  tools: DoorTools,
): Promise<Source> {
  const shown = [message, message.reply_to_message].find((one) => one && fileIn(one) !== undefined);
  if (!shown) return {};
  editingModel({ prompt }, { pictures: 1 }, tools.catalogue);
  const { id, width, height } =
    (await ownPicture(shown, context, tools)) ?? (await sentPhoto(shown, tools));
  return { sources: [id], defaults: [optional({ ratio: parseRatio(`${width}:${height}`) })] };
}

/** A picture of our own has its code in the caption, and is stored in better quality than Telegram shows it. */
async function ownPicture({ caption = "" }: Message, { actor }: Context, { studio }: DoorTools) {
  const code = parseCode(/zi-[0-9A-Z]{10}/.exec(caption)?.[0] ?? "");
  const job = code && (await studio.find(code, actor.requester).catch(() => undefined));
  return job ? job.pictures[0] : undefined;
}

/** Telegram's id of a photo, or of a picture that was sent as a file. */
function fileIn({ photo, document }: Message): string | undefined {
  const picture = document?.mime_type?.startsWith("image/") ? document : undefined;
  return photo?.at(-1)?.file_id ?? picture?.file_id;
}

async function sentPhoto(message: Message, tools: DoorTools) {
  const bytes = await fetchPhoto(fileIn(message) ?? "", tools).catch((error: unknown) => {
    throw new PhotoNotFetched("a photo cannot be fetched", { cause: error });
  });
  return tools.studio.keepSource(bytes);
}

/** One time limit covers the whole download, waits for flood limits included. */
async function fetchPhoto(id: string, { api, fileUrl, fetch }: DoorTools): Promise<Uint8Array> {
  const signal = AbortSignal.timeout(fetchMs);
  const { file_path: path = "" } = await api.getFile(id, signal as Parameters<Api["getFile"]>[1]);
  try {
    return await readCapped(await fetch(`${fileUrl}/${path}`, { signal }), limits.downloadBytes);
  } catch (error) {
    // The error may contain the address, and the token with it.
    throw new TelegramUnreachable("the download of a file", error);
  }
}
