import type {
  ChosenInlineResult,
  InlineQuery,
  InlineQueryResult,
  InlineQueryResultArticle,
} from "grammy/types";
import { type Asker, historyOf, imagine } from "../imagine.ts";
import type { Words } from "../words.ts";
import { captionOf } from "./captions.ts";
import { inlinePictureKeyboard, keyboard } from "./keyboards.ts";
import { limits } from "./limits.ts";
import { cut, mixed, richText } from "./rich-text.ts";
import { type DoorTools, tellable, visitOf } from "./visit.ts";

/** The id of the result that asks for a new picture. */
const drawId = "draw";

const titleLength = 100;

/** The person's own pictures are offered for so long without asking again. */
const cacheSeconds = 2;

/** Offers to draw the words, where that is possible, and the person's recent pictures. */
export function onInlineQuery(query: InlineQuery, tools: DoorTools): void {
  tools.later(async () => {
    const results = tools.access.allows(query.from.id) ? await resultsFor(query, tools) : [];
    await tools.api.answerInlineQuery(query.id, results, {
      is_personal: true,
      cache_time: cacheSeconds,
    });
  });
}

async function resultsFor(query: InlineQuery, tools: DoorTools): Promise<InlineQueryResult[]> {
  const { from } = query;
  const place = { chat: from.id, group: false };
  const { asker, words } = await visitOf({ user: from, place, key: "" }, tools);
  const typed = query.query.trim();
  const offer = typed !== "" && tools.storageChat !== undefined ? [drawResult(typed, words)] : [];
  const recent = await recentPictures(asker, words, tools);
  return [...offer, ...recent].slice(0, limits.inlineResults);
}

/** Its message has a button only so that the platform tells which message it is. */
function drawResult(typed: string, words: Words): InlineQueryResultArticle {
  const text = words.say("inline.placeholder");
  return {
    type: "article",
    id: drawId,
    title: words.say("inline.draw", { words: cut(typed, titleLength) }),
    description: words.say("inline.drawDescription"),
    input_message_content: { message_text: text },
    reply_markup: keyboard([[{ label: text, data: { action: "show" } }]]),
  };
}

/** Only those that the platform has already: it takes no others. */
async function recentPictures(
  asker: Asker,
  words: Words,
  tools: DoorTools,
): Promise<InlineQueryResult[]> {
  const { jobs } = await historyOf(asker, { size: limits.inlineResults }, tools);
  const results: InlineQueryResult[] = [];
  for (const job of jobs) {
    const [picture] = job.pictures;
    const file = picture && (await tools.pictures.photoId(picture));
    if (file === undefined) continue;
    const { text: caption, entities } = captionOf(job, words);
    results.push({
      type: "photo",
      id: job.code,
      photo_file_id: file,
      caption,
      caption_entities: entities,
      reply_markup: inlinePictureKeyboard(job, words),
    });
  }
  return results;
}

/** Takes the job for a placeholder that was just put into a chat. Resolves once it is on disk. */
export async function onChosenResult(
  { result_id, inline_message_id: inline, from, query }: ChosenInlineResult,
  tools: DoorTools,
): Promise<void> {
  if (result_id !== drawId || inline === undefined || tools.storageChat === undefined) return;
  if (!tools.access.allows(from.id)) return;
  const place = { chat: from.id, group: false };
  const visit = await visitOf({ user: from, place, key: `inline ${inline}` }, tools);
  const delivery = { door: "telegram", place: { inline } };
  const asker = { ...visit.asker, key: visit.key, private: false, delivery };
  try {
    await imagine({ prompt: query, count: 1 }, asker, tools);
  } catch (error) {
    const told = tellable(error, visit, tools);
    if (!told) return;
    tools.later(() => tools.messenger.editText({ inline }, richText([mixed(told.text)])));
  }
}
