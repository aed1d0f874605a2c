import type { PictureIndex } from "./archive.ts";
import { createDeadline } from "./deadline.ts";
import { type ErrorCode, invalidRequest, isImageError } from "./errors.ts";
import {
  BadImage,
  type ImageFacts,
  type ImageFlaw,
  type ImageFormat,
  type Imaging,
  sniffFormat,
} from "./imaging.ts";
import type { ImageStore } from "./images.ts";
import type { FetchPicture } from "./pipeline/make-picture.ts";

/** A picture that a client sent for editing. */
export interface SentPicture extends ImageFacts {
  /** Equal for equal bytes, so that a repeated request is the same request. */
  readonly id: string;
  /** As it is kept. */
  readonly bytes: number;
}

const flaws: Record<ImageFlaw, string> = {
  "unknown-format": "is no PNG, JPEG, WebP, AVIF, GIF or TIFF",
  "other-format": "has a format that is not read here; PNG, JPEG, WebP, AVIF, GIF and TIFF are",
  "not-decoded": "has a format that is not read here; PNG, JPEG and WebP are",
  "too-many-bytes": "has more bytes than there is room for here",
  video: "is a video",
  "too-many-pixels": "has more than 64 megapixels",
  "too-costly": "takes too much memory to be decoded",
  broken: "is broken or cut off",
};

/** What keeping a sent picture needs. */
export interface KeepTools extends Pick<SourceTools, "mostSourceBytes"> {
  readonly images: ImageStore;
  readonly imaging: Pick<Imaging, "inspect" | "keepable" | "bare">;
}

/** What fetching one needs. */
export interface FetchTools extends KeepTools, Pick<SourceTools, "fetchSources"> {
  readonly fetchPicture: FetchPicture;
}

/**
 * Verifies a picture that was sent and keeps it upright and without metadata. Where no job comes to use it, the sweep
 * erases it after a while. Throws `invalid-request` and `storage-failed`.
 */
export async function keepSource(sent: Uint8Array, tools: KeepTools): Promise<SentPicture> {
  const { mostSourceBytes = Infinity } = tools;
  try {
    if (sent.byteLength > mostSourceBytes) throw new BadImage("too-many-bytes");
    const whole = await tools.imaging.keepable(sent);
    tools.imaging.inspect(whole);
    const bytes = await tools.imaging.bare(whole);
    const facts = tools.imaging.inspect(bytes);
    await tools.images.check();
    return { ...facts, id: await tools.images.put(bytes), bytes: bytes.byteLength };
  } catch (error) {
    if (!(error instanceof BadImage)) throw error;
    throw invalidRequest("source", `The picture that was sent ${flaws[error.reason]}.`, error);
  }
}

const fetchMs = 20_000;

/**
 * The same for a picture that may also lie at an address of the web: it is fetched like a service's link, from public
 * addresses alone. Throws `invalid-request` also where nothing is fetched here, and for what cannot be fetched.
 */
export function takeSource(sent: Uint8Array | URL, tools: FetchTools): Promise<SentPicture> {
  return sent instanceof URL ? fetchSource(sent.href, tools) : keepSource(sent, tools);
}

async function fetchSource(url: string, tools: FetchTools): Promise<SentPicture> {
  if (!tools.fetchSources) {
    throw invalidRequest("source", "Send the picture itself: no address is fetched here.");
  }
  const deadline = createDeadline(fetchMs);
  try {
    const link = { url, trustedOrigin: "" };
    return await keepSource(await tools.fetchPicture(link, "the web", deadline.signal), tools);
  } catch (error) {
    if (!isImageError(error) || !unfetched.has(error.code)) throw error;
    const problem = "The picture at this address cannot be fetched. Send the picture itself.";
    throw invalidRequest("source", problem, error);
  } finally {
    deadline.clear();
  }
}

const unfetched: ReadonlySet<ErrorCode> = new Set(["provider-failed", "timed-out"]);

/** Where pictures to edit are found. */
export interface SourceTools {
  readonly pictures: PictureIndex;
  readonly images: ImageStore;
  /** Whether an address that was given is fetched. */
  readonly fetchSources: boolean;
  /** Larger pictures are not taken; undefined where bodies alone are limited. */
  readonly mostSourceBytes?: number;
}

/** A picture to edit, with its bytes. */
export interface KeptSource {
  readonly id: string;
  readonly format: ImageFormat;
  readonly bytes: Uint8Array;
}

/** A picture to edit by its id: one that was made here, or one that was sent. undefined when there is none (any more). */
export async function findSource(id: string, tools: SourceTools): Promise<KeptSource | undefined> {
  const hash = await sourceHash(id, tools);
  const bytes = hash === undefined ? undefined : await tools.images.read(hash);
  const format = bytes && sniffFormat(bytes);
  return bytes && format && format !== "video" ? { id, format, bytes } : undefined;
}

/** Under which hash such a picture is kept; undefined where there is none of this id. */
export async function sourceHash(
  id: string,
  { pictures }: Pick<SourceTools, "pictures">,
): Promise<string | undefined> {
  if (isSentId(id)) return id;
  return (await pictures.find(id))?.picture.hash ?? undefined;
}

/** Pictures that were sent are called by the SHA-256 of their bytes: only those who have them can name them. */
export function isSentId(id: string): boolean {
  return /^[0-9a-f]{64}$/.test(id);
}
