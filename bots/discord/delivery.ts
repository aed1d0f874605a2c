import { setTimeout as pause } from "node:timers/promises";
import type { Job } from "../../core/job.ts";
import type { Log } from "../../core/observe.ts";
import { type Deliverer, DeliveryDelayed, type Sends } from "../../core/studio/outbox.ts";
import type { JobView } from "../../core/studio/workshop.ts";
import { bytesOf, type ChatTools } from "../imagine.ts";
import { type Words, wordsFor } from "../words.ts";
import type { DiscordApi } from "./api.ts";
import { fitPictures } from "./attachments.ts";
import { failureSheet, pictureSheet, progressSheet } from "./cards.ts";
import { consequenceOf, type DiscordFailure, failureOf } from "./errors.ts";
import { acknowledge, edits, ladder, messageOf, type Parcel, type Rung } from "./ladder.ts";
import { limits } from "./limits.ts";
import { compose, type Sheet } from "./message.ts";
import { readPlace } from "./place.ts";
import { type Content, showFitting } from "./show.ts";
import { inert } from "./text.ts";
import type { UploadLimits } from "./upload-limits.ts";

export interface DeliveryOptions {
  readonly api: DiscordApi;
  readonly tools: Pick<ChatTools, "studio" | "imaging">;
  readonly uploads: UploadLimits;
  readonly now: () => number;
  readonly log: Log;
  /** How often a job's progress is shown at most. */
  readonly progressEveryMs?: number;
}

/** What a rung shows, which may depend on how far it is from where the person asked. */
type RungContent = (rung: Rung) => Content;

/** Shows the jobs of this door: from "thinking…" over their progress to the picture, wherever that can be shown. */
export class DiscordDelivery implements Deliverer {
  readonly #options: DeliveryOptions;
  /** Jobs whose progress is shown. */
  readonly #live = new Set<string>();
  /** Acknowledgements that are on their way. */
  #acknowledging = 0;

  constructor(options: DeliveryOptions) {
    this.#options = options;
  }

  async accompany(
    job: Job,
    sends: Sends,
    view: () => JobView | undefined,
    ended: AbortSignal,
  ): Promise<void> {
    const { now, progressEveryMs = limits.progressEveryMs } = this.#options;
    const parcel = this.#parcelOf(job, sends);
    const { restricted } = parcel.place;
    const words = wordsOf(job);
    const sheetNow = () => progressSheet(job, view(), { words, now: now(), restricted });
    const interval = (by: Rung["by"]) =>
      Math.max(progressEveryMs, (this.#live.size * 1000) / limits.progressPerSecond) *
      (by === "bot" ? limits.slownessOfBot : 1);
    this.#live.add(job.code);
    try {
      await this.#acknowledge(parcel);
      await messageOf(parcel);
      await this.#othersAcknowledged(ended);
      await showProgress(parcel, sheetNow, { ended, interval });
    } finally {
      this.#live.delete(job.code);
    }
  }

  async deliver(job: Job, sends: Sends): Promise<"delivered" | "gone"> {
    const parcel = this.#parcelOf(job, sends);
    await this.#acknowledge(parcel);
    if (job.state === "done") return this.#climb(parcel, ladder, await this.#pictures(parcel));
    const rungs = job.state === "cancelled" ? edits : ladder;
    const sheet = failureSheet(job, wordsOf(job), this.#options.now());
    return this.#climb(parcel, rungs, addressed(sheet, parcel));
  }

  async apologise(job: Job, sends: Sends): Promise<void> {
    const text = inert(wordsOf(job).say("picture.expired", { code: job.code }));
    const parcel = this.#parcelOf(job, sends);
    await this.#climb(parcel, ladder, addressed({ text }, parcel));
  }

  async #acknowledge(parcel: Parcel): Promise<void> {
    this.#acknowledging++;
    await acknowledge(parcel).finally(() => this.#acknowledging--);
  }

  /** Progress can wait; an acknowledgement that comes after three seconds is none. */
  async #othersAcknowledged(ended: AbortSignal): Promise<void> {
    while (this.#acknowledging > 0 && !ended.aborted) await pauseUntil(ended, limits.yieldMs);
  }

  #parcelOf(job: Job, sends: Sends): Parcel {
    const { api, now } = this.#options;
    return { job, sends, api, now, place: readPlace(job.delivery.place) };
  }

  async #pictures(parcel: Parcel): Promise<RungContent> {
    const { job, place } = parcel;
    const { tools } = this.#options;
    const signal = AbortSignal.timeout(limits.requestMs);
    const kept = await bytesOf(job, tools, signal);
    return (rung) => {
      const { restricted } = rung.placeOf(parcel);
      const mention = rung.mentions ? { mention: place.user } : {};
      const card = { job, words: wordsOf(job), restricted, ...mention };
      return async ({ fileBytes, plain }) =>
        pictureSheet({
          ...card,
          plain,
          pictures: await fitPictures(kept, fileBytes, tools.imaging),
        });
    };
  }

  async #climb(
    parcel: Parcel,
    rungs: readonly Rung[],
    contentFor: RungContent,
  ): Promise<"delivered" | "gone"> {
    const reasons: string[] = [];
    for (const rung of rungs) {
      if (!rung.isOpen(parcel)) continue;
      const failure = await this.#try(rung, parcel, contentFor(rung));
      if (!failure) return "delivered";
      reasons.push(`${rung.name}: ${failure.message}`);
    }
    const { code } = parcel.job;
    this.#options.log.warn(
      { job: code, reasons },
      "it could not be shown; its code still finds it",
    );
    return "gone";
  }

  /** Answers why this way is closed; undefined when it was shown. Throws where it may work later. */
  async #try(rung: Rung, parcel: Parcel, content: Content): Promise<DiscordFailure | undefined> {
    const { uploads, log } = this.#options;
    const show = (sheet: Sheet) => rung.show(parcel, compose(sheet));
    const showing = { show, place: rung.placeOf(parcel), by: rung.by, uploads, log };
    try {
      return await showFitting(content, showing);
    } catch (error) {
      const { waitMs } = failureOf(error);
      throw waitMs === undefined ? error : new DeliveryDelayed(waitMs, error);
    }
  }
}

/** The same on every rung, with the person's name where the message does not tell whom it is for. */
function addressed(sheet: Sheet, { place }: Parcel): RungContent {
  const text = `<@${place.user}>\n${sheet.text}`;
  return ({ mentions }) =>
    () =>
      mentions ? { ...sheet, text } : sheet;
}

interface Pacing {
  readonly ended: AbortSignal;
  readonly interval: (by: Rung["by"]) => number;
}

/** Edits the answer whenever there is something new to say, until the job ends or its answer is out of reach. */
async function showProgress(
  parcel: Parcel,
  sheetNow: () => Sheet,
  { ended, interval }: Pacing,
): Promise<void> {
  const closed = new Set<Rung>();
  let shown: Sheet | undefined;
  let previews = true;
  while (!ended.aborted) {
    const rung = edits.find((edit) => !closed.has(edit) && edit.isOpen(parcel));
    if (!rung) return;
    const { pictures, ...rest } = sheetNow();
    const sheet = pictures && previews ? { ...rest, pictures } : rest;
    if (isNew(sheet, shown)) {
      const failure = await rung.show(parcel, compose(sheet)).then(() => undefined, failureOf);
      const consequence = failure && consequenceOf(failure);
      if (consequence === undefined) shown = sheet;
      else if (consequence === "too-large" && previews) previews = false;
      else if (consequence !== "later") closed.add(rung);
    }
    await pauseUntil(ended, interval(rung.by));
  }
}

async function pauseUntil(ended: AbortSignal, ms: number): Promise<void> {
  await pause(ms, undefined, { signal: ended, ref: false }).catch(() => undefined);
}

function isNew(sheet: Sheet, shown: Sheet | undefined): boolean {
  return sheet.text !== shown?.text || sheet.pictures?.[0]?.bytes !== shown.pictures?.[0]?.bytes;
}

function wordsOf({ requester }: Job): Words {
  return wordsFor(requester.locale);
}
