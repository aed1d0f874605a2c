import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** One kind of request, sent again and again. */
export interface Load {
  readonly url: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** A new body for each request, so that no two are the same; all of one length. */
  readonly body: (number: number) => string;
}

/** What came of a burst of requests. */
export interface Burst {
  readonly requests: number;
  /** Answers with another status than 200. */
  readonly failures: number;
  readonly seconds: number;
  /** Milliseconds of each request. */
  readonly times: readonly number[];
}

/**
 * Sends as many requests as it can for so long, each connection one at a time. It writes to sockets itself and reads
 * no more of an answer than where it ends, so that measuring costs less than what is measured.
 */
export async function send(load: Load, connections: number, seconds: number): Promise<Burst> {
  const { hostname, port } = new URL(load.url);
  const startedAt = performance.now();
  const until = startedAt + seconds * 1000;
  const times: number[] = [];
  let failures = 0;

  async function keepAsking(): Promise<void> {
    const socket = connect(Number(port), hostname).setNoDelay(true);
    await once(socket, "connect");
    const reader = new AnswerReader(socket);
    while (performance.now() < until) {
      const askedAt = performance.now();
      socket.write(requestOf(load));
      const status = await reader.next();
      times.push(performance.now() - askedAt);
      if (status !== 200) failures++;
    }
    socket.destroy();
  }

  await Promise.all(Array.from({ length: connections }, keepAsking));
  const took = (performance.now() - startedAt) / 1000;
  return { requests: times.length, failures, seconds: took, times };
}

/** The value below which this share of all lies. */
export function quantile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

const counter = (() => {
  let last = 10_000_000;
  return { next: () => ++last };
})();

function requestOf({ url, path, headers, body }: Load): string {
  const text = body(counter.next());
  const lines = Object.entries({
    host: new URL(url).host,
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST ${path} HTTP/1.1\r\n${lines.join("")}\r\n${text}`;
}

/** Finds where each answer on a connection ends, whether by its length or by its last chunk. */
class AnswerReader {
  #head = Buffer.alloc(0);
  /** Bytes of the body that are still to come; undefined while its head is read. */
  #left: number | "chunks" | undefined;
  #tail = "";
  #status = 0;
  #waiting: { resolve: (status: number) => void; reject: (error: Error) => void } | undefined;

  constructor(socket: Socket) {
    socket.on("data", (piece: Buffer) => this.#read(piece));
    socket.on("error", (error) => this.#waiting?.reject(error));
    socket.on("close", () => this.#waiting?.reject(new Error("the server closed the connection")));
  }

  /** The status of the next answer, once all of it is there. */
  next(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  #read(piece: Buffer): void {
    const body = this.#left === undefined ? this.#readHead(piece) : piece;
    if (this.#left === undefined || !body) return;
    if (this.#left === "chunks") {
      this.#tail = (this.#tail + body.toString("latin1")).slice(-5);
      if (this.#tail === "0\r\n\r\n") this.#end();
      return;
    }
    this.#left -= body.length;
    if (this.#left <= 0) this.#end();
  }

  #readHead(piece: Buffer): Buffer | undefined {
    this.#head = Buffer.concat([this.#head, piece]);
    const end = this.#head.indexOf("\r\n\r\n");
    if (end < 0) return undefined;
    const head = this.#head.toString("latin1", 0, end);
    this.#status = Number(head.slice(9, 12));
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    this.#left = length === undefined ? "chunks" : Number(length);
    return this.#head.subarray(end + 4);
  }

  #end(): void {
    this.#head = Buffer.alloc(0);
    this.#left = undefined;
    this.#tail = "";
    this.#waiting?.resolve(this.#status);
  }
}
