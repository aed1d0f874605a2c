import { type Beat, beating } from "#runtime";
import type { Answer } from "./answer.ts";
import type { Door } from "./context.ts";
import { jsonPieces, piecesUnderWay } from "./pieces.ts";

/** Writes a stream of server-sent events. */
export interface EventWriter {
  /** One event with this JSON as its data. */
  send(data: unknown, event?: string): void;
  /** The same once the client has taken all before it, for what may come in great number. Ends early when it is gone. */
  sendWhenTaken(data: unknown, event?: string): Promise<void>;
  /**
   * The same of data with `Base64Text`s in it, read from the disk as fast as the client takes them. Ends early when the
   * client is gone. Throws `overloaded`, having sent nothing.
   */
  sendPictures(data: object, event?: string): Promise<void>;
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
  /** Where the bytes of its pictures are counted. */
  readonly door: Pick<Door, "underWay">;
}

const headers = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-cache, no-transform",
  // Without this nginx buffers the events.
  "x-accel-buffering": "no",
};

/** A comment, which clients ignore; proxies keep the connection open for it. */
const heartbeat = ": keep-alive\n\n";

/** A client that takes none of so many gets no more. */
const mostHeartbeats = 100;

/** An answer whose first events go out before the work is done, with a heartbeat while nothing else is sent. */
export function eventStream({ heartbeatMs = 10_000, write, door }: EventStreamOptions): Answer {
  const encoder = new TextEncoder();
  let beat: Beat | undefined;
  let open = true;
  let room = Promise.withResolvers<undefined>();
  const makeRoom = () => {
    room.resolve(undefined);
    room = Promise.withResolvers<undefined>();
  };
  const close = () => {
    open = false;
    beat?.stop();
    makeRoom();
  };
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const putBytes = (bytes: Uint8Array) => {
        if (!open) return;
        controller.enqueue(bytes);
        beat?.refresh();
      };
      const put = (text: string) => putBytes(encoder.encode(text));
      /** Whether fewer pieces than these wait for the client. */
      const waitFewerThan = (count: number) => (controller.desiredSize ?? 0) > 1 - count;
      let inEvent = false;
      beat = beating(heartbeatMs, () => {
        if (!inEvent && waitFewerThan(mostHeartbeats)) put(heartbeat);
      });
      const allTaken = async () => {
        while (open && !waitFewerThan(1)) await room.promise;
      };
      const send = (data: unknown, event?: string) => put(eventOf(data, event));
      const writer: EventWriter = {
        send,
        sendWhenTaken: (data, event) => allTaken().then(() => send(data, event)),
        async sendPictures(data, event) {
          for await (const bytes of piecesUnderWay(door, jsonPieces(data))) {
            if (!inEvent) put(headOf(event));
            inEvent = true;
            await allTaken();
            if (!open) return;
            putBytes(bytes);
          }
          put("\n\n");
          inEvent = false;
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
    pull: makeRoom,
    cancel: close,
  });
  return { headers, body };
}

function eventOf(data: unknown, event: string | undefined): string {
  return `${headOf(event)}${JSON.stringify(data)}\n\n`;
}

function headOf(event: string | undefined): string {
  return event === undefined ? "data: " : `event: ${event}\ndata: `;
}
