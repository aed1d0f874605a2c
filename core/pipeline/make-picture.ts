import { createDeadline } from "../deadline.ts";
import { type AnyImageError, ImageError, isImageError } from "../errors.ts";
import type { ImageStore } from "../image-store.ts";
import type { ImageFacts, ImageFormat, Imaging } from "../imaging.ts";
import type { Job, JobStore, Picture, Recipe } from "../job.ts";
import type { Notice } from "../notices.ts";
import type { Log, Observer } from "../observe.ts";
import type { Pace } from "../queue/pace.ts";
import type { Generated, ImageLink, ImageProvider, Order, Progress } from "../provider.ts";
import type { Place } from "../queue.ts";

export interface MakeTools {
  readonly images: ImageStore;
  readonly imaging: Pick<Imaging, "inspect">;
  readonly jobs: JobStore;
  readonly pace: Pace;
  /** Gets the bytes behind a service's link. */
  readonly fetchPicture: FetchPicture;
  /** Hand a service's link on as it is: the picture is neither fetched, verified nor kept. */
  readonly handOnLinks: boolean;
  /** One deadline for call, retries and download. */
  readonly timeoutMs: number;
  readonly now: () => number;
  readonly log: Log;
  readonly observe: Observer;
}

export type FetchPicture = (
  link: ImageLink,
  provider: string,
  signal: AbortSignal,
) => Promise<Uint8Array>;

/** One process's work on one job. */
export interface Run {
  readonly job: Job;
  readonly place: Place;
  /** Aborted with an ImageError when the job is cancelled. */
  readonly signal: AbortSignal;
  /** Called before each call to the service, which is made when this has resolved. */
  readonly onCall: (recipe: Recipe, notices: readonly Notice[]) => Promise<void>;
  readonly onProgress: (number: number, progress: Progress) => void;
  /** Called after each call, whatever came of it; with the picture when it is kept. */
  readonly onCallEnded: (picture: Picture | undefined) => void;
}

/** One picture of a job, fully decided. */
export interface Making {
  readonly number: number;
  readonly order: Order;
  readonly provider: ImageProvider;
  readonly plan: { readonly recipe: Recipe; readonly notices: readonly Notice[] };
}

/** A picture that is kept and belongs to its job. */
export interface Made {
  readonly picture: Picture;
  readonly notices: readonly Notice[];
  readonly facts: { readonly madeBy?: string };
}

/** Waits for its turn, calls the service within the deadline, verifies what came and keeps it. */
export async function makePicture(making: Making, run: Run, tools: MakeTools): Promise<Made> {
  const { order, provider } = making;
  const turn = await run.place.turn(run.signal);
  const deadline = createDeadline(tools.timeoutMs);
  if (provider.capabilities.cancel) deadline.follow(run.signal);
  let picture: Picture | undefined;
  try {
    const call = callProvider(making, run, tools, deadline.signal);
    const generated = await call.finally(() => turn.release());
    reportModel(generated, making, run, tools.log);
    const kept = await keepPicture(generated, making, tools, deadline.signal);
    await tools.jobs.addPicture(run.job.code, kept).catch(failAsPaid);
    picture = kept;
    const { modelName } = generated.facts;
    return {
      picture,
      notices: [...generated.notices, ...sizeNotice(order, picture)],
      facts: modelName ? { madeBy: modelName } : {},
    };
  } catch (error) {
    reportFailure(error, run, provider, tools);
    throw error;
  } finally {
    deadline.clear();
    run.onCallEnded(picture);
  }
}

async function callProvider(
  { number, order, provider, plan }: Making,
  run: Run,
  tools: MakeTools,
  signal: AbortSignal,
): Promise<Generated> {
  await run.onCall(plan.recipe, plan.notices);
  const startedAt = tools.now();
  tools.observe.turnBegan(order.model.id, startedAt - run.job.createdAt);
  const onProgress = (progress: Progress) => run.onProgress(number, progress);
  const generated = await provider.generate(order, { signal, onProgress });
  const tookMs = tools.now() - startedAt;
  tools.pace.record(order.model.id, order.width * order.height, tookMs);
  tools.observe.pictureMade(order.model.id, tookMs);
  const { pointsLeft } = generated.facts;
  if (pointsLeft !== undefined) tools.observe.pointsLeft(provider.id, pointsLeft);
  return generated;
}

/** Verifies the picture and keeps it; where links are handed on, believes the service and keeps nothing. */
async function keepPicture(
  { image }: Generated,
  { number, order, provider }: Making,
  tools: MakeTools,
  signal: AbortSignal,
): Promise<Picture> {
  const { width, height, seed } = order;
  // 122 random bits: a link is its own permission.
  const id = crypto.randomUUID().replaceAll("-", "");
  const fetched = image instanceof Uint8Array;
  if (!fetched && tools.handOnLinks) {
    const format = formatOfLink(image.url);
    return { number, id, hash: null, link: image, format, width, height, bytes: 0, seed };
  }
  const bytes = fetched ? image : await tools.fetchPicture(image, provider.id, signal);
  const facts = verify(bytes, provider, tools);
  const hash = await tools.images.put(bytes);
  return { number, id, hash, link: null, ...facts, bytes: bytes.byteLength, seed };
}

function verify(bytes: Uint8Array, provider: ImageProvider, { imaging }: MakeTools): ImageFacts {
  try {
    return imaging.inspect(bytes);
  } catch (cause) {
    const { paid } = provider.capabilities;
    const details = { provider: provider.id, fault: "bad-image", transient: false, paid } as const;
    const message = cause instanceof Error ? cause.message : "no picture";
    throw new ImageError("provider-failed", details, { message, cause });
  }
}

/** What a disk refuses after the call has cost what the call did. */
function failAsPaid(error: unknown): never {
  if (!isImageError(error) || error.code !== "storage-failed") throw error;
  const { problem } = error.details;
  throw new ImageError("storage-failed", { problem, paid: true }, { cause: error });
}

function formatOfLink(url: string): ImageFormat {
  const ending = /\.(png|jpe?g|webp)(?:[?#]|$)/i.exec(url)?.[1]?.toLowerCase();
  return ending === "png" || ending === "webp" ? ending : "jpeg";
}

function sizeNotice(order: Order, picture: Picture): Notice[] {
  const ordered = `${order.width}x${order.height}`;
  const made = `${picture.width}x${picture.height}`;
  return ordered === made ? [] : [{ code: "size-differs", ordered, made }];
}

/** Tells the operator when the service painted with another model: its numbering has moved. */
function reportModel(generated: Generated, { order }: Making, run: Run, log: Log): void {
  const other = generated.notices.find((notice) => notice.code === "other-model");
  if (!other) return;
  const facts = { job: run.job.code, ...other, index: order.model.index };
  log.error(facts, "the service painted with another model than expected: check SD_MODEL_INDEX");
}

function reportFailure(error: unknown, run: Run, provider: ImageProvider, tools: MakeTools): void {
  if (!isImageError(error)) return;
  const fault = faultOf(error);
  if (!fault) return;
  tools.observe.providerFailed(provider.id, fault);
  const { message, cause } = error;
  tools.log.warn({ job: run.job.code, provider: provider.id, fault, message, cause }, "no picture");
}

function faultOf(error: AnyImageError) {
  switch (error.code) {
    case "provider-failed":
      return error.details.fault;
    case "provider-busy":
      return "busy";
    case "timed-out":
      return "timed-out";
    case "content-refused":
      return error.details.by === "provider" ? "refused" : undefined;
    default:
      return undefined;
  }
}
