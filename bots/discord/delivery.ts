import type { Job } from "../../core/job.ts";
import type { Log } from "../../core/observe.ts";
import { type Deliverer, DeliveryDelayed, type Sends } from "../../core/studio/outbox.ts";
import type { JobStanding, JobStatus } from "../../core/studio/watch.ts";
import { waitFor } from "../../core/wire/retry.ts";
import { type Translator, translatorFor } from "../i18n.ts";
import { mostSources } from "../edits.ts";
import { bytesOf, type ChatTools } from "../use-cases.ts";
import type { DiscordApi } from "./api.ts";
import { fitPictures, labelling, type UploadLimits } from "./attachments.ts";
import {
  acknowledge,
  allRoutes,
  type Delivery,
  editRoutes,
  messageOf,
  type Route,
} from "./delivery-routes.ts";
import { consequenceOf, type DiscordFailure, failureOf } from "./errors.ts";
import { failureScreen, pictureScreen, progressScreen } from "./job-screens.ts";
import { limits } from "./limits.ts";
import { readPlace } from "./place.ts";
import { render, type Screen } from "./screen.ts";
import { type Content, showFitting } from "./show.ts";
import { escapeMarkdown } from "./text.ts";

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

/** What a route shows: it depends on whose limits count there. */
type RouteContent = (route: Route) => Content;

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
    const { restricted } = delivery.place;
    const t = translatorOf(job);
    const screenOf = (status: JobStatus) =>
      progressScreen(job, status, { t, now: now(), restricted });
    const interval = (by: Route["by"]) =>
      Math.max(progressEveryMs, (this.#live.size * 1000) / limits.progressPerSecond) *
      (by === "bot" ? limits.botEditFactor : 1);
    this.#live.add(job.code);
    try {
      await this.#acknowledge(delivery);
      await messageOf(delivery);
      await this.#othersAcknowledged(ended);
      await showProgress(delivery, standing, { ended, interval, screenOf });
    } finally {
      this.#live.delete(job.code);
    }
  }

  async deliver(job: Job, sends: Sends): Promise<"delivered" | "gone"> {
    const delivery = this.#deliveryOf(job, sends);
    await this.#acknowledge(delivery);
    if (job.state === "done") {
      return this.#show(delivery, allRoutes, await this.#pictures(delivery));
    }
    const routes = job.state === "cancelled" ? editRoutes : allRoutes;
    const screen = failureScreen(job, translatorOf(job), this.#options.now());
    return this.#show(delivery, routes, addressed(screen, delivery));
  }

  async apologise(job: Job, sends: Sends): Promise<void> {
    const t = translatorOf(job);
    const text = escapeMarkdown(t("picture.expired", { code: job.code }));
    const delivery = this.#deliveryOf(job, sends);
    await this.#show(delivery, allRoutes, addressed({ text }, delivery));
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

  async #pictures(delivery: Delivery): Promise<RouteContent> {
    const { job, place } = delivery;
    const signal = AbortSignal.timeout(limits.requestMs);
    const { tools } = this.#options;
    const kept = await bytesOf(job, tools, signal);
    return (route) => {
      const { restricted } = route.placeOf(delivery);
      const mention = route.mentions ? { mention: place.user } : {};
      const edits = mostSources(tools.catalogue) > 0;
      const options = { job, t: translatorOf(job), restricted, edits, ...mention };
      return async ({ fileBytes, plain }) => {
        const pictures = await fitPictures(kept, fileBytes, labelling(tools.imaging, job));
        return pictureScreen({ ...options, plain, pictures });
      };
    };
  }

  async #show(
    delivery: Delivery,
    routes: readonly Route[],
    contentFor: RouteContent,
  ): Promise<"delivered" | "gone"> {
    const reasons: string[] = [];
    for (const route of routes) {
      if (!route.isOpen(delivery)) continue;
      const failure = await this.#try(route, delivery, contentFor(route));
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
    content: Content,
  ): Promise<DiscordFailure | undefined> {
    const { uploads, log } = this.#options;
    const show = (screen: Screen) => route.show(delivery, render(screen));
    const showing = { show, place: route.placeOf(delivery), by: route.by, uploads, log };
    try {
      return await showFitting(content, showing);
    } catch (error) {
      const { waitMs } = failureOf(error);
      throw waitMs === undefined ? error : new DeliveryDelayed(waitMs, error);
    }
  }
}

/** The same screen on every route, with the person's name where the message does not show it. */
function addressed(screen: Screen, { place }: Delivery): RouteContent {
  const text = `<@${place.user}>\n${screen.text}`;
  return ({ mentions }) =>
    () =>
      mentions ? { ...screen, text } : screen;
}

interface Pacing {
  readonly ended: AbortSignal;
  /** Milliseconds between two edits by this route. */
  readonly interval: (by: Route["by"]) => number;
  readonly screenOf: (status: JobStatus) => Screen;
}

/** How often to look for something new to show that no change tells of, such as the time that has passed. */
const lookEveryMs = 1000;

/** Edits the answer when there is something new to show, until the job ends or no edit route works. */
async function showProgress(
  delivery: Delivery,
  standing: JobStanding,
  { ended, interval, screenOf }: Pacing,
): Promise<void> {
  const closed = new Set<Route>();
  let shown: Screen | undefined;
  let previews = true;
  for await (const status of standing.watch(lookEveryMs)) {
    if (ended.aborted) return;
    const route = editRoutes.find((edit) => !closed.has(edit) && edit.isOpen(delivery));
    if (!route) return;
    const { pictures, ...rest } = screenOf(status);
    const screen = pictures && previews ? { ...rest, pictures } : rest;
    if (isNew(screen, shown)) {
      const failure = await route.show(delivery, render(screen)).then(() => undefined, failureOf);
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
  return screen.text !== shown?.text || screen.pictures?.[0]?.bytes !== shown.pictures?.[0]?.bytes;
}

function translatorOf({ requester }: Job): Translator {
  return translatorFor(requester.locale);
}
