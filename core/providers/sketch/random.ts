/** A repeatable stream of numbers. Each painter forks its own, so that one more star moves no mountain. */
export interface Random {
  /** 0 ≤ number < 1 */
  next(): number;
  /** From `low` up to, not including, `high`. */
  between(low: number, high: number): number;
  /** A whole number from `low` to `high`, both included. */
  whole(low: number, high: number): number;
  chance(probability: number): boolean;
  pick<Item>(items: readonly [Item, ...Item[]]): Item;
  /** An independent stream that depends on this one's origin and on `name` alone. */
  fork(name: string): Random;
}

const fnvOffset = 0x811c9dc5;
const fnvPrime = 0x01000193;

/** FNV-1a over UTF-16 units: 32 bits, the same on every machine. */
export function hash(text: string): number {
  let value = fnvOffset;
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), fnvPrime);
  }
  return value >>> 0;
}

/** Tommy Ettinger's mulberry32, a public-domain generator with 32 bits of state. */
function mulberry32(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The stream that belongs to `origin`, whatever was drawn before. */
export function randomOf(origin: string): Random {
  const next = mulberry32(hash(origin));
  return {
    next,
    between: (low, high) => low + next() * (high - low),
    whole: (low, high) => low + Math.floor(next() * (high - low + 1)),
    chance: (probability) => next() < probability,
    pick: (items) => items[Math.floor(next() * items.length)] ?? items[0],
    fork: (name) => randomOf(`${origin}/${name}`),
  };
}
