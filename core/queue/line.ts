/** A job's stay in the line of one provider. */
export interface Entry {
  readonly requester: string;
  /** Pictures that are ready for their turn: each is called when it may begin. */
  readonly wanted: Set<() => void>;
  /** Pictures whose turn has not begun, ready or not. */
  left: number;
  /** Its first picture has had its turn. */
  begun: boolean;
}

interface Member {
  readonly entries: Set<Entry>;
  running: number;
  /** Renewed when a turn begins or ends; the smallest stamp has waited longest. */
  stamp: number;
}

/**
 * The line before one provider. The requester with the fewest pictures running goes first; among equals, the one that
 * has waited longest since its last turn. Within a requester the oldest job that is ready goes first.
 */
export class Line {
  readonly slots: number;
  #running = 0;
  #clock = 0;
  readonly #members = new Map<string, Member>();

  constructor(slots: number) {
    this.slots = slots;
  }

  get running(): number {
    return this.#running;
  }

  /** Requesters that wait here or have a turn. */
  get requesters(): number {
    return this.#members.size;
  }

  join(entry: Entry): void {
    const member = this.#members.get(entry.requester) ?? this.#newMember(entry.requester);
    member.entries.add(entry);
  }

  leave(entry: Entry): void {
    const member = this.#members.get(entry.requester);
    member?.entries.delete(entry);
    this.#forgetIdle(entry.requester);
  }

  /** Begins as many pictures as there are free slots. */
  fill(): void {
    while (this.#running < this.slots) {
      const entry = this.#next();
      if (!entry) return;
      this.#callNext(entry);
    }
  }

  /** Begins the next picture of this job if a slot is free: while a slot is free, no other picture is ready. */
  takeNow(entry: Entry): boolean {
    const waits = this.#members.get(entry.requester)?.entries.has(entry);
    if (!waits || this.#running >= this.slots) return false;
    this.#begin(entry);
    return true;
  }

  /** Ends a turn of this requester. */
  release(requester: string): void {
    this.#running--;
    const member = this.#members.get(requester);
    if (member) {
      member.running--;
      member.stamp = ++this.#clock;
      this.#forgetIdle(requester);
    }
    this.fill();
  }

  /** The jobs and pictures that would begin before this job. */
  aheadOf(entry: Entry): { readonly jobs: number; readonly pictures: number } {
    const mine = this.#members.get(entry.requester);
    if (!mine) return { jobs: 0, pictures: 0 };
    const own = sumUntil(mine.entries, entry);
    const total = { ...own };
    for (const [requester, member] of this.#members) {
      if (requester === entry.requester) continue;
      const turns = own.pictures + (goesBefore(member, mine) ? 1 : 0);
      const theirs = sumOfTurns(member.entries, turns);
      total.jobs += theirs.jobs;
      total.pictures += theirs.pictures;
    }
    return total;
  }

  #newMember(requester: string): Member {
    const member: Member = { entries: new Set(), running: 0, stamp: ++this.#clock };
    this.#members.set(requester, member);
    return member;
  }

  #forgetIdle(requester: string): void {
    const member = this.#members.get(requester);
    if (member?.entries.size === 0 && member.running === 0) this.#members.delete(requester);
  }

  #next(): Entry | undefined {
    let best: { member: Member; entry: Entry } | undefined;
    for (const member of this.#members.values()) {
      if (best && !goesBefore(member, best.member)) continue;
      const entry = firstReady(member.entries);
      if (entry) best = { member, entry };
    }
    return best?.entry;
  }

  #callNext(entry: Entry): void {
    const [call] = entry.wanted;
    if (!call) return;
    entry.wanted.delete(call);
    this.#begin(entry);
    call();
  }

  #begin(entry: Entry): void {
    const member = this.#members.get(entry.requester);
    if (!member) return;
    entry.left--;
    if (entry.left === 0) member.entries.delete(entry);
    this.#running++;
    member.running++;
    member.stamp = ++this.#clock;
  }
}

function goesBefore(a: Member, b: Member): boolean {
  return a.running === b.running ? a.stamp < b.stamp : a.running < b.running;
}

function firstReady(entries: Set<Entry>): Entry | undefined {
  for (const entry of entries) if (entry.wanted.size > 0) return entry;
  return undefined;
}

function sumUntil(entries: Set<Entry>, end: Entry): { jobs: number; pictures: number } {
  const sum = { jobs: 0, pictures: 0 };
  for (const entry of entries) {
    if (entry === end) break;
    if (!entry.begun) sum.jobs++;
    sum.pictures += entry.left;
  }
  return sum;
}

/** The jobs and pictures that begin within this many turns. */
function sumOfTurns(entries: Set<Entry>, turns: number): { jobs: number; pictures: number } {
  const sum = { jobs: 0, pictures: 0 };
  for (const entry of entries) {
    if (sum.pictures >= turns) break;
    if (!entry.begun) sum.jobs++;
    sum.pictures += Math.min(entry.left, turns - sum.pictures);
  }
  return sum;
}
