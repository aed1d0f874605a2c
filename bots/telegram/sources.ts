import type { Api } from "grammy";
import type { Message } from "grammy/types";
import { readDirectives } from "../../core/directives.ts";
import { readCapped } from "../../core/wire/fetch.ts";
import { parseCode } from "../../core/job.ts";
import type { ImageRequest } from "../../core/request.ts";
import { parseRatio } from "../../core/size.ts";
import { editor } from "../imagine.ts";
import { limits } from "./limits.ts";
import { PhotoNotFetched, TelegramUnreachable } from "./trouble.ts";
import type { DoorTools, Visit } from "./visit.ts";

/** How long fetching a photo from the platform may take: the update is not confirmed before it is here. */
const fetchMs = 10_000;

interface Wish {
  readonly prompt: string;
  readonly message: Message;
}

/** What is asked for beside the words where a message carries or answers a photo: to edit that, in its own shape. */
type SourceFields = Pick<ImageRequest, "source" | "aspectRatio">;

/**
 * The photo that a message carries or answers, as a picture to edit: one of our own as it is kept, any other as the
 * platform has it. Throws `unsupported` before anything is fetched where the model cannot edit, and PhotoNotFetched.
 */
export async function sourceFor(
  { prompt, message }: Wish,
  visit: Visit,
  tools: DoorTools,
): Promise<SourceFields> {
  const shown = [message, message.reply_to_message].find((one) => one && fileIn(one) !== undefined);
  if (!shown) return {};
  const said = readDirectives(prompt);
  editor(tools.catalogue, said.model);
  const { id, width, height } =
    (await ownPicture(shown, visit, tools)) ?? (await sent(shown, tools));
  const shape = said.ratio === undefined ? parseRatio(`${width}:${height}`) : undefined;
  return { source: id, ...(shape === undefined ? {} : { aspectRatio: shape }) };
}

/** Our own pictures have their code below them, and are kept better than the platform shows them. */
async function ownPicture({ caption = "" }: Message, { asker }: Visit, { studio }: DoorTools) {
  const code = parseCode(/zi-[0-9A-Z]{10}/.exec(caption)?.[0] ?? "");
  const job = code && (await studio.find(code, asker.requester).catch(() => undefined));
  return job ? job.pictures[0] : undefined;
}

/** The platform's id of a photo, or of a picture that was sent as a file. */
function fileIn({ photo, document }: Message): string | undefined {
  const picture = document?.mime_type?.startsWith("image/") ? document : undefined;
  return photo?.at(-1)?.file_id ?? picture?.file_id;
}

async function sent(message: Message, tools: DoorTools) {
  const bytes = await fetchPhoto(fileIn(message) ?? "", tools).catch((error: unknown) => {
    throw new PhotoNotFetched("a photo cannot be fetched", { cause: error });
  });
  return tools.studio.keepSource(bytes);
}

/** Also where the platform wants to wait, everything together may take so long and no longer. */
async function fetchPhoto(id: string, { api, fileUrl, fetch }: DoorTools): Promise<Uint8Array> {
  const signal = AbortSignal.timeout(fetchMs);
  const { file_path: path = "" } = await api.getFile(id, signal as Parameters<Api["getFile"]>[1]);
  try {
    return await readCapped(await fetch(`${fileUrl}/${path}`, { signal }), limits.downloadBytes);
  } catch (error) {
    // What went wrong may name the address, and the token with it.
    throw new TelegramUnreachable("the download of a file", error);
  }
}
