/**
 * The bytes behind base64 as services and clients send it: with or without padding, in the alphabet for URLs too. It
 * ends at its padding; white space and other strange characters are ignored. Never throws.
 */
export function bytesFromBase64(text: string): Uint8Array<ArrayBuffer> {
  try {
    return decoded(text);
  } catch {
    return decoded(tidied(text));
  }
}

function tidied(text: string): string {
  const [data = ""] = text.split("=", 1);
  const standard = data
    .replaceAll("-", "+")
    .replaceAll("_", "/")
    .replace(/[^a-z0-9+/]/gi, "");
  // A single character left over holds no whole byte.
  return standard.length % 4 === 1 ? standard.slice(0, -1) : standard;
}

/** Available from Node 25 on; three times as fast as `atob`. */
interface BytesDecoder {
  readonly fromBase64?: (text: string) => Uint8Array<ArrayBuffer>;
}

/** Throws where the text is no base64, apart from white space and missing padding. */
function decoded(text: string): Uint8Array<ArrayBuffer> {
  const { fromBase64 } = Uint8Array as BytesDecoder;
  if (fromBase64) return fromBase64(text);
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}
