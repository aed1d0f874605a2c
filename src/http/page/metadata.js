/** What stands in the files of pictures beside their pixels. */

/** @typedef {{ type: string, content: Uint8Array<ArrayBuffer> }} Part */

/** Where pixels are. */
const pixels = /^(?:IDAT|fdAT|VP8.|ALPH|ANMF)$/;

/**
 * The chunks of a PNG or a WebP and the segments of a JPEG, without those of pixels; of other files none.
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {readonly Part[]}
 */
export function partsOf(bytes) {
  return [...allParts(bytes)].filter(({ type }) => !pixels.test(type));
}

/** @param {Uint8Array<ArrayBuffer>} bytes @returns {Generator<Part, void>} */
function* allParts(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = latin1(bytes.subarray(0, 12));
  const part = (
    /** @type {number} */ at,
    /** @type {number} */ from,
    /** @type {number} */ to,
  ) => ({
    type: latin1(bytes.subarray(at, at + 4)),
    content: bytes.subarray(from, to),
  });
  if (start.startsWith("\x89PNG\r\n\x1a\n")) {
    for (let at = 8; at + 12 <= bytes.length; ) {
      const end = at + 8 + view.getUint32(at);
      yield part(at + 4, at + 8, end);
      at = end + 4;
    }
  } else if (/^RIFF.{4}WEBP/s.test(start)) {
    for (let at = 12; at + 8 <= bytes.length; ) {
      const length = view.getUint32(at + 4, true);
      yield part(at, at + 8, at + 8 + length);
      at += 8 + length + (length % 2);
    }
  } else if (start.startsWith("\xff\xd8")) {
    // The pixels begin behind 0xffda.
    for (let at = 2; at + 4 <= bytes.length && view.getUint16(at) !== 0xffda; ) {
      const end = at + 2 + view.getUint16(at + 2);
      yield part(at, at + 4, end);
      at = end;
    }
  }
}

/** The texts of a PNG by their names: tEXt in Latin-1, iTXt in UTF-8, zTXt and some iTXt compressed. @param {readonly Part[]} parts */
export async function textsIn(parts) {
  /** @type {Map<string, string>} */
  const texts = new Map();
  for (const { type, content } of parts) {
    if (!/^(?:tEXt|iTXt|zTXt)$/.test(type)) continue;
    const [name, value] = await textIn(type, content);
    texts.set(name, value);
  }
  return texts;
}

/** @param {string} type @param {Uint8Array<ArrayBuffer>} content @returns {Promise<[string, string]>} */
async function textIn(type, content) {
  const end = content.indexOf(0);
  const name = latin1(content.subarray(0, end));
  if (type === "tEXt") return [name, utf8(content.subarray(end + 1))];
  if (type === "zTXt") return [name, utf8(await inflated(content.subarray(end + 2)))];
  const isCompressed = content[end + 1] === 1;
  const language = content.indexOf(0, end + 3);
  const value = content.subarray(content.indexOf(0, language + 1) + 1);
  return [name, utf8(isCompressed ? await inflated(value) : value)];
}

/** @param {Uint8Array<ArrayBuffer>} bytes */
async function inflated(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer().catch(() => new ArrayBuffer(0)));
}

/** @param {Uint8Array} bytes */
export function latin1(bytes) {
  let letters = "";
  for (let at = 0; at < bytes.length; at += 8192) {
    letters += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return letters;
}

/** Programs write UTF-8 into tEXt, too, whatever the standard says. @param {Uint8Array} bytes */
export function utf8(bytes) {
  return new TextDecoder().decode(bytes);
}
