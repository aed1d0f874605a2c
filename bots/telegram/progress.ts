import type { Job } from "../../core/job.ts";
import { DeliveryDelayed, NotSent, type Sends } from "../../core/studio/outbox.ts";
import type { JobView } from "../../core/studio/workshop.ts";
import { waitFor } from "../../core/wire/retry.ts";
import { describeProgress } from "../conversation.ts";
import { type Words, wordsFor } from "../words.ts";
import type { Activity } from "./activity.ts";
import type { EditPacer } from "./edit-pacer.ts";
import { cancelKeyboard } from "./keyboards.ts";
import type { Messenger, Target } from "./messenger.ts";
import { type ChatPlace, parseSent, placeOf, type Place } from "./place.ts";
import { plain, type RichText, richText } from "./rich-text.ts";
import { surely, troubleBehind, troubleOf } from "./trouble.ts";

export interface ProgressOptions {
  readonly messenger: Messenger;
  readonly activity: Activity;
  readonly pacer: EditPacer;
  /** Between two edits in one chat. */
  readonly editEveryMs: { readonly private: number; readonly group: number };
  readonly now: () => number;
}

/** How often to look whether there is something new to say, and how long to wait for a platform that is not there. */
const lookEveryMs = 500;
const unreachableMs = 2_000;

/** The name of a job's one message among its sends. */
export const statusSend = "status";

interface Watched {
  readonly job: Job;
  readonly words: Words;
  readonly view: () => JobView | undefined;
  readonly ended: AbortSignal;
}

/** The message that shows a job, and what it says. */
interface Shown {
  readonly target: Target;
  readonly text: string;
}

/** Shows how a job stands, in the one message that becomes its picture. */
export class Progress {
  readonly #options: ProgressOptions;

  constructor(options: ProgressOptions) {
    this.#options = options;
  }

  /** Returns when `ended` is aborted, or when there is nothing to show it in. */
  async accompany(
    job: Job,
    sends: Sends,
    view: () => JobView | undefined,
    ended: AbortSignal,
  ): Promise<void> {
    const place = placeOf(job);
    const watched = { job, view, ended, words: wordsFor(job.requester.locale) };
    try {
      const shown = "inline" in place ? shownAs(place) : await this.#begin(place, sends, watched);
      if (shown) await this.#keepUpToDate(place, shown, watched);
    } catch (error) {
      if (!ended.aborted && troubleBehind(error) !== "gone") throw error;
    }
  }

  /** Sends the message; undefined when nobody knows whether it arrived. */
  async #begin(place: ChatPlace, sends: Sends, watched: Watched): Promise<Shown | undefined> {
    const { messenger, pacer } = this.#options;
    const buttons = cancelKeyboard(watched.job.code, watched.words);
    // Of a message that an earlier process sent, nobody knows what it says now.
    let text = "";
    const send = () => {
      const content = this.#text(watched);
      text = content.text;
      return messenger.sendText(place, content, buttons);
    };
    for (;;) {
      try {
        const target = parseSent(await sends.once(statusSend, () => surely(send)));
        pacer.wrote(keyOf(place));
        return target && { target, text };
      } catch (error) {
        await waitFor(pauseAfter(error), watched.ended);
      }
    }
  }

  async #keepUpToDate(place: Place, { target, text }: Shown, watched: Watched): Promise<void> {
    const { activity, pacer, editEveryMs } = this.#options;
    const { ended } = watched;
    const everyMs = "group" in place && !place.group ? editEveryMs.private : editEveryMs.group;
    const stopActivity = "inline" in place ? () => {} : activity.begin(place);
    let shown = text;
    try {
      while (!ended.aborted) {
        await waitFor(lookEveryMs, ended);
        if (this.#text(watched).text === shown) continue;
        await pacer.turn(keyOf(place), everyMs, ended);
        const content = this.#text(watched);
        const outcome = await this.#edit(target, content, watched);
        if (outcome === "gone") return;
        if (outcome === "shown") shown = content.text;
      }
    } finally {
      stopActivity();
    }
  }

  /** What fails for now is stale before it could be repeated: it is dropped, and the next edit says what is new. */
  async #edit(
    target: Target,
    content: RichText,
    { job, words }: Watched,
  ): Promise<"shown" | "dropped" | "gone"> {
    try {
      await this.#options.messenger.editText(target, content, cancelKeyboard(job.code, words));
      return "shown";
    } catch (error) {
      const trouble = troubleOf(error);
      const gone = trouble === "no-message" || trouble === "gone" || trouble === "migrated";
      return gone ? "gone" : "dropped";
    }
  }

  #text({ view, words }: Watched) {
    return richText([plain(describeProgress(view(), words, this.#options.now()))]);
  }
}

function shownAs(target: Target): Shown {
  return { target, text: "" };
}

function keyOf(place: Place): string {
  return "inline" in place ? place.inline : String(place.chat);
}

/** How long to wait before sending again what surely did not arrive. Throws what waiting does not mend. */
function pauseAfter(error: unknown): number {
  if (error instanceof DeliveryDelayed) return error.retryAfterMs;
  const trouble = troubleBehind(error);
  const passing = error instanceof NotSent && (trouble === undefined || trouble === "server-error");
  if (passing) return unreachableMs;
  throw error;
}
