/**
 * The name that a misspelt one most likely stands for: a slip for each four letters is forgiven, three at most, or one
 * word too many or too few behind the first.
 */
export function nearest(name: string, names: readonly string[]): string | undefined {
  const [best] = names
    .map((one) => ({ one, slips: slipsBetween(name.toLowerCase(), one.toLowerCase()) }))
    .filter(({ one, slips }) => slips <= Math.min(3, Math.floor(one.length / 4)))
    .toSorted((a, b) => a.slips - b.slips);
  return best?.one ?? names.find((one) => isWordApart(name, one) || isWordApart(one, name));
}

/** Whether a name is the other one with a word more in it. */
function isWordApart(longer: string, shorter: string): boolean {
  const words = longer.toLowerCase().split(/[_-]/);
  const fewer = shorter.toLowerCase().split(/[_-]/).join(" ");
  return words.some((_, at) => at > 0 && words.toSpliced(at, 1).join(" ") === fewer);
}

/** How many letters were forgotten, added, changed or swapped with the next one. */
function slipsBetween(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped =
        a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? (before[j - 2] ?? 0) + 1 : changed;
      row.push(Math.min(changed, swapped, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
