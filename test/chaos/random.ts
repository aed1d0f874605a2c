/** Chance that can be repeated: 0…1. https://en.wikipedia.org/wiki/Xorshift */
export type Random = () => number;

/** The same numbers for the same seed. */
export function randomNumbers(seed: number): Random {
  let state = seed || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** One of these by chance; there has to be one. */
export function oneOf<Item>(items: readonly Item[], random: Random): Item {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error("There is nothing to choose from.");
  return item;
}
