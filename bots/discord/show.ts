import { isFinished, type Job } from "../../core/job.ts";
import type { Log } from "../../core/observe.ts";
import { optional } from "../../core/optional.ts";
import { mostSources } from "../edits.ts";
import { bytesOf, viewOf } from "../use-cases.ts";
import { fitPictures, labelling, type UploadLimits } from "./attachments.ts";
import { consequenceOf, type DiscordFailure, failureOf } from "./errors.ts";
import type { DoorTools, Interaction } from "./interaction.ts";
import { failureScreen, pictureScreen, progressScreen } from "./job-screens.ts";
import { limits } from "./limits.ts";
import type { Place } from "./place.ts";
import type { Screen } from "./screen.ts";

/** Makes the screen with files of at most `fileBytes`; with `plain`, without what people typed. */
export type Content = (fit: {
  readonly fileBytes: number;
  readonly plain: boolean;
}) => Screen | Promise<Screen>;

/** How and where content is shown. */
export interface Showing {
  readonly show: (screen: Screen) => Promise<void>;
  readonly place: Place;
  /** Whose upload limit counts: that of the answered person, or the bot's own. */
  readonly by: "answer" | "bot";
  readonly uploads: UploadLimits;
  readonly log: Log;
}

/**
 * Shows content, with smaller files or without prompts where Discord refuses it otherwise. Resolves with the reason why
 * it cannot be shown this way, undefined if it was shown; throws the DiscordFailure where it may work later.
 */
export async function showFitting(
  content: Content,
  { show, place, by, uploads, log }: Showing,
): Promise<DiscordFailure | undefined> {
  let fileBytes = await uploads.of(place, by);
  let plain = false;
  for (;;) {
    const screen = await content({ fileBytes, plain });
    const failure = await show(screen).then(() => undefined, failureOf);
    if (!failure) return undefined;
    switch (consequenceOf(failure)) {
      case "too-large": {
        const lower = await uploads.refused(place, largestOf(screen));
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

function largestOf({ pictures = [] }: Screen): number {
  return Math.max(0, ...pictures.map(({ bytes }) => bytes.byteLength));
}

/** Answers with a job as it is now, to this person alone where `hidden`. `only` is the number of the one picture to show. */
export async function showJob(
  job: Job,
  interaction: Interaction,
  { tools, hidden, only }: { tools: DoorTools; hidden: boolean; only?: number },
): Promise<void> {
  const { t, reply } = interaction;
  const { restricted } = interaction.place;
  if (job.state !== "done") {
    const now = tools.now();
    const screen = isFinished(job)
      ? failureScreen(job, t, now)
      : progressScreen(job, viewOf(job, tools), { t, now, restricted });
    return reply.say(screen, { hidden });
  }
  await reply.defer({ hidden });
  await answerWithPictures(job, interaction, { tools, ...optional({ only }) });
}

/** Shows a finished job anew in the message with the pressed button; says so where its pictures are kept no more. */
export async function showAgain(
  job: Job,
  interaction: Interaction,
  { tools, only }: { tools: DoorTools; only?: number },
): Promise<void> {
  const { t, reply } = interaction;
  const { code } = job;
  if (job.pictures.length === 0) return reply.say({ text: t("picture.noPicture", { code }) });
  await reply.deferUpdate();
  await answerWithPictures(job, interaction, { tools, ...optional({ only }) });
}

async function answerWithPictures(
  job: Job,
  interaction: Interaction,
  { tools, only }: { tools: DoorTools; only?: number },
): Promise<void> {
  const { t, place } = interaction;
  const kept = await bytesOf(job, tools, AbortSignal.timeout(limits.requestMs));
  const wanted = new Map([...kept].filter(([number]) => only === undefined || number === only));
  await answerFitting(interaction, tools, async ({ fileBytes, plain }) =>
    pictureScreen({
      job,
      t,
      pictures: await fitPictures(wanted, fileBytes, labelling(tools.imaging, job)),
      restricted: place.restricted,
      edits: mostSources(tools.catalogue) > 0,
      plain,
      ...optional({ only }),
    }),
  );
}

/** Gives a deferred answer. Throws DiscordFailure where it cannot be given. */
export async function answerFitting(
  { reply, place }: Interaction,
  { uploads, log }: Pick<DoorTools, "uploads" | "log">,
  content: Content,
): Promise<void> {
  const show = (screen: Screen) => reply.show(screen);
  const showing = { show, place, by: "answer", uploads, log } as const;
  const failure = await showFitting(content, showing);
  if (failure) throw failure;
}
