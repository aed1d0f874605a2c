import { gzip, sha256 } from "#runtime";
import { hexOf } from "../../core/wire/hex.ts";
import type { Answer } from "./answer.ts";
import type { RequestContext } from "./context.ts";

/** A file that is served unchanged, without a key. */
export interface StaticFile {
  readonly path: string;
  /** What is sent, made once it is first asked for. */
  readonly open: () => OpenFile;
}

interface OpenFile {
  readonly headers: Readonly<Record<string, string>> & { readonly etag: string };
  readonly content: string | Uint8Array<ArrayBuffer>;
  /** The same, compressed once it is first asked for; undefined where the one who serves it does that anyway. */
  readonly compressed: () => Uint8Array<ArrayBuffer> | undefined;
}

/** A file at a path, with headers that restrict what a browser may do with it. Its content may be made when it is needed. */
export function staticFile(
  path: string,
  content: string | Uint8Array | (() => string),
  kind: { readonly type: string; readonly policy: string },
): StaticFile {
  let opened: OpenFile | undefined;
  const open = () => openFile(typeof content === "function" ? content() : content, kind);
  return { path, open: () => (opened ??= open()) };
}

function openFile(
  content: string | Uint8Array,
  { type, policy }: { readonly type: string; readonly policy: string },
): OpenFile {
  const headers = {
    "content-type": type,
    "content-security-policy": policy,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-cache",
    etag: `"${hexOf(sha256(content))}"`,
    vary: "accept-encoding",
  };
  const own = typeof content === "string" ? content : new Uint8Array(content);
  let packed: ReturnType<typeof gzip>;
  return { content: own, headers, compressed: () => (packed ??= gzip(own)) };
}

/** The file, compressed for those who take it so, or 304 for a client that has it. */
export function answerFile(file: StaticFile, context: RequestContext): Answer {
  const { content, headers, compressed } = file.open();
  if (hasTag(context, headers.etag)) return { status: 304, headers };
  const takesGzip = /\bgzip\b/.test(context.req.header("accept-encoding") ?? "");
  const packed = takesGzip ? compressed() : undefined;
  if (!packed) return { headers, body: content };
  return { headers: { ...headers, "content-encoding": "gzip" }, body: packed };
}

/** True where the client already has the content with this tag. */
export function hasTag(context: RequestContext, etag: string): boolean {
  const tags = context.req.header("if-none-match")?.split(",") ?? [];
  return tags.some((tag) => ["*", etag].includes(tag.trim().replace(/^W\//, "")));
}
