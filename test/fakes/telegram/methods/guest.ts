import type { Call } from "../call.ts";
import { badRequest } from "../errors.ts";
import { contentOf, newInlineId } from "../inline.ts";
import { toMarkup } from "../markup.ts";
import { post } from "../world.ts";
import { checkResult } from "./answers.ts";
import { markupOf } from "./send.ts";

/** A guest query is answered once, and soon. */
export async function answerGuestQuery({ world, args }: Call): Promise<unknown> {
  args.required("result");
  const result = checkResult(world, args.json("result", "Can't parse inline query result JSON"));
  const query = world.guestQueries.get(args.text("guest_query_id"));
  const isLate = query && world.clock.now() - query.message.sentAt > world.settings.answerWithinMs;
  if (!query || query.answer || isLate) {
    throw badRequest("query is too old and response timeout expired or query ID is invalid");
  }
  const markup =
    result["reply_markup"] === undefined ? undefined : toMarkup(result["reply_markup"]);
  const content = await contentOf(world, result);
  const inlineMessageId = newInlineId(world);
  query.answer = post(world, query.message.chat, {
    from: world.bot,
    byBot: true,
    replyTo: query.message,
    inlineMessageId,
    ...content,
    ...markupOf(markup),
  });
  world.inlineMessages.set(inlineMessageId, query.answer);
  return { inline_message_id: inlineMessageId };
}
