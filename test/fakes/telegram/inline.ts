import type { User } from "grammy/types";
import { field, type Json } from "./arguments.ts";
import type { Photo } from "./files.ts";
import { toMarkup } from "./markup.ts";
import { resolveMedia } from "./media.ts";
import { inlineCaption, inlineText } from "./methods/answers.ts";
import { markupOf } from "./methods/send.ts";
import type { ChatMessage, InlineAnswer, InlineQuery, World } from "./model.ts";
import { tellChoice, tellInlineQuery, tellMessage } from "./notify.ts";
import { requireChat } from "./places.ts";
import { type Draft, post } from "./world.ts";

export interface TypingOptions {
  /** What the bot gave as `next_offset`, for the next page. */
  readonly offset?: string;
  /** Where it is typed: with the bot itself ("sender") unless said otherwise. */
  readonly chatType?: "sender" | "private" | "group" | "supergroup" | "channel";
}

export interface Inline {
  /** Types behind the bot's name. An answer that the platform still remembers is not asked for again. */
  userTypesInline(query: string, by: User, options?: TypingOptions): InlineQuery;
  /** Sends one of the offered results into a chat, as a message of the person. */
  userChoosesInline(
    resultId: string,
    choice: { readonly query: InlineQuery; readonly chatId: number },
  ): Promise<ChatMessage>;
}

export function createInline(world: World): Inline {
  return {
    userTypesInline(query, by, { offset = "", chatType = "sender" } = {}) {
      const id = String(6_600_000_000_000_000 + world.nextNumber());
      const at = world.clock.now();
      const answer = remembered(world, { query, by, offset });
      const typed = { id, by, query, offset, at, cached: answer !== undefined, answer };
      world.inlineQueries.set(id, typed);
      if (!answer) tellInlineQuery(world, typed, chatType);
      return typed;
    },
    async userChoosesInline(resultId, { query, chatId }) {
      const result = query.answer?.results.find(({ id }) => String(id) === resultId);
      if (!result) throw new Error(`The bot does not offer "${resultId}".`);
      const chat = requireChat(world, chatId);
      const content = await contentOf(world, result);
      const keyboard = result["reply_markup"];
      const markup = keyboard === undefined ? undefined : toMarkup(keyboard);
      const inlineMessageId = newInlineId(world);
      const message = post(world, chat, {
        from: query.by,
        viaBot: true,
        inlineMessageId,
        ...content,
        ...markupOf(markup),
      });
      world.inlineMessages.set(inlineMessageId, message);
      tellMessage(world, message);
      if (world.settings.inlineFeedback) {
        // Without buttons the bot never learns the id, and cannot edit the message.
        const known = message.keyboard.length > 0 ? inlineMessageId : undefined;
        tellChoice(world, { by: query.by, query: query.query, resultId, inlineMessageId: known });
      }
      return message;
    },
  };
}

export function newInlineId(world: World): string {
  return Buffer.from(`inline message ${world.nextNumber()}`).toString("base64url");
}

/** Answers are kept for `cache_time`, for everybody unless the bot said that they are personal. */
function remembered(
  world: World,
  asked: { readonly query: string; readonly by: User; readonly offset: string },
): InlineAnswer | undefined {
  const now = world.clock.now();
  const known = [...world.inlineQueries.values()].findLast(
    ({ by, query, offset, answer, cached }) => {
      if (!answer || cached || query !== asked.query || offset !== asked.offset) return false;
      const fresh = now < answer.at + answer.cacheSeconds * 1000;
      return fresh && (!answer.isPersonal || by.id === asked.by.id);
    },
  );
  return known?.answer;
}

/** What a result of an inline or guest query puts into a chat. */
export async function contentOf(world: World, result: Json): Promise<Draft> {
  const richText = inlineText(world, result);
  if (richText) return { richText };
  const reference =
    field.optionalString(result, "photo_file_id") || field.optionalString(result, "photo_url");
  const caption = inlineCaption(world, result);
  const file = await resolveMedia(world, {
    type: "photo",
    source: { from: "reference", reference },
    caption,
    spoiler: false,
    captionAbove: false,
    detectType: false,
  });
  // A photo is asked for, so that no other kind of file comes back.
  return { photo: file as Photo, richCaption: caption };
}
