import { setTimeout as pause } from "node:timers/promises";
import type { Job } from "../../core/job.ts";
import type { Log } from "../../core/observe.ts";
import { type Deliverer, DeliveryDelayed } from "../../core/outbox.ts";
import { bytesOf, type ChatTools } from "../imagine.ts";
import { type Words, wordsFor } from "../words.ts";
import type { DiscordApi } from "./api.ts";
import { fitPictures } from "./attachments.ts";
import { failureSheet, pictureSheet, progressSheet } from "./cards.ts";
import { consequenceOf, failureOf } from "./errors.ts";
import { acknowledge, edits, ladder, messageOf, type Parcel, type Rung } from "./ladder.ts";
import { limits } from "./limits.ts";
import { compose, type Sheet } from "./message.ts";
import { readPlace } from "./place.ts";
import { type Content, showFitting } from "./show.ts";
import { inert } from "./text.ts";
import type { UploadLimits } from "./upload-limits.ts";

export interface DeliveryOptions {
  readonly api: DiscordApi;
  readonly tools: Pick<ChatTools, "studio">;
  readonly uploads: UploadLimits;
  readonly now: () => number;
  readonly log: Log;
  /** How often a job's progress is shown at most. */
  readonly progressEveryMs?: number;
}

/** What a rung shows, which may depend on how far it is from where the person asked. */
type RungContent = (rung: Rung) => Content;

/** Shows the jobs of this door: from "thinking…" over their progress to the picture, wherever that can be shown. */
export function discordDelivery(options: DeliveryOptions): Deliverer {
  const { api, now, log } = options;
  const live = new Set<string>();

  function parcelOf(job: Job, sends: Parcel["sends"]): Parcel {
    return { job, sends, api, now, place: readPlace(job.delivery.place) };
  }

  async function climb(parcel: Parcel, rungs: readonly Rung[], contentFor: RungContent) {
    const reasons: string[] = [];
    for (const rung of rungs) {
      if (!rung.isOpen(parcel)) continue;
      const failure = await tryRung(rung, parcel, contentFor(rung));
      if (!failure) return "delivered";
      reasons.push(`${rung.name}: ${failure.message}`);
    }
    log.warn({ job: parcel.job.code, reasons }, "it could not be shown; its code still finds it");
    return "gone";
  }

  /** Answers why this way is closed; undefined when it was shown. Throws where it may work later. */
  function tryRung(rung: Rung, parcel: Parcel, content: Content) {
    const show = (sheet: Sheet) => rung.show(parcel, compose(sheet));
    const { uploads } = options;
    const showing = { show, place: rung.placeOf(parcel), by: rung.by, uploads, log };
    return showFitting(content, showing).catch((error: unknown) => {
      const failure = failureOf(error);
      throw failure.waitMs === undefined ? failure : new DeliveryDelayed(failure.waitMs, failure);
    });
  }

  async function pictures(job: Job, parcel: Parcel): Promise<RungContent> {
    const kept = await bytesOf(job, options.tools, AbortSignal.timeout(limits.requestMs));
    const { user, restricted } = parcel.place;
    const card = { job, words: wordsOf(job), restricted };
    return (rung) =>
      async ({ fileBytes, plain }) =>
        pictureSheet({
          ...card,
          pictures: await fitPictures(kept, fileBytes),
          plain,
          ...(rung.mentions ? { mention: user } : {}),
        });
  }

  return {
    async accompany(job, sends, view, ended) {
      const parcel = parcelOf(job, sends);
      live.add(job.code);
      try {
        await acknowledge(parcel);
        await messageOf(parcel);
        const { restricted } = parcel.place;
        const { progressEveryMs = limits.progressEveryMs } = options;
        const sheetNow = () =>
          progressSheet(job, view(), { words: wordsOf(job), now: now(), restricted });
        const interval = () =>
          Math.max(progressEveryMs, (live.size * 1000) / limits.progressPerSecond);
        await showProgress(parcel, sheetNow, { ended, interval });
      } finally {
        live.delete(job.code);
      }
    },

    async deliver(job, sends) {
      const parcel = parcelOf(job, sends);
      await acknowledge(parcel);
      if (job.state === "done") return climb(parcel, ladder, await pictures(job, parcel));
      const rungs = job.state === "cancelled" ? edits : ladder;
      return climb(parcel, rungs, () => () => failureSheet(job, wordsOf(job), now()));
    },

    async apologise(job, sends) {
      const text = wordsOf(job).say("picture.expired", { code: job.code });
      await climb(parcelOf(job, sends), ladder, () => () => ({ text: inert(text) }));
    },
  };
}

interface Pacing {
  readonly ended: AbortSignal;
  readonly interval: () => number;
}

/** Edits the answer whenever there is something new to say, until the job ends or its answer is out of reach. */
async function showProgress(
  { api, place }: Parcel,
  sheetNow: () => Sheet,
  { ended, interval }: Pacing,
): Promise<void> {
  let shown: Sheet | undefined;
  while (!ended.aborted) {
    const sheet = sheetNow();
    if (isNew(sheet, shown)) {
      const failure = await api.editAnswer(place, compose(sheet)).then(() => undefined, failureOf);
      if (failure && consequenceOf(failure) !== "later") return;
      if (!failure) shown = sheet;
    }
    await pause(interval(), undefined, { signal: ended, ref: false }).catch(() => undefined);
  }
}

function isNew(sheet: Sheet, shown: Sheet | undefined): boolean {
  return sheet.text !== shown?.text || sheet.pictures?.[0]?.bytes !== shown.pictures?.[0]?.bytes;
}

function wordsOf({ requester }: Job): Words {
  return wordsFor(requester.locale);
}
