/** An error and all errors behind it: causes, and the parts of an AggregateError. */
export function causesOf(error: unknown): Error[] {
  const found = new Set<Error>();
  const open: unknown[] = [error];
  while (open.length > 0) {
    const next = open.shift();
    if (!(next instanceof Error) || found.has(next)) continue;
    found.add(next);
    open.push(next.cause, ...(next instanceof AggregateError ? (next.errors as unknown[]) : []));
  }
  return [...found];
}
