import { createDeadline } from "../deadline.ts";
import { type AnyImageError, ImageError, isImageError } from "../errors.ts";
import { badImage, type ImageFacts, type ImageFormat, type Imaging } from "../imaging.ts";
import type { ImageStore } from "../images.ts";
import { type Job, type JsonValue, newPictureId, type Picture } from "../job.ts";
import type { Notice } from "../notices.ts";
import type { Log, Observer } from "../observe.ts";
import type { GenerateContext, Generated, ImageLink, Order, Progress } from "../provider.ts";
import type { Estimate, Lease, Ticket } from "../queue.ts";
import type { Plan, Route } from "./plan.ts";

/** What making one picture needs. */
export interface MakeTools {
  readonly images: ImageStore;
  readonly imaging: Pick<Imaging, "inspect" | "keepable" | "bare">;
  readonly estimate: Estimate;
  /** Gets the bytes behind a service's link. */
  readonly fetchPicture: FetchPicture;
  /** Hand a service's link on as it is: the picture is neither fetched, verified nor kept. */
  readonly handOnLinks: boolean;
  /** Unix milliseconds; it may jump. */
  readonly now: () => number;
  /** Milliseconds since some moment, for durations: it never jumps. */
  readonly elapsed: () => number;
  readonly log: Log;
  readonly observe: Observer;
}

/** Gets the bytes behind a service's link; throws `provider-failed` and the signal's reason. */
export type FetchPicture = (
  link: ImageLink,
  provider: string,
  signal: AbortSignal,
) => Promise<Uint8Array>;

/** One process's work on one job. */
export interface Run {
  readonly job: Job;
  readonly route: Route;
  readonly ticket: Ticket;
  /** When this process took the job, by `elapsed`. */
  readonly since: number;
  /** The plan, and the first turn where a slot was free, if they were known when the job was accepted. */
  readonly start: { readonly plan: Plan; readonly lease: Lease | undefined } | undefined;
  /** Aborted with an ImageError when the job is cancelled. */
  readonly signal: AbortSignal;
  /** Aborted with an ImageError when no further call may begin: with `signal`, and when the process stops. */
  readonly turns: AbortSignal;
  /** Called before each call to the service; the call waits until this resolves. */
  readonly onCall: (plan: Plan) => Promise<void> | undefined;
  readonly onProgress: (number: number, progress: Progress) => void;
  /** Called when the enhancer begins and when it ends. */
  readonly onEnhancing: (isAtWork: boolean) => void;
  /** Called once for each call, when the service has answered it or failed. */
  readonly onAnswered: () => void;
  /** The service's own id of the work; resolves once it is on disk. */
  readonly onAccepted: (number: number, remote: JsonValue) => Promise<void>;
  /** Called with each picture that is kept; resolves once it belongs to its job. */
  readonly onPicture: (picture: Picture) => Promise<void> | undefined;
  /** Called after each call, also after one that failed. */
  readonly onCallEnded: () => void;
}

/** One picture of a job, fully decided. */
export interface Making {
  readonly number: number;
  readonly order: Order;
  readonly plan: Plan;
  /** Its turn, if it has been granted already. */
  readonly lease: Lease | undefined;
}

/** A picture that is kept and belongs to its job. */
export interface Made {
  readonly notices: readonly Notice[];
  readonly facts: { readonly madeBy?: string };
}

/** Waits for its turn, calls the service within the deadline, verifies the picture and keeps it. */
export async function makePicture(making: Making, run: Run, tools: MakeTools): Promise<Made> {
  const { order } = making;
  const { provider, timeoutMs } = run.route;
  const lease = making.lease ?? (await turnOf(run, tools));
  const deadline = createDeadline(timeoutMs);
  if (provider.capabilities.cancel === "always") deadline.follow(run.signal);
  try {
    const generated = await callProvider(making, run, tools, { lease, signal: deadline.signal });
    const { alert, image } = generated;
    if (alert) tools.log.error({ job: run.job.code, ...alert.facts }, alert.text);
    const picture =
      tools.handOnLinks && !(image instanceof Uint8Array)
        ? linked(image, making, tools)
        : await keepPicture(image, making, { run, tools, signal: deadline.signal });
    const stored = run.onPicture(picture);
    if (stored) await stored.catch(failAsPaid);
    const { modelName } = generated.facts;
    return {
      notices: [...generated.notices, ...sizeNotice(order, picture)],
      facts: modelName ? { madeBy: modelName } : {},
    };
  } catch (error) {
    reportFailure(error, run, tools);
    throw error;
  } finally {
    deadline.clear();
    run.onCallEnded();
  }
}

/** A turn, once it has come and what it brings can be kept: the disk may have failed meanwhile. */
async function turnOf({ ticket, turns }: Run, { images }: MakeTools): Promise<Lease> {
  const lease = await ticket.take(turns);
  try {
    await images.check();
    turns.throwIfAborted();
    return lease;
  } catch (error) {
    lease.release();
    throw error;
  }
}

async function callProvider(
  { number, order, plan }: Making,
  run: Run,
  tools: MakeTools,
  { lease, signal }: { readonly lease: Lease; readonly signal: AbortSignal },
): Promise<Generated> {
  const { provider } = run.route;
  let startedAt: number;
  let generated: Generated;
  try {
    const recorded = run.onCall(plan);
    if (recorded) {
      await recorded;
      run.turns.throwIfAborted();
    }
    startedAt = tools.elapsed();
    tools.observe.turnBegan(order.model.id, startedAt - run.since);
    const context: GenerateContext = {
      signal,
      onProgress: (progress) => run.onProgress(number, progress),
      onAccepted: (remote) => run.onAccepted(number, remote),
    };
    const remote = run.job.remotes[number];
    // Work that the service accepted from an earlier process, unless it no longer knows it.
    const resumed =
      remote === undefined ? undefined : await provider.resume?.(remote, order, context);
    generated = resumed ?? (await provider.generate(order, context));
  } finally {
    lease.release();
    run.onAnswered();
  }
  const tookMs = tools.elapsed() - startedAt;
  tools.estimate.record(order.model.id, order.width * order.height, tookMs, run.route.timeoutMs);
  tools.observe.pictureMade(order.model.id, tookMs);
  const { pointsLeft } = generated.facts;
  if (pointsLeft !== undefined) tools.observe.pointsLeft(provider.id, pointsLeft);
  return generated;
}

/** A picture that is only linked to: neither verified nor kept. */
function linked(link: ImageLink, { number, order }: Making, { now }: MakeTools): Picture {
  const { width, height, seed } = order;
  const [id, format] = [newPictureId(now()), formatOfLink(link.url)];
  return { number, id, hash: null, link, format, width, height, bytes: 0, seed };
}

/** Verifies the picture and keeps it. */
async function keepPicture(
  image: Generated["image"],
  { number, order: { seed } }: Making,
  { run, tools, signal }: { run: Run; tools: MakeTools; signal: AbortSignal },
): Promise<Picture> {
  const { provider } = run.route;
  const id = newPictureId(tools.now());
  const sent =
    image instanceof Uint8Array ? image : await tools.fetchPicture(image, provider.id, signal);
  const { bytes, facts } = await verified(sent, run, tools);
  const hash = await tools.images.put(bytes);
  return { number, id, hash, link: null, ...facts, bytes: bytes.byteLength, seed };
}

/** The bytes to keep, and what they are. */
async function verified(
  sent: Uint8Array,
  { job: { code: label }, route: { provider } }: Run,
  { imaging }: MakeTools,
): Promise<{ bytes: Uint8Array; facts: ImageFacts }> {
  try {
    const bytes = await imaging.keepable(sent, label);
    return { bytes, facts: imaging.inspect(bytes) };
  } catch (cause) {
    throw badImage(cause, provider.id, provider.capabilities.paid);
  }
}

/** Throws the error of a disk that refused the picture, marked as paid: the call was made. */
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
  if (order.width === picture.width && order.height === picture.height) return [];
  const ordered = `${order.width}x${order.height}`;
  const made = `${picture.width}x${picture.height}`;
  return [{ code: "size-differs", ordered, made }];
}

function reportFailure(error: unknown, run: Run, tools: MakeTools): void {
  if (!isImageError(error)) return;
  const { provider } = run.route;
  const fault = faultOf(error);
  if (!fault) return;
  tools.observe.providerFailed(provider.id, fault);
  const { message, cause } = error;
  tools.log.warn(
    { job: run.job.code, provider: provider.id, fault, message, cause },
    "a picture could not be made",
  );
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
