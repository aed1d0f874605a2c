import { Bot } from "grammy";
import type { Update, UserFromGetMe } from "grammy/types";
import { allEnded } from "../../core/deadline.ts";
import type { Log } from "../../core/observe.ts";
import type { PlatformFiles } from "../../core/platform-files.ts";
import { isShutdown } from "./answers.ts";
import { Albums, Taken, takenParts } from "./albums.ts";
import { type Apis, createApis } from "./api.ts";
import { Connection } from "./connection.ts";
import { accessOf, type DoorSettings, type DoorTools } from "./context.ts";
import { telegramDeliverer } from "./delivery.ts";
import { onStopped } from "./drafts.ts";
import { problemOf } from "./errors.ts";
import { onGuestMessage } from "./drawing.ts";
import { onChosenResult, onInlineQuery } from "./inline.ts";
import { pace } from "./limits.ts";
import { answer, onMessage } from "./messages.ts";
import { Messenger } from "./messenger.ts";
import { Moderators } from "./moderators.ts";
import { Pictures } from "./pictures.ts";
import { onPress } from "./presses.ts";
import { createWebhook } from "./webhook.ts";

/** What the Telegram door needs. */
export interface TelegramOptions extends DoorSettings {
  readonly token: string;
  /** Without a trailing slash. */
  readonly apiUrl: string;
  /** Where Telegram sends updates; without it they are polled. */
  readonly webhook?: { readonly url: string; readonly secret: string };
  /** Ids of the chats and users that may use the bot; empty for all. */
  readonly allowedChats: readonly string[];
  /** In groups a reaction takes the place of the message that shows progress. */
  readonly quietGroups?: boolean;
  /** In private chats progress is a draft with Telegram's own Stop, beside the message with Cancel. */
  readonly drafts?: boolean;
  readonly files: PlatformFiles;
  /** What the Bot API is called by; without it, by grammY's own. */
  readonly callBy?: typeof globalThis.fetch;
  /** The shortest time between two edits of progress in one chat. */
  readonly editEveryMs?: { readonly private: number; readonly group: number };
  /** The shortest time between two messages anywhere. */
  readonly messageEveryMs?: number;
}

/** The bot on Telegram. */
export type TelegramDoor = ReturnType<typeof createTelegramDoor>;

/** How long `stop` waits for answers under way, and when it aborts the last calls. */
const graceMs = 1_000;
const closingMs = 11_000;

/** Creates the Telegram door. Its calls are aborted eleven seconds after `stop`. */
export function createTelegramDoor(options: TelegramOptions) {
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
      const isFirst = !bot.isInited();
      bot.botInfo = me;
      if (isFirst) tools.later(() => tools.taken.takeUp((message) => answer(message, tools)));
    },
    handle: (update) => handle(update).catch((error: unknown) => report(error, options.log)),
    log: options.log,
  });
  const secret = options.webhook?.secret;
  const ready = () => bot.isInited();
  return {
    deliverer: telegramDeliverer({
      ...tools,
      api: apis.direct,
      messenger: new Messenger(apis.direct),
      editEveryMs: options.editEveryMs ?? pace.editEveryMs,
      quietGroups: options.quietGroups ?? false,
      drafts: options.drafts ?? false,
    }),
    /** "connecting", "connected", or "failed: " and why. */
    get state() {
      return connection.state;
    },
    /** Handles the requests of Telegram's webhook; undefined with long polling. */
    webhook: secret === undefined ? undefined : createWebhook({ secret, handle, ready }),
    /** Connects in the background, however long that takes. */
    start: () => connection.start(),
    /** Disconnects so that it may be started again. */
    pause: () => connection.stop(),
    /** In place of `start` where nothing runs between two updates: see `Connection`. */
    setUp: (url: string) => connection.setUp(url),
    introduce: (me: UserFromGetMe) => connection.introduce(me),
    /** Stops taking updates, and waits a moment for answers under way. */
    async stop() {
      setTimeout(() => closing.abort(), closingMs).unref();
      await connection.stop();
      await background.end(graceMs);
    },
  };
}

function toolsOf(
  options: TelegramOptions,
  { patient: api }: Apis,
  { bot, later }: { readonly bot: Bot; readonly later: DoorTools["later"] },
): DoorTools {
  const { token, apiUrl, allowedChats, ...given } = options;
  const botId = token.split(":")[0] ?? "";
  const albums = new Albums(takenParts(given, botId));
  return {
    ...given,
    api,
    messenger: new Messenger(api),
    pictures: new Pictures({ ...given, botId }),
    allows: accessOf(allowedChats),
    moderators: new Moderators({ ...given, api }),
    albums,
    taken: new Taken({ ...given, albums, later }, botId),
    fileUrl: `${apiUrl}/file/bot${token}`,
    me: () => bot.botInfo,
    later,
  };
}

/** Each handler resolves once what its update asks for is on disk. */
function dispatch(bot: Bot, tools: DoorTools): void {
  bot.on("message", ({ message }) => onMessage(message, tools));
  bot.on("guest_message", ({ guestMessage }) => onGuestMessage(guestMessage, tools));
  bot.on("channel_post", ({ channelPost }) => onMessage(channelPost, tools));
  bot.on("callback_query", ({ callbackQuery }) => onPress(callbackQuery, tools));
  bot.on("stopped_message_generation", ({ update }) =>
    onStopped(update.stopped_message_generation, tools),
  );
  bot.on("inline_query", ({ inlineQuery }) => onInlineQuery(inlineQuery, tools));
  bot.on("chosen_inline_result", (context) => onChosenResult(context.chosenInlineResult, tools));
}

/** Runs work that no update waits for. A failure is logged, unless the chat is gone. */
function createBackground(log: Log) {
  const running = new Set<Promise<void>>();
  const later: DoorTools["later"] = (work) => {
    const task = Promise.resolve()
      .then(work)
      .then(
        () => {},
        (error: unknown) => {
          if (problemOf(error) !== "gone") log.warn({ error }, "an answer was not given");
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
 * Logs a bug; throws the error of a shutdown, so that the update is not confirmed. grammY wraps a handler's error together
 * with the update, whose text must not be logged.
 */
function report(error: unknown, log: Log): void {
  const inner = (error as { error?: unknown } | undefined)?.error ?? error;
  if (isShutdown(inner)) throw inner as Error;
  log.error({ error: inner }, "an update was not handled");
}
