import { ImageError, invalidRequest } from "./errors.ts";
import { newCode, newKey, parseLinkCode } from "./job.ts";
import type { Presets } from "./presets.ts";
import type { Requester } from "./request.ts";
import type { CodeGuard } from "./studio/code-guard.ts";

/** A store may forget what has ended so long ago, in milliseconds. */
export const endedLinkMs = 86_400_000;

/** Which accounts belong to which person. An account belongs to one person; one without an entry is its own person. */
export interface LinkStore {
  /** The person of an account, unless that has ended at `now` (Unix milliseconds). */
  find(account: string, now: number): Promise<string | undefined>;
  /** The accounts of a person that have not ended, by their names. */
  list(person: string, now: number): Promise<readonly string[]>;
  /** Gives an account to a person, until then or for good, also where another person had it. */
  link(account: string, person: string, until?: number): Promise<void>;
  /** Takes it away. False where it had none: of several at once, one is told true. */
  unlink(account: string): Promise<boolean>;
}

/** What people need. */
export interface PeopleTools {
  readonly links: LinkStore;
  readonly presets: Presets;
  /** Counts codes that do not exist. */
  readonly codes: CodeGuard;
  /** SHA-256 of a text, in hex. */
  readonly digest: (text: string) => string;
  /** Unix milliseconds. */
  readonly now: () => number;
}

/** How long the code of an invitation can be used, in milliseconds. */
export const invitationMs = 600_000;

/** The most API keys of one person. */
const mostKeys = 10;

/** How much of a personal key is shown, to tell it from others. */
const shownOfKey = 7;

/**
 * One person behind several accounts: chat accounts (`telegram:456`), keys of the server (`http:default`) and personal API
 * keys. Their history, presets and
 * quota are one. A person is named by the account that invited the others.
 */
export class People {
  readonly #tools: PeopleTools;

  constructor(tools: PeopleTools) {
    this.#tools = tools;
  }

  /** The person of a chat account or of a key of the server, as the one who asks. */
  async of(account: string): Promise<Requester> {
    const { links, now } = this.#tools;
    const person = (await links.find(account, now())) ?? account;
    return this.#requester(person);
  }

  /** The person of a personal API key; undefined for an unknown or a revoked one. */
  async ofKey(key: string): Promise<Requester | undefined> {
    const { links, now } = this.#tools;
    const person = key.startsWith("zk-") && (await links.find(this.#accountOf(key), now()));
    return person ? this.#requester(person) : undefined;
  }

  /** A code by which another account becomes this person's, once, within ten minutes. Throws `storage-failed`. */
  async invite(person: string): Promise<string> {
    const code = newCode("zl");
    await this.#tools.links.link(`code:${code}`, person, this.#tools.now() + invitationMs);
    return code;
  }

  /**
   * Joins an account, with all that are linked to it, to the person who was given this code; its presets come along.
   * Throws `not-found`, `too-many-lookups` and `storage-failed`.
   */
  async join(account: string, text: string): Promise<void> {
    const { links, codes, presets, now } = this.#tools;
    codes.check(account);
    const code = parseLinkCode(text);
    const invitation = `code:${code ?? ""}`;
    const named = code === undefined ? undefined : await links.find(invitation, now());
    if (named === undefined || !(await links.unlink(invitation))) {
      codes.record(account);
      throw new ImageError("not-found", { code: text.slice(0, 40), of: "link" });
    }
    // The one who invited may have joined another person meanwhile.
    const person = (await links.find(named, now())) ?? named;
    if (person === account) return;
    for (const own of [account, ...(await this.links(account))]) await links.link(own, person);
    await presets.move(account, person);
  }

  /** A new API key of a person, which is told this once. Throws `invalid-request` for too many, and `storage-failed`. */
  async makeKey(person: string): Promise<string> {
    const keys = (await this.links(person)).filter((account) => account.startsWith("key:"));
    if (keys.length >= mostKeys) {
      throw invalidRequest("keys", `${mostKeys} keys is the most. Revoke one first.`);
    }
    const key = newKey();
    await this.#tools.links.link(this.#accountOf(key), person);
    return key;
  }

  /** What is linked to a person: accounts, and keys as `key:` with their beginning and digest. */
  async links(person: string): Promise<readonly string[]> {
    const { links, now } = this.#tools;
    const all = await links.list(person, now());
    return all.filter((account) => !account.startsWith("code:"));
  }

  /** Takes what begins with this from a person: an account is its own person again, a key is revoked. Throws `not-found`. */
  async unlink(person: string, beginning: string): Promise<void> {
    const account = (await this.links(person)).find((one) => one.startsWith(beginning));
    if (account && (await this.#tools.links.unlink(account))) return;
    throw new ImageError("not-found", { code: beginning });
  }

  /** Takes everything from a person. */
  async forget(person: string): Promise<void> {
    const { links, now } = this.#tools;
    for (const account of await links.list(person, now())) await links.unlink(account);
  }

  async #requester(person: string): Promise<Requester> {
    const linked = await this.links(person);
    const aliases = linked.filter((account) => !account.startsWith("key:"));
    return aliases.length > 0 ? { id: person, aliases } : { id: person };
  }

  #accountOf(key: string): string {
    return `key:${key.slice(0, shownOfKey)}:${this.#tools.digest(key)}`;
  }
}
