import type { Job } from "../../core/job.ts";
import type { Log } from "../../core/observe.ts";
import type { Button } from "../conversation.ts";
import { describeProgress, jobButton } from "../conversation.ts";
import { type Asker, type ChatTools, historyOf, type Page, queueOf } from "../imagine.ts";
import type { Words } from "../words.ts";
import { titleOf } from "./cards.ts";
import type { Sheet, ShownPicture } from "./message.ts";
import { inert } from "./text.ts";

interface ListTools extends ChatTools {
  readonly now: () => number;
  readonly log: Log;
}

// === What is waiting

/** A person's own unfinished jobs, each with its Cancel. */
export async function queueSheet(asker: Asker, words: Words, tools: ListTools): Promise<Sheet> {
  const waiting = await queueOf(asker, tools);
  if (waiting.length === 0) return { text: words.say("ask.nothingWaiting") };
  const lines = waiting.map(({ job, view }, index) => {
    const standing = describeProgress(view, words, tools.now());
    return `${index + 1}\\. ${inert(titleOf(job))} · ${standing}`;
  });
  const buttons = waiting.map(({ job }, index) => {
    const button = jobButton("cancel", words, { code: job.code, argument: inQueue });
    return { ...button, label: `${button.label} ${index + 1}` };
  });
  return { text: [words.say("ask.queue"), ...lines].join("\n"), buttons };
}

/** The argument of a Cancel that stands in the list. */
export const inQueue = "queue";

// === What was made

const pageSize = 9;
const thumbnail = { format: "jpeg", quality: 75, maxSide: 320 } as const;

/** Where a page of the history begins, and where those before it began, newest last. */
export interface Trail {
  readonly before: number | undefined;
  readonly back: readonly number[];
}

/** Times in base 36 behind a letter for the direction, so that as many as possible fit a button. */
const radix = 36;
const deepest = 5;

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
    .slice(-deepest)
    .map((time) => time.toString(radix))
    .join(".");
}

/** One page of a person's finished pictures: thumbnails, a list to choose from, and the way to the next page. */
export async function historySheet(
  asker: Asker,
  trail: Trail,
  { words, tools, restricted }: { words: Words; tools: ListTools; restricted: boolean },
): Promise<Sheet> {
  const { before } = trail;
  const wanted = { size: pageSize, ...(before === undefined ? {} : { before }) };
  const page = await historyOf(asker, wanted, tools);
  const count = page.jobs.length;
  if (count === 0) return { text: words.say("ask.nothingYet", { command: drawName(words) }) };
  const thumbnails = await Promise.all(page.jobs.map((job) => thumbnailOf(job, tools, restricted)));
  const choices = page.jobs.map((job) => ({
    label: titleOf(job),
    value: job.code,
    description: job.code,
  }));
  return {
    pictures: thumbnails.filter((picture) => picture !== undefined),
    text: words.say("ask.history", { count }),
    select: { data: { action: "show" }, placeholder: words.say("buttons.show"), choices },
    buttons: turners(page, trail, words),
  };
}

export function drawName(words: Words): string {
  return words.say("commands.draw.name");
}

function turners({ older }: Page, { before, back }: Trail, words: Words): Button[] {
  const here = before === undefined ? back : [...back, before];
  const turn = (name: "newer" | "older", times: readonly number[]): Button => ({
    label: words.say(`buttons.${name}`),
    data: { action: "history", argument: `${name[0] ?? ""}${argumentOf(times)}` },
  });
  return [
    ...(before === undefined ? [] : [turn("newer", back)]),
    ...(older === undefined ? [] : [turn("older", [...here, older])]),
  ];
}

/** Undefined where the picture is not kept any more. */
async function thumbnailOf(
  job: Job,
  { studio, imaging, log }: ListTools,
  restricted: boolean,
): Promise<ShownPicture | undefined> {
  const [picture] = job.pictures;
  const bytes = picture && (await studio.bytesOf(picture, job, AbortSignal.timeout(10_000)));
  if (!bytes) return undefined;
  try {
    return {
      name: `${job.code}.jpg`,
      bytes: await imaging.reencode(bytes, thumbnail),
      alternative: job.asked.words,
      spoiler: (job.asked.spoiler ?? false) && !restricted,
    };
  } catch (error) {
    log.warn({ job: job.code, error }, "no thumbnail can be made of this picture");
    return undefined;
  }
}
