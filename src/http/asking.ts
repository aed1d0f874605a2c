import { revivedError } from "../../core/errors.ts";
import type { Job } from "../../core/job.ts";
import type { ImageRequest } from "../../core/request.ts";
import type { Hold } from "./clients.ts";
import { type Door, onGone, type RequestContext } from "./context.ts";
import { invitesRetry } from "./errors.ts";

/** Submits a request, or takes over the job of an earlier try, and lets it go when the client is gone. */
export async function askFor(
  door: Door,
  context: RequestContext,
  request: ImageRequest,
  endpoint: string,
): Promise<Hold> {
  const hold = await door.clients.ask(request, {
    requester: context.get("requester"),
    endpoint,
    key: context.req.header("idempotency-key") || undefined,
    isRetry: Number(context.req.header("x-stainless-retry-count") ?? 0) >= 1,
  });
  return holdFor(context, hold);
}

/** The same hold, named in the answer and let go when the client is gone. */
export function holdFor(context: RequestContext, hold: Hold): Hold {
  context.set("held", { code: hold.job.code, replayed: hold.replayed });
  onGone(context, (answered) => hold.release(answered));
  return hold;
}

/** The job when it is done; throws its error when it failed. */
export async function finishedJob(door: Door, hold: Hold): Promise<Job> {
  const job = await door.studio.finished(hold.job.code);
  if (!job.error) return job;
  const error = revivedError(job.error);
  if (invitesRetry(error)) hold.refused();
  throw error;
}
