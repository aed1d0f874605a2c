import type { Bindings } from "../http/context.ts";

/** A request, and what tells how its answer ends. */
export interface Carried {
  readonly bindings: Bindings;
  /** The same answer, watched to its end. */
  watched(response: Response): Response;
}

/** Watches a request whose runtime has no sockets: its client is gone when its signal says so, or has read the answer. */
export function carry(request: Request): Carried {
  const callbacks = new Set<(answered: boolean) => void>();
  let end: boolean | undefined;
  const ended = (answered: boolean) => {
    if (end !== undefined) return;
    end = answered;
    for (const callback of callbacks) callback(answered);
  };
  if (request.signal.aborted) ended(false);
  else request.signal.addEventListener("abort", () => ended(false), { once: true });
  return {
    bindings: {
      client: {
        address: request.headers.get("cf-connecting-ip") ?? undefined,
        onGone(callback) {
          if (end === undefined) callbacks.add(callback);
          else callback(end);
        },
      },
    },
    watched(response) {
      const { body } = response;
      if (!body) {
        ended(true);
        return response;
      }
      return new Response(untilEnd(body, ended), response);
    },
  };
}

function untilEnd(
  body: ReadableStream<Uint8Array>,
  ended: (answered: boolean) => void,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const next = await reader.read();
        if (!next.done) {
          controller.enqueue(next.value);
          return;
        }
        ended(true);
        controller.close();
      } catch (error) {
        ended(false);
        controller.error(error);
      }
    },
    async cancel(reason) {
      ended(false);
      await reader.cancel(reason);
    },
  });
}
