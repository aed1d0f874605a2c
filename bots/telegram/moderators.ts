import type { Api } from "grammy";
import { within } from "../../core/deadline.ts";
import type { Log } from "../../core/observe.ts";
import { pace } from "./limits.ts";
import type { ChatPlace } from "./place.ts";
import { requesterId } from "./scopes.ts";
import { TelegramRefusal } from "./trouble.ts";
import type { Visit } from "./visit.ts";

/** The platform has not said in time who runs a group; its answer is remembered when it comes. */
export class ModeratorsUnknown extends Error {
  override readonly name = "ModeratorsUnknown";
}

export interface ModeratorsOptions {
  readonly api: Api;
  readonly log: Log;
}

/** Who runs which group, as the platform says. */
export class Moderators {
  readonly #options: ModeratorsOptions;
  readonly #asked = new Map<string, Promise<boolean>>();

  constructor(options: ModeratorsOptions) {
    this.#options = options;
  }

  /**
   * Whether a person may act for others in this group; nobody may in a private chat. Throws ModeratorsUnknown rather
   * than let a press wait.
   */
  async include({ chat, group }: ChatPlace, user: number): Promise<boolean> {
    if (!group) return false;
    const told = await within(pace.moderatorsMs, this.#ask(chat, user));
    if (!told) throw new ModeratorsUnknown();
    return told.value;
  }

  #ask(chat: number, user: number): Promise<boolean> {
    const key = `${chat} ${user}`;
    const asked = this.#asked.get(key) ?? this.#statusOf(chat, user);
    if (!this.#asked.has(key)) {
      this.#asked.set(key, asked);
      const forget = () => this.#asked.delete(key);
      asked.then(() => setTimeout(forget, pace.moderatorsForMs).unref(), forget);
    }
    return asked;
  }

  async #statusOf(chat: number, user: number): Promise<boolean> {
    try {
      const { status } = await this.#options.api.getChatMember(chat, user);
      return status === "creator" || status === "administrator";
    } catch (error) {
      this.#options.log.warn({ error }, "it is not known who runs a group");
      if (error instanceof TelegramRefusal && error.code < 429) return false;
      throw new ModeratorsUnknown();
    }
  }
}

/**
 * A visit as its owner's: of the person themselves, or of the group for whoever runs it, because administrators who
 * hide speak as the group but press as themselves. undefined for anybody else. Throws ModeratorsUnknown.
 */
export async function visitAs<Kind extends Visit>(
  owner: number,
  visit: Kind,
  { moderators }: { readonly moderators: Moderators },
): Promise<Kind | undefined> {
  const { user, place, asker } = visit;
  if (owner === user) return visit;
  if (owner !== place.chat || !(await moderators.include(place, user))) return undefined;
  const requester = { ...asker.requester, id: requesterId(owner) };
  return { ...visit, user: owner, asker: { ...asker, requester } };
}
