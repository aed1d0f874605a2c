import { createHash, randomBytes } from "node:crypto";
import { parseBody } from "hono/utils/body";
import type { Clock } from "./clock.ts";
import { refusal } from "./errors.ts";
import type { Json } from "./payloads.ts";

/** A file as it came with a request. */
export interface UploadedFile {
  /** The `n` of `files[n]`. */
  readonly index: string;
  readonly filename: string;
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

/** A file of a message, or one that a person uploaded. */
export interface StoredFile {
  readonly id: string;
  readonly channelId: string;
  readonly filename: string;
  readonly contentType: string;
  readonly bytes: Uint8Array;
  /** The text for those who cannot see it. */
  readonly description: string | undefined;
  /** Blurred until clicked, whatever the component that shows it says. */
  readonly spoiler: boolean;
  readonly ephemeral: boolean;
}

/** A request's body: its JSON and its files. */
export interface RequestBody {
  readonly json: unknown;
  readonly files: readonly UploadedFile[];
}

/**
 * Reads JSON, or a form with `payload_json` and `files[n]`
 * (https://docs.discord.com/developers/reference#uploading-files).
 * Throws 50109 where the JSON is none.
 */
export async function readBody(
  contentType: string | undefined,
  bytes: Uint8Array,
): Promise<RequestBody> {
  if (!contentType?.startsWith("multipart/form-data")) {
    return { json: parseJson(new TextDecoder().decode(bytes)), files: [] };
  }
  const headers = { "content-type": contentType };
  const body = bytes as Uint8Array<ArrayBuffer>; // read from a socket, so never shared
  const form = await parseBody(
    new Request("http://in.a/form", { method: "POST", headers, body }),
  ).catch(() => {
    throw refusal("invalid-json");
  });
  const payload = form.payload_json;
  const files = await Promise.all(
    Object.entries(form).map(([name, value]) => readFile(name, value)),
  );
  return {
    json: typeof payload === "string" ? parseJson(payload) : {},
    files: files.filter((file) => file !== undefined),
  };
}

async function readFile(name: string, value: unknown): Promise<UploadedFile | undefined> {
  const index = /^files\[(\d+)\]$/.exec(name)?.[1];
  if (index === undefined || !(value instanceof File)) return undefined;
  return {
    index,
    filename: value.name,
    contentType: value.type || "application/octet-stream",
    bytes: new Uint8Array(await value.arrayBuffer()),
  };
}

function parseJson(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw refusal("invalid-json");
  }
}

/** The name a file is kept under: what is no letter, digit, dot, dash or underscore becomes `_`. */
export function keptName(filename: string): string {
  return filename.replaceAll(/[^\w.-]/g, "_") || "unknown";
}

/** How long a link to a file lives: https://docs.discord.com/developers/reference#signed-attachment-cdn-urls */
const LINK_LIFE_MS = 24 * 60 * 60 * 1000;

/** Where files are kept and given out. */
export interface FileStore {
  keep(file: Omit<StoredFile, "id">): StoredFile;
  find(id: string): StoredFile | undefined;
  /** A fresh signed link; each lives for a day. */
  link(file: StoredFile): string;
  /** The file of a link that this store signed, if it has not expired. */
  open(url: URL): StoredFile | undefined;
  /** An attachment as the API tells of it. */
  payload(file: StoredFile): Json;
}

/** Keeps files in memory. `origin` is where the stand-in listens. */
export function createFileStore(
  clock: Clock,
  nextId: () => string,
  origin: () => string,
): FileStore {
  const files = new Map<string, StoredFile>();
  const secret = randomBytes(16);

  function sign(path: string, expires: string, issued: string): string {
    return createHash("sha256").update(secret).update(`${path}|${expires}|${issued}`).digest("hex");
  }

  function link(file: StoredFile): string {
    const place = file.ephemeral ? "ephemeral-attachments" : "attachments";
    const path = `/${place}/${file.channelId}/${file.id}/${file.filename}`;
    const expires = Math.floor((clock.now() + LINK_LIFE_MS) / 1000).toString(16);
    const issued = Math.floor(clock.now() / 1000).toString(16);
    return `${origin()}${path}?ex=${expires}&is=${issued}&hm=${sign(path, expires, issued)}&`;
  }

  return {
    keep(file) {
      const stored = { ...file, id: nextId() };
      files.set(stored.id, stored);
      return stored;
    },
    find: (id) => files.get(id),
    link,
    open(url) {
      const file = files.get(url.pathname.split("/")[3] ?? "");
      const expires = url.searchParams.get("ex") ?? "0";
      const issued = url.searchParams.get("is") ?? "";
      if (url.searchParams.get("hm") !== sign(url.pathname, expires, issued)) return undefined;
      return parseInt(expires, 16) * 1000 > clock.now() ? file : undefined;
    },
    payload: (file) => ({
      id: file.id,
      filename: file.filename,
      size: file.bytes.byteLength,
      url: link(file),
      proxy_url: link(file),
      content_type: file.contentType,
      flags: file.spoiler ? 1 << 3 : 0,
      ...(file.description === undefined ? {} : { description: file.description }),
      ...(file.ephemeral ? { ephemeral: true } : {}),
    }),
  };
}
