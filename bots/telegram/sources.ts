import type { Message } from "grammy/types";
import { readDirectives } from "../../core/directives.ts";
import { invalidRequest } from "../../core/errors.ts";
import { readCapped } from "../../core/wire/fetch.ts";
import { parseCode } from "../../core/job.ts";
import type { ImageRequest } from "../../core/request.ts";
import { parseRatio } from "../../core/size.ts";
import { editor } from "../imagine.ts";
import { limits } from "./limits.ts";
import { TelegramUnreachable } from "./trouble.ts";
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
 * platform has it. Throws `unsupported` before anything is fetched where the model cannot edit.
 */
export async function sourceFor(
  { prompt, message }: Wish,
  visit: Visit,
  tools: DoorTools,
): Promise<SourceFields> {
  const shown = [message, message.reply_to_message].find((one) => one?.photo);
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

async function sent({ photo }: Message, { studio, api, fileUrl, fetch }: DoorTools) {
  const { file_path: path } = await api.getFile(photo?.at(-1)?.file_id ?? "");
  if (path === undefined) throw invalidRequest("source", "This picture cannot be fetched.");
  const bytes = await fetch(`${fileUrl}/${path}`, { signal: AbortSignal.timeout(fetchMs) })
    .then((response) => readCapped(response, limits.downloadBytes))
    .catch((error: unknown) => {
      // What went wrong may name the address, and the token with it.
      throw new TelegramUnreachable("the download of a file", error);
    });
  return studio.keepSource(bytes);
}
