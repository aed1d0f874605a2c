import { within } from "../../core/deadline.ts";
import { Refused } from "../refused.ts";
import type { DoorTools } from "./context.ts";
import { TelegramRefusal } from "./errors.ts";
import { pace } from "./limits.ts";
import type { ChatPlace } from "./place.ts";

/** Telegram has not told in time whether a person is an administrator. A late answer is cached for the next try. */
const moderatorsUnknown = () => new Refused("ask.adminsUnknown");

/** Who is an administrator of which group. */
export class Moderators {
  readonly #tools: Pick<DoorTools, "api" | "log">;
  readonly #asked = new Map<string, Promise<boolean>>();

  constructor(tools: Pick<DoorTools, "api" | "log">) {
    this.#tools = tools;
  }

  /**
   * Whether a person is an administrator of this group; false in a private chat. Throws Refused where Telegram
   * does not answer within half a second.
   */
  async include({ chat, group }: ChatPlace, user: number): Promise<boolean> {
    if (!group) return false;
    const told = await within(pace.moderatorsMs, this.#ask(chat, user));
    if (!told) throw moderatorsUnknown();
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
      const { status } = await this.#tools.api.getChatMember(chat, user);
      return status === "creator" || status === "administrator";
    } catch (error) {
      this.#tools.log.warn({ error }, "it is not known who runs a group");
      if (error instanceof TelegramRefusal && error.code < 429) return false;
      throw moderatorsUnknown();
    }
  }
}
