import type { Job } from "../../core/job.ts";
import { describeFailure } from "../conversation.ts";
import type { Words } from "../words.ts";
import { captionOf } from "./captions.ts";
import { inlinePictureKeyboard } from "./keyboards.ts";
import type { Messenger } from "./messenger.ts";
import type { Pictures } from "./pictures.ts";
import type { InlinePlace } from "./place.ts";
import { asWords, lines, mixed, plain, type RichText, richText } from "./rich-text.ts";
import { troubleOf } from "./trouble.ts";

/** The id of a chat that the bot may write to. */
export type StorageChat = number;

export interface InlineShowing {
  readonly job: Job;
  readonly place: InlinePlace;
  readonly words: Words;
}

export interface InlineDeliveryOptions {
  readonly messenger: Messenger;
  readonly pictures: Pictures;
  readonly storageChat: StorageChat | undefined;
  readonly now: () => number;
}

/**
 * Makes the placeholder that a person sent by inline mode the picture. Only a file that the platform has can be put
 * there, so the picture goes to the storage chat first: once more where nobody knows whether it arrived, which nobody sees.
 */
export async function deliverInline(
  { job, place, words }: InlineShowing,
  { messenger, pictures, storageChat, now }: InlineDeliveryOptions,
): Promise<void> {
  const picture = job.pictures[0];
  if (job.state === "done" && picture && storageChat !== undefined) {
    const media = await store({ job, messenger, pictures, storageChat }).catch(unlessShut);
    if (media !== undefined) {
      const photo = { kind: "photo", media, spoiler: job.brief.spoiler ?? false } as const;
      await messenger.editPicture(
        place,
        photo,
        captionOf(job, words),
        inlinePictureKeyboard(job, words),
      );
      return;
    }
  }
  const keyboard = inlinePictureKeyboard(job, words);
  await messenger.editText(place, withoutPicture({ job, words, now }), keyboard);
}

/** A storage chat that the bot cannot write to is its owner's business: the place of the picture is still there. */
function unlessShut(error: unknown): undefined {
  if (troubleOf(error) !== "gone") throw error;
  return undefined;
}

function withoutPicture({
  job,
  words,
  now,
}: Pick<InlineShowing, "job" | "words"> & Pick<InlineDeliveryOptions, "now">): RichText {
  if (job.state === "done") {
    return richText(lines([plain(words.say("ask.notHere"))], [asWords(job.code)]));
  }
  const error = job.error ?? { code: "internal", details: {} };
  return richText([mixed(describeFailure(error, words, now()).text)]);
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
