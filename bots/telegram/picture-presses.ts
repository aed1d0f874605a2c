import { InputFile } from "grammy";
import type { Job } from "../../core/job.ts";
import { erase } from "../imagine.ts";
import { parseSent, parseSentAlbum, placeOf, type SentMessage } from "./place.ts";
import type { Notice, Pressed } from "./presses.ts";
import { plain, richText } from "./rich-text.ts";
import { troubleOf } from "./trouble.ts";
import type { DoorTools } from "./visit.ts";

/** Sends the untouched file of each picture. */
export async function sendOriginals(pressed: Pressed, tools: DoorTools): Promise<Notice> {
  const { code, asker, place, words } = pressed;
  const job = await tools.studio.find(code, asker.requester);
  if (job.pictures.length === 0) return words.say("picture.noPicture", { code });
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

/** Erases the pictures and takes away the messages that show them: for the owner, and for who runs the group. */
export async function deletePicture(pressed: Pressed, tools: DoorTools): Promise<Notice> {
  const { code, asker } = pressed;
  const job = await tools.studio.find(code, asker.requester);
  const own = job.requester.id === asker.requester.id;
  const moderator = !own && (await moderatesHere(job, pressed, tools));
  await erase(code, { ...asker, moderator }, tools);
  tools.later(() => takeAway(job, pressed, tools));
  return undefined;
}

/** A group's administrators have a say about what was asked for there, and nowhere else. */
async function moderatesHere(job: Job, { place, user }: Pressed, { moderators }: DoorTools) {
  if (job.delivery.door !== "telegram") return false;
  const madeAt = placeOf(job);
  if ("inline" in madeAt || madeAt.chat !== place.chat) return false;
  return moderators.include(place, user);
}

/** The pressed message, and what else of the same job stands beside it. */
async function takeAway(job: Job, { target, words }: Pressed, { messenger, imaging }: DoorTools) {
  if ("inline" in target) return;
  for (const message of [target, ...besides(job, target)]) {
    try {
      await messenger.remove({ chat: message.chat, messages: [message.message] });
    } catch (error) {
      if (troubleOf(error) === "no-message") continue;
      if (troubleOf(error) !== "cannot-delete") throw error;
      await blank(message, words.say("picture.deleted"), { messenger, imaging });
    }
  }
}

function besides({ delivery }: Job, target: SentMessage): SentMessage[] {
  const { album, ...others } = delivery.sends;
  const { chat = target.chat, messages = [] } = parseSentAlbum(album?.answer) ?? {};
  const found = [
    ...messages.map((message) => ({ chat, message })),
    ...Object.values(others).flatMap(({ answer }) => parseSent(answer) ?? []),
  ];
  const isTarget = (one: SentMessage) => one.chat === target.chat && one.message === target.message;
  // Only when the pressed message is the job's own; a copy that /show made stands alone.
  return found.some(isTarget) ? found.filter((one) => !isTarget(one)) : [];
}

/** A message that is too old to be deleted keeps its place, without the picture. */
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
    if (troubleOf(error) !== "no-message") throw error;
    // It is no text but a picture, or has gone meanwhile.
    await messenger
      .editPicture(target, { kind: "photo", media: empty }, caption)
      .catch((second: unknown) => {
        if (troubleOf(second) !== "no-message") throw second;
      });
  }
}
