import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** A request under way, and when how much of it had gone through its socket. */
interface Watched {
  readonly incoming: IncomingMessage;
  readonly socket: Socket;
  received: number;
  sent: number;
  since: number;
}

/** Ends requests whose bodies stand still: they hold memory, and places that others wait for. */
export class Stalls {
  readonly #afterMs: number;
  readonly #refuse: (socket: Socket) => void;
  readonly #watched = new Set<Watched>();
  readonly #timer: NodeJS.Timeout;

  /** `refuse` answers a request that does not arrive; one whose answer is not taken has twice the time. */
  constructor(afterMs: number, refuse: (socket: Socket) => void) {
    this.#afterMs = afterMs;
    this.#refuse = refuse;
    this.#timer = setInterval(() => this.#look(), afterMs / 4);
    this.#timer.unref();
  }

  watch(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { socket } = incoming;
    const watched = { incoming, socket, received: 0, sent: 0, since: performance.now() };
    this.#watched.add(watched);
    outgoing.once("close", () => this.#watched.delete(watched));
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    for (const watched of this.#watched) {
      const { incoming, socket } = watched;
      const stillMs = this.#stillFor(watched);
      if (!incoming.complete && stillMs >= this.#afterMs) this.#refuse(socket);
      else if (socket.writableLength > 0 && stillMs >= 2 * this.#afterMs) socket.destroy();
    }
  }

  /** For how long no byte has gone either way. What the system has taken for the client counts as sent. */
  #stillFor(watched: Watched): number {
    const { bytesRead: received, bytesWritten, writableLength } = watched.socket;
    const sent = bytesWritten - writableLength;
    const moved = received !== watched.received || sent !== watched.sent;
    if (moved) Object.assign(watched, { received, sent, since: performance.now() });
    return performance.now() - watched.since;
  }
}
