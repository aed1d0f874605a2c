import { joined, type Piece, textAt, uint32, viewOf } from "./walk.ts";

/** Bytes of an ICC profile's header, and of an entry in the table of tags behind it. */
const headBytes = 128;
const entryBytes = 12;

/** Profiles have about ten tags, and few more than sixty exist. */
const mostTags = 100;

/** The tags that colours are computed from (ICC.1:2022, section 9.2). */
const colours = /^(?:[ABD]2[ABD]\d|[rgb]XYZ|[rgbk]TRC|wtpt|bkpt|chad|chrm|cicp|lumi|gamt|cl[ro]t)$/;

/** Where a header tells of programs and devices. */
const telling = [
  [4, 8],
  [48, 56],
  [80, headBytes],
] as const;

/** When every bare profile was made: on the first of January 2000. */
const madeAt = [0x07, 0xd0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0];

interface Tag {
  readonly name: string;
  readonly data: Uint8Array;
}

/**
 * An ICC profile of the tags alone that colours are computed from: without texts and times, without the names and serial
 * numbers of screens and cameras. undefined for what is no profile.
 */
export function bareProfile(profile: Uint8Array): Uint8Array | undefined {
  if (profile.byteLength < headBytes + 4 || textAt(profile, 36, 4) !== "acsp") return undefined;
  const head = profile.slice(0, headBytes);
  for (const [from, to] of telling) head.fill(0, from, to);
  head.set(madeAt, 24);
  const kept = tagsIn(profile).filter(({ name }) => colours.test(name));
  const distinct = new Map(kept.map(({ data }) => [rangeOf(data), data.byteLength]));
  const bytes = [...distinct.values()].reduce((sum, length) => sum + length, 0);
  // Tags that overlap could become as long as they like.
  if (bytes > profile.byteLength) return undefined;
  return profileOf(head, [...textsOf(head[8] ?? 0), ...kept]);
}

function tagsIn(profile: Uint8Array): readonly Tag[] {
  const view = viewOf(profile);
  const fitting = Math.floor((profile.byteLength - headBytes - 4) / entryBytes);
  const length = Math.min(view.getUint32(headBytes), fitting, mostTags);
  return Array.from({ length }, (_, index) => {
    const at = headBytes + 4 + entryBytes * index;
    const from = view.getUint32(at + 4);
    const data = profile.subarray(from, from + view.getUint32(at + 8));
    return { name: textAt(profile, at, 4), data };
  });
}

/** The texts that every profile has to have, with nothing in them. The fourth version writes them in another way. */
function textsOf(version: number): readonly Tag[] {
  const nothing = (type: string, ...rest: readonly Piece[]) => joined(type, uint32(0), ...rest);
  if (version < 4) {
    return [
      { name: "desc", data: nothing("desc", uint32(1), new Uint8Array(79)) },
      { name: "cprt", data: nothing("text", [0]) },
    ];
  }
  const data = nothing("mluc", uint32(1), uint32(12), "enUS", uint32(0), uint32(28));
  return [
    { name: "desc", data },
    { name: "cprt", data },
  ];
}

/** Tags may share their data, as those of three colours do their curve. */
function profileOf(head: Uint8Array, tags: readonly Tag[]): Uint8Array {
  const places = new Map<string, number>();
  const data: Uint8Array[] = [];
  let end = headBytes + 4 + entryBytes * tags.length;
  const table = tags.map((tag) => {
    const { byteLength } = tag.data;
    const place = places.get(rangeOf(tag.data)) ?? end;
    if (place === end) {
      const padding = -byteLength & 3;
      places.set(rangeOf(tag.data), place);
      data.push(tag.data, new Uint8Array(padding));
      end += byteLength + padding;
    }
    return joined(tag.name, uint32(place), uint32(byteLength));
  });
  const profile = joined(head, uint32(tags.length), ...table, ...data);
  viewOf(profile).setUint32(0, end);
  return profile;
}

/** Names the bytes that a tag has, as far as they are parts of one profile. */
function rangeOf({ byteOffset, byteLength }: Uint8Array): string {
  return `${byteOffset} ${byteLength}`;
}
