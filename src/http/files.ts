import type { ImageFormat } from "../../core/imaging.ts";
import type { Job, Picture } from "../../core/job.ts";
import type { Door, RequestContext } from "./context.ts";
import { refusals } from "./errors.ts";
import { convertPicture, pictureBytes } from "./output.ts";
import { refuse } from "./refuse.ts";

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
 * `GET /images/{id}.{ext}`: a kept picture for whoever has its link, without a key. The ending decides the format.
 * What a link shows never changes, so it may be cached for ever.
 */
export async function servePicture(door: Door, context: RequestContext): Promise<Response> {
  const [id = "", ending = ""] = (context.req.param("file") ?? "").split(".");
  const type = types[ending];
  const found = type && (await door.studio.picture(id));
  if (type && !found) return serveSent(door, context, id, type);
  if (!type || !found?.picture.hash) return refuse(context, refusals["no-picture"]);
  const headers = headersOf(found.picture.hash, type);
  if (matches(context.req.header("if-none-match"), headers.etag)) {
    return new Response(null, { status: 304, headers });
  }
  return answerPicture(door, context, { ...found, format: type.format, headers });
}

/** A picture that was sent to be edited, for the service that is to edit it. */
async function serveSent(door: Door, context: RequestContext, id: string, type: PictureType) {
  const sent = await door.studio.source(id);
  if (!sent) return refuse(context, refusals["no-picture"]);
  const { bytes } = await convertPicture(door, sent.bytes, sent.format, {
    output_format: type.format,
  });
  const headers = { ...headersOf(id, type), "content-length": `${bytes.byteLength}` };
  return new Response(bytes as Uint8Array<ArrayBuffer>, { headers });
}

interface Found {
  readonly picture: Picture;
  readonly job: Job;
  readonly format: ImageFormat;
  readonly headers: Readonly<Record<string, string>>;
}

async function answerPicture(door: Door, context: RequestContext, found: Found) {
  const { picture, job, format, headers } = found;
  const length = (bytes: number) => ({ headers: { ...headers, "content-length": `${bytes}` } });
  if (context.req.method === "HEAD" && format === picture.format) {
    return new Response(null, length(picture.bytes));
  }
  const untouched = await pictureBytes(door, context, job, picture);
  const { bytes } = await convertPicture(door, untouched, picture.format, {
    output_format: format,
  });
  return new Response(bytes as Uint8Array<ArrayBuffer>, length(bytes.byteLength));
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

function matches(header: string | undefined, etag: string): boolean {
  return header?.split(",").some((tag) => tag.trim().replace(/^W\//, "") === etag) ?? false;
}
