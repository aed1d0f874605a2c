import { ImageError, type ProviderFault } from "../errors.ts";
import type { ImageLink } from "../provider.ts";
import { bytesFromBase64 } from "../wire/base64.ts";

/**
 * The picture at the address that a service gives: the bytes of a `data:` URL, or a link. A relative link starts at
 * the service. Throws `provider-failed`, always as paid for: `bad-image` for a video, `bad-reply` for an address that
 * cannot be fetched.
 */
export function pictureAt(address: string, service: URL, provider: string): Uint8Array | ImageLink {
  if (/^data:video\//i.test(address)) throw unusable(provider, "bad-image", "a video");
  if (/^data:/i.test(address)) return pictureFrom(address, provider);
  const url = address.length > maxLinkLength ? null : URL.parse(address, service);
  if (url?.protocol !== "https:" && url?.protocol !== "http:") {
    throw unusable(provider, "bad-reply", "no usable link");
  }
  if (videoName.test(url.pathname)) throw unusable(provider, "bad-image", "a link to a video");
  return { url: url.href, trustedOrigin: service.origin };
}

const maxLinkLength = 8_192;
const videoName = /\.(?:mp4|m4v|mov|webm|mkv|avi)$/i;

/** The bytes of a picture in base64, as a `data:` URL or bare. */
export function pictureFrom(base64: string, provider: string): Uint8Array {
  const start = /^data:/i.test(base64) ? base64.indexOf(",") + 1 : 0;
  const bytes = bytesFromBase64(base64.slice(start));
  if (bytes.byteLength === 0) throw unusable(provider, "bad-reply", "an empty picture");
  return bytes;
}

function unusable(provider: string, fault: ProviderFault, what: string): ImageError {
  const details = { provider, fault, transient: false, paid: true };
  return new ImageError("provider-failed", details, {
    message: `${provider} answered with ${what}`,
  });
}
