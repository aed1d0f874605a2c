import type { Message } from "grammy/types";
import type { DoorTools } from "./context.ts";
import { pace } from "./limits.ts";

/** An album of which parts have come. */
interface Album {
  readonly parts: Map<number, Message>;
  cameAt: number;
}

/** The newest albums that are remembered. */
const remembered = 200;

/** What other processes were told of a message's album. */
type Elsewhere = (message: Message) => Promise<readonly Message[]>;

/** The messages of albums, of which Telegram tells one by one, in memory alone. */
export class Albums {
  readonly #albums = new Map<string, Album>();
  readonly #elsewhere: Elsewhere;

  constructor(elsewhere: Elsewhere = () => Promise.resolve([])) {
    this.#elsewhere = elsewhere;
  }

  /** Remembers a message that belongs to an album. */
  note(message: Message): void {
    const key = albumOf(message);
    if (key === undefined) return;
    const album = this.#albums.get(key) ?? { parts: new Map(), cameAt: 0 };
    this.#albums.delete(key);
    this.#albums.set(key, album);
    album.parts.set(message.message_id, message);
    album.cameAt = performance.now();
    const [oldest] = this.#albums.keys();
    if (this.#albums.size > remembered && oldest !== undefined) this.#albums.delete(oldest);
  }

  /** All messages of this one's album that came, in their order, once no more seem to follow; else the message alone. */
  async whole(message: Message): Promise<readonly Message[]> {
    const album = this.#albums.get(albumOf(message) ?? "");
    if (!album) return [message];
    const { parts } = album;
    parts.set(message.message_id, message);
    for (;;) {
      const quietMs = performance.now() - album.cameAt;
      if (quietMs < pace.albumMs) {
        await new Promise((resolve) => setTimeout(resolve, pace.albumMs - quietMs));
        continue;
      }
      const others = await this.#elsewhere(message);
      const fresh = others.filter(({ message_id: id }) => !parts.has(id));
      if (fresh.length === 0) break;
      for (const part of fresh) this.note(part);
    }
    return [...parts.values()].toSorted((a, b) => a.message_id - b.message_id);
  }
}

/** Names the album of a message; undefined for a message alone. */
function albumOf({ chat, media_group_id: album }: Message): string | undefined {
  return album === undefined ? undefined : `${chat.id} ${album}`;
}

// === On disk

/** Parts of a chat's albums have places of their own in the store, so that processes that get one each see all of them. */
const places = Array.from({ length: 16 }, (_, place) => place);

function scopeOf(botId: string, chat: number, place: number): string {
  return `telegram:album:${botId}:${chat}:${place % places.length}`;
}

/** The parts of a message's album that any process took and did not answer long ago. */
export function takenParts({ settings }: Pick<DoorTools, "settings">, botId: string): Elsewhere {
  return async (message) => {
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
  readonly #tools: Pick<DoorTools, "settings" | "albums" | "later">;
  readonly #botId: string;
  readonly #scope: string;
  /** How many messages of each album are not answered yet. */
  readonly #open = new Map<string, number>();
  #changing: Promise<unknown> = Promise.resolve();

  constructor(tools: Pick<DoorTools, "settings" | "albums" | "later">, botId: string) {
    this.#tools = tools;
    this.#botId = botId;
    this.#scope = `telegram:taken:${botId}`;
  }

  /** Resolves once the message is on disk. It is answered when the album is whole, by the next process if this one ends. */
  async add(message: Message, answer: () => Promise<void>): Promise<void> {
    await this.#change((all) => [...all.filter((one) => !isSame(one, message)), message]);
    await this.#tools.settings.set(this.#placeOf(message), { taken: [{ ...message }] });
    this.#answer(message, answer);
  }

  /** Answers what an earlier process took and did not answer. */
  async takeUp(answer: (message: Message) => Promise<void>): Promise<void> {
    const left = await this.#all();
    for (const message of left) {
      this.#tools.albums.note(message);
      this.#answer(message, () => answer(message));
    }
  }

  #answer(message: Message, answer: () => Promise<void>): void {
    const { albums, later } = this.#tools;
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
    this.#tools.later(async () => {
      await new Promise((resolve) => setTimeout(resolve, keptMs));
      await this.#tools.settings.forget(this.#placeOf(message));
    });
  }

  #placeOf({ chat, message_id: id }: Message): string {
    return scopeOf(this.#botId, chat.id, id);
  }

  /** One change after the other, so that none is lost. */
  #change(change: (all: readonly Message[]) => readonly Message[]): Promise<void> {
    const changed = this.#changing.then(async () => {
      const left = change(await this.#all()).map((message) => ({ ...message }));
      await this.#tools.settings.set(this.#scope, { taken: left.length > 0 ? left : undefined });
    });
    this.#changing = changed.catch(() => {});
    return changed;
  }

  async #all(): Promise<readonly Message[]> {
    const { taken = [] } = await this.#tools.settings.get(this.#scope);
    return taken as readonly unknown[] as readonly Message[];
  }
}

function isSame(one: Message, other: Message): boolean {
  return one.chat.id === other.chat.id && one.message_id === other.message_id;
}
