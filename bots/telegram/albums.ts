import type { Message } from "grammy/types";
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
export function albumOf({ chat, media_group_id: album }: Message): string | undefined {
  return album === undefined ? undefined : `${chat.id} ${album}`;
}
