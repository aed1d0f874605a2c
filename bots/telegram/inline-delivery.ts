import type { Job, JsonValue } from "../../core/job.ts";
import type { Sends } from "../../core/studio/outbox.ts";
import { describeFailure } from "../conversation.ts";
import type { Words } from "../words.ts";
import { captionOf } from "./captions.ts";
import { inlinePictureKeyboard } from "./keyboards.ts";
import type { Messenger } from "./messenger.ts";
import type { Pictures } from "./pictures.ts";
import type { InlinePlace } from "./place.ts";
import { mixed, richText } from "./rich-text.ts";
import { surely } from "./trouble.ts";

/** The id of a chat that the bot may write to. */
export type StorageChat = number;

export interface InlineShowing {
  readonly job: Job;
  readonly place: InlinePlace;
  readonly sends: Sends;
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
 * there, so the picture goes to the storage chat first.
 */
export async function deliverInline(
  { job, place, sends, words }: InlineShowing,
  { messenger, pictures, storageChat, now }: InlineDeliveryOptions,
): Promise<void> {
  const picture = job.pictures[0];
  if (job.state === "done" && picture && storageChat !== undefined) {
    const file = await sends.once("storage", () =>
      surely(() => store({ job, messenger, pictures, storageChat })),
    );
    const known = typeof file === "string" ? file : await pictures.photoId(picture);
    if (known !== undefined && known !== "") {
      const photo = { kind: "photo", media: known, spoiler: job.asked.spoiler ?? false } as const;
      await messenger.editPicture(
        place,
        photo,
        captionOf(job, words),
        inlinePictureKeyboard(job, words),
      );
      return;
    }
  }
  const error = job.error ?? { code: "internal", details: {} };
  const { text } = describeFailure(error, words, now());
  await messenger.editText(place, richText([mixed(text)]), inlinePictureKeyboard(job, words));
}

interface Storing extends Pick<InlineDeliveryOptions, "messenger" | "pictures"> {
  readonly job: Job;
  readonly storageChat: StorageChat;
}

/** Answers the id of the stored file; an empty one where the picture cannot be a photo. */
async function store({ job, messenger, pictures, storageChat }: Storing): Promise<JsonValue> {
  const [picture] = job.pictures;
  if (!picture) return "";
  const known = await pictures.photoId(picture);
  if (known !== undefined) return known;
  const place = { chat: storageChat, group: true };
  const sent = await pictures.showing(job, picture, async (file) =>
    file.kind === "photo" ? messenger.sendPicture(place, file) : undefined,
  );
  return sent?.file ?? "";
}
