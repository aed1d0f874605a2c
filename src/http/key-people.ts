import type { People } from "../../core/people.ts";
import type { Requester } from "../../core/request.ts";

/** How long it is remembered whose a key is, in milliseconds: a bot or another process may change it meanwhile. */
const rememberedMs = 5_000;

/** Whose keys they are. Of the few keys of the configuration, with which most requests come, it is remembered for a moment. */
export class KeyPeople {
  readonly #people: People;
  readonly #known = new Map<string, { readonly requester: Requester; readonly until: number }>();

  constructor(people: People) {
    this.#people = people;
  }

  /** The person to whom the account of a key is linked, or that account itself. */
  of(account: string): Requester | Promise<Requester> {
    const known = this.#known.get(account);
    return known && performance.now() < known.until ? known.requester : this.#find(account);
  }

  /** The person of a personal key; undefined for an unknown or a revoked one. */
  ofKey(key: string): Promise<Requester | undefined> {
    return this.#people.ofKey(key);
  }

  /** Links the account of a key to the person who was given this code. Throws what `People.join` throws. */
  async join(account: string, code: string): Promise<Requester> {
    await this.#people.join(account, code);
    return this.#find(account);
  }

  /** Makes the account of a key its own person again, if it was linked. */
  async leave(account: string): Promise<Requester> {
    const { id } = await this.#find(account);
    if (id !== account) await this.#people.unlink(id, account);
    return this.#find(account);
  }

  async #find(account: string): Promise<Requester> {
    const requester = await this.#people.of(account);
    this.#known.set(account, { requester, until: performance.now() + rememberedMs });
    return requester;
  }
}
