import { promptOf } from "../../core/brief.ts";
import { isSpoiler, type Job } from "../../core/job.ts";
import { optional } from "../../core/optional.ts";
import type { JobStatus } from "../../core/studio/watch.ts";
import {
  describeJobFailure,
  describeJob,
  describeProgress,
  jobButton,
  type JobText,
  pictureActions,
  undoButtons,
} from "../conversation.ts";
import type { Translator } from "../i18n.ts";
import { extensionOf, type Fitted } from "./attachments.ts";
import { limits } from "./limits.ts";
import type { Screen, Select, ShownPicture } from "./screen.ts";
import { clip, clipTo, escapeMarkdown, halfOf, messageRoom, without } from "./text.ts";

/** An unfinished job: how it stands, the provider's preview if there is one, and Cancel. */
export function progressScreen(
  job: Job,
  view: JobStatus | undefined,
  { t, now, restricted }: { t: Translator; now: number; restricted: boolean },
): Screen {
  const preview = view?.progress?.preview;
  const picture = preview && {
    name: `preview.${extensionOf(preview)}`,
    bytes: preview,
    alternative: job.brief.words,
    spoiler: isSpoiler(job) && !restricted,
  };
  return {
    text: describeProgress(view, t, now),
    buttons: view ? [jobButton("cancel", t, { code: job.code })] : [],
    ...(picture ? { pictures: [picture] } : {}),
  };
}

/** What `pictureScreen` shows, and how. */
export interface PictureScreenOptions {
  readonly job: Job;
  readonly t: Translator;
  /** The pictures to show; none where they are no longer kept. */
  readonly pictures: readonly Fitted[];
  /** The channel is age-restricted. */
  readonly restricted: boolean;
  /** A model edits pictures. */
  readonly edits: boolean;
  /** Without the person's prompt and the enhanced prompt. */
  readonly plain?: boolean;
  /** The id of the person to name, where Discord does not show whom the message answers. */
  readonly mention?: string;
  /** The number of the one picture that this is about. */
  readonly only?: number;
}

/** A finished job: its pictures, its texts and its buttons. */
export function pictureScreen(options: PictureScreenOptions): Screen {
  const { job, t, only, edits } = options;
  const { code } = job;
  const about = { code, ...optional({ picture: only }) };
  const several = only === undefined && job.pictures.length > 1;
  // Delete erases all pictures of a job.
  const left: readonly string[] = [
    ...(only === undefined ? [] : ["delete"]),
    ...(edits ? [] : ["edit"]),
    ...(isSpoiler(job) ? ["hide"] : []),
  ];
  const own = pictureActions.filter((action) => !left.includes(action));
  const actions = [...own, ...(job.private ? (["share"] as const) : [])];
  return {
    pictures: shownPictures(options),
    text: pictureText(options),
    ...(several ? { select: pictureSelect(job, t) } : {}),
    buttons: [...actions.map((action) => jobButton(action, t, about)), ...undoButtons(job, t)],
  };
}

function shownPictures({ job, pictures, restricted, plain }: PictureScreenOptions): ShownPicture[] {
  return pictures.map(({ number, bytes, extension }) => ({
    name: `${job.code}-${number}.${extension}`,
    bytes,
    alternative: plain ? job.code : alternativeOf(job, number),
    spoiler: isSpoiler(job) && !restricted,
  }));
}

function alternativeOf({ brief }: Job, number: number): string {
  return brief.variants ? promptOf(brief, number) : brief.words;
}

function pictureText({ job, t, plain = false, mention }: PictureScreenOptions): string {
  const text = describeJob(job, t);
  const swept = job.pictures.length === 0 ? [t("picture.swept")] : [];
  const notices = text.notices.map((notice) => small(clipTo(200, notice)));
  const below = [text.facts, ...notices.slice(0, 8), ...swept].join("\n");
  const head = mention === undefined ? [] : [`<@${mention}>`];
  if (plain) return [...head, below].join("\n");
  return [...head, ...promptLines(text, t, below), below].join("\n");
}

/** The person's prompt and the enhanced prompt share the space that `below` leaves. */
function promptLines({ prompt, enhanced }: JobText, t: Translator, below: string): string[] {
  const room = without(messageRoom, `${below}${" ".repeat(60)}`);
  const own = clip(escapeMarkdown(prompt), enhanced === undefined ? room : halfOf(room));
  if (enhanced === undefined) return [own];
  const label = `**${t("picture.enhanced")}:** `;
  const text = clip(oneLine(enhanced), without(room, own + label));
  return [own, `> ${label}${text}`];
}

function small(line: string): string {
  return `-# ${oneLine(line)}`;
}

function oneLine(text: string): string {
  return escapeMarkdown(text).replace(/\s*\n\s*/g, " ");
}

function pictureSelect(job: Job, t: Translator): Select {
  const { code, pictures } = job;
  return {
    data: { action: "pick", code },
    placeholder: t("picture.choosePicture"),
    choices: pictures.map(({ number, seed }) => ({
      label: `${number}`,
      value: `${number}`,
      description: job.brief.variants ? promptOf(job.brief, number) : `${seed}`,
    })),
  };
}

/** A job that ended without a picture. */
export function failureScreen(job: Job, t: Translator, now: number): Screen {
  const { code } = job;
  const again = jobButton("retry", t, { code });
  if (job.state === "cancelled") return { text: t("picture.cancelled"), buttons: [again] };
  const { text, retry } = describeJobFailure(job, t, now);
  return { text: `${escapeMarkdown(text)}\n-# ${code}`, buttons: retry ? [again] : [] };
}

/** A job in one line of a list: the beginning of its prompt, or its code where the prompt is empty. */
export function titleOf({ brief, code }: Job): string {
  const line = brief.words.replace(/\s+/g, " ").trim();
  return line === "" ? code : clipTo(limits.choiceName, line);
}
