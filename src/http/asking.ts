import { revivedError } from "../../core/errors.ts";
import type { Job } from "../../core/job.ts";
import type { ImageRequest } from "../../core/request.ts";
import type { Hold } from "./clients.ts";
import { type Door, onGone, type RequestContext } from "./context.ts";

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
    key: context.req.header("idempotency-key"),
    isRetry: Number(context.req.header("x-stainless-retry-count") ?? 0) >= 1,
  });
  onGone(context, (answered) => hold.release(answered));
  return hold;
}

/** The job when it is done; throws its error when it failed. */
export async function finishedJob(door: Door, hold: Hold): Promise<Job> {
  const job = await door.studio.finished(hold.job.code);
  if (job.error) throw revivedError(job.error);
  return job;
}

/** The answer with the headers that say which job it is about. */
export function answerWith(context: RequestContext, hold: Hold, answer: object): Response {
  const response = answer instanceof Response ? answer : context.json(answer);
  response.headers.set("x-drawbridge-code", hold.job.code);
  if (hold.replayed) response.headers.set("idempotent-replayed", "true");
  return response;
}
