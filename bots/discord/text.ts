import { limits } from "./limits.ts";

/** So much room for text, in UTF-16 units and bytes of UTF-8. */
export interface Room {
  readonly length: number;
  readonly bytes: number;
}

export const messageRoom: Room = { length: limits.textLength, bytes: limits.textBytes };

/** Turns the direction of what follows it, also outside the words that it stands in. */
const directionMarks = /[\u202A-\u202E\u2066-\u2069]/g;

/**
 * Words of a person as Markdown that shows them and does nothing else: no formatting, no mention, no link, no list,
 * no heading.
 */
export function inert(text: string): string {
  return text
    .replace(directionMarks, "")
    .replace(/[\\*_~`|<>[\]@]/g, "\\$&")
    .replace(/:(?=\/\/)/g, "\\:")
    .replace(/^(\s*)([#+-])/gm, "$1\\$2")
    .replace(/^(\s*\d+)\./gm, "$1\\.");
}

/** The beginning of a text, cut between code points and never behind half an escape; "…" stands for the rest. */
export function clip(text: string, room: Room): string {
  if (text.length <= room.length && bytesOf(text) <= room.bytes) return text;
  let kept = "";
  let bytes = bytesOf("…");
  for (const character of text) {
    bytes += bytesOf(character);
    if (kept.length + character.length >= room.length || bytes > room.bytes) break;
    kept += character;
  }
  const dangling = /\\*$/.exec(kept)?.[0].length ?? 0;
  return `${dangling % 2 === 0 ? kept : kept.slice(0, -1)}…`;
}

/** The beginning of a text that is counted in characters alone, such as a label. */
export function clipTo(length: number, text: string): string {
  return clip(text, { length, bytes: Number.POSITIVE_INFINITY });
}

/** What is left of the room beside this text. */
export function without({ length, bytes }: Room, text: string): Room {
  return { length: Math.max(0, length - text.length), bytes: Math.max(0, bytes - bytesOf(text)) };
}

export function halfOf({ length, bytes }: Room): Room {
  return { length: Math.floor(length / 2), bytes: Math.floor(bytes / 2) };
}

function bytesOf(text: string): number {
  return Buffer.byteLength(text);
}
