import { isImageError } from "../../core/errors.ts";
import type { Job } from "../../core/job.ts";
import type { Conversing } from "../context.ts";
import { describeError, type Explanation } from "../conversation.ts";
import type { Platform } from "../platform.ts";
import { Refused } from "../refused.ts";
import type { Line, Screen } from "../screen.ts";
import { explanationScreen } from "../screens/job.ts";
import { type Context, submitterOf } from "./context.ts";
import { placeOf, secretly } from "./place.ts";
import { present, sending } from "./show.ts";

/** What Telegram offers: no forms. */
export const telegram: Platform = {
  lacks: ["reword", "edit", "pick"],
  settings: ["ratio", "enhance", "model", "quality", "originals", "language", "private"],
  settingsBelow: true,
  nameOf: (command) => command,
  presetsTyped: "presets.telegram",
};

/** A context as the conversation sees it. In a group every member sees the buttons. */
export function conversing(context: Context): Conversing {
  const { user, actor, place, t, tools } = context;
  const { moderators, publicUrl } = tools;
  const isPlace = place.group && user === place.chat;
  return {
    actor,
    t,
    platform: telegram,
    owner: place.group ? String(user) : undefined,
    isSecret: !place.group,
    isPlace,
    publicUrl,
    submitter: (isPrivate) => submitterOf(context, isPrivate),
    async mayModerate(what) {
      if (what === "settings" && isPlace) return true;
      if (what !== "settings" && !isFrom(what, place.chat)) return false;
      return moderators.include(place, user);
    },
  };
}

/** Whether a job was delivered to this chat. */
function isFrom(job: Job, chat: number): boolean {
  if (job.delivery.door !== "telegram") return false;
  const madeAt = placeOf(job);
  return !("inline" in madeAt) && madeAt.chat === chat;
}

/**
 * Sends a screen, in a group where possible so that no other person sees it if it is `hidden`, and surely so where it shows
 * a private picture; an album that is not private is seen by all.
 */
export function sendTo(
  { place, own, t, tools }: Context,
  { screen, hidden = true }: { readonly screen: Screen; readonly hidden?: boolean },
): void {
  const isSecret = hidden && screen.pictures?.some(({ job }) => job.private);
  const where = (isSecret && secretly(own)) || (hidden ? own : place);
  tools.later(() => present(screen, sending(where, tools), { t, tools }));
}

/** Tells the person something. */
export function say(context: Context, line: Line): void {
  sendTo(context, { screen: { lines: [line] } });
}

/** Tells a person why there will be no picture, with "Try again" where that may help. Throws what `explain` throws. */
export function refuse(
  context: Context,
  error: unknown,
  { canRetry = true }: { readonly canRetry?: boolean } = {},
): void {
  const told = explain(error, context);
  if (!told) return;
  const again = { label: context.t("buttons.retry"), data: { action: "retry" } } as const;
  sendTo(context, { screen: explanationScreen(told, canRetry ? again : undefined) });
}

/**
 * What to tell a person about a failed request; undefined for a message that came again after its author's settings had
 * changed. Throws the error of a shutdown: the update was not taken, and the next process gets it again.
 */
export function explain(error: unknown, { t, tools }: Context): Explanation | undefined {
  const { log, now } = tools;
  if (error instanceof Refused) {
    if (error.cause !== undefined) log.warn({ error: error.cause }, "a request was refused");
  } else if (!isImageError(error)) log.error({ error }, "a bug in the Telegram door");
  else if (error.code === "key-reused") return undefined;
  else if (isShutdown(error)) throw error;
  return describeError(error, t, now());
}

/** Whether an update was not taken because the process is ending. */
export function isShutdown(error: unknown): boolean {
  return isImageError(error) && error.code === "restarting";
}
