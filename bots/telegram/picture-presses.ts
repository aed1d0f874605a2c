import { InputFile } from "grammy";
import type { Job } from "../../core/job.ts";
import { cancel, erase, hide, type MayModerate } from "../use-cases.ts";
import type { DoorTools, Press, PressAnswer } from "./context.ts";
import { problemOf } from "./errors.ts";
import { captionOf, pictureKeyboard } from "./job-message.ts";
import { parseSent, parseSentAlbum, placeOf, type SentMessage } from "./place.ts";
import { plain, richText } from "./rich-text.ts";

/** Sends the original file of each picture. */
export async function sendOriginals(press: Press, tools: DoorTools): Promise<PressAnswer> {
  const { code, actor, place, t } = press;
  const job = await tools.studio.find(code, actor.requester);
  if (job.pictures.length === 0) return t("picture.noPicture", { code });
  tools.later(async () => {
    for (const picture of job.pictures) {
      const file = await tools.pictures.original(job, picture);
      if (!file) continue;
      const sent = await tools.messenger.sendPicture(place, file);
      await tools.pictures.remember(picture, "document", sent.file);
    }
  });
  return undefined;
}

/** Erases the pictures of a job and deletes their messages: for its owner, and for administrators of its group. */
export async function deletePicture(press: Press, tools: DoorTools): Promise<PressAnswer> {
  const { code, actor } = press;
  const job = await erase(code, actor, moderating(press, tools), tools);
  tools.later(() => deleteMessages(job, press, tools));
  return undefined;
}

/** Puts the pictures of a job behind a spoiler: for its owner, and for administrators of its group. */
export async function hidePicture(press: Press, tools: DoorTools): Promise<PressAnswer> {
  const { code, actor, t, target } = press;
  const job = await tools.studio.find(code, actor.requester);
  if (job.pictures.length === 0) return t("picture.noPicture", { code });
  const hidden = await hide(code, actor, moderating(press, tools), tools);
  tools.later(async () => {
    await hideMessages(hidden, press, tools);
    await tools.messenger.editKeyboard(target, pictureKeyboard(hidden, t));
  });
  return undefined;
}

/** Replaces the picture of the pressed message, or those of its album, by the same behind a spoiler. */
async function hideMessages(job: Job, { target, t }: Press, { messenger, pictures }: DoorTools) {
  const album = parseSentAlbum(job.delivery.sends["album"]?.answer);
  const several = job.pictures.length > 1;
  for (const [index, picture] of job.pictures.entries()) {
    const message = album?.messages[index] ?? 0;
    const shown = several ? album && { chat: album.chat, message } : target;
    if (!shown) continue;
    const [caption, keyboard] = several
      ? [richText([]), undefined]
      : [captionOf(job, t), pictureKeyboard(job, t)];
    await pictures.showing(job, picture, (file) =>
      messenger.editPicture(shown, file, caption, keyboard),
    );
  }
}

/** Ends a job: for its owner, and for administrators of its group. */
export async function cancelJob(press: Press, tools: DoorTools): Promise<PressAnswer> {
  const { code, actor } = press;
  await cancel(code, actor, moderating(press, tools), tools);
  return undefined;
}

/** Of administrators of the group where the job was delivered, who press there. */
function moderating({ place, user }: Press, { moderators }: DoorTools): MayModerate {
  return async (job) => {
    if (job.delivery.door !== "telegram") return false;
    const madeAt = placeOf(job);
    if ("inline" in madeAt || madeAt.chat !== place.chat) return false;
    return moderators.include(place, user);
  };
}

/** Deletes the pressed message, and the other messages of the same job. */
async function deleteMessages(job: Job, { target, t }: Press, { messenger, imaging }: DoorTools) {
  if (!("message" in target)) return messenger.removeOne(target);
  for (const message of [target, ...otherMessages(job, target)]) {
    try {
      await messenger.remove({ chat: message.chat, messages: [message.message] });
    } catch (error) {
      if (problemOf(error) === "no-message") continue;
      if (problemOf(error) !== "cannot-delete") throw error;
      await blank(message, t("picture.deleted"), { messenger, imaging });
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

/** Replaces a message that is too old to be deleted: a text by this text, a picture by an empty one. */
async function blank(
  target: SentMessage,
  text: string,
  { messenger, imaging }: Pick<DoorTools, "messenger" | "imaging">,
): Promise<void> {
  const caption = richText([plain(text)]);
  const grey = { columns: 1, side: 64, gap: 0, background: "#808080" };
  const empty = new InputFile(await imaging.sheet([], grey), "deleted.jpg");
  try {
    await messenger.editText(target, caption);
  } catch (error) {
    if (problemOf(error) !== "no-message") throw error;
    // It is a picture, or was deleted meanwhile.
    await messenger
      .editPicture(target, { kind: "photo", media: empty }, caption)
      .catch((second: unknown) => {
        if (problemOf(second) !== "no-message") throw second;
      });
  }
}
