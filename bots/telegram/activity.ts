import type { Api } from "grammy";
import { optional } from "../../core/optional.ts";
import { pace } from "./limits.ts";
import type { ChatPlace } from "./place.ts";

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
