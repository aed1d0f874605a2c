import { sha256 } from "#runtime";
import { hexOf } from "../../core/wire/hex.ts";
import type { Answer } from "./answer.ts";
import type { RequestContext } from "./context.ts";

/** A file that is served unchanged, without a key. */
export interface StaticFile {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>> & { readonly etag: string };
  readonly content: string;
}

/** A file at a path, with headers that restrict what a browser may do with it. */
export function staticFile(
  path: string,
  content: string,
  { type, policy }: { readonly type: string; readonly policy: string },
): StaticFile {
  const headers = {
    "content-type": type,
    "content-security-policy": policy,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-cache",
    etag: `"${hexOf(sha256(content))}"`,
  };
  return { path, content, headers };
}

/** The file, or 304 for a client that has it. */
export function answerFile({ content, headers }: StaticFile, context: RequestContext): Answer {
  return hasTag(context, headers.etag) ? { status: 304, headers } : { headers, body: content };
}

/** True where the client already has the content with this tag. */
export function hasTag(context: RequestContext, etag: string): boolean {
  const tags = context.req.header("if-none-match")?.split(",") ?? [];
  return tags.some((tag) => ["*", etag].includes(tag.trim().replace(/^W\//, "")));
}
