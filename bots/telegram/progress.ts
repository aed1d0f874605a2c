import type { Api } from "grammy";
import { orAborted } from "../../core/deadline.ts";
import type { Job } from "../../core/job.ts";
import { optional } from "../../core/optional.ts";
import { DeliveryDelayed, NotSent, type Sends } from "../../core/studio/outbox.ts";
import type { JobStanding } from "../../core/studio/watch.ts";
import { waitFor } from "../../core/wire/retry.ts";
import { type Translator, translatorFor } from "../i18n.ts";
import { progressScreen } from "../screens/job.ts";
import { problemBehind, problemOf, surely, TelegramRefusal } from "./errors.ts";
import { pace } from "./limits.ts";
import { Messenger } from "./messenger.ts";
import { type ChatPlace, parseTarget, type Place, placeOf, type Target } from "./place.ts";
import { textMessage } from "./show.ts";

/** What showing progress needs. */
export interface ProgressOptions {
  readonly api: Api;
  /** The shortest time between two edits in one chat. */
  readonly editEveryMs: { readonly private: number; readonly group: number };
  /** In groups the status message is left out where a reaction can acknowledge the request. */
  readonly quietGroups: boolean;
  readonly now: () => number;
}

/** How often to check whether there is something new to show. */
const checkEveryMs = 500;

/** The pause before a first message is sent again to a platform that cannot be reached. */
const unreachableMs = 2_000;

/** The name of a job's one message among its sends, and of the second answer to a guest query. */
const statusSend = "status";
const secondSend = "status again";

/** The job's one message; undefined where it was not sent, or it is unknown whether it arrived. */
export function statusOf(sends: Sends): Target | undefined {
  return parseTarget((sends.find(secondSend) ?? sends.find(statusSend))?.answer);
}

interface Seen {
  readonly job: Job;
  readonly t: Translator;
  readonly standing: JobStanding;
}

interface Watched extends Seen {
  readonly ended: AbortSignal;
}

/** The message that shows a job, and its present text. */
interface Shown {
  readonly target: Target;
  readonly text: string;
}

/** Shows how a job stands, in the one message that later becomes its picture. */
export class Progress {
  readonly #options: ProgressOptions;
  readonly #messenger: Messenger;
  readonly #activity: Activity;
  readonly #pacer: EditPacer;

  constructor(options: ProgressOptions) {
    this.#options = options;
    this.#messenger = new Messenger(options.api);
    this.#activity = new Activity(options.api);
    this.#pacer = new EditPacer(() => performance.now());
  }

  /** Sends the job's message. Resolves with false where its chat does not take it; other troubles are met later. */
  async announce(job: Job, sends: Sends, standing: JobStanding): Promise<boolean> {
    const place = placeOf(job);
    if ("inline" in place) return true;
    try {
      await this.#send(place, sends, { job, standing, t: translatorFor(job.requester.locale) });
    } catch (error) {
      return problemBehind(error) !== "gone";
    }
    return true;
  }

  /** Returns when `ended` is aborted, or when there is no message to show it in. */
  async accompany(
    job: Job,
    sends: Sends,
    standing: JobStanding,
    ended: AbortSignal,
  ): Promise<void> {
    const place = placeOf(job);
    const watched = { job, standing, ended, t: translatorFor(job.requester.locale) };
    try {
      const shown =
        "inline" in place ? { target: place, text: "" } : await this.#begin(place, sends, watched);
      if (shown) await this.#keepUpToDate(place, shown, watched);
    } catch (error) {
      if (!ended.aborted && problemBehind(error) !== "gone") throw error;
    }
  }

  /** Sends the message; undefined where it is unknown whether an earlier send arrived. */
  async #begin(place: ChatPlace, sends: Sends, watched: Watched): Promise<Shown | undefined> {
    for (;;) {
      try {
        return await this.#send(place, sends, watched);
      } catch (error) {
        await waitFor(pauseAfter(error), watched.ended);
      }
    }
  }

  async #send(place: ChatPlace, sends: Sends, watched: Seen): Promise<Shown | undefined> {
    // Stays empty for a message that was sent before, whose text is unknown.
    let text = "";
    const send = async () => {
      if (await this.#react(place)) return "reacted";
      const [content, keyboard] = this.#message(watched);
      text = content.text;
      return this.#messenger.sendText(place, content, keyboard);
    };
    await sends.once(statusSend, () => surely(send));
    // A query takes one answer, so one that may not have arrived can be repeated.
    if (place.guest !== undefined && !statusOf(sends)) {
      await sends.once(secondSend, () => surely(send)).catch(unlessGone);
    }
    const target = statusOf(sends);
    if (target && text !== "") this.#pacer.wrote(keyOf(target));
    return target && { target, text };
  }

  /** Acknowledges a request in a quiet group; false where only a message can. Throws where the bot may not write. */
  async #react({ group, chat, topic, message }: ChatPlace): Promise<boolean> {
    if (!this.#options.quietGroups || !group || message === undefined) return false;
    const { api } = this.#options;
    const thread = optional({ message_thread_id: topic });
    // Where the bot may only react, this is refused.
    await api.sendChatAction(chat, "upload_photo", thread);
    const seen = api.setMessageReaction(chat, message, [{ type: "emoji", emoji: "👀" }]);
    return seen.catch((error: unknown) => {
      if (!(error instanceof TelegramRefusal) || error.problem === "flood") throw error;
      return false;
    });
  }

  async #keepUpToDate(place: Place, { target, text }: Shown, watched: Watched): Promise<void> {
    const { editEveryMs } = this.#options;
    const { ended } = watched;
    const isElsewhere = "inline" in place || place.guest !== undefined;
    const everyMs = isElsewhere || place.group ? editEveryMs.group : editEveryMs.private;
    const stopActivity = isElsewhere ? () => {} : this.#activity.begin(place);
    let shown = text;
    try {
      for await (const _ of watched.standing.watch(checkEveryMs)) {
        if (ended.aborted) return;
        if (this.#message(watched)[0].text === shown) continue;
        await this.#pacer.turn(keyOf(target), everyMs, ended);
        const message = this.#message(watched);
        const outcome = await this.#edit(target, message);
        if (outcome === "gone") return;
        if (outcome === "shown") shown = message[0].text;
      }
    } finally {
      stopActivity();
    }
  }

  /** A failed edit is dropped: its text would be outdated before a retry, and the next edit shows what is new. */
  async #edit(
    target: Target,
    message: ReturnType<typeof textMessage>,
  ): Promise<"shown" | "dropped" | "gone"> {
    try {
      await this.#messenger.editText(target, ...message);
      return "shown";
    } catch (error) {
      const problem = problemOf(error);
      const gone = problem === "no-message" || problem === "gone" || problem === "migrated";
      return gone ? "gone" : "dropped";
    }
  }

  #message({ job, standing, t }: Seen) {
    return textMessage(progressScreen(job, standing.now(), { t, now: this.#options.now() }));
  }
}

function keyOf(target: Target): string {
  return "inline" in target ? target.inline : String(target.chat);
}

/** A refused second answer: the first one arrived, but where it is was not told. */
function unlessGone(error: unknown): void {
  if (problemBehind(error) !== "gone") throw error;
}

/** How long to wait before repeating a send that surely did not arrive. Throws an error that waiting does not solve. */
function pauseAfter(error: unknown): number {
  if (error instanceof DeliveryDelayed) return error.retryAfterMs;
  const problem = problemBehind(error);
  const passing = error instanceof NotSent && (problem === undefined || problem === "server-error");
  if (passing) return unreachableMs;
  throw error;
}

// === Activity

/** Keeps "sending a photo …" visible where pictures are being made, once for each chat and topic. */
export class Activity {
  readonly #api: Api;
  readonly #shown = new Map<string, { jobs: number; readonly timer: NodeJS.Timeout }>();

  constructor(api: Api) {
    this.#api = api;
  }

  /** Shows it until the returned function is called. */
  begin(place: ChatPlace): () => void {
    const key = `${place.chat} ${place.topic ?? ""}`;
    const shown = this.#shown.get(key) ?? { jobs: 0, timer: this.#start(place) };
    shown.jobs++;
    this.#shown.set(key, shown);
    return () => {
      shown.jobs--;
      if (shown.jobs > 0) return;
      clearInterval(shown.timer);
      this.#shown.delete(key);
    };
  }

  #start({ chat, topic }: ChatPlace): NodeJS.Timeout {
    const options = optional({ message_thread_id: topic });
    // A failure is ignored: this is only a courtesy.
    const show = () => void this.#api.sendChatAction(chat, "upload_photo", options).catch(() => {});
    show();
    return setInterval(show, pace.actionEveryMs).unref();
  }
}

// === Pacing

interface PacedChat {
  wroteAt: number;
  /** Settles when the last edit in line has had its turn. */
  last: Promise<void>;
  readonly forgetting: NodeJS.Timeout;
}

/** A chat without an edit for this long is forgotten. */
const quietMs = 60_000;

/** Lets the edits of each chat take turns in the order of their requests, with a pause after each. */
export class EditPacer {
  readonly #elapsed: () => number;
  readonly #chats = new Map<string, PacedChat>();

  /** `elapsed` are milliseconds since some moment, which never jump. */
  constructor(elapsed: () => number) {
    this.#elapsed = elapsed;
  }

  /** Resolves when it is this edit's turn. Rejects with the signal's reason when it is aborted before. */
  turn(chat: string, everyMs: number, signal: AbortSignal): Promise<void> {
    const paced = this.#chatOf(chat);
    const turn = paced.last.then(async () => {
      signal.throwIfAborted();
      const earlyMs = () => paced.wroteAt + everyMs - this.#elapsed();
      while (earlyMs() > 0) await waitFor(earlyMs(), signal);
      this.#write(paced);
    });
    paced.last = turn.catch(() => {});
    return orAborted(turn, signal);
  }

  /** Something was written to this chat: the pause starts again. */
  wrote(chat: string): void {
    this.#write(this.#chatOf(chat));
  }

  #write(paced: PacedChat): void {
    paced.wroteAt = this.#elapsed();
    paced.forgetting.refresh();
  }

  #chatOf(chat: string): PacedChat {
    const known = this.#chats.get(chat);
    if (known) return known;
    const forgetting = setTimeout(() => this.#chats.delete(chat), quietMs).unref();
    const paced = { wroteAt: -Infinity, last: Promise.resolve(), forgetting };
    this.#chats.set(chat, paced);
    return paced;
  }
}
