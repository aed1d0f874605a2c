import type { Api } from "grammy";
import type { Update, UserFromGetMe } from "grammy/types";
import { allEnded } from "../../core/deadline.ts";
import type { Log } from "../../core/observe.ts";
import { backoffMs } from "../../core/wire/backoff.ts";
import { waitFor } from "../../core/wire/retry.ts";
import { pace } from "./limits.ts";
import { type Polling, startPolling, wantedUpdates } from "./polling.ts";
import { registerCommands } from "./registration.ts";
import { troubleOf } from "./trouble.ts";

export interface ConnectionOptions {
  readonly api: Api;
  /** Waits where the platform wants it. */
  readonly patient: Api;
  readonly webhook: { readonly url: string; readonly secret: string } | undefined;
  /** Called once, when the platform has told who this bot is. */
  readonly onMe: (me: UserFromGetMe) => void;
  /** Resolves once what the update asks for is on disk; rejects when it was not taken. */
  readonly handle: (update: Update) => Promise<void>;
  readonly log: Log;
}

/** How often to look whether the platform is still there while it sends updates by itself. */
const lookEveryMs = 60_000;

/** How long updates that are being handled may take when the bot stops. */
const longestStopMs = 2_000;

const sentences = {
  "bad-token":
    "Telegram does not accept TELEGRAM_BOT_TOKEN: copy the token from @BotFather once more; the other doors run on.",
  conflict: "another process fetches the updates of this bot: stop it, or use another token",
  unreachable: "the Bot API cannot be reached, and is tried again",
} as const;

/** A bot's connection to the platform: found, kept and found again. */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #stopping = new AbortController();
  #state = "connecting";
  #polling: Polling | undefined;
  #connecting: Promise<void> = Promise.resolve();

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  /** "connecting", "connected", or "failed: " and why. */
  get state(): string {
    return this.#state;
  }

  /** Connects, however long that takes; only a token that is wrong ends it. */
  start(): void {
    this.#connecting = this.#run().catch((error: unknown) => {
      if (!this.#stopping.signal.aborted) this.#fail(error);
    });
  }

  /** What is not on disk by then is left to the next process, because it was not confirmed. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    const polled = this.#polling?.stop() ?? Promise.resolve();
    await allEnded([polled, this.#connecting], longestStopMs);
  }

  async #run(): Promise<void> {
    const { api, webhook, onMe } = this.#options;
    onMe(await this.#persist(() => api.getMe()));
    void this.#register();
    if (webhook) return this.#takeWebhook(webhook);
    await this.#persist(() => api.deleteWebhook());
    if (this.#stopping.signal.aborted) return;
    this.#state = "connected";
    this.#polling = startPolling({
      api,
      handle: this.#options.handle,
      onPolled: (trouble) => this.#note(trouble),
    });
    await this.#polling.ended;
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

  /** Tries until it succeeds. Throws for a wrong token, and when the bot is stopped. */
  async #persist<Result>(call: () => Promise<Result>): Promise<Result> {
    for (let failures = 1; ; failures++) {
      try {
        return await call();
      } catch (error) {
        if (troubleOf(error) === "bad-token") throw error;
        this.#note(error);
        await waitFor(backoffMs(failures, pace.backoff), this.#stopping.signal);
      }
    }
  }

  /** A trouble is logged when it begins, not as long as it lasts. */
  #note(trouble?: unknown): void {
    const before = this.#state;
    this.#state = trouble === undefined ? "connected" : `failed: ${reasonOf(trouble)}`;
    if (this.#state === before) return;
    const { log } = this.#options;
    if (trouble === undefined) log.info({}, "Telegram is connected");
    else log.warn({ error: trouble }, `Telegram: ${reasonOf(trouble)}`);
  }

  #fail(error: unknown): void {
    this.#state = `failed: ${reasonOf(error)}`;
    this.#options.log.error({}, reasonOf(error));
  }

  /** Without it the bot works too; people have to know the commands. */
  async #register(): Promise<void> {
    await registerCommands(this.#options.patient).catch((error: unknown) => {
      this.#options.log.warn({ error }, "the commands are not registered at Telegram");
    });
  }
}

function reasonOf(error: unknown): string {
  const trouble = troubleOf(error);
  if (trouble === "bad-token" || trouble === "conflict") return sentences[trouble];
  return sentences.unreachable;
}
