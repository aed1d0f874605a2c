import { Bot } from "grammy";
import type { Update } from "grammy/types";
import { allEnded } from "../../core/deadline.ts";
import type { Fetch } from "../../core/wire/fetch.ts";
import type { Log } from "../../core/observe.ts";
import type { Deliverer } from "../../core/studio/outbox.ts";
import type { PlatformFiles } from "../../core/platform-files.ts";
import type { ChatTools } from "../imagine.ts";
import { createAccess } from "./access.ts";
import { Activity } from "./activity.ts";
import { type Apis, createApis } from "./apis.ts";
import { Connection } from "./connection.ts";
import { telegramDeliverer } from "./delivery.ts";
import { createEditPacer } from "./edit-pacer.ts";
import { onChosenResult, onInlineQuery } from "./inline.ts";
import { pace } from "./limits.ts";
import { onMessage } from "./messages.ts";
import { Messenger } from "./messenger.ts";
import { Moderators } from "./moderators.ts";
import { Pictures } from "./pictures.ts";
import { onPress } from "./presses.ts";
import { Progress } from "./progress.ts";
import { troubleOf } from "./trouble.ts";
import { type DoorTools, isShutdown } from "./visit.ts";
import { createWebhook } from "./webhook.ts";

export interface TelegramOptions extends ChatTools {
  readonly token: string;
  /** Without a slash at its end. */
  readonly apiUrl: string;
  /** Where the platform is to send updates; long polling without it. */
  readonly webhook?: { readonly url: string; readonly secret: string };
  /** Ids of chats and users; empty for everyone. */
  readonly allowedChats: readonly string[];
  /** The chat that pictures of inline mode are uploaded to. */
  readonly storageChat?: number;
  readonly publicUrl?: string;
  readonly files: PlatformFiles;
  /** For files that people sent. */
  readonly fetch: Fetch;
  /** Between two edits of progress in one chat. */
  readonly editEveryMs?: { readonly private: number; readonly group: number };
  /** Between two messages anywhere. */
  readonly messageEveryMs?: number;
  readonly now: () => number;
  readonly log: Log;
}

/** The Telegram door. */
export interface TelegramDoor {
  readonly deliverer: Deliverer;
  /** "connecting", "connected", or "failed: " and why. */
  readonly state: string;
  /** To be mounted on the HTTP door where the platform sends updates by itself. */
  readonly webhook: ((request: Request) => Promise<Response>) | undefined;
  /** Connects in the background, however long that takes. */
  start(): void;
  /** Takes no more updates and lets answers that are under way end for a moment. */
  stop(): Promise<void>;
}

/** How long answers that are under way may take when the bot stops, and how long deliveries may. */
const graceMs = 1_000;
const closingMs = 11_000;

/** A bot on grammY, which is given everything it needs and owns its connection. */
export function createTelegramDoor(options: TelegramOptions): TelegramDoor {
  const closing = new AbortController();
  const { messageEveryMs = pace.messageEveryMs } = options;
  const apis = createApis({ ...options, messageEveryMs, closing: closing.signal });
  const background = createBackground(options.log);
  const bot = new Bot(options.token);
  const tools = toolsOf(options, apis, { bot, later: background.later });
  dispatch(bot, tools);
  const handle = (update: Update) => bot.handleUpdate(update);
  const connection = new Connection({
    api: apis.direct,
    patient: apis.patient,
    webhook: options.webhook,
    onMe: (me) => {
      bot.botInfo = me;
    },
    handle: (update) => handle(update).catch((error: unknown) => explain(error, options.log)),
    log: options.log,
  });
  const secret = options.webhook?.secret;
  const ready = () => bot.isInited();
  return {
    deliverer: deliverer(options, apis.direct, tools.pictures),
    get state() {
      return connection.state;
    },
    webhook: secret === undefined ? undefined : createWebhook({ secret, handle, ready }),
    start: () => connection.start(),
    async stop() {
      // What hangs then is left to the next process.
      setTimeout(() => closing.abort(), closingMs).unref();
      await connection.stop();
      await background.end(graceMs);
    },
  };
}

function toolsOf(
  options: TelegramOptions,
  { patient }: Apis,
  { bot, later }: { readonly bot: Bot; readonly later: DoorTools["later"] },
): DoorTools {
  const { studio, settings, catalogue, imaging, files, storageChat, publicUrl, now, log } = options;
  const botId = options.token.split(":")[0] ?? "";
  return {
    studio,
    settings,
    catalogue,
    imaging,
    messenger: new Messenger(patient),
    api: patient,
    pictures: new Pictures({ studio, imaging, files, botId }),
    access: createAccess(options.allowedChats),
    moderators: new Moderators({ api: patient, log }),
    fileUrl: `${options.apiUrl}/file/bot${options.token}`,
    fetch: options.fetch,
    publicUrl,
    storageChat,
    me: () => bot.botInfo,
    later,
    now,
    log,
  };
}

function deliverer(options: TelegramOptions, api: Apis["direct"], pictures: Pictures): Deliverer {
  const { settings, storageChat, now } = options;
  const messenger = new Messenger(api);
  const progress = new Progress({
    messenger,
    activity: new Activity(api),
    pacer: createEditPacer(now),
    editEveryMs: options.editEveryMs ?? pace.editEveryMs,
    now,
  });
  return telegramDeliverer({ messenger, progress, pictures, settings, storageChat, now });
}

/** Which update is whose: every handler resolves once what the update asks for is on disk. */
function dispatch(bot: Bot, tools: DoorTools): void {
  bot.on("message", ({ message }) => onMessage(message, tools));
  bot.on("callback_query", ({ callbackQuery }) => onPress(callbackQuery, tools));
  bot.on("inline_query", ({ inlineQuery }) => onInlineQuery(inlineQuery, tools));
  bot.on("chosen_inline_result", (context) => onChosenResult(context.chosenInlineResult, tools));
}

/** Work that no update waits for. What fails is logged, unless there is nobody left to answer. */
function createBackground(log: Log) {
  const running = new Set<Promise<void>>();
  const later: DoorTools["later"] = (work) => {
    const task = Promise.resolve()
      .then(work)
      .then(
        () => {},
        (error: unknown) => {
          if (troubleOf(error) !== "gone") log.warn({ error }, "an answer was not given");
        },
      );
    running.add(task);
    void task.finally(() => running.delete(task));
  };
  return {
    later,
    async end(withinMs: number): Promise<void> {
      await allEnded([...running], withinMs);
    },
  };
}

/**
 * Logs a bug, and throws what says that the update was not taken. grammY wraps what a handler throws together with the
 * whole update, whose words are nobody's business.
 */
function explain(error: unknown, log: Log): void {
  const inner = (error as { error?: unknown } | undefined)?.error ?? error;
  if (isShutdown(inner)) throw inner as Error;
  log.error({ error: inner }, "an update was not handled");
}
