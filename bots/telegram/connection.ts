import type { Api } from "grammy";
import type { Update, UserFromGetMe } from "grammy/types";
import { allEnded } from "../../core/deadline.ts";
import type { Log } from "../../core/observe.ts";
import { waitFor } from "../../core/wire/retry.ts";
import { type CommandId, commands } from "../commands.ts";
import { languages, translatorFor } from "../i18n.ts";
import { persist } from "../pacing.ts";
import { problemOf, TelegramRefusal } from "./errors.ts";
import { limits, pace } from "./limits.ts";
import { Receipts } from "./receipts.ts";
import { privately } from "./text-commands.ts";

/** The kinds of updates that this bot wants. */
const wantedUpdates = [
  "message",
  "guest_message",
  "channel_post",
  "callback_query",
  "stopped_message_generation",
  "inline_query",
  "chosen_inline_result",
] as const satisfies readonly Exclude<keyof Update, "update_id">[];

/** The signal type of grammY; the system's own signal works in its place. */
type PollSignal = Parameters<Api["getUpdates"]>[1];

/** What a connection to Telegram needs. */
export interface ConnectionOptions {
  readonly api: Api;
  /** The same API, waiting for flood limits. */
  readonly patient: Api;
  readonly webhook: { readonly url: string; readonly secret: string } | undefined;
  /** Called once Telegram has told who this bot is. */
  readonly onMe: (me: UserFromGetMe) => void;
  /** Resolves once what the update asks for is on disk. Rejects when it was not taken. */
  readonly handle: (update: Update) => Promise<void>;
  readonly log: Log;
}

/** With a webhook, how often to check that Telegram can be reached. */
const lookEveryMs = 60_000;

/** How long `stop` waits for updates that are being handled, and how long confirming them may take then. */
const longestStopMs = 2_000;
const confirmMs = 1_000;

/** How long a poll waits for its updates to be on disk; a slower one does not delay the others. */
const patienceMs = 250;

const sentences = {
  "bad-token":
    "Telegram does not accept TELEGRAM_BOT_TOKEN: copy the token from @BotFather once more; the other doors run on.",
  conflict: "another process fetches the updates of this bot: stop it, or use another token",
  unreachable: "the Bot API cannot be reached, and is tried again",
} as const;

/** The bot's connection to Telegram, which is restored whenever it breaks. */
export class Connection {
  readonly #options: ConnectionOptions;
  #stopping = new AbortController();
  #state = "connecting";
  #connecting: Promise<void> = Promise.resolve();

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  /** "connecting", "connected", or "failed: " and why. */
  get state(): string {
    return this.#state;
  }

  /** Connects in the background, however long that takes; only a wrong token is final. */
  start(): void {
    if (this.#stopping.signal.aborted) this.#stopping = new AbortController();
    const { signal } = this.#stopping;
    this.#connecting = this.#run().catch((error: unknown) => {
      if (!signal.aborted) this.#fail(error);
    });
  }

  /**
   * Has Telegram send updates to this address, and answers who this bot is: once, for where nothing runs between two
   * updates. Throws what the Bot API throws.
   */
  async setUp(url: string): Promise<UserFromGetMe> {
    const { api, patient, webhook } = this.#options;
    const me = await api.getMe();
    const options = { secret_token: webhook?.secret ?? "", allowed_updates: wantedUpdates };
    await api.setWebhook(url, options);
    await registerCommands(patient);
    this.introduce(me);
    return me;
  }

  /** Takes updates as this bot, which was set up before. */
  introduce(me: UserFromGetMe): void {
    this.#options.onMe(me);
    this.#note();
  }

  /** Stops taking updates. An update that is not on disk by then stays unconfirmed, for the next process. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await allEnded([this.#connecting], longestStopMs);
  }

  async #run(): Promise<void> {
    const { api, webhook, onMe } = this.#options;
    onMe(await this.#persist(() => api.getMe()));
    void this.#register();
    if (webhook) return this.#takeWebhook(webhook);
    await this.#persist(() => api.deleteWebhook());
    if (this.#stopping.signal.aborted) return;
    this.#state = "connected";
    await this.#poll();
  }

  /**
   * Polls until the bot is stopped. The updates of a poll are handled concurrently. No update is confirmed before it is on
   * disk, so none is lost however the process ends; after one that was not taken, because the process is ending, there is no
   * further poll.
   */
  async #poll(): Promise<void> {
    const { api, handle } = this.#options;
    const receipts = new Receipts(handle);
    try {
      while (!receipts.refused) {
        receipts.take(await this.#persist(() => this.#updates(receipts)));
        await receipts.settled(patienceMs);
      }
    } finally {
      await receipts.settled();
      const signal = AbortSignal.timeout(confirmMs) as unknown as PollSignal;
      const { offset } = receipts;
      if (offset > 0)
        await api.getUpdates({ offset, limit: 1, timeout: 0 }, signal).catch(() => {});
    }
  }

  async #updates(receipts: Receipts): Promise<Update[]> {
    const { offset } = receipts;
    // After a failure poll with timeout 0, so that recovery is noticed at once.
    const timeout = this.#state === "connected" ? pace.pollSeconds : 0;
    const options = {
      offset,
      limit: limits.updatesAtOnce,
      timeout,
      allowed_updates: wantedUpdates,
    };
    const signal = this.#stopping.signal as unknown as PollSignal;
    const updates = await this.#options.api.getUpdates(options, signal);
    receipts.confirmed(offset);
    this.#note();
    return updates;
  }

  async #takeWebhook({ url, secret }: { url: string; secret: string }): Promise<void> {
    const { api } = this.#options;
    const options = { secret_token: secret, allowed_updates: wantedUpdates };
    await this.#persist(() => api.setWebhook(url, options));
    for (;;) {
      this.#note();
      await waitFor(lookEveryMs, this.#stopping.signal);
      await this.#persist(() => api.getMe());
    }
  }

  /** Repeats a call until it succeeds. Throws for a wrong token, and when the bot is stopped. */
  #persist<Result>(call: () => Promise<Result>): Promise<Result> {
    const { signal } = this.#stopping;
    return persist(call, {
      pauses: pace.backoff,
      signal,
      failed: (error) => {
        if (signal.aborted || problemOf(error) === "bad-token") throw error;
        this.#note(error);
        return error instanceof TelegramRefusal ? (error.retryAfterMs ?? 0) : 0;
      },
    });
  }

  /** Logs a change of state; a failure that lasts is logged once. */
  #note(failure?: unknown): void {
    const before = this.#state;
    this.#state = failure === undefined ? "connected" : `failed: ${reasonOf(failure)}`;
    if (this.#state === before) return;
    const { log } = this.#options;
    if (failure === undefined) log.info({}, "Telegram is connected");
    else log.warn({ error: failure }, `Telegram: ${reasonOf(failure)}`);
  }

  #fail(error: unknown): void {
    this.#state = `failed: ${reasonOf(error)}`;
    this.#options.log.error({}, reasonOf(error));
  }

  /** A failure is only logged: without a menu of commands the bot works, too. */
  async #register(): Promise<void> {
    await registerCommands(this.#options.patient).catch((error: unknown) => {
      this.#options.log.warn({ error }, "the commands are not registered at Telegram");
    });
  }
}

function reasonOf(error: unknown): string {
  const problem = problemOf(error);
  if (problem === "bad-token" || problem === "conflict") return sentences[problem];
  return sentences.unreachable;
}

/** What a person asks in a group by these commands concerns no other person there. */
const own: ReadonlySet<CommandId> = new Set(["usage", "link", "settings", "privacy", "forgetme"]);

function commandOf(command: string, description: string, isOwn: boolean) {
  const described = { command, description: description.slice(0, limits.commandDescription) };
  return isOwn ? { ...described, is_ephemeral: true } : described;
}

/** Registers the commands with a description in each language; the first language is Telegram's fallback. */
async function registerCommands(api: Api): Promise<void> {
  for (const [index, { tag }] of languages.entries()) {
    const t = translatorFor(tag);
    const list = commands.map(({ id }) =>
      commandOf(id, t(`commands.${id}.description`), own.has(id)),
    );
    list.splice(1, 0, commandOf(privately, t("options.private.description"), true));
    // Telegram identifies languages by two letters.
    const code = tag.slice(0, 2).toLowerCase() as "en";
    await api.setMyCommands(list, index === 0 ? {} : { language_code: code });
  }
}
