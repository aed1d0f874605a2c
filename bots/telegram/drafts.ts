import type { Update } from "grammy/types";
import { optional } from "../../core/optional.ts";
import type { Screen } from "../screen.ts";
import { queueOf } from "../use-cases.ts";
import { contextOf, type DoorTools } from "./context.ts";
import { problemOf } from "./errors.ts";
import type { Target } from "./place.ts";
import { wordsOf } from "./render.ts";
import { StatusMessage } from "./status-message.ts";

/** A draft is shown for thirty seconds; one that has not changed for so long is shown anew. */
const renewMs = 20_000;

/**
 * Shows progress as a draft with Telegram's own Stop. The message with Cancel stays as it was sent, for clients that do
 * not show drafts, until the picture comes in a message of its own, with which a draft goes; an edit would leave it there.
 */
export class DraftedMessage extends StatusMessage {
  #draft: { readonly screen: Screen; readonly at: number } | undefined;
  /** Telegram takes drafts here. */
  #takes = true;
  /** The picture comes in a message of its own. */
  #isApart = false;

  override get shown(): Screen | undefined {
    if (!this.#draft || !this.#takes) return super.shown;
    return performance.now() - this.#draft.at < renewMs ? this.#draft.screen : undefined;
  }

  protected override get target(): Target | undefined {
    return this.#isApart ? undefined : super.target;
  }

  override async update(screen: Screen): Promise<void> {
    if (!this.#takes || !this.place) return super.update(screen);
    const { code } = this.job;
    const { api, drafted } = this.tools;
    const { chat, topic } = this.place;
    const { text, entities } = wordsOf(screen);
    const options = { entities, can_stop: true, ...optional({ message_thread_id: topic }) };
    this.#draft = { screen, at: performance.now() };
    // It may be seen before its call has been answered, and where that fails.
    drafted.add(code);
    try {
      await api.sendMessageDraft(chat, draftIdOf(code), text, options);
    } catch (error) {
      const problem = problemOf(error);
      // A dropped one is made up for by the next.
      this.#takes = problem === undefined || problem === "flood" || problem === "server-error";
      if (this.#takes) return;
      drafted.delete(code);
      await super.update(screen);
    }
  }

  override async finish(screen: Screen): Promise<"delivered" | "gone"> {
    const { drafted, messenger } = this.tools;
    const { code } = this.job;
    if (!drafted.has(code) && !this.sends.find("final")) return super.finish(screen);
    const status = super.target;
    this.#isApart = true;
    const outcome = await super.finish(screen);
    if (status) await messenger.remove(status).catch(() => undefined);
    drafted.delete(code);
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
