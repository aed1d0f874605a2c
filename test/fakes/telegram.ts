import { EventEmitter } from "node:events";
import type { UserFromGetMe } from "grammy/types";
import { createFaults, type Faults } from "./telegram/faults.ts";
import type { Flood, FloodOptions } from "./telegram/flood.ts";
import { createInline, type Inline } from "./telegram/inline.ts";
import { commandsOf } from "./telegram/methods/profile.ts";
import type {
  ChatAction,
  ChatDraft,
  ChatMessage,
  ChatType,
  Clock,
  Settings,
  World,
} from "./telegram/model.ts";
import { createPeople, type People } from "./telegram/people.ts";
import { createPlaces, type Places, requireChat } from "./telegram/places.ts";
import { createPolling } from "./telegram/polling.ts";
import { type LoggedCall, startServer } from "./telegram/server.ts";
import { createWebhook, type Delivery } from "./telegram/webhook.ts";
import { createWorld } from "./telegram/world.ts";

export type { LoggedCall } from "./telegram/server.ts";
export type { ChatAction, ChatMessage, InlineQuery, Press } from "./telegram/model.ts";

export interface TelegramOptions extends Partial<Omit<Settings, "fetch">> {
  readonly token?: string;
  readonly username?: string;
  /** Flood control from the start; it can be switched on later too. */
  readonly flood?: FloodOptions | boolean;
  /** Multiplies the pauses before a webhook is tried again; 0.01 makes a second of them 10 ms. */
  readonly webhookRetryScale?: number;
  /** For files that the bot gives by address; without it the platform cannot fetch any. */
  readonly fetch?: (url: string) => Promise<Response>;
}

/** A chat as the people in it see it; everything is live. */
export interface ChatView {
  readonly id: number;
  readonly type: ChatType;
  readonly title: string | undefined;
  /** All of them, also those that were deleted. */
  readonly messages: readonly ChatMessage[];
  /** What is still there. */
  readonly visible: readonly ChatMessage[];
  /** What is still there of the bot, inline messages not among them. */
  readonly ofBot: readonly ChatMessage[];
  /** Every action that the bot announced. */
  readonly actions: readonly ChatAction[];
  /** What the bot seems to be doing now, such as "upload_photo". */
  readonly activity: string | undefined;
  /** What the bot is about to say; gone once it says something, and after thirty seconds. */
  readonly draft: ChatDraft | undefined;
}

/** A working stand-in of the Telegram Bot API, for one bot. */
export interface Telegram extends Places, People, Inline, AsyncDisposable {
  /** What a bot takes as `client.apiRoot`. */
  readonly url: string;
  readonly token: string;
  readonly botInfo: UserFromGetMe;
  readonly clock: Clock;
  readonly chats: readonly ChatView[];
  chat(id: number): ChatView;
  /** Every call that the bot made with the right token. */
  readonly calls: readonly LoggedCall[];
  callsOf(method: string): readonly LoggedCall[];
  readonly faults: Faults;
  readonly flood: Flood;
  /** The commands that people see for exactly this scope and language. */
  commands(scope?: Record<string, unknown>, language?: string): ReturnType<typeof commandsOf>;
  /** Tries to hand updates to the bot's webhook. */
  readonly deliveries: readonly Delivery[];
  /** Updates that the bot has not confirmed yet. */
  readonly pendingUpdates: readonly Record<string, unknown>[];
  /** Resolves with the first value that is neither undefined nor false; rejects after `timeoutMs`. */
  until<Value>(check: () => Value, timeoutMs?: number): Promise<Exclude<Value, undefined | false>>;
  /** Connections are refused until `up`; the port stays the same. */
  down(): Promise<void>;
  up(): Promise<void>;
  close(): Promise<void>;
}

const defaults: Settings = {
  privacyMode: true,
  inlineFeedback: true,
  lengthUnit: "code-points",
  answerWithinMs: 15_000,
  knowsUnseen: true,
  knowsDrafts: true,
  fetch: undefined,
};

/**
 * Starts the stand-in on a free port of 127.0.0.1. It keeps what people would see in their chats, so that a test can
 * look at that instead of at the calls, and refuses what the platform refuses, in the platform's words
 * (https://core.telegram.org/bots/api, and the open Bot API server where the documentation is silent). Known
 * differences: webhooks may be plain HTTP, as with a self-hosted server; albums of one are refused, as documented; media
 * are photos and documents; the rules of flood control, which the platform keeps to itself, are an approximation; methods
 * that nobody here needs do not exist.
 */
export async function startTelegram(options: TelegramOptions = {}): Promise<Telegram> {
  const token = options.token ?? "110201543:A-token-of-the-stand-in-for-tests-0";
  const changes = new EventEmitter().setMaxListeners(0);
  const settings = { ...defaults, ...options };
  const world = createWorld(botOf(token, options, settings), settings, changes);
  if (options.flood !== undefined && options.flood !== false) {
    world.flood.enable(options.flood === true ? {} : options.flood);
  }
  const { updates, clock } = world;
  const polling = createPolling(updates);
  const retryScale = options.webhookRetryScale ?? 1;
  const webhook = createWebhook({ updates, clock, retryScale });
  const faults = createFaults();
  const calls: LoggedCall[] = [];
  const server = await startServer({
    token,
    world,
    faults,
    calls,
    call: (args, hungUp) => ({ world, args, polling, webhook, hungUp }),
  });
  async function close(): Promise<void> {
    webhook.set(undefined);
    await server.down();
  }

  return {
    url: server.url,
    token,
    botInfo: world.bot,
    clock,
    ...createPlaces(world),
    ...createPeople(world),
    ...createInline(world),
    get chats() {
      return [...world.chats.keys()].map((id) => viewOf(world, id));
    },
    chat: (id) => viewOf(world, id),
    calls,
    callsOf: (method) => calls.filter((call) => call.method === method),
    faults,
    flood: world.flood,
    commands: (scope, language) => commandsOf(world, scope, language),
    deliveries: webhook.deliveries,
    get pendingUpdates() {
      return updates.pending.map(({ body }) => body);
    },
    until: (check, timeoutMs = 60_000) => until(changes, check, timeoutMs),
    down: () => server.down(),
    up: () => server.up(),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function botOf(token: string, options: TelegramOptions, settings: Settings): UserFromGetMe {
  return {
    id: Number(token.split(":")[0]),
    is_bot: true,
    first_name: "Drawbridge",
    username: options.username ?? "drawbridge_bot",
    can_join_groups: true,
    can_read_all_group_messages: !settings.privacyMode,
    supports_guest_queries: true,
    supports_inline_queries: true,
    can_connect_to_business: false,
    has_main_web_app: false,
    has_topics_enabled: false,
    allows_users_to_create_topics: false,
    can_manage_bots: false,
    supports_join_request_queries: false,
  };
}

function viewOf(world: World, id: number): ChatView {
  const chat = requireChat(world, id);
  const { type, title, messages, actions } = chat;
  const visible = () => messages.filter(({ deleted }) => !deleted);
  return {
    id,
    type,
    title,
    messages,
    get visible() {
      return visible();
    },
    get ofBot() {
      return visible().filter(({ byBot, viaBot }) => byBot && !viaBot);
    },
    actions,
    get activity() {
      const now = world.clock.now();
      return actions.findLast(({ endsAt }) => endsAt > now)?.action;
    },
    get draft() {
      const { draft } = chat;
      return draft && draft.endsAt > world.clock.now() ? draft : undefined;
    },
  };
}

/** Looks again whenever something changed, and now and then for what depends on time or on others. */
function until<Value>(
  changes: EventEmitter,
  check: () => Value,
  timeoutMs: number,
): Promise<Exclude<Value, undefined | false>> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      changes.off("change", look);
      clearInterval(interval);
      clearTimeout(timer);
    };
    const look = (): void => {
      try {
        const value = check();
        if (value === undefined || value === false) return;
        end();
        resolve(value as Exclude<Value, undefined | false>);
      } catch (error) {
        end();
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    };
    const interval = setInterval(look, 20);
    const timer = setTimeout(() => {
      end();
      reject(new Error(`Nothing of the kind happened within ${timeoutMs} ms: ${String(check)}`));
    }, timeoutMs);
    changes.on("change", look);
    look();
  });
}
