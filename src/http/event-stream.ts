import type { Answer } from "./answer.ts";

/** Writes a stream of server-sent events. */
export interface EventWriter {
  /** One event with this JSON as its data. */
  send(data: unknown, event?: string): void;
  /** Shows that the answer has begun, where its first event takes a while. */
  begin(): void;
  /** The closing `[DONE]` of OpenAI's chat streams. */
  done(): void;
}

/** How a stream of events is made. */
export interface EventStreamOptions {
  /** How long the stream may be silent; 10 s by default. */
  readonly heartbeatMs?: number;
  /** Writes the events; the stream ends when it resolves. It has to handle its own failures. */
  readonly write: (writer: EventWriter) => Promise<void>;
}

const headers = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-cache, no-transform",
  // Without this nginx buffers the events.
  "x-accel-buffering": "no",
};

/** A comment, which clients ignore; proxies keep the connection open for it. */
const heartbeat = ": keep-alive\n\n";

/** An answer whose first events go out before the work is done, with a heartbeat while nothing else is sent. */
export function eventStream({ heartbeatMs = 10_000, write }: EventStreamOptions): Answer {
  const encoder = new TextEncoder();
  let beat: NodeJS.Timeout | undefined;
  let open = true;
  const close = () => {
    open = false;
    clearInterval(beat);
  };
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const put = (text: string) => {
        if (!open) return;
        controller.enqueue(encoder.encode(text));
        beat?.refresh();
      };
      beat = setInterval(() => put(heartbeat), heartbeatMs);
      const writer: EventWriter = {
        send(data, event) {
          put(`${event ? `event: ${event}\n` : ""}data: ${JSON.stringify(data)}\n\n`);
        },
        begin: () => put(heartbeat),
        done: () => put("data: [DONE]\n\n"),
      };
      void write(writer)
        .then(() => open && controller.close())
        // A bug ends only this answer, not the process.
        .catch((error: unknown) => open && controller.error(error))
        .finally(close);
    },
    cancel: close,
  });
  return { headers, body };
}
