import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { GatewayOpcodes } from "discord.js";
import { WebSocketServer } from "ws";
import { Connection, type GatewaySettings, type GatewayTools, type Shared } from "./connection.ts";
import type { Json } from "./payloads.ts";
import { type Identification, createSessions } from "./sessions.ts";

/** The WebSocket side: what a test sees of it and can do to it. */
export interface Gateway extends GatewaySettings {
  /** Each IDENTIFY that came, accepted or not. */
  readonly identifications: readonly Identification[];
  /** Each RESUME that came: the sequence number from which it was asked for. */
  readonly resumptions: readonly { readonly seq: number; readonly accepted: boolean }[];
  readonly heartbeats: () => number;
  /** How many connections are identified or resumed. */
  readonly connected: () => number;
  readonly sessionsLeft: () => number;
  /** Cuts every connection without a word, as a broken network does. */
  dropConnection(): void;
  /** Closes every connection with a code, such as 4004. */
  closeWith(code: number, reason?: string): void;
  /** Asks clients to connect anew and resume. */
  askToReconnect(): void;
  /** Tells clients that their session is invalid; they can resume it, or not. */
  invalidateSession(options?: { readonly resumable: boolean }): void;
  /** Asks for a heartbeat at once. */
  askForHeartbeat(): void;
  /** Sends an event to whom it concerns; says to how many sessions. */
  dispatch(t: string, d: Json, place: { readonly guildId: string | undefined }): number;
}

/** The gateway, and what the HTTP server hands it: connections that want to be WebSockets. */
export function createGateway(tools: GatewayTools & Partial<GatewaySettings>): {
  readonly gateway: Gateway;
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
} {
  const settings: GatewaySettings = {
    shards: tools.shards ?? 1,
    maxConcurrency: tools.maxConcurrency ?? 1,
    heartbeatIntervalMs: tools.heartbeatIntervalMs ?? 41_250,
    acknowledgesHeartbeats: tools.acknowledgesHeartbeats ?? true,
    grantedIntents: tools.grantedIntents ?? 0,
  };
  const sockets = new WebSocketServer({ noServer: true });
  const shared: Shared = {
    tools,
    settings,
    sessions: createSessions(),
    identifications: [],
    resumptions: [],
    connections: new Set(),
    heartbeats: 0,
  };
  const everyone = (act: (connection: Connection) => void) => {
    for (const connection of [...shared.connections]) act(connection);
  };

  const gateway: Gateway = Object.assign(settings, {
    identifications: shared.identifications,
    resumptions: shared.resumptions,
    heartbeats: () => shared.heartbeats,
    connected: () => [...shared.connections].filter(({ session }) => session !== undefined).length,
    sessionsLeft: () => 1000 - shared.identifications.length,
    dropConnection: () => everyone(({ socket }) => socket.terminate()),
    closeWith: (code: number, reason = "") => everyone(({ socket }) => socket.close(code, reason)),
    askToReconnect: () => everyone((it) => it.send(GatewayOpcodes.Reconnect, null)),
    invalidateSession: ({ resumable } = { resumable: false }) =>
      everyone((it) => {
        if (!resumable) it.endSession();
        it.send(GatewayOpcodes.InvalidSession, resumable);
      }),
    askForHeartbeat: () => everyone((it) => it.send(GatewayOpcodes.Heartbeat, null)),
    dispatch: shared.sessions.dispatch.bind(shared.sessions),
  } satisfies Omit<Gateway, keyof GatewaySettings>);

  return {
    gateway,
    upgrade(request, socket, head) {
      if (tools.isDown()) {
        socket.destroy();
        return;
      }
      sockets.handleUpgrade(request, socket, head, (webSocket) => {
        const query = new URL(request.url ?? "/", tools.origin()).searchParams;
        shared.connections.add(new Connection(shared, webSocket, query));
      });
    },
  };
}
