import { ImageError } from "../errors.ts";

/** Failed look-ups that a viewer has within the window before being told to wait. */
const allowed = 10;
const windowMs = 60_000;

/** Makes codes not worth guessing: a viewer who looks up too many that do not exist has to wait. */
export class CodeGuard {
  readonly #elapsed: () => number;
  readonly #failures = new Map<string, { since: number; count: number }>();

  /** `elapsed` are milliseconds since some moment, which never jump. */
  constructor(elapsed: () => number) {
    this.#elapsed = elapsed;
  }

  /** Throws `too-many-lookups`. */
  check(viewer: string): void {
    const failures = this.#current(viewer);
    if (failures && failures.count >= allowed) {
      const retryAfterMs = Math.ceil(failures.since + windowMs - this.#elapsed());
      throw new ImageError("too-many-lookups", { retryAfterMs });
    }
  }

  record(viewer: string): void {
    this.#forgetOld();
    const failures = this.#failures.get(viewer) ?? { since: this.#elapsed(), count: 0 };
    failures.count++;
    this.#failures.set(viewer, failures);
  }

  #current(viewer: string) {
    const failures = this.#failures.get(viewer);
    return failures && this.#isCurrent(failures) ? failures : undefined;
  }

  /** The oldest come first, so that the rest is never looked at. */
  #forgetOld(): void {
    for (const [viewer, failures] of this.#failures) {
      if (this.#isCurrent(failures)) return;
      this.#failures.delete(viewer);
    }
  }

  #isCurrent({ since }: { since: number }): boolean {
    return this.#elapsed() - since < windowMs;
  }
}
