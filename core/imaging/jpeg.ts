import { mostParts, orientationIn, upright, viewOf, type Walked, type WalkTools } from "./walk.ts";

/** The second bytes of markers (ITU-T T.81, table B.1). */
const marker = {
  tem: 0x01,
  dht: 0xc4,
  dac: 0xcc,
  rst0: 0xd0,
  rst7: 0xd7,
  eoi: 0xd9,
  sos: 0xda,
  dqt: 0xdb,
  dnl: 0xdc,
  dri: 0xdd,
  app0: 0xe0,
  app1: 0xe1,
  app15: 0xef,
  com: 0xfe,
} as const;

/**
 * The fewest bits of a block, by the marker of its frame: a code for its average, and in sequential frames a code for
 * its end. Arithmetic coding (the last two) has no such minimum. Other frames cannot be decoded.
 */
const leastBits: Readonly<Record<number, number>> = { 0xc0: 2, 0xc1: 2, 0xc2: 1, 0xc9: 0, 0xca: 0 };

/** Cyan, magenta, yellow and black, or what they are computed from. */
const inkCount = 4;

interface Component {
  readonly id: number;
  /** Blocks of 8×8 pixels in the whole component. */
  readonly blocks: number;
  readonly quantization: number;
}

interface Frame {
  readonly width: number;
  readonly height: number;
  readonly bitsPerBlock: number;
  readonly components: readonly Component[];
}

/**
 * Goes through the segments and scans of a JPEG to its end; what follows is ignored. Compressed pixels have no
 * checksum: damage among them is found only where it leaves an unknown marker, or too little data for the size.
 */
export function walkJpeg(bytes: Uint8Array, tools: WalkTools): Walked {
  const walk = new JpegWalk(bytes, tools);
  const view = viewOf(bytes);
  let at = 2;
  for (let count = 0; count < mostParts; count++) {
    at = markerAfter(bytes, at);
    const code = view.getUint8(at++);
    if (code === marker.eoi) return walk.result();
    if (code === marker.tem || isRestart(code)) continue;
    const start = at + 2;
    at += view.getUint16(at);
    if (at < start || at > bytes.byteLength) throw new Error("a segment of the JPEG is cut off");
    at = walk.segment(code, start, at);
  }
  throw new Error("the JPEG has too many segments");
}

/** A segment of a JPEG, a scan together with its pixels, by the places in the file. */
export interface JpegPart {
  readonly code: number;
  readonly start: number;
  readonly end: number;
}

/** The parts of a whole JPEG from its first byte to its end, without what decoders skip between them. */
export function* jpegParts(bytes: Uint8Array): Generator<JpegPart, void> {
  const view = viewOf(bytes);
  yield { code: 0, start: 0, end: 2 };
  for (let at = 2; ; ) {
    const after = markerAfter(bytes, at);
    const [code, start] = [view.getUint8(after), after - 1];
    if (code === marker.tem || code === marker.eoi || isRestart(code)) at = after + 1;
    else at = after + 1 + view.getUint16(after + 1);
    if (code === marker.sos) at = endOfScan(bytes, at);
    yield { code, start, end: at };
    if (code === marker.eoi) return;
  }
}

class JpegWalk {
  readonly #bytes: Uint8Array;
  readonly #tools: WalkTools;
  readonly #tables = new Set<number>();
  readonly #scanned = new Set<number>();
  #frame: Frame | undefined;
  #orientation = upright;
  #scanBytes = 0;
  #scans = 0;

  constructor(bytes: Uint8Array, tools: WalkTools) {
    this.#bytes = bytes;
    this.#tools = tools;
  }

  /** Reads the segment with this content. Answers where to look for the next marker. */
  segment(code: number, start: number, end: number): number {
    const content = this.#bytes.subarray(start, end);
    switch (code) {
      case marker.dqt:
        for (const table of quantizationIn(content)) this.#tables.add(table);
        break;
      case marker.dht:
        checkHuffman(content);
        break;
      case marker.app1:
        if (isExif(content)) this.#orientation = orientationIn(content.subarray(6));
        break;
      case marker.sos:
        return this.#scan(content, end);
      default:
        this.#other(code, content);
    }
    return end;
  }

  #other(code: number, content: Uint8Array): void {
    const bits = leastBits[code];
    if (bits !== undefined) this.#begin(frameIn(content, bits));
    else if (!isSkipped(code)) throw new Error(`the JPEG has an unknown marker ${code}`);
  }

  result(): Walked {
    const frame = this.#frame;
    if (!frame) throw new Error("the JPEG has no frame");
    const { width, height, components } = frame;
    if (components.some(({ id }) => !this.#scanned.has(id))) {
      throw new Error("the JPEG lacks a scan");
    }
    const blocks = components.reduce((sum, component) => sum + component.blocks, 0);
    if (this.#scanBytes * 8 < blocks * frame.bitsPerBlock) {
      throw new Error("the JPEG has too little data for its size");
    }
    // Progressive ones have several, and so may others: each goes through all of the picture.
    const sequential = this.#scans === 1;
    const inks = components.length === inkCount;
    return { width, height, orientation: this.#orientation, sequential, inks };
  }

  #begin(frame: Frame): void {
    if (this.#frame) throw new Error("the JPEG has two frames");
    this.#tools.checkSize(frame.width, frame.height);
    this.#frame = frame;
  }

  #scan(content: Uint8Array, end: number): number {
    const count = content[0] ?? 0;
    if (count < 1 || content.byteLength !== 4 + 2 * count) {
      throw new Error("the JPEG has a damaged scan");
    }
    for (let index = 0; index < count; index++) {
      const component = this.#frame?.components.find(({ id }) => id === content[1 + 2 * index]);
      if (!component || !this.#tables.has(component.quantization)) {
        throw new Error("the JPEG has a scan of what it has not described");
      }
      this.#scanned.add(component.id);
    }
    this.#scans++;
    const next = endOfScan(this.#bytes, end);
    this.#scanBytes += next - end;
    return next;
  }
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
    if (next !== 0 && next !== 0xff && !isRestart(next)) return at;
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

function isRestart(code: number): boolean {
  return code >= marker.rst0 && code <= marker.rst7;
}

/** Segments that change nothing here: those of applications, comments, and numbers for a decoder. */
function isSkipped(code: number): boolean {
  const { dac, dnl, dri, com } = marker;
  return (
    [dac, dnl, dri, com].some((known) => known === code) ||
    (code >= marker.app0 && code <= marker.app15)
  );
}

function isExif(content: Uint8Array): boolean {
  return String.fromCharCode(...content.subarray(0, 6)) === "Exif\0\0";
}

const mostComponents = 4;

function frameIn(content: Uint8Array, bitsPerBlock: number): Frame {
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
  const most = {
    across: Math.max(...raw.map(({ across }) => across)),
    down: Math.max(...raw.map(({ down }) => down)),
  };
  const blocksOf = (pixels: number, share: number, whole: number) =>
    Math.ceil(Math.ceil((pixels * share) / whole) / 8);
  const components = raw.map(({ id, across, down, quantization }) => ({
    id,
    quantization,
    blocks: blocksOf(width, across, most.across) * blocksOf(height, down, most.down),
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
