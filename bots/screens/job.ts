import { promptOf } from "../../core/brief.ts";
import type { Catalogue } from "../../core/catalogue.ts";
import { isFinished, isSpoiler, type Job } from "../../core/job.ts";
import { optional } from "../../core/optional.ts";
import { listedRatios } from "../../core/request.ts";
import type { JobStatus } from "../../core/studio/watch.ts";
import type { Action, ActionName } from "../button-data.ts";
import {
  describeFacts,
  describeJobFailure,
  describeNotice,
  describeProgress,
  describeRewording,
  type Explanation,
} from "../conversation.ts";
import { mostSources } from "../edits.ts";
import type { Translator } from "../i18n.ts";
import type { Platform } from "../platform.ts";
import {
  type Button,
  type Choices,
  code as codePiece,
  type Line,
  mixed,
  note,
  plain,
  type Screen,
  typed,
} from "../screen.ts";

// === Buttons

/** The buttons below a picture, in their rows. */
const pictureRows = [
  ["again", "vary", "own"],
  ["ratio", "reword", "edit", "original", "hide", "delete"],
] as const satisfies readonly ActionName[][];

type Labelled =
  | (typeof pictureRows)[number][number]
  | "cancel"
  | "retry"
  | "share"
  | "back"
  | "show";

/** A button about the job, or the picture, that `data` names. */
export function jobButton(action: Labelled, t: Translator, data: Omit<Action, "action">): Button {
  const button = { label: t(`buttons.${action}`), data: { action, ...data } };
  return action === "delete" ? { ...button, style: "danger" } : button;
}

/** The button of an unfinished job. */
export function cancelButtons({ code }: Job, t: Translator): Button[][] {
  return [[jobButton("cancel", t, { code })]];
}

/** The button of a failed job. */
export function retryButtons({ code }: Job, t: Translator): Button[][] {
  return [[jobButton("retry", t, { code })]];
}

/** How pictures are shown. */
export interface PictureView {
  readonly t: Translator;
  /** Buttons that are not offered here: see `lackingIn`. */
  readonly lacks: readonly ActionName[];
  /** The number of the one picture that this is about. */
  readonly only?: number;
}

/** The buttons that a platform does not offer, where these models paint. */
export function lackingIn({ lacks }: Platform, catalogue: Catalogue): readonly ActionName[] {
  return mostSources(catalogue) > 0 ? lacks : [...lacks, "edit"];
}

function pictureButtons(job: Job, { t, lacks, only }: PictureView): Button[][] {
  const about = { code: job.code, ...optional({ picture: only }) };
  const isGone = job.pictures.length === 0;
  const left: readonly string[] = [
    ...lacks,
    // Delete erases all pictures of a job.
    ...(only === undefined ? [] : ["delete"]),
    ...(isSpoiler(job) ? ["hide"] : []),
    ...(isGone ? ["edit", "original", "hide", "delete"] : []),
  ];
  const rows = pictureRows.map((row) =>
    row.filter((action) => !left.includes(action)).map((action) => jobButton(action, t, about)),
  );
  const share = job.private ? [jobButton("share", t, about)] : [];
  return [...rows, [...share, ...undoButtons(job, t)]];
}

/** The button that brings the picture back from which this one was made; none where it was not made from one of ours. */
function undoButtons({ brief, parent }: Job, t: Translator): readonly Button[] {
  if (parent === null || (brief.version ?? 1) < 2) return [];
  return [{ label: t("buttons.undo"), data: { action: "show", code: parent } }];
}

// === Screens

/** An unfinished job: how it stands, what there is of its picture, and Cancel. */
export function progressScreen(
  job: Job,
  status: JobStatus | undefined,
  { t, now }: { readonly t: Translator; readonly now: number },
): Screen {
  const preview = status?.progress?.preview;
  return {
    ...(preview && { pictures: [{ job, preview }] }),
    lines: [[plain(describeProgress(status, t, now))]],
    buttons: status ? cancelButtons(job, t) : [],
  };
}

/** A finished job: its pictures, what was asked and made, and the buttons. */
export function pictureScreen(job: Job, view: PictureView): Screen {
  const { t, only, lacks } = view;
  const pictures = job.pictures.filter(({ number }) => only === undefined || number === only);
  const several = pictures.length > 1 && !lacks.includes("pick");
  return {
    pictures: pictures.map(({ number }) => ({ job, number })),
    lines: job.pictures.length === 0 ? goneLines(job, t) : pictureLines({ ...job, pictures }, t),
    ...(several && { choices: pictureChoices(job, t) }),
    buttons: pictureButtons(job, view),
  };
}

function pictureLines(job: Job, t: Translator): readonly Line[] {
  const enhanced = describeRewording(job);
  return [
    [typed(job.brief.words)],
    ...(enhanced === undefined
      ? []
      : [[{ text: enhanced, as: "quote", label: t("picture.enhanced") } as const]]),
    [plain(describeFacts(job, t))],
    ...job.notices.map((notice) => [note(describeNotice(notice, t))]),
  ];
}

/** What is said of pictures that are kept no more. */
export function goneLines(job: Job, t: Translator): readonly Line[] {
  return [...pictureLines(job, t), [plain(t("picture.swept"))]];
}

function pictureChoices({ code, brief, pictures }: Job, t: Translator): Choices {
  return {
    data: { action: "pick", code },
    label: t("picture.choosePicture"),
    options: pictures.map(({ number, seed }) => ({
      label: `${number}`,
      value: `${number}`,
      description: brief.variants ? promptOf(brief, number) : `${seed}`,
    })),
  };
}

/** A job that ended without a picture. */
export function failureScreen(job: Job, t: Translator, now: number): Screen {
  const { text, retry } = describeJobFailure(job, t, now);
  const isCancelled = job.state === "cancelled";
  return {
    lines: [[mixed(text)], ...(isCancelled ? [] : [[codePiece(job.code)]])],
    buttons: retry ? retryButtons(job, t) : [],
  };
}

/** A job as it is now, for a person who asks for it by its code. */
export function jobScreen(
  job: Job,
  status: JobStatus | undefined,
  view: PictureView & { readonly now: number; readonly isOwn: boolean },
): Screen {
  if (job.state === "done") return pictureScreen(job, view);
  const { t, now, isOwn } = view;
  const ended = isFinished(job);
  const screen = ended ? failureScreen(job, t, now) : progressScreen(job, status, view);
  const words = [typed(job.brief.words)];
  if (ended) return { ...screen, lines: [words, ...screen.lines], buttons: retryButtons(job, t) };
  const lines = [words, ...screen.lines, [codePiece(job.code)]];
  return { ...screen, lines, buttons: isOwn ? (screen.buttons ?? []) : [] };
}

/** The ratios in which a picture can be made again. */
export function ratioScreen(
  { code, picture }: Pick<Action, "code" | "picture">,
  { t, lacks }: PictureView,
): Screen {
  const about = optional({ code, picture });
  const ratios = listedRatios.map(
    (argument): Button => ({ label: argument, data: { action: "ratio", ...about, argument } }),
  );
  const back = lacks.includes("back") ? [] : [jobButton("back", t, about)];
  return {
    lines: [[plain(t("picture.chooseRatio"))]],
    buttons: [ratios.slice(0, 3), ratios.slice(3), back],
  };
}

/** Why a person gets no picture, with a button that answers where there is one. */
export function explanationScreen({ text, button, retry }: Explanation, again?: Button): Screen {
  const offered = button ?? (retry ? again : undefined);
  return { lines: [[mixed(text)]], buttons: offered ? [[offered]] : [] };
}
