import { ImageError } from "../errors.ts";
import type { Viewer } from "../request.ts";

/** Failed look-ups that a viewer may make within the window. */
const allowed = 10;
const windowMs = 60_000;

/** Whose guesses are counted together: a person's, or those of one address among the people who share an id. */
export function guesserOf({ id, address }: Viewer): string {
  return address === undefined ? id : `${id} ${address}`;
}

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

  /** Viewers are in order of age, so this stops at the first recent one. */
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
