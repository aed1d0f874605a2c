import { setTimeout as sleep } from "node:timers/promises";
import { hash as digest } from "node:crypto";
import { AwsClient } from "aws4fetch";

/** A bucket, and who may use it. */
export interface BucketOptions {
  /** Of the service, without the bucket: `https://s3.eu-central-1.amazonaws.com`. */
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly fetch: typeof globalThis.fetch;
}

/** An object as a listing shows it. */
export interface Listed {
  readonly key: string;
  /** When it was last written, Unix milliseconds. */
  readonly at: number;
}

/** The service answered with something other than what was asked for. */
export class BucketError extends Error {
  override readonly name = "BucketError";
  /** S3's own name for the problem; empty where it gave none. */
  readonly code: string;

  constructor(message: string, code: string) {
    super(message);
    this.code = code;
  }
}

/** How long presigned links last, in seconds. */
const presignedSeconds = 3_600;

/** The longest that one request may take, in milliseconds. */
const requestMs = 30_000;

/** What did not come through is asked for again after these pauses, in milliseconds. Each request may be repeated. */
const pausesMs = [100, 500, 2_000];

/** Objects in an S3-compatible bucket. Keys hold letters, digits, `/`, `-` and `.` alone. Throws `BucketError`. */
export class Bucket {
  readonly #options: BucketOptions;
  readonly #aws: AwsClient;

  constructor(options: BucketOptions) {
    const { accessKeyId, secretAccessKey, region } = options;
    this.#options = options;
    this.#aws = new AwsClient({ accessKeyId, secretAccessKey, region, service: "s3", retries: 0 });
  }

  /** Resolves where the bucket is there and this key may use it. */
  async check(): Promise<void> {
    await this.#ask("HEAD", "");
  }

  async put(key: string, body: Uint8Array): Promise<void> {
    await this.#ask("PUT", key, body);
  }

  /** undefined where there is no such object. */
  get(key: string): Promise<Response | undefined> {
    return this.#ask("GET", key);
  }

  /** Bytes of an object; undefined where there is none. */
  async sizeOf(key: string): Promise<number | undefined> {
    const response = await this.#ask("HEAD", key);
    return response && Number(response.headers.get("content-length"));
  }

  /** Removes an object that may be there. */
  async remove(key: string): Promise<void> {
    await this.#ask("DELETE", key);
  }

  /** All objects whose keys begin so. */
  async list(prefix: string): Promise<Listed[]> {
    const found: Listed[] = [];
    for (let token: string | undefined = ""; token !== undefined; ) {
      const query = new URLSearchParams({ "list-type": "2", prefix });
      if (token) query.set("continuation-token", token);
      const response = await this.#ask("GET", `?${query.toString()}`);
      const text = (await response?.text()) ?? "";
      found.push(...listedIn(text));
      token = /<NextContinuationToken>([^<]+)</.exec(text)?.[1];
    }
    return found;
  }

  /** A link that lets anyone fetch this object for an hour, as this type. */
  async presign(key: string, contentType: string): Promise<string> {
    const url = new URL(this.#urlOf(key));
    url.searchParams.set("X-Amz-Expires", `${presignedSeconds}`);
    url.searchParams.set("response-content-type", contentType);
    return (await this.#aws.sign(url.href, { aws: { signQuery: true } })).url;
  }

  #urlOf(key: string): string {
    const { endpoint, bucket } = this.#options;
    return `${endpoint}/${bucket}${key === "" || key.startsWith("?") ? key : `/${key}`}`;
  }

  /** The answer; undefined for an object that is not there. What the service could not do is asked for again. */
  async #ask(method: string, key: string, body?: Uint8Array): Promise<Response | undefined> {
    for (const pauseMs of pausesMs) {
      const answer = await this.#try(method, key, body).catch(() => undefined);
      if (answer && answer.status < 500) return accepted(answer, { method, key });
      await sleep(pauseMs);
    }
    return accepted(await this.#try(method, key, body), { method, key });
  }

  async #try(method: string, key: string, body?: Uint8Array): Promise<Response> {
    // Signed with what it is, so that nothing else is kept under its name.
    const headers = { "x-amz-content-sha256": digest("sha256", body ?? "") };
    const init = { method, headers, ...(body && { body: body as Uint8Array<ArrayBuffer> }) };
    const signed = await this.#aws.sign(this.#urlOf(key), init);
    return this.#options.fetch(signed.url, {
      method,
      headers: signed.headers,
      ...(body && { body: body as Uint8Array<ArrayBuffer> }),
      signal: AbortSignal.timeout(requestMs),
    });
  }
}

async function accepted(
  response: Response,
  { method, key }: { readonly method: string; readonly key: string },
): Promise<Response | undefined> {
  if (response.ok) return response;
  const told = await response.text().catch(() => "");
  const isObject = key !== "" && !key.startsWith("?");
  if (response.status === 404 && isObject && method !== "PUT") return undefined;
  const code = /<Code>(\w+)</.exec(told)?.[1] ?? "";
  const message = `the object storage answered ${method} with ${response.status} ${code}`;
  throw new BucketError(message, code);
}

/** What a listing in XML holds; our keys need no unescaping. */
function listedIn(xml: string): Listed[] {
  return [...xml.matchAll(/<Contents>(.*?)<\/Contents>/gs)].map(([, contents = ""]) => ({
    key: /<Key>([^<]*)</.exec(contents)?.[1] ?? "",
    at: Date.parse(/<LastModified>([^<]*)</.exec(contents)?.[1] ?? ""),
  }));
}
