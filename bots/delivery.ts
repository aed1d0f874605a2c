import type { Job } from "../core/job.ts";
import type { Deliverer, Sends } from "../core/studio/outbox.ts";
import type { JobStanding, JobStatus } from "../core/studio/watch.ts";
import type { ActionName } from "./button-data.ts";
import { translatorFor } from "./i18n.ts";
import { Pacer } from "./pacing.ts";
import { plain, type Screen } from "./screen.ts";
import { failureScreen, pictureScreen, progressScreen, retryButtons } from "./screens/job.ts";

/** The one message in which a person sees a job, from its acceptance to its end. */
export interface JobMessage {
  /** What it shows, as far as that is known. */
  readonly shown: Screen | undefined;
  /** It shows what there is of a picture under way. */
  readonly previews: boolean;
  /** Sends it before anything is painted, or ends the job where its place takes no messages; see `Deliverer.announce`. */
  announce?(screen: Screen): Promise<void>;
  /** Sends it, unless it was sent before. */
  begin(screenNow: () => Screen, ended: AbortSignal): Promise<void>;
  /** In which line its updates wait for their turn, and how long after the last one; undefined where it takes none. */
  turn(): Turn | undefined;
  /** Shows this instead, or what it showed where that does not work now. */
  update(screen: Screen): Promise<void>;
  /** It is updated no more in this process. */
  end?(): void;
  /** Shows how the job ended: see `Deliverer.deliver`. */
  finish(screen: Screen): Promise<"delivered" | "gone">;
}

/** A turn that an update waits for. */
export interface Turn {
  readonly line: string;
  readonly everyMs: number;
}

/** What a platform gives to the delivery of its jobs. */
export interface Carrier {
  /** The message of a job; of one that has ended, as it was left. */
  readonly messageOf: (job: Job, sends: Sends) => JobMessage;
  /** Painting waits until a job is announced. */
  readonly announces: boolean;
  /** Buttons that are not offered below a picture. */
  readonly lacks: readonly ActionName[];
  readonly now: () => number;
}

/** How often to look for something new to show that no change tells of, such as the time that has passed. */
const lookEveryMs = 1_000;

/**
 * Shows jobs by what a platform can do: each has one message, which shows how it stands and becomes its picture. Updates
 * may be dropped, since the next one shows what is new.
 */
export function createDeliverer({ messageOf, announces, lacks, now }: Carrier): Deliverer {
  const pacer = new Pacer();
  const messages = new WeakMap<Sends, JobMessage>();

  function messageFor(job: Job, sends: Sends): JobMessage {
    const message = messages.get(sends) ?? messageOf(job, sends);
    messages.set(sends, message);
    return message;
  }

  function progressOf(job: Job, status: JobStatus | undefined, previews: boolean): Screen {
    const t = translatorFor(job.requester.locale);
    const { pictures = [], ...screen } = progressScreen(job, status, { t, now: now() });
    return { ...screen, pictures: previews ? pictures : [] };
  }

  async function keepUpToDate(
    job: Job,
    message: JobMessage,
    standing: JobStanding,
    ended: AbortSignal,
  ): Promise<void> {
    const { shown } = message;
    const line = message.turn()?.line;
    if (shown && line !== undefined) pacer.had(line);
    for await (const status of standing.watch(lookEveryMs)) {
      if (ended.aborted) return;
      const turn = message.turn();
      if (!turn) return;
      if (isSame(progressOf(job, status, message.previews), message.shown)) continue;
      await pacer.turn(turn.line, turn.everyMs, ended);
      const latest = standing.now();
      if (latest) await message.update(progressOf(job, latest, message.previews));
      pacer.had(turn.line);
    }
  }

  return {
    ...(announces && {
      announce: async (job: Job, sends: Sends, standing: JobStanding) =>
        messageFor(job, sends).announce?.(progressOf(job, standing.now(), false)),
    }),

    async accompany(job, sends, standing, ended) {
      const message = messageFor(job, sends);
      try {
        await message.begin(() => progressOf(job, standing.now(), false), ended);
        await keepUpToDate(job, message, standing, ended);
      } finally {
        message.end?.();
      }
    },

    async deliver(job, sends) {
      const t = translatorFor(job.requester.locale);
      const isDone = job.state === "done";
      const screen = isDone ? pictureScreen(job, { t, lacks }) : failureScreen(job, t, now());
      return messageFor(job, sends).finish(screen);
    },

    async apologise(job, sends) {
      const t = translatorFor(job.requester.locale);
      const lines = [[plain(t("picture.expired", { code: job.code }))]];
      await messageFor(job, sends).finish({ lines, buttons: retryButtons(job, t) });
    },
  };
}

function isSame(screen: Screen, shown: Screen | undefined): boolean {
  if (!shown) return false;
  return textOf(screen) === textOf(shown) && previewIn(screen) === previewIn(shown);
}

function textOf({ lines }: Screen): string {
  return lines.map((line) => line.map(({ text }) => text).join("")).join("\n");
}

function previewIn({ pictures: [picture] = [] }: Screen): Uint8Array | undefined {
  return picture && "preview" in picture ? picture.preview : undefined;
}
