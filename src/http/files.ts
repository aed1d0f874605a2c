import type { ImageFormat } from "../../core/imaging.ts";
import type { Job, Picture } from "../../core/job.ts";
import type { OpenPicture } from "../../core/studio/kept-pictures.ts";
import type { Answer } from "./answer.ts";
import type { Door, RequestContext } from "./context.ts";
import { openPicture } from "./output.ts";
import { filePieces } from "./pieces.ts";
import { Refusal } from "./refusals.ts";
import { hasTag } from "./static-files.ts";

interface PictureType {
  readonly format: ImageFormat;
  readonly contentType: string;
}

const types: Readonly<Record<string, PictureType>> = {
  png: { format: "png", contentType: "image/png" },
  jpg: { format: "jpeg", contentType: "image/jpeg" },
  jpeg: { format: "jpeg", contentType: "image/jpeg" },
  webp: { format: "webp", contentType: "image/webp" },
};

/**
 * `GET /images/{id}.{ext}`: a kept picture, without a key: the link itself is the permission. The ending decides the
 * format. The picture behind a link never changes, so it may be cached for ever.
 */
export async function servePicture(door: Door, context: RequestContext): Promise<Answer> {
  const [id = "", ending = ""] = (context.req.param("file") ?? "").split(".");
  const type = types[ending];
  const found = type && (await door.studio.picture(id));
  if (!type || !found?.picture.hash) throw new Refusal("no-picture");
  const headers = headersOf(found.picture.hash, type);
  if (hasTag(context, headers.etag)) return { status: 304, headers };
  return answerPicture(door, context, { ...found, format: type.format, headers });
}

/** Remembered well within the hour for which a presigned link lasts. */
function redirectTo(location: string): Answer {
  return { status: 302, headers: { location, "cache-control": "private, max-age=1800" } };
}

/**
 * `GET /sources/{id}.{ext}`: a picture that was made here or sent, without metadata, for the service that is to edit it.
 * Without a key: the link itself is the permission. Always in its own format.
 */
export async function serveSource(door: Door, context: RequestContext): Promise<Answer> {
  const [id = ""] = (context.req.param("file") ?? "").split(".");
  const opened = await door.studio.kept.openSource(id, context.req.raw.signal);
  if (!opened) throw new Refusal("no-picture");
  const { format } = opened;
  return fileAnswer(headersOf(`${id}-source`, { format, contentType: `image/${format}` }), opened);
}

/** `GET /thumbnails/{id}.webp`: the same picture small, at most 30 KB. */
export async function serveThumbnail(door: Door, context: RequestContext): Promise<Answer> {
  const [id = ""] = (context.req.param("file") ?? "").split(".");
  const found = await door.studio.picture(id);
  if (!found?.picture.hash) throw new Refusal("no-picture");
  const headers = headersOf(`${found.picture.hash}-thumbnail`, smallType);
  if (hasTag(context, headers.etag)) return { status: 304, headers };
  const { picture, job } = found;
  // Where nothing is decoded, the picture itself has to do.
  if (!door.imaging.decodes) {
    return { status: 302, headers: { location: `/images/${id}.${picture.format}` } };
  }
  const { signal } = context.req.raw;
  return fileAnswer(headers, await door.studio.kept.openThumbnail(picture, job, signal));
}

const smallType = { format: "webp", contentType: "image/webp" } as const;

interface Found {
  readonly picture: Picture;
  readonly job: Job;
  readonly format: ImageFormat;
  readonly headers: Readonly<Record<string, string>>;
}

async function answerPicture(door: Door, context: RequestContext, found: Found): Promise<Answer> {
  const { picture, job, format, headers } = found;
  if (door.presign && picture.hash && format === picture.format) {
    return redirectTo(await door.presign(picture.hash, headers["content-type"] ?? ""));
  }
  if (context.req.method === "HEAD" && format === picture.format) {
    return { headers: { ...headers, "content-length": `${picture.bytes}` } };
  }
  const wish = { output_format: format };
  return fileAnswer(headers, await openPicture(door, context, { job, picture, wish }));
}

/** Where no pixels can be decoded, a picture comes in its own format, whatever its ending says. */
function fileAnswer(headers: Readonly<Record<string, string>>, opened: OpenPicture): Answer {
  const contentType = { "content-type": `image/${opened.format}` };
  return { headers: { ...headers, ...contentType }, pieces: filePieces(opened.kept) };
}

function headersOf(hash: string, { format, contentType }: PictureType) {
  return {
    "content-type": contentType,
    "cache-control": "public, max-age=31536000, immutable",
    etag: `"${hash}-${format}"`,
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; sandbox",
    "content-disposition": "inline",
  };
}
