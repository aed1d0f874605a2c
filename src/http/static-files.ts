import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { Answer } from "./answer.ts";
import type { RequestContext } from "./context.ts";

/** A file that is served unchanged, without a key. */
export interface StaticFile {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>> & { readonly etag: string };
  readonly content: string | Uint8Array<ArrayBuffer>;
  /** The same, compressed. */
  readonly gzip: Uint8Array<ArrayBuffer>;
}

/** A file at a path, with headers that restrict what a browser may do with it. */
export function staticFile(
  path: string,
  content: string | Uint8Array,
  { type, policy }: { readonly type: string; readonly policy: string },
): StaticFile {
  const headers = {
    "content-type": type,
    "content-security-policy": policy,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-cache",
    etag: `"${createHash("sha1").update(content).digest("hex")}"`,
    vary: "accept-encoding",
  };
  const own = typeof content === "string" ? content : new Uint8Array(content);
  return { path, content: own, headers, gzip: new Uint8Array(gzipSync(content)) };
}

/** The file, compressed for those who take it so, or 304 for a client that has it. */
export function answerFile(file: StaticFile, context: RequestContext): Answer {
  const { content, headers, gzip } = file;
  if (hasTag(context, headers.etag)) return { status: 304, headers };
  const takesGzip = /\bgzip\b/.test(context.req.header("accept-encoding") ?? "");
  if (!takesGzip) return { headers, body: content };
  return { headers: { ...headers, "content-encoding": "gzip" }, body: gzip };
}

/** True where the client already has the content with this tag. */
export function hasTag(context: RequestContext, etag: string): boolean {
  const tags = context.req.header("if-none-match")?.split(",") ?? [];
  return tags.some((tag) => ["*", etag].includes(tag.trim().replace(/^W\//, "")));
}
