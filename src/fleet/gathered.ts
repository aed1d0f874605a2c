/** Does one piece of work for many things at once: what comes while it is at work waits for its next time. */
export class Gathered<Thing> {
  readonly #work: (things: readonly Thing[]) => Promise<unknown>;
  #waiting: Thing[] = [];
  #working: Promise<void> | undefined;

  /** `work` handles its own errors. It is never called twice at once. */
  constructor(work: (things: readonly Thing[]) => Promise<unknown>) {
    this.#work = work;
  }

  add(...things: readonly Thing[]): void {
    this.#waiting.push(...things);
    this.#working ??= this.#workOn().finally(() => (this.#working = undefined));
  }

  /** Resolves when everything is done that was added so far. */
  async done(): Promise<void> {
    await this.#working;
  }

  async #workOn(): Promise<void> {
    // What the same turn of the event loop adds goes with the first.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const things = this.#waiting;
      this.#waiting = [];
      await this.#work(things);
    }
  }
}

/** Runs one thing at a time; a call that comes meanwhile makes it run once more. */
export class Repeated {
  readonly #work: () => Promise<void>;
  #running = false;
  #again = false;

  /** `work` handles its own errors. */
  constructor(work: () => Promise<void>) {
    this.#work = work;
  }

  go(): void {
    this.#again = true;
    if (!this.#running) void this.#run();
  }

  async #run(): Promise<void> {
    this.#running = true;
    while (this.#again) {
      this.#again = false;
      await this.#work();
    }
    this.#running = false;
  }
}
