import type { Api } from "grammy";
import type { Update } from "grammy/types";
import { optional } from "../../core/optional.ts";
import type { Sends } from "../../core/studio/outbox.ts";
import type { JobMessage } from "../delivery.ts";
import type { Screen } from "../screen.ts";
import { queueOf } from "../use-cases.ts";
import { contextOf, type DoorTools } from "./context.ts";
import { problemOf } from "./errors.ts";
import type { Messenger } from "./messenger.ts";
import { type ChatPlace, parseTarget } from "./place.ts";
import { wordsOf } from "./render.ts";

/** A draft is shown for thirty seconds; one that has not changed for so long is shown anew. */
const renewMs = 20_000;

/** What showing progress as drafts needs. */
export interface DraftTools {
  /** The codes of the jobs that drafts were shown of in this process. */
  readonly drafted: Set<string>;
  readonly api: Api;
  readonly messenger: Messenger;
}

/** A job's message in a private chat, as it is without drafts; of these sends. */
export type MessageOf = (sends: Sends) => JobMessage;

/**
 * Shows progress as a draft with Telegram's own Stop. The message with Cancel stays as it was sent, for clients that do
 * not show drafts, until the picture comes in a message of its own, with which a draft goes; an edit would leave it there.
 */
export class DraftedMessage implements JobMessage {
  readonly previews = false;
  readonly #code: string;
  readonly #place: ChatPlace;
  readonly #sends: Sends;
  readonly #tools: DraftTools;
  readonly #messageOf: MessageOf;
  readonly #message: JobMessage;
  #draft: { readonly screen: Screen; readonly at: number } | undefined;
  /** Telegram takes drafts here. */
  #takes = true;

  constructor(
    {
      code,
      place,
      sends,
    }: { readonly code: string; readonly place: ChatPlace; readonly sends: Sends },
    messageOf: MessageOf,
    tools: DraftTools,
  ) {
    this.#code = code;
    this.#place = place;
    this.#sends = sends;
    this.#tools = tools;
    this.#messageOf = messageOf;
    this.#message = messageOf(sends);
  }

  get shown(): Screen | undefined {
    if (!this.#draft || !this.#takes) return this.#message.shown;
    return performance.now() - this.#draft.at < renewMs ? this.#draft.screen : undefined;
  }

  announce(screen: Screen): Promise<void> {
    return this.#message.announce?.(screen) ?? Promise.resolve();
  }

  begin(screenNow: () => Screen, ended: AbortSignal): Promise<void> {
    return this.#message.begin(screenNow, ended);
  }

  end(): void {
    this.#message.end?.();
  }

  turn() {
    return this.#message.turn();
  }

  async update(screen: Screen): Promise<void> {
    if (!this.#takes) return this.#message.update(screen);
    const { chat, topic } = this.#place;
    const { text, entities } = wordsOf(screen);
    const options = { entities, can_stop: true, ...optional({ message_thread_id: topic }) };
    this.#draft = { screen, at: performance.now() };
    // It may be seen before its call has been answered, and where that fails.
    this.#tools.drafted.add(this.#code);
    try {
      await this.#tools.api.sendMessageDraft(chat, draftIdOf(this.#code), text, options);
    } catch (error) {
      const problem = problemOf(error);
      // A dropped one is made up for by the next.
      this.#takes = problem === undefined || problem === "flood" || problem === "server-error";
      if (this.#takes) return;
      this.#tools.drafted.delete(this.#code);
      await this.#message.update(screen);
    }
  }

  async finish(screen: Screen): Promise<"delivered" | "gone"> {
    const sends = this.#sends;
    const isDrafted = this.#tools.drafted.has(this.#code) || sends.find("final");
    if (!isDrafted) return this.#message.finish(screen);
    const fresh = this.#messageOf({
      once: (name, send) => sends.once(name, send),
      find: (name) => (name === "status" ? undefined : sends.find(name)),
    });
    const outcome = await fresh.finish(screen);
    const status = parseTarget(sends.find("status")?.answer);
    if (status) await this.#tools.messenger.remove(status).catch(() => undefined);
    this.#tools.drafted.delete(this.#code);
    return outcome;
  }
}

/** The same number for the same job, in every process. */
function draftIdOf(code: string): number {
  let id = 0;
  for (const letter of code) id = (id * 31 + letter.charCodeAt(0)) % 2_147_483_646;
  return id + 1;
}

/** Ends the job whose draft its person stopped. Resolves once that is on disk. */
export async function onStopped(
  { chat, draft_id: id }: NonNullable<Update["stopped_message_generation"]>,
  tools: DoorTools,
): Promise<void> {
  const place = { chat: chat.id, group: false };
  const { actor } = await contextOf({ user: { id: chat.id }, place, key: "" }, tools);
  const stopped = (await queueOf(actor, tools)).find(({ job }) => draftIdOf(job.code) === id);
  if (stopped) await tools.studio.cancel(stopped.job.code, actor.requester);
}
