import {
  type APIInteraction,
  Client,
  Events,
  GatewayCloseCodes,
  GatewayDispatchEvents,
  GatewayIntentBits,
  type GatewayMessageCreateDispatchData,
  Options,
  type RESTOptions,
  SimpleShardingStrategy,
  Status,
} from "discord.js";
import { allEnded } from "../../core/deadline.ts";
import type { Log } from "../../core/observe.ts";
import { persist } from "../pacing.ts";
import { limits } from "./limits.ts";
import type { Heard } from "./mentions.ts";

/** One part of the bot's servers. https://docs.discord.com/developers/events/gateway#sharding */
export interface Shard {
  readonly id: number;
  /** Of all shards. */
  readonly count: number;
}

/** What a connection to the gateway needs. */
export interface ConnectionOptions {
  readonly token: string;
  /** The REST API, which knows the address of the gateway. */
  readonly url: string;
  /** What the REST API is called by. */
  readonly fetch: typeof globalThis.fetch;
  /** Where an address of the gateway is reached; without it, where it says. Leaves its own answers as they are. */
  readonly gatewayAt?: ((url: string) => string) | undefined;
  readonly log: Log;
  /** Called for each interaction when it arrives; must not reject. */
  readonly onInteraction: (payload: APIInteraction) => Promise<void>;
  /** Called for each message where the bot is, with no more of it than Discord tells; must not reject. */
  readonly onMessage?: ((heard: Heard) => Promise<void>) | undefined;
  /** Called at each connection, also after one was lost, with the id of the application. */
  readonly onConnected: (application: string) => void;
  readonly firstRetryMs?: number;
  /** The one that it connects; without it, as many as Discord wants. */
  readonly shard?: Shard | undefined;
}

/** The state of the bot, as `/readyz` reports it. */
export type ConnectionState = "connecting" | "connected" | `failed: ${string}`;

/** The bot's connection to the gateway. */
export interface Connection {
  readonly state: ConnectionState;
  /** Connects in the background. */
  start(): void;
  /** Disconnects until it is started again, and waits at most three seconds for interactions that are being answered. */
  stop(): Promise<void>;
}

const longestRetryMs = 60_000;

/** Why Discord refuses a bot for good, in a sentence for its owner. */
const refusals: ReadonlyMap<number, string> = new Map([
  [GatewayCloseCodes.AuthenticationFailed, "Discord does not accept DISCORD_TOKEN"],
  [GatewayCloseCodes.DisallowedIntents, "Discord does not allow this bot the intents it asks for"],
  [GatewayCloseCodes.InvalidIntents, "Discord does not know the intents this bot asks for"],
  [GatewayCloseCodes.InvalidAPIVersion, "Discord does not speak this version of its API any more"],
  [GatewayCloseCodes.InvalidShard, "Discord does not accept the shards of this bot"],
  [GatewayCloseCodes.ShardingRequired, "Discord wants more shards for this bot"],
]);

/**
 * Connects and stays connected. discord.js resumes a session by itself; a client that ends is replaced after a growing
 * pause. A token that Discord refuses is final: it is logged in one sentence.
 */
export class GatewayConnection implements Connection {
  readonly #options: ConnectionOptions;
  #ending = new AbortController();
  /** Interactions being answered. */
  readonly #busy = new Set<Promise<void>>();
  #state: ConnectionState = "connecting";
  #client: Client | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  get state(): ConnectionState {
    return this.#state;
  }

  start(): void {
    if (this.#ending.signal.aborted) this.#ending = new AbortController();
    this.#run().catch(() => undefined);
  }

  async stop(): Promise<void> {
    this.#ending.abort();
    await this.#client?.destroy().catch(() => undefined);
    await allEnded(this.#busy, limits.lastAnswersMs);
  }

  async #run(): Promise<void> {
    const { log, firstRetryMs = 1_000 } = this.#options;
    const { signal } = this.#ending;
    const refusal = await persist(() => this.#oneClient(), {
      pauses: { firstMs: firstRetryMs, longestMs: longestRetryMs },
      signal,
      failed: (_, { pauseMs: retryMs }) => {
        signal.throwIfAborted();
        this.#state = "connecting";
        log.warn({ retryMs }, "Discord cannot be reached; trying again");
        return 0;
      },
    });
    this.#state = `failed: ${refusal}`;
    log.error({}, `${refusal}. The other doors run on.`);
  }

  /** Resolves with the reason once Discord refuses this client for good. Throws when it ends and another one may succeed. */
  async #oneClient(): Promise<string> {
    this.#ending.signal.throwIfAborted();
    this.#state = "connecting";
    const { promise: over, resolve: end } = Promise.withResolvers<string | undefined>();
    const { token, log, onConnected } = this.#options;
    const client = createClient(this.#options);
    this.#client = client;
    this.#ending.signal.addEventListener("abort", () => end(undefined), { once: true });
    // The client's own event would wait until the client knows all servers.
    client.ws.on(GatewayDispatchEvents.InteractionCreate, (payload: APIInteraction) =>
      this.#take(this.#options.onInteraction(payload)),
    );
    client.ws.on(GatewayDispatchEvents.MessageCreate, (message: GatewayMessageCreateDispatchData) =>
      this.#hear(message, client),
    );
    const connected = (application: string) => {
      this.#state = "connected";
      onConnected(application);
    };
    const lost = () => {
      this.#state = "connecting";
    };
    watch(client, { end, connected, lost, log });
    client.login(token).catch((error: unknown) => end(refusalIn(error)));
    const refusal = await over;
    await client.destroy().catch(() => undefined);
    if (refusal === undefined) throw new Error("the client has ended");
    return refusal;
  }

  #hear(message: GatewayMessageCreateDispatchData, client: Client): void {
    const { onMessage } = this.#options;
    if (!onMessage || !client.user || !client.application) return;
    const channel = client.channels.cache.get(message.channel_id);
    const restricted = channel !== undefined && "nsfw" in channel && channel.nsfw;
    const { id: application } = client.application;
    this.#take(onMessage({ message, me: client.user.id, application, restricted }));
  }

  #take(answering: Promise<void>): void {
    const answered = answering.finally(() => this.#busy.delete(answered));
    this.#busy.add(answered);
  }
}

function createClient({ url, fetch, gatewayAt, onMessage, shard }: ConnectionOptions): Client {
  const messages = [GatewayIntentBits.GuildMessages, GatewayIntentBits.DirectMessages];
  return new Client({
    intents: [GatewayIntentBits.Guilds, ...(onMessage ? messages : [])],
    ...(shard ? { shards: [shard.id], shardCount: shard.count } : { shards: "auto" }),
    allowedMentions: { parse: [] },
    rest: { api: url, timeout: limits.requestMs, makeRequest: requestsBy(fetch) },
    ...(gatewayAt ? { ws: { buildStrategy: (manager) => rerouted(manager, gatewayAt) } } : {}),
    // An interaction carries all that is needed, so people and messages are not cached.
    makeCache: Options.cacheWithLimits({
      ...Options.DefaultMakeCacheSettings,
      MessageManager: 0,
      UserManager: { maxSize: 100, keepOverLimit: isOneself },
      GuildMemberManager: { maxSize: 100, keepOverLimit: isOneself },
    }),
  });
}

/**
 * A fetch for discord.js. Its own takes its dispatcher from the process's global undici, which may be another version
 * and refuse its files.
 */
export function requestsBy(fetch: typeof globalThis.fetch): RESTOptions["makeRequest"] {
  const request = (url: string, init: RequestInit) => fetch(url, init);
  return request as unknown as RESTOptions["makeRequest"];
}

/** discord.js opens its WebSockets itself and takes no agent for them; what it can be given is another address. */
function rerouted(
  manager: ConstructorParameters<typeof SimpleShardingStrategy>[0],
  gatewayAt: (url: string) => string,
): SimpleShardingStrategy {
  const { options } = manager;
  const retrieve = options.retrieveSessionInfo.bind(options);
  options.retrieveSessionInfo = async (shard) => {
    const session = await retrieve(shard);
    return session && { ...session, resumeURL: gatewayAt(session.resumeURL) };
  };
  const fetchGateway = manager.fetchGatewayInformation.bind(manager);
  manager.fetchGatewayInformation = async (force) => {
    const information = await fetchGateway(force);
    return { ...information, url: gatewayAt(information.url) };
  };
  return new SimpleShardingStrategy(manager);
}

function isOneself({ id, client }: { readonly id: string; readonly client: Client }): boolean {
  return id === client.user?.id;
}

interface Watcher {
  readonly end: (refusal?: string) => void;
  readonly connected: (application: string) => void;
  readonly lost: () => void;
  readonly log: Log;
}

/** Reports the client's events. Without an error listener, an error would end the process. */
function watch(client: Client, { end, connected, lost, log }: Watcher): void {
  const warn = (error: Error) => log.warn({ reason: error.message }, "the connection to Discord");
  client.on(Events.Error, warn);
  client.on(Events.ShardError, warn);
  client.on(Events.Invalidated, () => end());
  client.on(Events.ShardReconnecting, lost);
  client.on(Events.ShardDisconnect, ({ code }) => end(refusals.get(code)));
  const shardIsReady = () => {
    const all = client.ws.shards.every(({ status }) => status === Status.Ready);
    if (all && client.application) connected(client.application.id);
  };
  client.on(Events.ShardReady, shardIsReady);
  client.on(Events.ShardResume, shardIsReady);
}

function refusalIn(error: unknown): string | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  const status = error instanceof Error && "status" in error ? error.status : undefined;
  return code === "TokenInvalid" || status === 401
    ? refusals.get(GatewayCloseCodes.AuthenticationFailed)
    : undefined;
}
