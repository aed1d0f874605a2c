import { createHash, createHmac, type Hmac, type Hash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { SignatureV4 } from "@smithy/signature-v4";
import { onTestFinished } from "vitest";
import type { BucketOptions } from "../../src/storage/s3-bucket.ts";

const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "a-secret-of-the-tests" };
const region = "auto";
const bucket = "pictures";

/** Requests whose clock is further away than this are refused. https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const skewMs = 15 * 60_000;

interface Kept {
  readonly bytes: Buffer;
  readonly at: Date;
}

/** An object storage of one bucket, which checks every signature. */
export interface FakeS3 {
  readonly options: BucketOptions;
  readonly objects: Map<string, Kept>;
  /** The next so many requests are answered with 503. */
  failNext(count: number): void;
  /** From now on each request waits so long for its answer, in milliseconds. */
  slowDown(ms: number): void;
  /** From now on its clock is ahead of everybody's by so much, in milliseconds. */
  moveClock(ms: number): void;
}

class Sha256 {
  readonly #hash: Hash | Hmac;
  constructor(secret?: string | Uint8Array | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret ? createHmac("sha256", secret as string) : createHash("sha256");
  }
  update(data: string | Uint8Array): void {
    this.#hash.update(data);
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
  reset(): void {
    throw new Error("A digest is used once.");
  }
}

const signer = new SignatureV4({
  credentials,
  region,
  service: "s3",
  sha256: Sha256,
  uriEscapePath: false,
  applyChecksum: false,
});

/** Starts one on a free port, gone when the test ends. Listings have pages of `pageSize`. */
export async function fakeS3({ pageSize = 1000 } = {}): Promise<FakeS3> {
  const objects = new Map<string, Kept>();
  let failures = 0;
  let delayMs = 0;
  let aheadMs = 0;
  const server = createServer((incoming, outgoing) => {
    void answer(incoming, outgoing).catch((error: unknown) => {
      outgoing.writeHead(500).end(String(error));
    });
  });

  async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = Buffer.concat(await Array.fromAsync(incoming as AsyncIterable<Buffer>));
    const url = new URL(incoming.url ?? "", `http://${incoming.headers.host}`);
    if (delayMs > 0) await sleep(delayMs);
    const now = Date.now() + aheadMs;
    const problem =
      failures > 0 ? "SlowDown" : await signatureProblem(incoming, url, { body, now });
    failures = Math.max(0, failures - 1);
    const [, name, ...rest] = url.pathname.split("/");
    const key = rest.join("/");
    if (problem) refuse(outgoing, problem === "SlowDown" ? 503 : 403, problem);
    else if (name !== bucket) refuse(outgoing, 404, "NoSuchBucket");
    else if (key === "") ofBucket(incoming, outgoing, url);
    else ofObject(incoming, outgoing, { key, body, url });
  }

  function ofBucket(incoming: IncomingMessage, outgoing: ServerResponse, url: URL): void {
    if (incoming.method === "HEAD") outgoing.writeHead(200).end();
    else outgoing.writeHead(200, { "content-type": "application/xml" }).end(listing(url));
  }

  function listing({ searchParams: query }: URL): string {
    const prefix = query.get("prefix") ?? "";
    const after = query.get("continuation-token") ?? "";
    const keys = [...objects.keys()].sort().filter((key) => key.startsWith(prefix) && key > after);
    const page = keys.slice(0, pageSize);
    const contents = page.map((key) => {
      const at = objects.get(key)?.at.toISOString() ?? "";
      return `<Contents><Key>${key}</Key><LastModified>${at}</LastModified></Contents>`;
    });
    const next = `<NextContinuationToken>${page.at(-1) ?? ""}</NextContinuationToken>`;
    const more = keys.length > page.length;
    return `<ListBucketResult><IsTruncated>${more}</IsTruncated>${more ? next : ""}${contents.join("")}</ListBucketResult>`;
  }

  function ofObject(
    { method }: IncomingMessage,
    outgoing: ServerResponse,
    { key, body, url }: { key: string; body: Buffer; url: URL },
  ): void {
    const kept = objects.get(key);
    const type = url.searchParams.get("response-content-type") ?? "binary/octet-stream";
    if (method === "PUT") {
      objects.set(key, { bytes: body, at: new Date() });
      outgoing.writeHead(200).end();
    } else if (method === "DELETE") {
      objects.delete(key);
      outgoing.writeHead(204).end();
    } else if (!kept) {
      refuse(outgoing, 404, "NoSuchKey");
    } else {
      const head = { "content-length": kept.bytes.byteLength, "content-type": type };
      outgoing.writeHead(200, head).end(method === "HEAD" ? undefined : kept.bytes);
    }
  }

  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    options: { endpoint, bucket, region, ...credentials, fetch: globalThis.fetch },
    objects,
    failNext: (count) => (failures = count),
    slowDown: (ms) => (delayMs = ms),
    moveClock: (ms) => (aheadMs = ms),
  };
}

function refuse(outgoing: ServerResponse, status: number, code: string): void {
  outgoing.writeHead(status).end(`<Error><Code>${code}</Code></Error>`);
}

// === Signatures

/** What is wrong with the signature of a request, as S3 calls it. */
async function signatureProblem(
  incoming: IncomingMessage,
  url: URL,
  sent: Sent,
): Promise<string | undefined> {
  const signed = url.searchParams.get("X-Amz-Signature");
  return signed ? presignedProblem(url, signed) : headerProblem(incoming, url, sent);
}

/** The body of a request, and when it came by the clock of the service. */
interface Sent {
  readonly body: Buffer;
  readonly now: number;
}

async function headerProblem(
  { method = "", headers }: IncomingMessage,
  url: URL,
  { body, now }: Sent,
) {
  const pattern = /SignedHeaders=([^,]+), ?Signature=(\w+)/;
  const [, names = "", signature] = pattern.exec(headers.authorization ?? "") ?? [];
  const date = dateOf(headers["x-amz-date"]);
  if (!signature || !date) return "AccessDenied";
  if (Math.abs(now - date.getTime()) > skewMs) return "RequestTimeTooSkewed";
  const hash = createHash("sha256").update(body).digest("hex");
  if (headers["x-amz-content-sha256"] !== hash) return "XAmzContentSHA256Mismatch";
  const sent = Object.fromEntries(names.split(";").map((name) => [name, String(headers[name])]));
  const again = await signer.sign(requestOf(method, url, sent), { signingDate: date });
  const expected = pattern.exec(again.headers["authorization"] ?? "")?.[2];
  return expected === signature ? undefined : "SignatureDoesNotMatch";
}

async function presignedProblem(url: URL, signature: string): Promise<string | undefined> {
  const date = dateOf(url.searchParams.get("X-Amz-Date") ?? undefined);
  const expiresIn = Number(url.searchParams.get("X-Amz-Expires"));
  if (!date || Date.now() > date.getTime() + expiresIn * 1000) return "AccessDenied";
  const bare = new URL(url);
  for (const name of [...bare.searchParams.keys()]) {
    if (name.startsWith("X-Amz-")) bare.searchParams.delete(name);
  }
  // What a link is for is not known when it is signed.
  const unsigned = { "x-amz-content-sha256": "UNSIGNED-PAYLOAD" };
  const asked = requestOf("GET", bare, { host: url.host, ...unsigned });
  const only = new Set(Object.keys(unsigned));
  const again = await signer.presign(asked, {
    signingDate: date,
    expiresIn,
    unsignableHeaders: only,
    unhoistableHeaders: only,
  });
  const expected = again.query?.["X-Amz-Signature"];
  return expected === signature ? undefined : "SignatureDoesNotMatch";
}

function requestOf(method: string, url: URL, headers: Record<string, string>) {
  return {
    method,
    protocol: url.protocol,
    hostname: url.hostname,
    port: Number(url.port),
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers,
  };
}

/** `20261127T101500Z` */
function dateOf(stamp: string | string[] | undefined): Date | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(String(stamp ?? ""));
  if (!parts) return undefined;
  const [, year, month, day, hour, minute, second] = parts;
  return new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}
