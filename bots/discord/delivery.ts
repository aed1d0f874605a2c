import type { Job } from "../../core/job.ts";
import type { Log } from "../../core/observe.ts";
import { type Deliverer, DeliveryDelayed, type Sends } from "../../core/studio/outbox.ts";
import type { JobStanding, JobStatus } from "../../core/studio/watch.ts";
import { waitFor } from "../../core/wire/retry.ts";
import { type Translator, translatorFor } from "../i18n.ts";
import { mixed, plain, type Screen } from "../screen.ts";
import { failureScreen, lackingIn, pictureScreen, progressScreen } from "../screens/job.ts";
import type { ChatTools } from "../use-cases.ts";
import { discord } from "./answers.ts";
import type { DiscordApi } from "./api.ts";
import type { UploadLimits } from "./attachments.ts";
import {
  acknowledge,
  allRoutes,
  type Delivery,
  editRoutes,
  messageOf,
  type Route,
} from "./delivery-routes.ts";
import { consequenceOf, type DiscordFailure, failureOf } from "./errors.ts";
import { limits } from "./limits.ts";
import { readPlace } from "./place.ts";
import { markdown, render, type RenderOptions } from "./render.ts";
import { filesOf, showFitting } from "./show.ts";

/** What the delivery of jobs needs. */
export interface DeliveryOptions {
  readonly api: DiscordApi;
  readonly tools: Pick<ChatTools, "studio" | "imaging" | "catalogue">;
  readonly uploads: UploadLimits;
  readonly now: () => number;
  readonly log: Log;
  /** The shortest time between two edits of a job's progress. */
  readonly progressEveryMs?: number;
}

/** Shows the jobs of this door: first "thinking …", then the progress, then the picture by the first route that works. */
export class DiscordDeliverer implements Deliverer {
  readonly #options: DeliveryOptions;
  /** The codes of jobs whose progress is shown. */
  readonly #live = new Set<string>();
  /** How many acknowledgements are under way. */
  #acknowledging = 0;

  constructor(options: DeliveryOptions) {
    this.#options = options;
  }

  async accompany(
    job: Job,
    sends: Sends,
    standing: JobStanding,
    ended: AbortSignal,
  ): Promise<void> {
    const { now, progressEveryMs = limits.progressEveryMs } = this.#options;
    const delivery = this.#deliveryOf(job, sends);
    const t = translatorOf(job);
    const screenOf = (status: JobStatus) => progressScreen(job, status, { t, now: now() });
    const interval = (by: Route["by"]) =>
      Math.max(progressEveryMs, (this.#live.size * 1000) / limits.progressPerSecond) *
      (by === "bot" ? limits.botEditFactor : 1);
    this.#live.add(job.code);
    try {
      await this.#acknowledge(delivery);
      await messageOf(delivery);
      await this.#othersAcknowledged(ended);
      await showProgress(delivery, standing, { ended, interval, screenOf, tools: this.#picturing });
    } finally {
      this.#live.delete(job.code);
    }
  }

  async deliver(job: Job, sends: Sends): Promise<"delivered" | "gone"> {
    const delivery = this.#deliveryOf(job, sends);
    const { tools, now } = this.#options;
    const t = translatorOf(job);
    await this.#acknowledge(delivery);
    const screen =
      job.state === "done"
        ? pictureScreen(job, { t, lacks: lackingIn(discord, tools.catalogue) })
        : failureScreen(job, t, now());
    return this.#show(delivery, job.state === "cancelled" ? editRoutes : allRoutes, screen);
  }

  async apologise(job: Job, sends: Sends): Promise<void> {
    const t = translatorOf(job);
    const lines = [[mixed(t("picture.expired", { code: job.code }))]];
    await this.#show(this.#deliveryOf(job, sends), allRoutes, { lines });
  }

  async #acknowledge(delivery: Delivery): Promise<void> {
    this.#acknowledging++;
    await acknowledge(delivery).finally(() => this.#acknowledging--);
  }

  /** Progress can wait; an acknowledgement is worthless after three seconds. */
  async #othersAcknowledged(ended: AbortSignal): Promise<void> {
    while (this.#acknowledging > 0 && !ended.aborted) await pauseUntil(ended, limits.yieldMs);
  }

  #deliveryOf(job: Job, sends: Sends): Delivery {
    const { api, now } = this.#options;
    return { job, sends, api, now, place: readPlace(job.delivery.place) };
  }

  get #picturing() {
    const { tools, log } = this.#options;
    return { ...tools, log };
  }

  async #show(
    delivery: Delivery,
    routes: readonly Route[],
    screen: Screen,
  ): Promise<"delivered" | "gone"> {
    const reasons: string[] = [];
    for (const route of routes) {
      if (!route.isOpen(delivery)) continue;
      const failure = await this.#try(route, delivery, screen);
      if (!failure) return "delivered";
      reasons.push(`${route.name}: ${failure.message}`);
    }
    const { code } = delivery.job;
    this.#options.log.warn(
      { job: code, reasons },
      "it could not be shown; its code still finds it",
    );
    return "gone";
  }

  /** Resolves with the reason why this route does not work, undefined if it did. Throws where it may work later. */
  async #try(
    route: Route,
    delivery: Delivery,
    screen: Screen,
  ): Promise<DiscordFailure | undefined> {
    const { uploads, log } = this.#options;
    const place = route.placeOf(delivery);
    // The person's name, where the message does not show whom it answers.
    const name = route.mentions ? [[plain(`<@${delivery.place.user}>`)]] : [];
    const addressed = { ...screen, lines: [...name, ...screen.lines] };
    const show = (options: RenderOptions) => route.show(delivery, render(addressed, options));
    try {
      const files = await filesOf(screen, place, this.#picturing);
      return await showFitting(files, { show, place, by: route.by, uploads, log });
    } catch (error) {
      const { waitMs } = failureOf(error);
      throw waitMs === undefined ? error : new DeliveryDelayed(waitMs, error);
    }
  }
}

interface Pacing {
  readonly ended: AbortSignal;
  /** Milliseconds between two edits by this route. */
  readonly interval: (by: Route["by"]) => number;
  readonly screenOf: (status: JobStatus) => Screen;
  readonly tools: Parameters<typeof filesOf>[2];
}

/** How often to look for something new to show that no change tells of, such as the time that has passed. */
const lookEveryMs = 1000;

/** Edits the answer when there is something new to show, until the job ends or no edit route works. */
async function showProgress(
  delivery: Delivery,
  standing: JobStanding,
  { ended, interval, screenOf, tools }: Pacing,
): Promise<void> {
  const closed = new Set<Route>();
  let shown: Screen | undefined;
  let previews = true;
  for await (const status of standing.watch(lookEveryMs)) {
    if (ended.aborted) return;
    const route = editRoutes.find((edit) => !closed.has(edit) && edit.isOpen(delivery));
    if (!route) return;
    const { pictures = [], ...rest } = screenOf(status);
    const screen = { ...rest, pictures: previews ? pictures : [] };
    if (isNew(screen, shown)) {
      const filesFor = await filesOf(screen, delivery.place, tools);
      const files = await filesFor({ fileBytes: limits.fileBytes, plain: false });
      const message = render(screen, { files });
      const failure = await route.show(delivery, message).then(() => undefined, failureOf);
      const consequence = failure && consequenceOf(failure);
      if (consequence === undefined) shown = screen;
      else if (consequence === "too-large" && previews) previews = false;
      else if (consequence !== "later") closed.add(route);
    }
    await pauseUntil(ended, interval(route.by));
  }
}

async function pauseUntil(ended: AbortSignal, ms: number): Promise<void> {
  await waitFor(ms, ended).catch(() => undefined);
}

function isNew(screen: Screen, shown: Screen | undefined): boolean {
  return (
    markdown(screen.lines) !== markdown(shown?.lines ?? []) ||
    previewIn(screen) !== previewIn(shown)
  );
}

function previewIn({ pictures: [picture] = [] }: Pick<Screen, "pictures"> = {}) {
  return picture && "preview" in picture ? picture.preview : undefined;
}

function translatorOf({ requester }: Job): Translator {
  return translatorFor(requester.locale);
}
