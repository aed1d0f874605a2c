type Defined<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

/** The same object without the keys that hold undefined. */
export function optional<T extends object>(object: T): Defined<T> {
  const entries = Object.entries(object).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Defined<T>;
}
