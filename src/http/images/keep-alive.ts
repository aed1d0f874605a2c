import type { Door, RequestContext } from "../context.ts";
import { toHttpError } from "../errors.ts";

/** What JSON may have before it. */
const space = " \n";

/**
 * Answers with what `work` comes to, as JSON; its failures are thrown. Where that is asked for, a long silence is
 * broken with white space, for proxies that cut silent answers: from then on the status is 200, and a failure is in
 * the body alone.
 */
export async function jsonAnswer(
  door: Door,
  context: RequestContext,
  work: Promise<object>,
): Promise<Response> {
  if (!wantsSpace(door, context)) return context.json(await work);
  const everyMs = door.settings.keepAliveEveryMs;
  const answer = await within(everyMs, work);
  return answer ? context.json(answer) : spaceUntil(work, everyMs);
}

function wantsSpace({ settings }: Door, context: RequestContext): boolean {
  const wish = context.req.header("x-drawbridge-keep-alive");
  return wish === undefined ? settings.keepImagesAlive : wish === "true";
}

/** What the work comes to; undefined when it takes longer than this. */
async function within<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  const { promise: over, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), ms);
  try {
    return await Promise.race([work, over]);
  } finally {
    clearTimeout(timer);
  }
}

function spaceUntil(work: Promise<object>, everyMs: number): Response {
  const encoder = new TextEncoder();
  let beat: NodeJS.Timeout | undefined;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const put = (text: string) => controller.enqueue(encoder.encode(text));
      put(space);
      beat = setInterval(() => put(space), everyMs);
      work
        .catch((error: unknown) => toHttpError(error).body)
        .then((answer) => {
          clearInterval(beat);
          put(JSON.stringify(answer));
          controller.close();
        })
        // The client is gone, and with it the stream.
        .catch(() => undefined);
    },
    cancel: () => clearInterval(beat),
  });
  const headers = { "content-type": "application/json", "x-accel-buffering": "no" };
  return new Response(body, { headers });
}
