import type { Job } from "../../core/job.ts";
import type { Log } from "../../core/observe.ts";
import { bytesOf, type ChatTools } from "../imagine.ts";
import { fitPictures } from "./attachments.ts";
import { failureSheet, pictureSheet, progressSheet } from "./cards.ts";
import { consequenceOf, type DiscordFailure, failureOf } from "./errors.ts";
import { limits } from "./limits.ts";
import type { Sheet } from "./message.ts";
import type { Place } from "./place.ts";
import type { UploadLimits } from "./upload-limits.ts";
import type { Visit } from "./visit.ts";

/** What to show, fit for this place: with files of so many bytes, and `plain`, without the words of people. */
export type Content = (fit: {
  readonly fileBytes: number;
  readonly plain: boolean;
}) => Sheet | Promise<Sheet>;

export interface Showing {
  readonly show: (sheet: Sheet) => Promise<void>;
  readonly place: Place;
  /** Whose limits hold: those of the person who is answered, or the bot's own. */
  readonly by: "answer" | "bot";
  readonly uploads: UploadLimits;
  readonly log: Log;
}

/**
 * Shows something, with smaller files or without words where Discord wants it so. Answers why it cannot be shown this
 * way; throws the DiscordFailure where it may work later.
 */
export async function showFitting(
  content: Content,
  { show, place, by, uploads, log }: Showing,
): Promise<DiscordFailure | undefined> {
  let fileBytes = await uploads.of(place, by);
  let plain = false;
  for (;;) {
    const sheet = await content({ fileBytes, plain });
    const failure = await show(sheet).then(() => undefined, failureOf);
    if (!failure) return undefined;
    switch (consequenceOf(failure)) {
      case "too-large": {
        const lower = await uploads.refused(place, largestOf(sheet));
        if (lower === undefined || lower >= fileBytes) return failure;
        fileBytes = lower;
        break;
      }
      case "unwelcome":
        log.warn({ reason: failure.message }, "Discord refused the words of a message");
        if (plain) return failure;
        plain = true;
        break;
      case "later":
        throw failure;
      case "closed":
      case "answered":
        return failure;
    }
  }
}

function largestOf({ pictures = [] }: Sheet): number {
  return Math.max(0, ...pictures.map(({ bytes }) => bytes.byteLength));
}

export interface ShowTools extends ChatTools {
  readonly uploads: UploadLimits;
  readonly log: Log;
  readonly now: () => number;
}

/** Answers with a job as it is now, to this person alone where `hidden`; `only` one of its pictures. */
export async function showJob(
  job: Job,
  visit: Visit,
  { tools, hidden, only }: { tools: ShowTools; hidden: boolean; only?: number },
): Promise<void> {
  const { words, place, reply } = visit;
  if (job.state !== "done") {
    const view = tools.studio.view(job.code);
    const unfinished = job.state === "queued" || job.state === "running";
    const sheet = unfinished
      ? progressSheet(job, view, { words, now: tools.now(), restricted: place.restricted })
      : failureSheet(job, words, tools.now());
    return reply.say(sheet, { hidden });
  }
  await reply.promise({ hidden });
  const kept = await bytesOf(job, tools, AbortSignal.timeout(limits.requestMs));
  const wanted = new Map([...kept].filter(([number]) => only === undefined || number === only));
  await answerFitting(visit, tools, async ({ fileBytes, plain }) =>
    pictureSheet({
      job,
      words,
      pictures: await fitPictures(wanted, fileBytes, tools.imaging),
      restricted: place.restricted,
      plain,
      ...(only === undefined ? {} : { only }),
    }),
  );
}

/** Gives a promised answer. Throws DiscordFailure where it cannot be given. */
export async function answerFitting(
  { reply, place }: Visit,
  { uploads, log }: Pick<ShowTools, "uploads" | "log">,
  content: Content,
): Promise<void> {
  const show = (sheet: Sheet) => reply.show(sheet);
  const showing = { show, place, by: "answer", uploads, log } as const;
  const failure = await showFitting(content, showing);
  if (failure) throw failure;
}
