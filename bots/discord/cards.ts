import { optional } from "../../core/optional.ts";
import type { Job } from "../../core/job.ts";
import type { JobStatus } from "../../core/studio/watch.ts";
import {
  type Button,
  describeFailure,
  describeJob,
  describeProgress,
  jobButton,
  pictureActions,
} from "../conversation.ts";
import type { Words } from "../words.ts";
import { endingOf, type Fitted } from "./attachments.ts";
import { limits } from "./limits.ts";
import type { Select, Sheet, ShownPicture } from "./message.ts";
import { clip, clipTo, halfOf, inert, messageRoom, without } from "./text.ts";

/** How an unfinished job stands, with Cancel, and a preview where the provider has one. */
export function progressSheet(
  { code, brief }: Pick<Job, "code" | "brief">,
  view: JobStatus | undefined,
  { words, now, restricted }: { words: Words; now: number; restricted: boolean },
): Sheet {
  const preview = view?.progress?.preview;
  const spoiler = (brief.spoiler ?? false) && !restricted;
  return {
    text: describeProgress(view, words, now),
    buttons: view ? [jobButton("cancel", words, { code })] : [],
    ...(preview
      ? {
          pictures: [
            {
              name: `preview.${endingOf(preview)}`,
              bytes: preview,
              alternative: brief.words,
              spoiler,
            },
          ],
        }
      : {}),
  };
}

export interface PictureCard {
  readonly job: Job;
  readonly words: Words;
  /** The pictures that are shown; none where they are not kept any more. */
  readonly pictures: readonly Fitted[];
  /** The channel is age-restricted. */
  readonly restricted: boolean;
  /** Leaves out the person's own words and what was made of them. */
  readonly plain?: boolean;
  /** The person who asked, where the message does not tell. */
  readonly mention?: string;
  /** The card is about this picture alone. */
  readonly only?: number;
}

/** A finished job: its pictures, its words, and its buttons. */
export function pictureSheet(card: PictureCard): Sheet {
  const { job, words, only } = card;
  const { code } = job;
  const about = { code, ...optional({ picture: only }) };
  const several = only === undefined && job.pictures.length > 1;
  // Delete is about all the pictures of a job.
  const own = pictureActions.filter((action) => only === undefined || action !== "delete");
  const actions = [...own, ...(job.private ? (["share"] as const) : [])];
  return {
    pictures: shownPictures(card),
    text: cardText(card),
    ...(several ? { select: pictureSelect(job, words) } : {}),
    buttons: actions.map((action) => jobButton(action, words, about)),
  };
}

function shownPictures({ job, pictures, restricted, plain }: PictureCard): ShownPicture[] {
  const spoiler = (job.brief.spoiler ?? false) && !restricted;
  return pictures.map(({ number, bytes, ending }) => ({
    name: `${job.code}-${number}.${ending}`,
    bytes,
    alternative: plain ? job.code : job.brief.words,
    spoiler,
  }));
}

function cardText({ job, words, plain = false, mention }: PictureCard): string {
  const text = describeJob(job, words);
  const swept = job.pictures.length === 0 ? [words.say("picture.swept")] : [];
  const notices = text.notices.map((notice) => small(clipTo(200, notice)));
  const below = [text.facts, ...notices.slice(0, 8), ...swept].join("\n");
  const head = mention === undefined ? [] : [`<@${mention}>`];
  if (plain) return [...head, below].join("\n");
  return [...head, ...wordLines(text, words, below), below].join("\n");
}

/** The person's words and the enhanced prompt share what room the rest leaves. */
function wordLines(
  { words: own, enhanced }: { words: string; enhanced: string | undefined },
  words: Words,
  below: string,
): string[] {
  const room = without(messageRoom, `${below}${" ".repeat(60)}`);
  const ownLine = clip(inert(own), enhanced === undefined ? room : halfOf(room));
  if (enhanced === undefined) return [ownLine];
  const label = `**${words.say("picture.enhanced")}:** `;
  const text = clip(inert(enhanced).replace(/\s*\n\s*/g, " "), without(room, ownLine + label));
  return [ownLine, `> ${label}${text}`];
}

function small(line: string): string {
  return `-# ${inert(line).replace(/\s*\n\s*/g, " ")}`;
}

function pictureSelect({ code, pictures }: Job, words: Words): Select {
  return {
    data: { action: "pick", code },
    placeholder: words.say("picture.choosePicture"),
    choices: pictures.map(({ number, seed }) => ({
      label: `${number}`,
      value: `${number}`,
      description: `${seed}`,
    })),
  };
}

/** A job that ended without a picture. */
export function failureSheet({ code, error, state }: Job, words: Words, now: number): Sheet {
  if (state === "cancelled") {
    return { text: words.say("picture.cancelled"), buttons: [jobButton("retry", words, { code })] };
  }
  const failure = error ?? { code: "internal" as const, details: {}, message: "" };
  const { text, retry } = describeFailure(failure, words, now);
  const buttons: Button[] = retry ? [jobButton("retry", words, { code })] : [];
  return { text: `${inert(text)}\n-# ${code}`, buttons };
}

/** Enough of a job to be told apart in a list. */
export function titleOf({ brief, code }: Job): string {
  const line = brief.words.replace(/\s+/g, " ").trim();
  return line === "" ? code : clipTo(limits.choiceName, line);
}
