import { within } from "../../../core/deadline.ts";
import type { Answer } from "../answer.ts";
import type { Door, RequestContext } from "../context.ts";
import { toApiProblem } from "../errors.ts";

/** White space, which JSON allows before a value. */
const space = " \n";

/**
 * Answers with the result of `work`, as JSON; its failures are thrown. With keep-alive, white space is sent after a
 * long silence, for proxies that cut silent answers. From then on the status is 200, and a failure is only in the
 * body.
 */
export async function jsonAnswer(
  door: Door,
  context: RequestContext,
  work: Promise<object>,
): Promise<Answer> {
  if (!wantsSpace(door, context)) return { json: await work };
  const everyMs = door.settings.keepAliveEveryMs;
  const done = await within(everyMs, work);
  return done ? { json: done.value } : spaceUntil(work, everyMs);
}

function wantsSpace({ settings }: Door, context: RequestContext): boolean {
  const wish = context.req.header("x-drawbridge-keep-alive");
  return wish === undefined ? settings.keepImagesAlive : wish === "true";
}

function spaceUntil(work: Promise<object>, everyMs: number): Answer {
  const encoder = new TextEncoder();
  let beat: NodeJS.Timeout | undefined;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const put = (text: string) => controller.enqueue(encoder.encode(text));
      put(space);
      beat = setInterval(() => put(space), everyMs);
      work
        .catch((error: unknown) => toApiProblem(error).body)
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
  return { headers, body };
}
