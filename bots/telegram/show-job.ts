import type { InlineKeyboardMarkup } from "grammy/types";
import { isFinished, type Job } from "../../core/job.ts";
import { describeJobFailure, describeProgress } from "../conversation.ts";
import { idsOf } from "../../core/request.ts";
import type { Translator } from "../i18n.ts";
import { viewOf } from "../use-cases.ts";
import type { Context, DoorTools } from "./context.ts";
import { problemBehind } from "./errors.ts";
import { cancelKeyboard, captionOf, pictureKeyboard, retryKeyboard } from "./job-message.ts";
import { PictureGone } from "./pictures.ts";
import type { ChatPlace, SentAlbum } from "./place.ts";
import { cut, lines, mixed, plain, type RichText, richText, verbatim } from "./rich-text.ts";

/** Shows a job as it is now, in a message of its own. */
export async function showJob(job: Job, context: Context, tools: DoorTools): Promise<void> {
  const { t, place } = context;
  try {
    if (job.state === "done") await showPictures(job, context, tools);
    else await tools.messenger.sendText(place, ...withoutPicture(job, context, tools));
  } catch (error) {
    const content = insteadOfPicture(error, job, t);
    if (!content) throw error;
    await tools.messenger.sendText(place, content, pictureKeyboard(job, t));
  }
}

async function showPictures(job: Job, { place, t }: Context, tools: DoorTools): Promise<void> {
  const { messenger, pictures } = tools;
  const [first, ...others] = job.pictures;
  if (!first) throw new PictureGone();
  const caption = captionOf(job, t);
  const keyboard = pictureKeyboard(job, t);
  if (others.length > 0) {
    await sendAlbum(job, place, tools);
    await messenger.sendText(place, caption, keyboard);
    return;
  }
  await pictures.showing(job, first, (file) =>
    messenger.sendPicture(place, file, { caption, keyboard }),
  );
}

/**
 * Sends the pictures of a job as an album, or the only one that is left as a picture. An album has neither caption nor
 * buttons. Throws PictureGone when none is left.
 */
export async function sendAlbum(
  job: Job,
  place: ChatPlace,
  { messenger, pictures }: Pick<DoorTools, "messenger" | "pictures">,
): Promise<SentAlbum> {
  const album = await pictures.album(job);
  const [first, ...others] = album;
  if (!first) throw new PictureGone();
  if (others.length === 0) {
    const { chat, message } = await messenger.sendPicture(place, first.file);
    return { chat, messages: [message] };
  }
  const files = album.map(({ file }) => file);
  const { chat, messages, files: ids } = await messenger.sendAlbum(place, files);
  for (const [index, { picture, file }] of album.entries()) {
    await pictures.remember(picture, file.kind, ids[index] ?? "");
  }
  return { chat, messages };
}

/** How much of its prompt a job without a picture shows. */
const promptLength = 1000;

function withoutPicture(
  job: Job,
  { t, actor }: Context,
  tools: DoorTools,
): [RichText, InlineKeyboardMarkup] {
  const prompt = verbatim(cut(job.brief.words, promptLength));
  const now = tools.now();
  if (isFinished(job)) {
    const { text } = describeJobFailure(job, t, now);
    const content = richText(lines([prompt], [mixed(text)], [plain(job.code)]));
    return [content, retryKeyboard(job.code, t)];
  }
  const progress = plain(describeProgress(viewOf(job, tools), t, now));
  const own = idsOf(actor.requester).includes(job.requester.id);
  const content = richText(lines([prompt], [progress], [plain(job.code)]));
  return [content, own ? cancelKeyboard(job.code, t) : { inline_keyboard: [] }];
}

/** The text for a job whose pictures are gone, or cannot be shown in this chat; undefined for other errors. */
export function insteadOfPicture(error: unknown, job: Job, t: Translator): RichText | undefined {
  const gone = error instanceof PictureGone;
  if (!gone && problemBehind(error) !== "no-pictures") return undefined;
  const { text, entities } = captionOf(job, t);
  return { text: `${text}\n${t(gone ? "picture.swept" : "ask.notHere")}`, entities };
}
