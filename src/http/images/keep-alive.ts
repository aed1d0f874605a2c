import { within } from "../../../core/deadline.ts";
import { isImageError } from "../../../core/errors.ts";
import { type Answer, jsonHeaders } from "../answer.ts";
import type { Door, RequestContext } from "../context.ts";
import { toApiProblem } from "../errors.ts";
import { jsonPieces, type Pieces, piecesUnderWay, streamOf } from "../pieces.ts";

/** White space, which JSON allows before a value. */
const space = " \n";

/** An answer in JSON. */
type JsonAnswer = Pick<Answer, "json" | "pieces">;

/**
 * Answers with what `work` comes to; its failures are thrown. Where that is asked for, a long silence is broken with
 * white space, for proxies that cut silent answers: from then on the status is 200, and a failure is in the body alone.
 */
export async function jsonAnswer(
  door: Door,
  context: RequestContext,
  work: Promise<JsonAnswer>,
): Promise<Answer> {
  if (!wantsSpace(door, context)) return work;
  const done = await within(door.settings.keepAliveEveryMs, work);
  if (done) return done.value;
  const headers = { ...jsonHeaders, "x-accel-buffering": "no" };
  return { headers, body: streamOf(spaceUntil(work, door)) };
}

function wantsSpace({ settings }: Door, context: RequestContext): boolean {
  const wish = context.req.header("x-drawbridge-keep-alive");
  return wish === undefined ? settings.keepImagesAlive : wish === "true";
}

async function* spaceUntil(
  work: Promise<JsonAnswer>,
  door: Door,
): AsyncGenerator<Uint8Array, void> {
  const whiteSpace = new TextEncoder().encode(space);
  const pieces = work.then(piecesIn, problemPieces);
  yield whiteSpace;
  for (;;) {
    const done = await within(door.settings.keepAliveEveryMs, pieces);
    if (!done) {
      yield whiteSpace;
      continue;
    }
    try {
      yield* piecesUnderWay(door, done.value);
    } catch (error) {
      if (!isImageError(error)) throw error;
      yield* problemPieces(error).chunks;
    }
    return;
  }
}

function piecesIn({ json = {}, pieces }: JsonAnswer): Pieces {
  return pieces ?? jsonPieces(json);
}

function problemPieces(error: unknown): Pieces {
  return jsonPieces(toApiProblem(error).body);
}
