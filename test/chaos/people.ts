import type { User as TelegramUser } from "grammy/types";
import type { SentInteraction } from "../fakes/discord/interaction-view.ts";
import type { GuildChannel, User } from "../fakes/discord/world.ts";
import { type Installation, key } from "./installation.ts";
import type { Random } from "./random.ts";

/** What an HTTP client has been told of its wish, in all lives together. */
export interface Wish {
  readonly words: string;
  readonly count: number;
  /** The codes that came with the first byte of an answer. */
  readonly codes: Set<string>;
  /** The status of the last answer that came whole. */
  status: number | undefined;
  retryAfterS: number;
}

type Platforms = Pick<Installation, "discord" | "telegram">;

/** Three people, one at each door, who ask for pictures. */
export class People {
  readonly wishes: Wish[] = [];
  readonly sent: SentInteraction[] = [];
  readonly anna: User;
  readonly channel: GuildChannel;
  readonly tina: TelegramUser;
  readonly #installation: Platforms;
  readonly #asking = new Set<Wish>();
  #asked = 0;

  constructor(installation: Platforms) {
    const { discord, telegram } = installation;
    this.#installation = installation;
    const guild = discord.guild();
    this.channel = discord.channel(guild);
    this.anna = discord.user();
    discord.member(guild, this.anna);
    this.tina = telegram.addUser();
  }

  /** Asks at each door that can be reached; answers how many wishes that are, once HTTP has answered or died. */
  async ask(url: string, random: Random): Promise<number> {
    const before = this.#asked;
    const count = random() < 0.25 ? 2 : 1;
    await this.#askDiscord(count);
    await this.#askTelegram(count);
    const words = this.#words("http");
    const wish = { words, count, codes: new Set<string>(), status: undefined, retryAfterS: 0 };
    this.wishes.push(wish);
    const open = this.wishes.filter((one) => isOpen(one) && !this.#asking.has(one));
    await Promise.all(open.map((one) => this.askHttp(url, one)));
    return this.#asked - before;
  }

  async askHttp(url: string, wish: Wish): Promise<Response | undefined> {
    const { words: prompt, count: n } = wish;
    const headers = {
      authorization: `Bearer ${key}`,
      "content-type": "application/json",
      "idempotency-key": prompt,
    };
    const body = JSON.stringify({ prompt, n, response_format: "url" });
    this.#asking.add(wish);
    try {
      const path = "/v1/images/generations";
      const response = await fetch(url + path, { method: "POST", headers, body });
      const code = response.headers.get("x-drawbridge-code");
      if (code) wish.codes.add(code);
      const waitS = Number(response.headers.get("retry-after") ?? 0);
      wish.retryAfterS = Math.max(wish.retryAfterS, waitS);
      await response.text();
      wish.status = response.status;
      return response;
    } catch {
      // The process died while it was asked.
      return undefined;
    } finally {
      this.#asking.delete(wish);
    }
  }

  #words(door: string): string {
    return `wish ${++this.#asked} at ${door}`;
  }

  async #askDiscord(count: number): Promise<void> {
    const { discord } = this.#installation;
    const isConnected = () => discord.gateway.connected() > 0;
    await discord.until(isConnected, { timeoutMs: 1500 }).catch(() => undefined);
    if (!isConnected()) return;
    const options = { prompt: this.#words("discord"), count };
    this.sent.push(discord.slash(this.anna, this.channel, "imagine", options));
  }

  async #askTelegram(count: number): Promise<void> {
    const text = `/draw ${this.#words("telegram")} --n ${count}`;
    await this.#installation.telegram.userSays(this.tina.id, { text });
  }
}

/** Whether its client asks again: it was not answered, or nothing was made and nothing paid for. */
function isOpen({ status }: Wish): boolean {
  return status === undefined || status === 503;
}
