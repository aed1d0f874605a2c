import type { ImageFormat } from "../../core/imaging.ts";
import type { Job, Picture } from "../../core/job.ts";
import type { Answer } from "./answer.ts";
import type { Door, RequestContext } from "./context.ts";
import { Refusal } from "./refusals.ts";
import { convertPicture, pictureBytes } from "./output.ts";
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
 * `GET /images/{id}.{ext}`: a kept picture for everyone who has its link, without a key. The ending decides the format.
 * What a link shows never changes, so it may be cached for ever.
 */
export async function servePicture(door: Door, context: RequestContext): Promise<Answer> {
  const [id = "", ending = ""] = (context.req.param("file") ?? "").split(".");
  const type = types[ending];
  const found = type && (await door.studio.picture(id));
  if (type && !found) return serveSent(door, id, type);
  if (!type || !found?.picture.hash) throw new Refusal("no-picture");
  const headers = headersOf(found.picture.hash, type);
  if (hasTag(context, headers.etag)) return { status: 304, headers };
  return answerPicture(door, context, { ...found, format: type.format, headers });
}

/** A picture that was sent to be edited, for the service that is to edit it. */
async function serveSent(door: Door, id: string, type: PictureType): Promise<Answer> {
  const sent = await door.studio.source(id);
  if (!sent) throw new Refusal("no-picture");
  const wish = { output_format: type.format };
  const { bytes } = await convertPicture(door, sent.bytes, sent.format, wish);
  return wholePicture(headersOf(id, type), bytes);
}

interface Found {
  readonly picture: Picture;
  readonly job: Job;
  readonly format: ImageFormat;
  readonly headers: Readonly<Record<string, string>>;
}

async function answerPicture(door: Door, context: RequestContext, found: Found): Promise<Answer> {
  const { picture, job, format, headers } = found;
  if (context.req.method === "HEAD" && format === picture.format) {
    return { headers: { ...headers, "content-length": `${picture.bytes}` } };
  }
  const untouched = await pictureBytes(door, context, job, picture);
  const wish = { output_format: format };
  const { bytes } = await convertPicture(door, untouched, picture.format, wish);
  return wholePicture(headers, bytes);
}

function wholePicture(headers: Found["headers"], bytes: Uint8Array): Answer {
  return {
    headers: { ...headers, "content-length": `${bytes.byteLength}` },
    body: bytes as Uint8Array<ArrayBuffer>,
  };
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
