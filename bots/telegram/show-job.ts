import type { InlineKeyboardMarkup } from "grammy/types";
import { isFinished, type Job } from "../../core/job.ts";
import { describeFailure, describeProgress } from "../conversation.ts";
import type { Words } from "../words.ts";
import { sendAlbum } from "./album.ts";
import { captionOf } from "./captions.ts";
import { cancelKeyboard, pictureKeyboard, retryKeyboard } from "./keyboards.ts";
import { PictureGone } from "./pictures.ts";
import { asWords, cut, lines, mixed, plain, type RichText, richText } from "./rich-text.ts";
import { troubleBehind } from "./trouble.ts";
import type { DoorTools, Visit } from "./visit.ts";

/** Shows a job in a message of its own, as it stands now. */
export async function showJob(job: Job, visit: Visit, tools: DoorTools): Promise<void> {
  try {
    if (job.state === "done") await showPictures(job, visit, tools);
    else await tools.messenger.sendText(visit.place, ...standing(job, visit, tools));
  } catch (error) {
    const content = insteadOfPicture(error, job, visit.words);
    if (!content) throw error;
    await tools.messenger.sendText(visit.place, content, pictureKeyboard(job, visit.words));
  }
}

async function showPictures(job: Job, { place, words }: Visit, tools: DoorTools): Promise<void> {
  const { messenger, pictures } = tools;
  const [first, ...others] = job.pictures;
  if (!first) throw new PictureGone();
  const caption = captionOf(job, words);
  const keyboard = pictureKeyboard(job, words);
  if (others.length > 0) {
    await sendAlbum(job, place, tools);
    await messenger.sendText(place, caption, keyboard);
    return;
  }
  await pictures.showing(job, first, (file) =>
    messenger.sendPicture(place, file, { caption, keyboard }),
  );
}

/** What a job that shows no picture says of its words at most. */
const wordsLength = 1000;

function standing(
  job: Job,
  { words, asker }: Visit,
  { studio, now }: DoorTools,
): [RichText, InlineKeyboardMarkup] {
  const asked = asWords(cut(job.brief.words, wordsLength));
  if (isFinished(job)) {
    const error = job.error ?? { code: "internal", details: {} };
    const { text } = describeFailure(error, words, now());
    const content = richText(lines([asked], [mixed(text)], [plain(job.code)]));
    return [content, retryKeyboard(job.code, words)];
  }
  const progress = plain(describeProgress(studio.view(job.code), words, now()));
  const own = job.requester.id === asker.requester.id;
  const content = richText(lines([asked], [progress], [plain(job.code)]));
  return [content, own ? cancelKeyboard(job.code, words) : { inline_keyboard: [] }];
}

/** What is left to say about a job whose pictures are gone, or cannot be shown here; undefined for other errors. */
export function insteadOfPicture(error: unknown, job: Job, words: Words): RichText | undefined {
  const gone = error instanceof PictureGone;
  if (!gone && troubleBehind(error) !== "no-pictures") return undefined;
  const { text, entities } = captionOf(job, words);
  return { text: `${text}\n${words.say(gone ? "picture.swept" : "ask.notHere")}`, entities };
}
