import { BotApiError, type ErrorParameters } from "./errors.ts";

/** An error to answer with; `description` is the whole text, as in "Bad Request: chat not found". */
export interface Failure {
  readonly code: number;
  readonly description: string;
  readonly parameters?: ErrorParameters;
}

/** What goes wrong with one call. */
export interface Fault {
  readonly failure?: BotApiError;
  /** The connection is closed before the call has an effect, or after it. */
  readonly cut?: "before" | "after";
  readonly delayMs?: number;
}

/** Troubles that a test prepares; `method` is a method of the Bot API, or "*" for any but getUpdates. */
export interface Faults {
  failNext(method: string, failure: Failure, times?: number): void;
  /** The next call is told to wait, by 429. */
  floodNext(method: string, retryAfterSeconds: number, times?: number): void;
  cutNext(method: string, when: "before" | "after", times?: number): void;
  delayNext(method: string, ms: number, times?: number): void;
  /** Troubles that were prepared and have not happened yet. */
  readonly left: number;
}

export interface FaultQueue extends Faults {
  /** The next trouble of this method, which is then used up. */
  take(method: string): Fault | undefined;
}

export function createFaults(): FaultQueue {
  const prepared: { readonly method: string; readonly fault: Fault }[] = [];

  function prepare(method: string, fault: Fault, times = 1): void {
    for (let count = 0; count < times; count++) {
      prepared.push({ method: method.toLowerCase(), fault });
    }
  }

  return {
    failNext(method, { code, description, parameters }, times) {
      prepare(method, { failure: new BotApiError(code, description, parameters) }, times);
    },
    floodNext(method, retryAfterSeconds, times) {
      const description = `Too Many Requests: retry after ${retryAfterSeconds}`;
      const parameters = { retry_after: retryAfterSeconds };
      prepare(method, { failure: new BotApiError(429, description, parameters) }, times);
    },
    cutNext: (method, cut, times) => prepare(method, { cut }, times),
    delayNext: (method, delayMs, times) => prepare(method, { delayMs }, times),
    get left() {
      return prepared.length;
    },
    take(method) {
      const wanted = method.toLowerCase();
      const at = prepared.findIndex(
        (one) => one.method === wanted || (one.method === "*" && wanted !== "getupdates"),
      );
      return at < 0 ? undefined : prepared.splice(at, 1)[0]?.fault;
    },
  };
}
