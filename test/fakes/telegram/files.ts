import { randomBytes } from "node:crypto";
import sharp from "sharp";
import type { Upload } from "./arguments.ts";
import { badRequest } from "./errors.ts";

/** One of the sizes that the platform makes of a photo. */
export interface PhotoSize {
  readonly fileId: string;
  readonly fileUniqueId: string;
  readonly width: number;
  readonly height: number;
}

/** A photo as it was uploaded, with the sizes that it is served in, the smallest first. */
export interface Photo {
  readonly kind: "photo";
  /** Of the biggest size. */
  readonly fileId: string;
  readonly bytes: Uint8Array;
  /** Of the uploaded picture, turned upright. */
  readonly width: number;
  readonly height: number;
  readonly sizes: readonly PhotoSize[];
}

/** A file kept byte by byte; a WebP picture sent as a file becomes a sticker. */
export interface Document {
  readonly kind: "document" | "sticker";
  readonly fileId: string;
  readonly fileUniqueId: string;
  readonly fileName: string;
  readonly mimeType: string;
  readonly bytes: Uint8Array;
  /** Of a sticker. */
  readonly width?: number;
  readonly height?: number;
}

export type StoredFile = Photo | Document;

export const fileLimits = {
  photoBytes: 10 * 1024 * 1024,
  photoSides: 10_000,
  photoRatio: 20,
  downloadBytes: 20 * 1024 * 1024,
  /** Of a photo that the platform fetches from an address. */
  fetchedPhotoBytes: 5 * 1024 * 1024,
  fetchedFileBytes: 20 * 1024 * 1024,
} as const;

/** Longest sides of the served sizes. */
const photoSides = [90, 320, 800, 1280];
const photoExtensions = /\.(jpe?g|gif|png|tiff?|bmp|webp)$/i;

/** A file as `getFile` describes it. */
export interface DownloadableFile {
  readonly fileId: string;
  readonly fileUniqueId: string;
  readonly path: string;
  /** Undefined for a photo, whose sizes are made when somebody asks for them. */
  readonly size: number | undefined;
  bytes(): Promise<Uint8Array>;
}

export interface FileStore {
  /** Throws IMAGE_PROCESS_FAILED, PHOTO_INVALID_DIMENSIONS and the errors of size. */
  addPhoto(upload: Upload): Promise<Photo>;
  addDocument(upload: Upload, detectType: boolean): Promise<Document>;
  /** The photo or document of a file id, undefined if the id is unknown. */
  find(fileId: string): StoredFile | undefined;
  download(fileId: string): DownloadableFile | undefined;
  byPath(path: string): DownloadableFile | undefined;
}

export function createFileStore(): FileStore {
  const files = new Map<string, StoredFile>();
  const downloads = new Map<string, DownloadableFile>();
  const paths = new Map<string, DownloadableFile>();
  let count = 0;

  function register(file: StoredFile, download: DownloadableFile): void {
    files.set(download.fileId, file);
    downloads.set(download.fileId, download);
    paths.set(download.path, download);
  }

  return {
    async addPhoto(upload) {
      const { width, height } = await measurePhoto(upload);
      const sizes = sizesOf(width, height).map((size) => ({ ...size, ...newIds("AgAC") }));
      const { fileId = "" } = sizes.at(-1) ?? {};
      const photo: Photo = { kind: "photo", fileId, bytes: upload.bytes, width, height, sizes };
      for (const size of sizes) {
        const path = `photos/file_${count++}.jpg`;
        const bytes = (): Promise<Uint8Array> => scaledTo(size, upload.bytes);
        register(photo, { ...size, path, size: undefined, bytes });
      }
      return photo;
    },
    async addDocument({ name, type, bytes }, detectType) {
      if (bytes.length === 0) throw badRequest("File must be non-empty");
      const ids = newIds("BQAC");
      const isSticker = detectType && /\.webp$/i.test(name);
      const document: Document = {
        kind: isSticker ? "sticker" : "document",
        ...ids,
        fileName: name,
        mimeType: mimeTypeOf(name, type),
        bytes,
        ...(isSticker && (await sizeOf(bytes))),
      };
      const extension = /\.\w+$/.exec(name)?.[0] ?? "";
      const path = `documents/file_${count++}${extension}`;
      register(document, { ...ids, path, size: bytes.length, bytes: async () => bytes });
      return document;
    },
    find: (fileId) => files.get(fileId),
    download: (fileId) => downloads.get(fileId),
    byPath: (path) => paths.get(path),
  };
}

/** Ids look like the platform's: base64url, and the file id ends with the version byte 4. */
function newIds(prefix: string): { fileId: string; fileUniqueId: string } {
  const body = Buffer.concat([Buffer.from(prefix, "base64url"), randomBytes(35), Buffer.from([4])]);
  return {
    fileId: body.toString("base64url"),
    fileUniqueId: `AQAD${randomBytes(9).toString("base64url")}`,
  };
}

async function measurePhoto({ name, bytes }: Upload): Promise<{ width: number; height: number }> {
  if (bytes.length === 0) throw badRequest("File must be non-empty");
  if (bytes.length > fileLimits.photoBytes) {
    throw badRequest(
      `File of size ${bytes.length} bytes is too big for a photo; the maximum size is ${fileLimits.photoBytes} bytes`,
    );
  }
  if (/\.\w+$/.test(name) && !photoExtensions.test(name)) {
    throw badRequest(
      "Photo has unsupported extension. Use one of .jpg, .jpeg, .gif, .png, .tif or .bmp",
    );
  }
  const { width, height } = await sizeOf(bytes);
  const ratio = Math.max(width, height) / Math.min(width, height);
  if (width + height > fileLimits.photoSides || ratio > fileLimits.photoRatio) {
    throw badRequest("PHOTO_INVALID_DIMENSIONS");
  }
  await decode(bytes);
  return { width, height };
}

async function sizeOf(bytes: Uint8Array): Promise<{ width: number; height: number }> {
  try {
    return (await sharp(bytes).metadata()).autoOrient;
  } catch {
    throw badRequest("IMAGE_PROCESS_FAILED");
  }
}

/** Every pixel has to be there, or the picture is refused. */
async function decode(bytes: Uint8Array): Promise<void> {
  try {
    await sharp(bytes, { failOn: "truncated" }).resize(8, 8, { fit: "fill" }).raw().toBuffer();
  } catch {
    throw badRequest("IMAGE_PROCESS_FAILED");
  }
}

function sizesOf(width: number, height: number): readonly { width: number; height: number }[] {
  const longest = Math.max(width, height);
  const biggest = Math.min(longest, photoSides.at(-1) ?? longest);
  return [...photoSides.filter((side) => side < biggest), biggest].map((side) => ({
    width: Math.max(1, Math.round((width * side) / longest)),
    height: Math.max(1, Math.round((height * side) / longest)),
  }));
}

/** Photos are served as JPEG, whatever was uploaded. */
async function scaledTo({ width, height }: PhotoSize, bytes: Uint8Array): Promise<Uint8Array> {
  return sharp(bytes).autoOrient().resize(width, height).jpeg({ quality: 87 }).toBuffer();
}

const mimeTypes: Readonly<Record<string, string>> = {
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  webp: "image/webp",
  gif: "image/gif",
  json: "application/json",
  txt: "text/plain",
};

function mimeTypeOf(name: string, type: string): string {
  const byName = mimeTypes[/\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? ""];
  return byName ?? (type === "" ? "application/octet-stream" : type);
}
