import { crc32 } from "node:zlib";
import type { OverlayOptions, Sharp } from "sharp";
import { Budget } from "../core/budget.ts";
import {
  BadImage,
  bareOf,
  convertible,
  type DecodingFacts,
  decodingFacts,
  formatOf,
  type Imaging,
  inspectImage,
  maxPixels,
  type ReencodeOptions,
  type SheetLayout,
  sniffFormat,
} from "../core/imaging.ts";

/** The Imaging port on sharp, and for checksums on Node's zlib, which is three times as fast as the core. */
export const imaging: Imaging = {
  decodes: true,
  inspect: (bytes) => inspectImage(bytes, crc32),
  keepable,
  bare,
  reencode,
  sheet,
};

/** The same without labels that say a picture was generated. */
export function withoutLabels(imaging: Imaging): Imaging {
  return {
    ...imaging,
    keepable: (bytes) => imaging.keepable(bytes),
    reencode: (bytes, { label: _, ...options }) => imaging.reencode(bytes, options),
    sheet: (pictures, { label: _, ...layout }) => imaging.sheet(pictures, layout),
  };
}

/** An SVG document as a PNG of exactly this size, in pixels. The same document gives the same bytes. */
export async function rasterize(
  svg: string,
  size: { readonly width: number; readonly height: number },
): Promise<Uint8Array> {
  const sharp = await loadSharp();
  const image = sharp(Buffer.from(svg)).resize({ ...size, fit: "fill" });
  return image.flatten({ background: "white" }).png({ compressionLevel: 6 }).toBuffer();
}

/** Loaded when the first picture is decoded or drawn: many installations never do either. */
async function loadSharp() {
  const { default: sharp } = await import("sharp");
  // It would remember what was done last, and with that all that some decoders have in memory. Nothing is done twice.
  sharp.cache(false);
  return sharp;
}

// === What may be decoded at the same time

/** Megabytes of all pictures that are decoded at a time: one of the largest, or two of a usual size. */
const total = 600;
const atWork = new Budget({ total });
const mostAtOnce = 2;

/** Pixels of a picture that cannot be decoded row by row and is no WebP or GIF, whose decoders take less. */
const mostWholePixels = 32_000_000;

/** Bytes that a pixel takes at most while it is decoded and encoded again, measured with sharp 0.35 on 64 megapixels. */
const bytesPerPixel = {
  sequential: { full: 5, small: 1 },
  whole: { full: 11, small: 7 },
  webp: { full: 9, small: 1 },
  turning: 4,
} as const;

/** Does the work when there is memory for it. Throws BadImage where there never is. */
async function inTurn<T>(bytes: Uint8Array, size: "full" | "small", work: () => Promise<T>) {
  formatOf(bytes);
  const giveBack = await atWork.take(Math.max(total / mostAtOnce, megabytesFor(bytes, size)));
  return work().finally(giveBack);
}

function megabytesFor(bytes: Uint8Array, size: "full" | "small"): number {
  const facts = factsOf(bytes);
  if (!facts) return total;
  const { format, pixels, sequential, turn } = facts;
  const kind = sequential ? "sequential" : format === "webp" ? "webp" : "whole";
  if (kind === "whole" && pixels > mostWholePixels) throw new BadImage("too-costly");
  return (
    (pixels * (bytesPerPixel[kind][size] + (turn === undefined ? 0 : bytesPerPixel.turning))) / 1e6
  );
}

/** undefined where only the decoder can tell what is wrong, or that nothing is. */
function factsOf(bytes: Uint8Array): DecodingFacts | undefined {
  try {
    return decodingFacts(bytes, crc32);
  } catch {
    return undefined;
  }
}

/**
 * Only pictures reach the decoders, which also support formats that can read other files. Rows are freed as they are
 * decoded, where the format allows decoding row by row. Throws BadImage.
 */
async function open(bytes: Uint8Array): Promise<{ readonly picture: Sharp }> {
  const sharp = await loadSharp();
  // In an object, because a promise would wait for the picture itself.
  return { picture: sharp(bytes, options).autoOrient() };
}

const options = {
  failOn: "truncated",
  limitInputPixels: maxPixels,
  sequentialRead: true,
} as const;

async function keepable(bytes: Uint8Array, label?: string): Promise<Uint8Array> {
  const readable = sniffFormat(bytes) ? undefined : convertible(bytes);
  if (readable === undefined) return bytes;
  if (readable === "no") throw new BadImage("other-format");
  const sharp = await loadSharp();
  // What these take is not told by their headers alone.
  const giveBack = await atWork.take(total);
  try {
    const picture = sharp(bytes, { ...options, failOn: "error" });
    const { format, width, height } = await picture.metadata();
    if (format === "heif" && width * height > mostWholePixels) throw new BadImage("too-costly");
    return await labelled(picture.autoOrient().png(), label).toBuffer();
  } catch (cause) {
    if (cause instanceof BadImage) throw cause;
    const isLarge = cause instanceof Error && cause.message.includes("pixel limit");
    if (isLarge) throw new BadImage("too-many-pixels", cause);
    throw new BadImage(readable === "maybe" ? "other-format" : "broken", cause);
  } finally {
    giveBack();
  }
}

async function bare(bytes: Uint8Array): Promise<Uint8Array> {
  const { format, turn, inks } = decodingFacts(bytes, crc32);
  if (turn === undefined && !inks) return bareOf(bytes, format);
  // A photograph is compressed once more, as little as is seen.
  return reencode(bytes, { format, quality: 95 });
}

/** How much coarser each further attempt at a small file is. */
const coarser = 0.6;

async function reencode(bytes: Uint8Array, options: ReencodeOptions): Promise<Uint8Array> {
  const { format, quality = 90, maxBytes = Infinity } = options;
  const encoded = await encode(bytes, options);
  const isFinal = encoded.byteLength <= maxBytes || format === "png" || quality < 10;
  return isFinal ? encoded : reencode(bytes, { ...options, quality: quality * coarser });
}

async function encode(bytes: Uint8Array, options: ReencodeOptions): Promise<Uint8Array> {
  const { format, quality = 90, maxSide, label } = options;
  return inTurn(bytes, maxSide === undefined ? "full" : "small", async () => {
    const { picture } = await open(bytes);
    if (maxSide !== undefined) {
      picture.resize({ width: maxSide, height: maxSide, fit: "inside", withoutEnlargement: true });
    }
    if (format === "jpeg") picture.flatten({ background: "white" });
    // Shorter codes would make a JPEG a few percent smaller, and keep all of it in memory meanwhile.
    const optimiseCoding = maxSide !== undefined;
    const lossy = { quality: Math.max(1, Math.round(quality)), optimiseCoding };
    const settings = format === "png" ? {} : lossy;
    return labelled(picture.toFormat(format, settings), label)
      .toBuffer()
      .catch((cause: unknown) => {
        throw new BadImage("broken", cause);
      });
  });
}

function labelled(picture: Sharp, label: string | undefined): Sharp {
  return label === undefined ? picture : picture.withXmp(labelOf(label));
}

async function sheet(
  pictures: readonly (Uint8Array | undefined)[],
  layout: SheetLayout,
): Promise<Uint8Array> {
  const { columns, side, gap, background, label } = layout;
  const across = Math.min(columns, pictures.length);
  const down = Math.ceil(pictures.length / columns);
  const place = (index: number) => gap + index * (side + gap);
  const fields: OverlayOptions[] = [];
  // One after the other: a sheet is not urgent, and decoded pictures are large.
  for (const [index, bytes] of pictures.entries()) {
    const input = bytes && (await field(bytes, layout));
    if (!input) continue;
    const [left, top] = [place(index % columns), place(Math.floor(index / columns))];
    fields.push({ input, left, top });
  }
  const sharp = await loadSharp();
  const size = { width: place(across), height: place(down) };
  const empty = sharp({ create: { ...size, channels: 3, background } });
  return labelled(empty.composite(fields).jpeg({ quality: 85 }), label).toBuffer();
}

async function field(
  bytes: Uint8Array,
  { side, background }: SheetLayout,
): Promise<Buffer | undefined> {
  try {
    return await inTurn(bytes, "small", async () => {
      const { picture } = await open(bytes);
      return picture
        .resize({ width: side, height: side, fit: "contain", background })
        .flatten({ background })
        .png()
        .toBuffer();
    });
  } catch {
    return undefined;
  }
}

/** Who the label says made the picture. */
const producer = "Drawbridge";

/**
 * XMP that says a picture was generated: IPTC's DigitalSourceType, which European law is met with, and TC260's AIGC, which
 * Chinese law asks for (GB 45438-2025). `code` is that of the job, or of several,
 * with spaces between them.
 * https://cv.iptc.org/newscodes/digitalsourcetype/
 */
function labelOf(code: string): string {
  const aigc = JSON.stringify({ Label: "1", ContentProducer: producer, ProduceID: code });
  return `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" xmlns:TC260="http://www.tc260.org.cn/ns/AIGC/1.0/" Iptc4xmpExt:DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia" TC260:AIGC="${aigc.replaceAll('"', "&quot;")}"/></rdf:RDF></x:xmpmeta>`;
}
