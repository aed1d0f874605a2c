type Defined<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

/** The same object without the keys that hold undefined. */
export function optional<T extends object>(object: T): Defined<T> {
  const defined: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(object)) {
    if (value !== undefined) defined[key] = value;
  }
  return defined as Defined<T>;
}
