import type { Message } from "grammy/types";
import type { SettingsStore } from "../../core/settings.ts";
import { albumOf, type Albums } from "./albums.ts";

/** What taking messages needs. */
export interface TakenOptions {
  readonly settings: SettingsStore;
  readonly albums: Albums;
  readonly botId: string;
  readonly later: (work: () => Promise<unknown>) => void;
}

/** Parts of a chat's albums have places of their own in the store, so that processes that get one each see all of them. */
const places = Array.from({ length: 16 }, (_, place) => place);

function scopeOf(botId: string, chat: number, place: number): string {
  return `telegram:album:${botId}:${chat}:${place % places.length}`;
}

/** The parts of a message's album that any process took and did not answer long ago. */
export function takenParts({ settings, botId }: Pick<TakenOptions, "settings" | "botId">) {
  return async (message: Message): Promise<readonly Message[]> => {
    const kept = await Promise.all(
      places.map((place) => settings.get(scopeOf(botId, message.chat.id, place))),
    );
    const parts = kept.flatMap(({ taken = [] }) => taken as readonly unknown[] as Message[]);
    return parts.filter((part) => albumOf(part) === albumOf(message));
  };
}

/** How long the parts of an answered album are there for processes that got theirs later. */
const keptMs = 2000;

/**
 * Messages of albums. A webhook gets the next one only once the last is confirmed, so each is confirmed as soon as it is on
 * disk, and stays there until the whole album is answered.
 */
export class Taken {
  readonly #options: TakenOptions;
  readonly #scope: string;
  /** How many messages of each album are not answered yet. */
  readonly #open = new Map<string, number>();
  #changing: Promise<unknown> = Promise.resolve();

  constructor(options: TakenOptions) {
    this.#options = options;
    this.#scope = `telegram:taken:${options.botId}`;
  }

  /** Resolves once the message is on disk. It is answered when the album is whole, by the next process if this one ends. */
  async add(message: Message, answer: () => Promise<void>): Promise<void> {
    await this.#change((all) => [...all.filter((one) => !isSame(one, message)), message]);
    await this.#options.settings.set(this.#placeOf(message), { taken: [{ ...message }] });
    this.#answer(message, answer);
  }

  /** Answers what an earlier process took and did not answer. */
  async takeUp(answer: (message: Message) => Promise<void>): Promise<void> {
    const left = await this.#all();
    for (const message of left) {
      this.#options.albums.note(message);
      this.#answer(message, () => answer(message));
    }
  }

  #answer(message: Message, answer: () => Promise<void>): void {
    const { albums, later } = this.#options;
    const album = albumOf(message) ?? "";
    this.#open.set(album, (this.#open.get(album) ?? 0) + 1);
    later(async () => {
      await albums.whole(message);
      await answer().finally(() => this.#letGo(message));
      const left = (this.#open.get(album) ?? 1) - 1;
      this.#open.set(album, left);
      if (left > 0) return;
      this.#open.delete(album);
      await this.#change((all) => all.filter((one) => albumOf(one) !== album));
    });
  }

  #letGo(message: Message): void {
    const { settings, later } = this.#options;
    later(async () => {
      await new Promise((resolve) => setTimeout(resolve, keptMs));
      await settings.forget(this.#placeOf(message));
    });
  }

  #placeOf({ chat, message_id: id }: Message): string {
    return scopeOf(this.#options.botId, chat.id, id);
  }

  /** One change after the other, so that none is lost. */
  #change(change: (all: readonly Message[]) => readonly Message[]): Promise<void> {
    const changed = this.#changing.then(async () => {
      const left = change(await this.#all()).map((message) => ({ ...message }));
      await this.#options.settings.set(this.#scope, { taken: left.length > 0 ? left : undefined });
    });
    this.#changing = changed.catch(() => {});
    return changed;
  }

  async #all(): Promise<readonly Message[]> {
    const { taken = [] } = await this.#options.settings.get(this.#scope);
    return taken as readonly unknown[] as readonly Message[];
  }
}

function isSame(one: Message, other: Message): boolean {
  return one.chat.id === other.chat.id && one.message_id === other.message_id;
}
