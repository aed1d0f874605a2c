import type { APIAttachment } from "discord-api-types/v10";
import { dropBody, type Fetch, readCapped } from "../../core/wire/fetch.ts";
import { Refused } from "../refused.ts";
import { limits } from "./limits.ts";

/** Where Discord keeps the files of its users, and its copies of pictures from elsewhere. */
const ownHosts = [
  "cdn.discordapp.com",
  "media.discordapp.net",
  "images-ext-1.discordapp.net",
  "images-ext-2.discordapp.net",
];

/** Fetches files from Discord's own hosts alone. */
export type FileFetcher = ReturnType<typeof fileFetcher>;

/** A fetcher of Discord's files; `furtherHosts` count as Discord's, too, also without encryption. */
export function fileFetcher(fetch: Fetch, furtherHosts: readonly string[]) {
  const isOwn = (url: string) => {
    const { protocol, host = "" } = URL.parse(url) ?? {};
    return furtherHosts.includes(host) || (protocol === "https:" && ownHosts.includes(host));
  };
  return {
    /** Whether this is an address of Discord's own. */
    isOwn,
    /** Throws Refused where Discord does not hand it over, or it has more than a picture may have. */
    async fetch(url: string): Promise<Uint8Array> {
      try {
        if (!isOwn(url)) throw new Error("an address that is not Discord's");
        const signal = AbortSignal.timeout(limits.requestMs);
        const response = await fetch(url, { signal, redirect: "error" });
        if (!response.ok) {
          dropBody(response);
          throw new Error(`status ${response.status}`);
        }
        return await readCapped(response, limits.sourceBytes);
      } catch (cause) {
        throw new Refused("ask.fileNotFetched", { cause });
      }
    },
  };
}

/** A file that a person sent, as far as it counts before it is fetched. */
export type SentFile = Pick<APIAttachment, "filename" | "size" | "url" | "content_type">;

const named = /\.(png|jpe?g|webp|avif|gif|tiff?)$/i;
const typed = /^image\/(png|jpeg|webp|avif|gif|tiff)\b/;

/** Whether a file says that it is a picture, be it of a kind that is read here or not. */
export function isPicture({ filename, content_type: type = "" }: SentFile): boolean {
  return type.startsWith("image/") || named.test(filename) || /\.hei[cf]$/i.test(filename);
}

function isReadable({ filename, content_type: type = "" }: SentFile): boolean {
  return typed.test(type) || (!type.startsWith("image/") && named.test(filename));
}

/** How to fetch a picture that was sent. Throws Refused for what is no picture that is read here or too large, before it is fetched. */
export function pictureIn(file: SentFile, files: FileFetcher): () => Promise<Uint8Array> {
  const { filename: name, size, url } = file;
  if (!isReadable(file)) throw new Refused("ask.notAPicture", { values: { name } });
  if (size > limits.sourceBytes) {
    throw new Refused("ask.tooLarge", { values: { limit: limits.sourceBytes / 1024 ** 2 } });
  }
  return () => files.fetch(url);
}
