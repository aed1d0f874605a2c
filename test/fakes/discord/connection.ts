import { GatewayCloseCodes, GatewayOpcodes } from "discord.js";
import type { RawData, WebSocket } from "ws";
import { z } from "zod";
import type { World } from "./builders.ts";
import { shardOf } from "./clock.ts";
import { guildCreatePayload, userPayload } from "./payloads.ts";
import {
  type GatewayEvent,
  type Identification,
  PRIVILEGED_INTENTS,
  type Session,
  type Sessions,
} from "./sessions.ts";

/** How the gateway behaves; a test may change it at any time. */
export interface GatewaySettings {
  /** How many shards `GET /gateway/bot` recommends. */
  shards: number;
  maxConcurrency: number;
  /** How often a client has to send a heartbeat, in real milliseconds; it is cut off after two such times. */
  heartbeatIntervalMs: number;
  /** Whether heartbeats are acknowledged; a client that is not answered gives the connection up. */
  acknowledgesHeartbeats: boolean;
  /** Privileged intents that the app was granted. */
  grantedIntents: number;
}

/** What a connection needs of the rest of the stand-in. */
export interface GatewayTools {
  readonly token: string;
  readonly world: World;
  readonly origin: () => string;
  readonly isDown: () => boolean;
  readonly changed: () => void;
}

const identify = z.object({
  token: z.string(),
  intents: z.int(),
  compress: z.boolean().optional(),
  shard: z.tuple([z.int().nonnegative(), z.int().positive()]).default([0, 1]),
  properties: z.record(z.string(), z.unknown()).default({}),
});
const resume = z.object({ token: z.string(), session_id: z.string(), seq: z.int() });
const frame = z.object({ op: z.int(), d: z.unknown() });

/** A connection may send 120 frames a minute: https://docs.discord.com/developers/events/gateway#rate-limiting */
const MAX_FRAMES = 120;
const FRAMES_WINDOW_MS = 60_000;
const ALL_INTENTS = 2 ** 26 - 1;

/** What all connections share. */
export interface Shared {
  readonly tools: GatewayTools;
  readonly settings: GatewaySettings;
  readonly sessions: Sessions;
  readonly identifications: Identification[];
  readonly resumptions: { readonly seq: number; readonly accepted: boolean }[];
  readonly connections: Set<Connection>;
  heartbeats: number;
}

/** One WebSocket, from HELLO to its end. */
export class Connection {
  readonly socket: WebSocket;
  session: Session | undefined;
  readonly #shared: Shared;
  #frames: number[] = [];
  #deadline: NodeJS.Timeout | undefined;

  constructor(shared: Shared, socket: WebSocket, query: URLSearchParams) {
    this.#shared = shared;
    this.socket = socket;
    socket.on("message", (data) => {
      this.#receive(data);
      shared.tools.changed();
    });
    socket.on("close", (code) => {
      this.#closed(code);
      shared.tools.changed();
    });
    socket.on("error", () => socket.terminate());
    if (query.get("v") !== "10") this.#close(GatewayCloseCodes.InvalidAPIVersion);
    else if (query.get("encoding") !== "json" || query.has("compress")) {
      this.#close(GatewayCloseCodes.DecodeError, "The stand-in speaks plain JSON only");
    } else this.#greet();
  }

  send(op: GatewayOpcodes, d: unknown, event?: GatewayEvent): void {
    this.socket.send(JSON.stringify({ op, d, s: event?.s ?? null, t: event?.t ?? null }));
  }

  endSession(): void {
    if (this.session) this.#shared.sessions.end(this.session);
    this.session = undefined;
  }

  #greet(): void {
    this.send(GatewayOpcodes.Hello, {
      heartbeat_interval: this.#shared.settings.heartbeatIntervalMs,
    });
    this.#expectHeartbeat();
  }

  #expectHeartbeat(): void {
    clearTimeout(this.#deadline);
    const patienceMs = this.#shared.settings.heartbeatIntervalMs * 2;
    this.#deadline = setTimeout(() => this.#close(GatewayCloseCodes.SessionTimedOut), patienceMs);
    this.#deadline.unref();
  }

  #close(code: GatewayCloseCodes, reason = GatewayCloseCodes[code]): void {
    this.socket.close(code, reason);
  }

  /** A client that says goodbye ends its session; any other end leaves it to be resumed. */
  #closed(code: number): void {
    clearTimeout(this.#deadline);
    this.#shared.connections.delete(this);
    if (!this.session) return;
    this.session.send = undefined;
    const final = [
      1000,
      1001,
      GatewayCloseCodes.AuthenticationFailed,
      GatewayCloseCodes.DisallowedIntents,
    ];
    if (final.includes(code)) this.endSession();
  }

  #receive(data: RawData): void {
    const now = Date.now();
    this.#frames = [...this.#frames.filter((at) => now - at < FRAMES_WINDOW_MS), now];
    if (this.#frames.length > MAX_FRAMES) {
      this.#close(GatewayCloseCodes.RateLimited);
      return;
    }
    const parsed = frame.safeParse(parseJson(data));
    if (parsed.success) this.#perform(parsed.data.op, parsed.data.d);
    else this.#close(GatewayCloseCodes.DecodeError);
  }

  #perform(op: number, d: unknown): void {
    const needsSession = () => {
      if (!this.session) this.#close(GatewayCloseCodes.NotAuthenticated);
    };
    const acts: Readonly<Record<number, (() => void) | undefined>> = {
      [GatewayOpcodes.Heartbeat]: () => this.#heartbeat(),
      [GatewayOpcodes.Identify]: () => this.#identify(d),
      [GatewayOpcodes.Resume]: () => this.#resume(d),
      [GatewayOpcodes.PresenceUpdate]: needsSession,
      [GatewayOpcodes.VoiceStateUpdate]: needsSession,
      [GatewayOpcodes.RequestGuildMembers]: needsSession,
    };
    const act = acts[op];
    if (act) act();
    else this.#close(GatewayCloseCodes.UnknownOpcode);
  }

  #heartbeat(): void {
    this.#shared.heartbeats += 1;
    this.#expectHeartbeat();
    if (this.#shared.settings.acknowledgesHeartbeats) this.send(GatewayOpcodes.HeartbeatAck, null);
  }

  #identify(d: unknown): void {
    const { data } = identify.safeParse(d);
    if (!data) {
      this.#close(GatewayCloseCodes.DecodeError);
      return;
    }
    this.#shared.identifications.push(data);
    const refused = this.#refuse(data);
    if (refused !== undefined) {
      this.#close(refused);
      return;
    }
    const { world, origin } = this.#shared.tools;
    const { guilds, app } = world;
    const session = this.#shared.sessions.begin(data);
    const own = [...guilds.values()].filter(
      (guild) => guild.installed && shardOf(guild.id, data.shard[1]) === data.shard[0],
    );
    this.#attach(session);
    this.#shared.sessions.emit(session, "READY", {
      v: 10,
      user: { ...userPayload(app), verified: true, mfa_enabled: false },
      guilds: own.map(({ id }) => ({ id, unavailable: true })),
      session_id: session.id,
      resume_gateway_url: `${origin().replace(/^http/, "ws")}/resume`,
      shard: data.shard,
      application: { id: app.id, flags: 0 },
    });
    if ((data.intents & 1) === 0) return;
    for (const guild of own) {
      this.#shared.sessions.emit(session, "GUILD_CREATE", guildCreatePayload(guild, app));
    }
  }

  #refuse(data: z.infer<typeof identify>): GatewayCloseCodes | undefined {
    const { token } = this.#shared.tools;
    const { grantedIntents } = this.#shared.settings;
    const { intents, shard } = data;
    if (this.session) return GatewayCloseCodes.AlreadyAuthenticated;
    if (data.token !== token) return GatewayCloseCodes.AuthenticationFailed;
    if (data.compress === true) return GatewayCloseCodes.DecodeError;
    if (shard[0] >= shard[1]) return GatewayCloseCodes.InvalidShard;
    if (intents < 0 || intents > ALL_INTENTS) return GatewayCloseCodes.InvalidIntents;
    const unearned = intents & PRIVILEGED_INTENTS & ~grantedIntents;
    return unearned === 0 ? undefined : GatewayCloseCodes.DisallowedIntents;
  }

  #attach(session: Session): void {
    this.session = session;
    session.send = (event) => this.send(GatewayOpcodes.Dispatch, event.d, event);
  }

  #resume(d: unknown): void {
    const { data } = resume.safeParse(d);
    const { resumptions, tools, sessions } = this.#shared;
    const session = sessions.find(data?.session_id ?? "");
    const authentic = data?.token === tools.token;
    const seq = data?.seq ?? 0;
    const known = session !== undefined && seq <= session.events.length;
    resumptions.push({ seq, accepted: authentic && known });
    if (!authentic) this.#close(GatewayCloseCodes.AuthenticationFailed);
    else if (!session) this.send(GatewayOpcodes.InvalidSession, false);
    else if (!known) this.#close(GatewayCloseCodes.InvalidSeq);
    else this.#replay(session, seq);
  }

  #replay(session: Session, seq: number): void {
    this.#attach(session);
    for (const event of session.events.slice(seq)) session.send?.(event);
    this.#shared.sessions.emit(session, "RESUMED", {});
  }
}

function parseJson(data: RawData): unknown {
  try {
    return JSON.parse(Buffer.isBuffer(data) ? data.toString("utf8") : "");
  } catch {
    return undefined;
  }
}
