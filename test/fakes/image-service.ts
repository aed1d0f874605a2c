import { createHash } from "node:crypto";
import type { ServerResponse } from "node:http";
import { parseBody } from "hono/utils/body";
import type { ImageFormat } from "../../core/imaging.ts";
import { type Dialect, type Fault, type ImageFaultName, imageFaults } from "./image-faults.ts";
import { createPainter } from "./painted.ts";
import {
  type Answer,
  type Asked,
  jsonAnswer,
  pause,
  send,
  startServer,
  untilGone,
} from "./stand-in.ts";

export interface ImageServiceOptions {
  /** The key that callers must send; any is good without it. */
  readonly apiKey?: string;
  /** What exacg's dialect says who painted. */
  readonly modelName?: string;
  /** The same by the number that is asked for; other numbers are refused. */
  readonly modelNames?: Readonly<Record<number, string>>;
  /** How long an order takes, in milliseconds. */
  readonly delayMs?: number;
  /** "ordered" paints the ordered size; a fixed size, such as 16×16, makes long runs fast. */
  readonly paints?: "ordered" | { readonly width: number; readonly height: number };
  readonly format?: ImageFormat;
  /** How OpenAI's dialect answers when it is not asked for one of the two. */
  readonly openaiAnswers?: "b64_json" | "url";
}

/** An order as it came in. */
export interface RecordedOrder {
  readonly dialect: Dialect;
  readonly headers: Asked["headers"];
  /** The body as it was sent. */
  readonly text: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** What a form brought. */
  readonly files: readonly SentFile[];
}

export interface SentFile {
  /** Of its field. */
  readonly field: string;
  readonly name: string;
  readonly type: string;
  readonly bytes: Buffer;
}

export interface ImageService {
  /** The base URL for exacg's dialect, without a slash at its end. */
  readonly url: string;
  /** The base URL for OpenAI's dialect. */
  readonly openaiUrl: string;
  /** Every order, in the order of arrival, whatever became of it. */
  readonly requests: readonly RecordedOrder[];
  /** Who fetched pictures, by path. */
  readonly downloads: readonly Asked[];
  /** Requests to paths that no image service has, and those without any key where one is needed. */
  readonly strays: readonly Asked[];
  /** The bytes of each painted picture, by the name at the end of its link. */
  readonly pictures: ReadonlyMap<string, Uint8Array>;
  /** Orders that are being worked on, and the most that ever were at once. */
  readonly running: number;
  readonly mostAtOnce: number;
  /** Orders whose caller hung up before the answer. */
  readonly abandoned: number;
  /** How many orders had these values in their bodies, such as `{ prompt, seed }`. */
  ordersOf(values: Readonly<Record<string, unknown>>): number;
  /** The next orders go wrong, one after the other; those after them are well again. */
  misbehave(...faults: readonly (ImageFaultName | Fault)[]): void;
  /** All further orders go wrong in this way, until it is called without one. */
  keepMisbehaving(fault?: ImageFaultName | Fault): void;
  setDelay(delayMs: number): void;
  /** From now on orders wait until the function that it answers with is called. */
  hold(): () => void;
  /** Resolves when so many orders have arrived since the start. */
  arrived(count: number): Promise<void>;
  close(): Promise<void>;
}

/** A working image service on 127.0.0.1 that speaks two dialects and does to its callers whatever a test wants. */
export async function startImageService(options: ImageServiceOptions = {}): Promise<ImageService> {
  const requests: RecordedOrder[] = [];
  const strays: Asked[] = [];
  const planned: Fault[] = [];
  const arrivals: { count: number; resolve: () => void }[] = [];
  let always: Fault = {};
  let delayMs = options.delayMs ?? 0;
  let gate: Promise<unknown> = Promise.resolve();
  let running = 0;
  let mostAtOnce = 0;
  let abandoned = 0;
  let pointsLeft = 1_000;

  const server = await startServer(async (asked, response, gone) => {
    const { pathname } = new URL(asked.path, "http://stand-in");
    const dialect = asked.method === "POST" ? dialects.get(pathname) : undefined;
    const isOrder = options.apiKey === undefined || asked.headers.authorization !== undefined;
    if (dialect && isOrder) return takeOrder(asked, dialect, response, gone);
    if (pathname.startsWith(picturesPath)) return gallery.show(asked, response, gone);
    strays.push(asked);
    return send(response, dialect ? wrongKey : notFound, "whole", gone);
  });
  const gallery = createGallery(server.url, options);

  async function takeOrder(
    asked: Asked,
    dialect: Dialect,
    response: ServerResponse,
    gone: AbortSignal,
  ): Promise<void> {
    const fault = planned.shift() ?? always;
    const { body, files } = await orderIn(asked);
    const sending = fault.reply?.sending ?? "whole";
    let answered = false;
    arrive({ dialect, headers: asked.headers, text: asked.text, body, files });
    gone.addEventListener("abort", () => {
      running--;
      if (!answered) abandoned++;
    });
    await Promise.race([gate, untilGone(gone)]);
    if (delayMs > 0) await pause(delayMs, gone);
    if (gone.aborted) return;
    const usual = keyFits(asked) ? await usualAnswer(asked, body, fault) : wrongKey;
    answered = !unfinished.has(sending);
    await send(response, fault.reply?.answer?.(usual, dialect) ?? usual, sending, gone);
  }

  function arrive(request: RecordedOrder): void {
    requests.push(request);
    running++;
    mostAtOnce = Math.max(mostAtOnce, running);
    for (const { count, resolve } of arrivals) if (requests.length >= count) resolve();
  }

  function keyFits({ headers }: Asked): boolean {
    return options.apiKey === undefined || headers.authorization === `Bearer ${options.apiKey}`;
  }

  async function usualAnswer(
    asked: Asked,
    body: RecordedOrder["body"],
    fault: Fault,
  ): Promise<Answer> {
    const dialect = dialects.get(asked.path);
    const named = options.modelNames?.[Number(body["model_index"])];
    if (dialect === "exacg" && options.modelNames && named === undefined) return noSuchModel;
    const { bytes, link, name } = await gallery.add(body, fault);
    if (dialect === "exacg") {
      const model_name = fault.modelName ?? named ?? options.modelName ?? "Z-Image-Turbo";
      const points = { points_used: 1, remaining_points: --pointsLeft };
      const data = { image_url: link, image_id: name, model_name, ...points };
      return jsonAnswer(200, { success: true, message: "图像生成成功", data });
    }
    if (asked.path === chatPath) return jsonAnswer(200, chatWith(link));
    const wanted = body.response_format ?? options.openaiAnswers;
    return imagesAnswer(wanted === "url" ? { url: link } : { b64_json: bytes.toString("base64") });
  }

  return {
    url: server.url,
    openaiUrl: `${server.url}/v1`,
    requests,
    strays,
    downloads: gallery.downloads,
    pictures: gallery.pictures,
    get running() {
      return running;
    },
    get mostAtOnce() {
      return mostAtOnce;
    },
    get abandoned() {
      return abandoned;
    },
    ordersOf(values) {
      const wanted = Object.entries(values);
      const fits = ({ body }: RecordedOrder) =>
        wanted.every(([name, value]) => body[name] === value);
      return requests.filter(fits).length;
    },
    misbehave(...faults) {
      planned.push(...faults.map(faultNamed));
    },
    keepMisbehaving(fault = {}) {
      always = faultNamed(fault);
    },
    setDelay(ms) {
      delayMs = ms;
    },
    hold() {
      const { promise, resolve } = Promise.withResolvers<undefined>();
      gate = promise;
      return () => resolve(undefined);
    },
    async arrived(count) {
      if (requests.length >= count) return;
      await new Promise<void>((resolve) => arrivals.push({ count, resolve }));
    },
    close: () => server.close(),
  };
}

/** The painted pictures and the server of their links. */
function createGallery(serverUrl: string, options: ImageServiceOptions) {
  const { paints = "ordered", format = "png" } = options;
  const paint = createPainter();
  const pictures = new Map<string, Buffer>();
  const faults = new Map<string, Fault>();
  const downloads: Asked[] = [];
  const ending = format === "jpeg" ? "jpg" : format;

  async function add(body: RecordedOrder["body"], fault: Fault) {
    const size = fault.painted ?? (paints === "ordered" ? sizeIn(body) : paints);
    const painted = await paint({ ...size, format, mark: markOf(body) });
    const bytes = fault.bytes?.(painted) ?? painted;
    const name = `${pictures.size + 1}.${ending}`;
    pictures.set(name, bytes);
    faults.set(name, fault);
    const link = `${serverUrl}${picturesPath}${name}`;
    return { bytes, name, link: fault.link?.(link) ?? link };
  }

  async function show(asked: Asked, response: ServerResponse, gone: AbortSignal): Promise<void> {
    downloads.push(asked);
    const url = new URL(asked.path, serverUrl);
    const name = url.pathname.slice(picturesPath.length);
    const { answer, sending = "whole" } = faults.get(name)?.picture ?? {};
    const usual = nextHop(url) ?? fileAnswer(pictures.get(name));
    return send(response, answer?.(usual, "exacg") ?? usual, sending, gone);
  }

  function fileAnswer(body: Buffer | undefined): Answer {
    if (!body) return notFound;
    return { status: 200, headers: { "content-type": `image/${format}` }, body };
  }

  return { add, show, pictures, downloads };
}

/** `?hops=3` is three redirects away from its picture, `?hops=endless` never gets there. */
function nextHop(url: URL): Answer | undefined {
  const hops = url.searchParams.get("hops");
  if (hops === null || hops === "0") return undefined;
  const left = hops === "endless" ? hops : Number(hops) - 1;
  return { status: 302, headers: { location: `${url.pathname}?hops=${left}` }, body: "" };
}

const picturesPath = "/pictures/";

const chatPath = "/v1/chat/completions";

const dialects: ReadonlyMap<string, Dialect> = new Map([
  ["/api/v1/generate_image", "exacg"],
  ["/v1/images/generations", "openai"],
  ["/v1/images/edits", "openai"],
  [chatPath, "openai"],
]);

function imagesAnswer(picture: object): Answer {
  return jsonAnswer(200, { created: 1_730_800_000, data: [picture] });
}

/** As relays answer that paint in chats. */
function chatWith(link: string) {
  const message = { role: "assistant", content: `Here it is: ![picture](${link})` };
  return { choices: [{ index: 0, message, finish_reason: "stop" }] };
}

/** The fields of a body in JSON or of a form, and the files of a form. */
async function orderIn({
  headers,
  bytes,
  text,
}: Asked): Promise<Pick<RecordedOrder, "body" | "files">> {
  const type = headers["content-type"] ?? "";
  if (!type.startsWith("multipart/")) {
    return { body: JSON.parse(text) as RecordedOrder["body"], files: [] };
  }
  const request = new Request("http://form", {
    method: "POST",
    body: bytes,
    headers: { "content-type": type },
  });
  const body: Record<string, unknown> = {};
  const files: SentFile[] = [];
  for (const [field, values] of Object.entries(await parseBody(request, { all: true }))) {
    for (const value of [values].flat()) {
      if (typeof value === "string") body[field] = value;
      else {
        const { name, type } = value;
        files.push({ field, name, type, bytes: Buffer.from(await value.bytes()) });
      }
    }
  }
  return { body, files };
}

/** Sent in these ways, an answer never reaches its end. */
const unfinished: ReadonlySet<string> = new Set(["never", "headers-only", "trickling", "endless"]);

const notFound = jsonAnswer(404, { error: "Not Found" });

const noSuchModel = jsonAnswer(400, { success: false, message: "模型不存在" });
const wrongKey = jsonAnswer(401, {
  success: false,
  error: {
    message: "Incorrect API key provided",
    type: "invalid_request_error",
    code: "invalid_api_key",
  },
});

function faultNamed(fault: ImageFaultName | Fault): Fault {
  return typeof fault === "string" ? imageFaults[fault] : fault;
}

function sizeIn({ size, width, height }: RecordedOrder["body"]) {
  const sides = typeof size === "string" ? size.split("x") : [width, height];
  return { width: Number(sides[0]) || 512, height: Number(sides[1]) || 512 };
}

/** The same order gives the same bytes. */
function markOf({ prompt, seed }: RecordedOrder["body"]): string {
  const words = createHash("sha256").update(String(prompt)).digest("hex").slice(0, 16);
  return `seed ${Number(seed)} words ${words}`;
}
