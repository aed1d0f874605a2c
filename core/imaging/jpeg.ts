import { type CheckSize, exifPrefix, type Format, joined, mostParts, type Piece } from "./walk.ts";
import { orientationIn, type Part, textAt, upright, viewOf } from "./walk.ts";

/** Markers without a segment behind them: TEM, the restarts and EOI (ITU-T T.81, table B.1). */
const lonely = /^(?:1|d[0-79])$/;
/** Those that change nothing here: numbers for a decoder (DAC, DNL, DRI), applications' own, and comments. */
const skipped = /^(?:1|cc|d[0-79cd]|e.|fe)$/;
const startOfScan = "da";
const endOfImage = "d9";

/**
 * The segments of applications that readers need, beside profiles: JFIF without its small picture, and Adobe's word on the
 * colours. Each with how it begins, and what stands behind its first bytes.
 */
const looks: Readonly<Record<string, readonly [start: string, end: readonly number[]]>> = {
  e0: ["JFIF\0", [0, 0]],
  ee: ["Adobe", []],
};
const firstBytes = 12;

/** What stands before a piece of a profile, and behind that the piece's number and how many there are. */
const profilePrefix = "ICC_PROFILE\0";
const numbered = profilePrefix.length + 2;
const longestPiece = 65_533 - numbered;

/**
 * The fewest bits of a block, by the marker of its frame: a code for its average, and in sequential frames a code for
 * its end. Arithmetic coding (the last two) has no such minimum. Other frames cannot be decoded.
 */
const leastBits: Readonly<Record<string, number>> = { c0: 2, c1: 2, c2: 1, c9: 0, ca: 0 };

/** Cyan, magenta, yellow and black, or what they are computed from. */
const inkCount = 4;

/**
 * JPEG: segments, and scans of compressed pixels. Those have no checksum: damage among them is found only where it
 * leaves an unknown marker, or too little data for the size.
 */
export const jpeg: Format = {
  name: "jpeg",
  headBytes: 2,
  partsOf,
  walk(parts, checkSize) {
    const seen = { tables: new Set<number>(), scans: [], orientation: upright, checkSize };
    for (const part of parts) read(part, seen);
    return walked(seen);
  },
  needed({ type, whole, content }) {
    if (type !== "fe" && !type.startsWith("e")) return whole;
    const [start = "", end = []] = looks[type] ?? [];
    const isNeeded = start !== "" && textAt(content, 0, start.length) === start;
    if (!isNeeded || content.byteLength < firstBytes) return undefined;
    const bare = segmentOf(type, content.subarray(0, firstBytes), end);
    return whole.byteLength === bare.byteLength ? whole : bare;
  },
  isProfile: ({ type, content }) =>
    type === "e2" && textAt(content, 0, profilePrefix.length) === profilePrefix,
  profileIn: async (parts) =>
    joined(
      ...parts
        .map(({ content }) => content.subarray(profilePrefix.length))
        .toSorted(([number = 0], [other = 0]) => number - other)
        .map((piece) => piece.subarray(2)),
    ),
  async profileOf(profile) {
    const count = Math.ceil(profile.byteLength / longestPiece);
    const pieces = Array.from({ length: count }, (_, index) => {
      const piece = profile.subarray(index * longestPiece, (index + 1) * longestPiece);
      return segmentOf("e2", profilePrefix, [index + 1, count], piece);
    });
    return joined(...pieces);
  },
  isExif,
  canBeTransparent: () => false,
  exifOf: (tiff) => segmentOf("e1", exifPrefix, tiff),
};

function segmentOf(type: string, ...content: readonly Piece[]): Uint8Array {
  const whole = joined(...content);
  const length = 2 + whole.byteLength;
  return joined([0xff, Number.parseInt(type, 16), length >> 8, length & 255], whole);
}

function isExif({ type, content }: Part): boolean {
  return type === "e1" && textAt(content, 0, exifPrefix.length) === exifPrefix;
}

// === Dividing

function* partsOf(bytes: Uint8Array): Generator<Part, undefined> {
  const view = viewOf(bytes);
  for (let at = 2, count = 0; count < mostParts; count++) {
    const start = markerAfter(bytes, at);
    const type = view.getUint8(start).toString(16);
    const content = lonely.test(type) ? start + 1 : start + 3;
    const end = content === start + 1 ? content : start + 1 + view.getUint16(start + 1);
    if (end < content || end > bytes.byteLength)
      throw new Error("a segment of the JPEG is cut off");
    at = type === startOfScan ? endOfScan(bytes, end) : end;
    // The marker begins with the byte before.
    const whole = bytes.subarray(start - 1, at);
    yield { type, whole, content: bytes.subarray(content, end) };
    if (type === endOfImage) return;
  }
  throw new Error("the JPEG has too many segments");
}

/** Where the second byte of the next marker lies. Other bytes may stand before it, as decoders allow. */
function markerAfter(bytes: Uint8Array, from: number): number {
  for (let at = from; ; at++) {
    at = prefixAfter(bytes, at);
    while (bytes[at] === 0xff) at++;
    if (bytes[at] !== 0) return at;
  }
}

/** Where the marker that ends a scan begins: a 0xFF that is followed neither by a stuffed zero nor by a restart. */
function endOfScan(bytes: Uint8Array, from: number): number {
  for (let at = from; ; at++) {
    at = prefixAfter(bytes, at);
    const next = bytes[at + 1] ?? 0;
    const isRestart = next >= 0xd0 && next <= 0xd7;
    if (next !== 0 && next !== 0xff && !isRestart) return at;
  }
}

/** Where the next 0xFF lies. A loop looks at the next bytes first, which is faster where markers are dense. */
function prefixAfter(bytes: Uint8Array, from: number): number {
  const near = Math.min(from + 32, bytes.byteLength);
  for (let at = from; at < near; at++) if (bytes[at] === 0xff) return at;
  const at = bytes.indexOf(0xff, near);
  if (at === -1) throw new Error("the JPEG is cut off");
  return at;
}

// === Reading

/** What the parts so far have described. */
interface Seen {
  readonly checkSize: CheckSize;
  /** The numbers of the quantization tables. */
  readonly tables: Set<number>;
  frame?: ReturnType<typeof frameIn>;
  /** Each with the ids of its components, and the bytes of its pixels. */
  readonly scans: { readonly ids: readonly number[]; readonly bytes: number }[];
  orientation: number;
}

function read(part: Part, seen: Seen): void {
  const { type, content } = part;
  const bits = leastBits[type];
  if (bits !== undefined) {
    if (seen.frame) throw new Error("the JPEG has two frames");
    seen.frame = frameIn(content, bits);
    seen.checkSize(seen.frame.width, seen.frame.height);
  } else if (type === "db") {
    for (const table of quantizationIn(content)) seen.tables.add(table);
  } else if (type === "c4") checkHuffman(content);
  else if (type === startOfScan) seen.scans.push(scanIn(part, seen));
  else if (isExif(part)) seen.orientation = orientationIn(content);
  else if (!skipped.test(type)) throw new Error(`the JPEG has an unknown marker ${type}`);
}

function walked({ frame, scans, orientation }: Seen) {
  if (!frame) throw new Error("the JPEG has no frame");
  const { width, height, components } = frame;
  const scanned = new Set(scans.flatMap(({ ids }) => ids));
  if (components.some(({ id }) => !scanned.has(id))) throw new Error("the JPEG lacks a scan");
  const blocks = components.reduce((sum, component) => sum + component.blocks, 0);
  const bytes = scans.reduce((sum, scan) => sum + scan.bytes, 0);
  if (bytes * 8 < blocks * frame.bitsPerBlock) {
    throw new Error("the JPEG has too little data for its size");
  }
  // Progressive ones have several, and so may others: each goes through all of the picture.
  const sequential = scans.length === 1;
  return { width, height, orientation, sequential, inks: components.length === inkCount };
}

function scanIn({ content, whole }: Part, { frame, tables }: Seen) {
  const count = content[0] ?? 0;
  if (count < 1 || content.byteLength !== 4 + 2 * count) {
    throw new Error("the JPEG has a damaged scan");
  }
  const ids = Array.from({ length: count }, (_, index) => content[1 + 2 * index] ?? 0);
  const described = ids.every((wanted) => {
    const component = frame?.components.find(({ id }) => id === wanted);
    return component && tables.has(component.quantization);
  });
  if (!described) throw new Error("the JPEG has a scan of what it has not described");
  return { ids, bytes: whole.byteLength - content.byteLength - 4 };
}

const mostComponents = 4;

function frameIn(content: Uint8Array, bitsPerBlock: number) {
  const view = viewOf(content);
  const [precision, height] = [view.getUint8(0), view.getUint16(1)];
  const [width, count] = [view.getUint16(3), view.getUint8(5)];
  if (precision !== 8 || count < 1 || count > mostComponents || view.byteLength !== 6 + 3 * count) {
    throw new Error("the JPEG has a frame of an unknown kind");
  }
  const raw = Array.from({ length: count }, (_, index) => {
    const [id = 0, sampling = 0, quantization = 0] = content.subarray(6 + 3 * index);
    return { id, across: sampling >> 4, down: sampling & 15, quantization };
  });
  if (raw.some(({ across, down }) => across < 1 || across > 4 || down < 1 || down > 4)) {
    throw new Error("the JPEG has an unknown sampling");
  }
  const mostAcross = Math.max(...raw.map(({ across }) => across));
  const mostDown = Math.max(...raw.map(({ down }) => down));
  /** Of 8×8 pixels, in the whole component. */
  const blocksOf = (pixels: number, share: number, whole: number) =>
    Math.ceil(Math.ceil((pixels * share) / whole) / 8);
  const components = raw.map(({ id, across, down, quantization }) => ({
    id,
    quantization,
    blocks: blocksOf(width, across, mostAcross) * blocksOf(height, down, mostDown),
  }));
  return { width, height, bitsPerBlock, components };
}

/** The numbers of the quantization tables in a segment. */
function quantizationIn(content: Uint8Array): number[] {
  const numbers: number[] = [];
  for (let at = 0; at < content.byteLength; ) {
    const head = content[at] ?? 0;
    at += head >> 4 ? 129 : 65;
    if (at > content.byteLength) throw new Error("the JPEG has a damaged quantization table");
    numbers.push(head & 15);
  }
  return numbers;
}

/** Throws where a table has an unknown number or more codes than fit, or is cut off. No code may be ones alone. */
function checkHuffman(content: Uint8Array): void {
  for (let at = 0; at < content.byteLength; ) {
    const known = ((content[at] ?? 0) & ~0x13) === 0;
    const counts = content.subarray(at + 1, at + 17);
    at += 17 + counts.reduce((sum, count) => sum + count, 0);
    const share = counts.reduce((sum, count, index) => sum + count / 2 ** (index + 1), 0);
    if (!known || at > content.byteLength || share >= 1) {
      throw new Error("the JPEG has a damaged Huffman table");
    }
  }
}
