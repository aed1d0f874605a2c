import type { Job } from "../../core/job.ts";
import type { Translator } from "../i18n.ts";
import { plain, type Screen } from "../screen.ts";
import type { DoorTools } from "./context.ts";
import type { Sendable } from "./messenger.ts";
import { problemOf } from "./errors.ts";
import {
  type ChatPlace,
  parseSent,
  parseSentAlbum,
  type SentMessage,
  type Target,
} from "./place.ts";
import { keyboardOf, richText } from "./render.ts";
import { emptyPicture, messageOf, noWords, sendOriginal } from "./show.ts";

/** Sends the original file of each picture. */
export async function sendOriginals(
  job: Job,
  { place }: { readonly place: ChatPlace },
  tools: DoorTools,
): Promise<void> {
  for (const picture of job.pictures) await sendOriginal(job, picture, place, tools);
}

/** Replaces the picture of the pressed message, or those of its album, by the same behind a spoiler. */
export async function showHidden(
  { job, screen }: { readonly job: Job; readonly screen: Screen },
  target: Target,
  { messenger, pictures }: DoorTools,
): Promise<void> {
  const album = parseSentAlbum(job.delivery.sends["album"]?.answer);
  const several = job.pictures.length > 1;
  for (const [index, picture] of job.pictures.entries()) {
    const message = album?.messages[index] ?? 0;
    const shown = several ? album && { chat: album.chat, message } : target;
    if (!shown) continue;
    const changed = (file: Sendable) =>
      several ? { text: noWords, file } : messageOf(screen, file);
    await pictures.showing(job, (file) => messenger.edit(shown, changed(file)), picture);
  }
  await messenger.editKeyboard(target, keyboardOf(screen));
}

/** Deletes the pressed message, and the other messages of the same job. */
export async function deleteMessages(
  job: Job,
  { target, t }: { readonly target: Target; readonly t: Translator },
  { messenger }: DoorTools,
): Promise<void> {
  if (!("message" in target)) return messenger.remove(target);
  for (const message of [target, ...otherMessages(job, target)]) {
    try {
      await messenger.remove(message);
    } catch (error) {
      if (problemOf(error) === "no-message") continue;
      if (problemOf(error) !== "cannot-delete") throw error;
      await blank(message, t("picture.deleted"), { messenger });
    }
  }
}

function otherMessages({ delivery }: Job, target: SentMessage): SentMessage[] {
  const { album, ...others } = delivery.sends;
  const { chat = target.chat, messages = [] } = parseSentAlbum(album?.answer) ?? {};
  const found = [
    ...messages.map((message) => ({ chat, message })),
    ...Object.values(others).flatMap(({ answer }) => parseSent(answer) ?? []),
  ];
  const isTarget = (one: SentMessage) => one.chat === target.chat && one.message === target.message;
  // Only if the pressed message is one of the job's own: a copy from /show is deleted alone.
  return found.some(isTarget) ? found.filter((one) => !isTarget(one)) : [];
}

/** Replaces a message that is too old to be deleted, unless it is gone: a text by this text, a picture by an empty one. */
async function blank(
  target: SentMessage,
  text: string,
  { messenger }: Pick<DoorTools, "messenger">,
): Promise<void> {
  const words = { text: richText([[plain(text)]]) };
  for (const message of [words, { ...words, file: emptyPicture() }]) {
    try {
      await messenger.edit(target, message);
      return;
    } catch (error) {
      if (problemOf(error) !== "no-message") throw error;
    }
  }
}
