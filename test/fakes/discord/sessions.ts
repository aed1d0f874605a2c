import { randomBytes } from "node:crypto";
import { GatewayIntentBits } from "discord.js";
import { shardOf } from "./clock.ts";
import type { Json } from "./payloads.ts";

/** An event as the gateway sends it. */
export interface GatewayEvent {
  readonly t: string;
  readonly s: number;
  readonly d: Json;
}

/** What a client asked for when it identified. */
export interface Identification {
  readonly intents: number;
  readonly shard: readonly [number, number];
  readonly properties: Json;
}

/** A client's session: it outlives its connection, so that it can be resumed. */
export interface Session extends Identification {
  readonly id: string;
  readonly events: GatewayEvent[];
  /** Takes events while a connection is there. */
  send: ((event: GatewayEvent) => void) | undefined;
}

/** The sessions that can still be resumed. */
export interface Sessions {
  begin(identification: Identification): Session;
  find(id: string): Session | undefined;
  end(session: Session): void;
  readonly all: ReadonlySet<Session>;
  /** Sends to one session; kept for a resumption where no connection is there. */
  emit(session: Session, t: string, d: Json): void;
  /** Sends to the shard of that server that asked for such events; says to how many sessions. */
  dispatch(t: string, d: Json, place: { readonly guildId: string | undefined }): number;
}

const { DirectMessages, GuildMessages, Guilds } = GatewayIntentBits;

/** Which events a client hears only if it asked for them, in servers and in conversations. */
const NEEDED: readonly {
  readonly event: RegExp;
  readonly guild: number;
  readonly direct: number;
}[] = [
  { event: /^(GUILD|CHANNEL)_/, guild: Guilds, direct: 0 },
  { event: /^MESSAGE_/, guild: GuildMessages, direct: DirectMessages },
];

/** Privileged: https://docs.discord.com/developers/events/gateway#privileged-intents */
export const PRIVILEGED_INTENTS =
  GatewayIntentBits.GuildMembers |
  GatewayIntentBits.GuildPresences |
  GatewayIntentBits.MessageContent;

function hears({ intents }: Session, t: string, guildId: string | undefined): boolean {
  const rule = NEEDED.find(({ event }) => event.test(t));
  const needed = guildId === undefined ? (rule?.direct ?? 0) : (rule?.guild ?? 0);
  return (intents & needed) === needed;
}

/** Keeps sessions in memory. */
export function createSessions(): Sessions {
  const all = new Set<Session>();

  function emit(session: Session, t: string, d: Json): void {
    const event = { t, d, s: session.events.length + 1 };
    session.events.push(event);
    session.send?.(event);
  }

  return {
    all,
    begin(identification) {
      // What a client left behind that died without a word, and begins anew, is not resumed any more.
      const [shard] = identification.shard;
      for (const old of all) if (old.shard[0] === shard && !old.send) all.delete(old);
      const id = randomBytes(16).toString("hex");
      const session: Session = { ...identification, id, events: [], send: undefined };
      all.add(session);
      return session;
    },
    find: (id) => [...all].find((session) => session.id === id),
    end: (session) => {
      session.send = undefined;
      all.delete(session);
    },
    emit,
    dispatch(t, d, { guildId }) {
      const hearing = [...all].filter(
        (session) =>
          session.shard[0] === shardOf(guildId, session.shard[1]) && hears(session, t, guildId),
      );
      for (const session of hearing) emit(session, t, d);
      return hearing.length;
    },
  };
}
