import { asciiBytes } from "#runtime";
import { Refusal } from "../refusals.ts";

/** Parts of a form. A parser takes seconds and gigabytes for hundreds of thousands of them. */
const mostParts = 1000;

/** Bytes of the headers of one part. */
const mostHead = 16 * 1024;

const lineBreaks = asciiBytes("\r\n\r\n");
const dash = 0x2d;

/** Throws a `Refusal` for a form that would be too much for a parser: with too many parts, or too long heads of them. */
export function checkParts(form: Uint8Array, boundary: string): void {
  const delimiter = asciiBytes(`--${boundary}`);
  let parts = 0;
  for (const at of placesOf(form, delimiter)) {
    const start = at + delimiter.byteLength;
    if (form[start] === dash && form[start + 1] === dash) continue;
    if (++parts > mostParts) throw new Refusal("many-fields");
    const head = form.subarray(start, start + mostHead);
    if (head.byteLength === mostHead && !holds(head, lineBreaks)) throw new Refusal("not-a-form");
  }
}

/** Whether bytes stand somewhere in others. */
export function holds(bytes: Uint8Array, wanted: Uint8Array): boolean {
  return !placesOf(bytes, wanted).next().done;
}

/**
 * Where bytes stand in others, none of them within another. Goes over each byte once, whatever they are (Knuth, Morris
 * and Pratt).
 */
export function* placesOf(bytes: Uint8Array, wanted: Uint8Array): Generator<number, void> {
  const shorter = prefixesIn(wanted);
  let fits = 0;
  for (let at = 0; at < bytes.length; at++) {
    // Most bytes begin nothing, and the runtime skips them quickest.
    if (fits === 0) at = bytes.indexOf(wanted[0] ?? 0, at);
    if (at < 0) return;
    while (fits > 0 && bytes[at] !== wanted[fits]) fits = shorter[fits - 1] ?? 0;
    if (bytes[at] === wanted[fits]) fits++;
    if (fits === wanted.length) {
      yield at + 1 - fits;
      fits = 0;
    }
  }
}

/** For each beginning of the bytes the length of the longest shorter one that it ends with. */
function prefixesIn(wanted: Uint8Array): number[] {
  const lengths = [0];
  let fits = 0;
  for (let at = 1; at < wanted.length; at++) {
    while (fits > 0 && wanted[at] !== wanted[fits]) fits = lengths[fits - 1] ?? 0;
    if (wanted[at] === wanted[fits]) fits++;
    lengths.push(fits);
  }
  return lengths;
}
