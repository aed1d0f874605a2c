import { isImageError } from "../../core/errors.ts";
import { describeError, type Explanation } from "../conversation.ts";
import { Refused } from "../refused.ts";
import type { Context, DoorTools } from "./context.ts";
import { keyboard } from "./job-message.ts";
import { mixed, type Piece, plain, richText } from "./rich-text.ts";

/** Tells the person something, in a group where possible so that nobody else sees it. */
export function say({ own }: Context, pieces: readonly Piece[], tools: DoorTools): void {
  tools.later(() => tools.messenger.sendText(own, richText(pieces)));
}

/** Tells a person who has no pictures yet how to ask for one. */
export function sayNothingYet(context: Context, tools: DoorTools): void {
  say(context, [plain(context.t("ask.nothingYet", { command: "draw" }))], tools);
}

/** Tells a person why there will be no picture, with "Try again" where that may help. Throws what `explain` throws. */
export function refuse(
  context: Context,
  error: unknown,
  tools: DoorTools,
  { canRetry = true }: { readonly canRetry?: boolean } = {},
): void {
  const told = explain(error, context, tools);
  if (!told) return;
  const { t, own } = context;
  const again = { label: t("buttons.retry"), data: { action: "retry" } } as const;
  const button = told.button ?? (told.retry && canRetry ? again : undefined);
  const content = richText([mixed(told.text)]);
  const markup = button && keyboard([[button]]);
  tools.later(() => tools.messenger.sendText(own, content, markup));
}

/**
 * What to tell a person about a failed request; undefined for a message that came again after its author's settings had
 * changed. Throws the error of a shutdown: the update was not taken, and the next process gets it again.
 */
export function explain(
  error: unknown,
  { t }: Pick<Context, "t">,
  { log, now }: Pick<DoorTools, "log" | "now">,
): Explanation | undefined {
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
