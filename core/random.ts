/**
 * 96 random bits in 24 hexadecimal digits. A UUID's bits are drawn many at a time, where other small amounts of
 * randomness cost a call to the system each.
 */
export function randomDigits(): string {
  const uuid = crypto.randomUUID();
  // The groups between these tell its version and its variant.
  return uuid.slice(0, 8) + uuid.slice(9, 13) + uuid.slice(24);
}
