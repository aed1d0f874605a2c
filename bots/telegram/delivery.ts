import type { Deliverer } from "../../core/studio/outbox.ts";
import { createDeliverer } from "../delivery.ts";
import { telegram } from "./answers.ts";
import type { DoorTools } from "./context.ts";
import { DraftedMessage } from "./drafts.ts";
import { placeOf } from "./place.ts";
import { Activity } from "./show.ts";
import { StatusMessage } from "./status-message.ts";

/** What the delivery of jobs needs. Its calls fail at once where the platform is to be waited for: the outbox repeats them. */
export interface DeliveryTools extends DeliveryOptions {
  readonly activity: Activity;
  /** The codes of the jobs that drafts were shown of in this process. */
  readonly drafted: Set<string>;
}

/** The door's own tools, and how it shows jobs. */
export interface DeliveryOptions extends DoorTools {
  /** The shortest time between two edits in one chat. */
  readonly editEveryMs: { readonly private: number; readonly group: number };
  /** In groups the status message is left out where a reaction can acknowledge the request. */
  readonly quietGroups: boolean;
  /** In private chats progress is a draft. */
  readonly drafts: boolean;
}

/** Delivers jobs into chats by editing the one message that each job has, so that repeating it changes nothing. */
export function telegramDeliverer(options: DeliveryOptions): Deliverer {
  const tools = { ...options, activity: new Activity(options.api), drafted: new Set<string>() };
  return createDeliverer({
    messageOf(job, sends) {
      const place = placeOf(job);
      const isPrivate = !("inline" in place) && !place.group && place.guest === undefined;
      const kind = tools.drafts && isPrivate ? DraftedMessage : StatusMessage;
      return new kind(job, sends, tools);
    },
    announces: true,
    lacks: telegram.lacks,
    now: tools.now,
  });
}
