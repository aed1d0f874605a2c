import { isSpoiler, type Job } from "../../core/job.ts";
import type { Translator } from "../i18n.ts";
import { code, plain } from "../screen.ts";
import { failureScreen, pictureScreen } from "../screens/job.ts";
import { telegram } from "./answers.ts";
import { problemOf } from "./errors.ts";
import { limits } from "./limits.ts";
import type { Messenger } from "./messenger.ts";
import type { Pictures } from "./pictures.ts";
import type { InlinePlace } from "./place.ts";
import { inlinePictureKeyboard, type RichText, richText, wordsOf } from "./render.ts";

/** The id of a chat that the bot may write to. */
export type StorageChat = number;

/** A finished job on its way into a message in a chat that the bot is not in. */
export interface InlineShowing {
  readonly job: Job;
  readonly target: InlinePlace;
  readonly t: Translator;
}

/** What delivery into such messages needs. */
export interface InlineDeliveryOptions {
  readonly messenger: Messenger;
  readonly pictures: Pictures;
  readonly storageChat: StorageChat | undefined;
  readonly now: () => number;
}

/**
 * Edits the placeholder of inline mode or of a guest query into the picture. Telegram takes only a file that it already
 * has, so the picture is uploaded to the storage chat first; a duplicate upload there does no harm.
 */
export async function deliverInline(
  { job, target, t }: InlineShowing,
  { messenger, pictures, storageChat, now }: InlineDeliveryOptions,
): Promise<void> {
  const picture = job.pictures[0];
  if (job.state === "done" && picture && storageChat !== undefined) {
    const media = await store({ job, messenger, pictures, storageChat }).catch(unlessGone);
    if (media !== undefined) {
      const photo = { kind: "photo", media, spoiler: isSpoiler(job) } as const;
      const screen = pictureScreen(job, { t, lacks: telegram.lacks });
      const caption = wordsOf(screen, limits.captionLength);
      await messenger.editPicture(target, photo, caption, inlinePictureKeyboard(job, t));
      return;
    }
  }
  const keyboard = inlinePictureKeyboard(job, t);
  await messenger.editText(target, withoutPicture({ job, t, now }), keyboard);
}

/** Without access to the storage chat the message says that the picture cannot be shown there. */
function unlessGone(error: unknown): undefined {
  if (problemOf(error) !== "gone") throw error;
  return undefined;
}

function withoutPicture({
  job,
  t,
  now,
}: Pick<InlineShowing, "job" | "t"> & Pick<InlineDeliveryOptions, "now">): RichText {
  if (job.state === "done") {
    return richText([[plain(t("ask.notHere"))], [code(job.code)]]);
  }
  return wordsOf(failureScreen(job, t, now()));
}

interface Storing extends Pick<InlineDeliveryOptions, "messenger" | "pictures"> {
  readonly job: Job;
  readonly storageChat: StorageChat;
}

/** The id of the stored file; undefined where the picture cannot be a photo. */
async function store(storing: Storing): Promise<string | undefined> {
  const { job, messenger, pictures, storageChat } = storing;
  const [picture] = job.pictures;
  if (!picture) return undefined;
  const known = await pictures.photoId(picture);
  if (known !== undefined) return known;
  const place = { chat: storageChat, group: true };
  const sent = await pictures.showing(job, picture, async (file) =>
    file.kind === "photo" ? messenger.sendPicture(place, file) : undefined,
  );
  return sent?.file;
}
