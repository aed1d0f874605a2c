import { isSpoiler, type Job } from "../../core/job.ts";
import { optional } from "../../core/optional.ts";
import { type Button, describeProgress, jobButton } from "../conversation.ts";
import type { Translator } from "../i18n.ts";
import { historyOf, type Page, queueOf, thumbnailOf } from "../use-cases.ts";
import type { DoorTools, Interaction } from "./interaction.ts";
import { titleOf } from "./job-screens.ts";
import type { Screen, ShownPicture } from "./screen.ts";
import { escapeMarkdown } from "./text.ts";

// === Unfinished jobs

/** The person's unfinished jobs, each with a Cancel button. */
export async function queueScreen({ actor, t }: Interaction, tools: DoorTools): Promise<Screen> {
  const waiting = await queueOf(actor, tools);
  if (waiting.length === 0) return { text: t("ask.nothingWaiting") };
  const lines = waiting.map(({ job, view }, index) => {
    const progress = describeProgress(view, t, tools.now());
    return `${index + 1}\\. ${escapeMarkdown(titleOf(job))} · ${progress}`;
  });
  const buttons = waiting.map(({ job }, index) => {
    const button = jobButton("cancel", t, { code: job.code, argument: inQueue });
    return { ...button, label: `${button.label} ${index + 1}` };
  });
  return { text: [t("ask.queue"), ...lines].join("\n"), buttons };
}

/** The argument of a Cancel button in the list of unfinished jobs. */
export const inQueue = "queue";

// === The history

const pageSize = 9;
const thumbnail = { format: "jpeg", quality: 75, maxSide: 320 } as const;

/** A page of the history: jobs created before this time; `back` are the times of the newer pages, the nearest last. */
export interface Trail {
  readonly before: number | undefined;
  readonly back: readonly number[];
}

/** Times are written in base 36, so that many fit into a button's data. */
const radix = 36;
const maxDepth = 5;

/** Reads the argument of a page button; the newest page without one. */
export function readTrail(argument = ""): Trail {
  const times = argument
    .slice(1)
    .split(".")
    .map((part) => Number.parseInt(part, radix));
  const known = times.filter((time) => Number.isSafeInteger(time) && time > 0);
  return { before: known.at(-1), back: known.slice(0, -1) };
}

function argumentOf(times: readonly number[]): string {
  return times
    .slice(-maxDepth)
    .map((time) => time.toString(radix))
    .join(".");
}

/** One page of the person's finished jobs: thumbnails, a menu to choose from, and buttons to the next pages. */
export async function historyScreen(
  { actor, t, place }: Interaction,
  trail: Trail,
  tools: DoorTools,
): Promise<Screen> {
  const wanted = { size: pageSize, ...optional({ before: trail.before }) };
  const page = await historyOf(actor, wanted, tools);
  const count = page.jobs.length;
  if (count === 0) return { text: t("ask.nothingYet", { command: drawName(t) }) };
  const { restricted } = place;
  const thumbnails = await Promise.all(
    page.jobs.map((job) => shownThumbnail(job, tools, restricted)),
  );
  const choices = page.jobs.map((job) => ({
    label: titleOf(job),
    value: job.code,
    description: job.code,
  }));
  return {
    pictures: thumbnails.filter((picture) => picture !== undefined),
    text: t("ask.history", { count }),
    select: { data: { action: "show" }, placeholder: t("buttons.show"), choices },
    buttons: pageButtons(page, trail, t),
  };
}

/** The name of the command that draws, in this language. */
export function drawName(t: Translator): string {
  return t("commands.draw.name");
}

function pageButtons({ older }: Page, { before, back }: Trail, t: Translator): Button[] {
  const here = before === undefined ? back : [...back, before];
  const button = (name: "newer" | "older", times: readonly number[]): Button => ({
    label: t(`buttons.${name}`),
    data: { action: "history", argument: `${name[0] ?? ""}${argumentOf(times)}` },
  });
  return [
    ...(before === undefined ? [] : [button("newer", back)]),
    ...(older === undefined ? [] : [button("older", [...here, older])]),
  ];
}

/** undefined where there is nothing to show. */
async function shownThumbnail(
  job: Job,
  tools: DoorTools,
  restricted: boolean,
): Promise<ShownPicture | undefined> {
  const bytes = await thumbnailOf(job, thumbnail, tools);
  return (
    bytes && {
      name: `${job.code}.jpg`,
      bytes,
      alternative: job.brief.words,
      spoiler: isSpoiler(job) && !restricted,
    }
  );
}
