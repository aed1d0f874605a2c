/** Space for text: UTF-16 units and bytes of UTF-8. */
export interface Room {
  readonly length: number;
  readonly bytes: number;
}

/** Characters that change the writing direction, also of the text after a prompt. */
const directionMarks = /[\u202A-\u202E\u2066-\u2069]/g;

/** Escapes what a person typed, so that Markdown shows it as it is: no formatting, mention, link, list or heading. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(directionMarks, "")
    .replace(/[\\*_~`|<>[\]@]/g, "\\$&")
    .replace(/:(?=\/\/)/g, "\\:")
    .replace(/^(\s*)([#+-])/gm, "$1\\$2")
    .replace(/^(\s*\d+)\./gm, "$1\\.");
}

/** Cuts a text to this space, between code points and never inside an escape; a cut text ends with "…". */
export function clip(text: string, room: Room): string {
  if (text.length <= room.length && byteLength(text) <= room.bytes) return text;
  let kept = "";
  let bytes = byteLength("…");
  for (const character of text) {
    bytes += byteLength(character);
    if (kept.length + character.length >= room.length || bytes > room.bytes) break;
    kept += character;
  }
  const dangling = /\\*$/.exec(kept)?.[0].length ?? 0;
  return `${dangling % 2 === 0 ? kept : kept.slice(0, -1)}…`;
}

/** Cuts a text to this many UTF-16 units. */
export function clipTo(length: number, text: string): string {
  return clip(text, { length, bytes: Number.POSITIVE_INFINITY });
}

const encoder = new TextEncoder();

/** Bytes of UTF-8. */
export function byteLength(text: string): number {
  return encoder.encode(text).length;
}
