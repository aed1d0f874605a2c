import { ImageError } from "./errors.ts";

/** Failed look-ups that a viewer has within the window before being told to wait. */
const allowed = 10;
const windowMs = 60_000;

/** Makes codes not worth guessing: whoever looks up too many that do not exist has to wait. */
export class FailedLookups {
  readonly #now: () => number;
  readonly #failures = new Map<string, { since: number; count: number }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Throws `too-many-lookups`. */
  check(viewer: string): void {
    const failures = this.#current(viewer);
    if (failures && failures.count >= allowed) {
      const retryAfterMs = failures.since + windowMs - this.#now();
      throw new ImageError("too-many-lookups", { retryAfterMs });
    }
  }

  record(viewer: string): void {
    const failures = this.#current(viewer) ?? { since: this.#now(), count: 0 };
    failures.count++;
    this.#failures.set(viewer, failures);
    if (this.#failures.size > 10_000) this.#forgetOld();
  }

  #current(viewer: string) {
    const failures = this.#failures.get(viewer);
    return failures && this.#now() - failures.since < windowMs ? failures : undefined;
  }

  #forgetOld(): void {
    for (const [viewer, { since }] of this.#failures) {
      if (this.#now() - since >= windowMs) this.#failures.delete(viewer);
    }
  }
}
