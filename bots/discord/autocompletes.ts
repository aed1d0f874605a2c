import { setImmediate } from "node:timers/promises";
import type { APIApplicationCommandAutocompleteInteraction } from "discord-api-types/v10";
import pLimit from "p-limit";
import { limits } from "./limits.ts";

type Autocomplete = APIApplicationCommandAutocompleteInteraction;

/**
 * Answers what Discord asks while people type, after everything else: only the newest of each person, few at once, and
 * none that is too old to be shown.
 */
export class Autocompletes {
  readonly #answer: (payload: Autocomplete) => Promise<void>;
  readonly #newest = new Map<string, Autocomplete>();
  readonly #ages = new Ages();
  readonly #few = pLimit(limits.autocompletesAtOnce);

  /** `answer` must not reject. */
  constructor(answer: (payload: Autocomplete) => Promise<void>) {
    this.#answer = answer;
  }

  /** Takes note of when an interaction of any kind was made and when it came. */
  arrived(id: string): void {
    this.#ages.arrived(id);
  }

  /** Resolves when it was answered, or dropped. */
  add(payload: Autocomplete): Promise<void> {
    const user = (payload.member?.user ?? payload.user)?.id ?? payload.id;
    this.#newest.set(user, payload);
    return this.#few(async () => {
      // What else has come meanwhile goes first.
      await setImmediate();
      if (this.#newest.get(user) !== payload) return;
      this.#newest.delete(user);
      if (this.#ages.of(payload.id) <= limits.autocompleteMs) await this.#answer(payload);
    });
  }
}

/** How long the fastest interaction of a while is remembered. */
const whileMs = 300_000;

/**
 * How old interactions are, by the time in their ids. That time is Discord's, and this machine's clock may be wrong: the
 * fastest interaction of the last minutes counts as having come at once.
 */
class Ages {
  #since = -Infinity;
  #least = Infinity;
  #leastBefore = Infinity;

  arrived(id: string): void {
    if (performance.now() - this.#since > whileMs) {
      this.#leastBefore = this.#least;
      this.#least = Infinity;
      this.#since = performance.now();
    }
    const lag = lagOf(id);
    if (lag < this.#least) this.#least = lag;
  }

  of(id: string): number {
    return lagOf(id) - Math.min(this.#least, this.#leastBefore);
  }
}

/** https://docs.discord.com/developers/reference#snowflakes */
function lagOf(id: string): number {
  return performance.now() - Math.floor(Number(id) / 2 ** 22);
}
