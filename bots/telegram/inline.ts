import type {
  ChosenInlineResult,
  InlineQuery,
  InlineQueryResult,
  InlineQueryResultArticle,
} from "grammy/types";
import { picturesOf } from "../batches.ts";
import { type GivenPictures, imagineFrom } from "../edits.ts";
import type { Translator } from "../i18n.ts";
import { Refused } from "../refused.ts";
import { cut } from "../screen.ts";
import { explanationScreen, pictureScreen } from "../screens/job.ts";
import { type Actor, historyOf, type Submitter } from "../use-cases.ts";
import { explain, telegram } from "./answers.ts";
import { contextOf, type DoorTools, submitterOf } from "./context.ts";
import { limits } from "./limits.ts";
import { inlinePictureKeyboard, keyboardOf, wordsOf } from "./render.ts";

/** The id of the result that asks for a new picture. */
const drawId = "draw";

const titleLength = 100;

/** How long Telegram may reuse the results for the same query. */
const cacheSeconds = 2;

/** Offers to draw the typed prompt, if there is a storage chat, and the person's recent pictures. */
export function onInlineQuery(query: InlineQuery, tools: DoorTools): void {
  tools.later(async () => {
    const results = tools.allows(query.from.id) ? await resultsFor(query, tools) : [];
    await tools.api.answerInlineQuery(query.id, results, {
      is_personal: true,
      cache_time: cacheSeconds,
    });
  });
}

async function resultsFor(query: InlineQuery, tools: DoorTools): Promise<InlineQueryResult[]> {
  const { from } = query;
  const place = { chat: from.id, group: false };
  const { actor, t } = await contextOf({ user: from, place, key: "" }, tools);
  const typed = query.query.trim();
  const offer = typed !== "" && tools.storageChat !== undefined ? [drawResult(typed, t)] : [];
  const recent = await recentPictures(actor, t, tools);
  return [...offer, ...recent].slice(0, limits.inlineResults);
}

/** The button is there only because Telegram tells the id of a chosen message only if it has one. */
function drawResult(typed: string, t: Translator): InlineQueryResultArticle {
  const text = t("inline.placeholder");
  return {
    type: "article",
    id: drawId,
    title: t("inline.draw", { prompt: cut(typed, titleLength) }),
    description: t("inline.drawDescription"),
    input_message_content: { message_text: text },
    reply_markup: keyboardOf({ lines: [], buttons: [[{ label: text, data: { action: "show" } }]] }),
  };
}

/** Only pictures that Telegram already has: it takes no others here. */
async function recentPictures(
  actor: Actor,
  t: Translator,
  tools: DoorTools,
): Promise<InlineQueryResult[]> {
  const { jobs } = await historyOf(actor, { size: limits.inlineResults }, tools);
  const results: InlineQueryResult[] = [];
  for (const job of jobs) {
    const [picture] = job.pictures;
    const file = picture && (await tools.pictures.photoId(picture));
    if (file === undefined) continue;
    const screen = pictureScreen(job, { t, lacks: telegram.lacks });
    const { text: caption, entities } = wordsOf(screen, limits.captionLength);
    results.push({
      type: "photo",
      id: job.code,
      photo_file_id: file,
      caption,
      caption_entities: entities,
      reply_markup: inlinePictureKeyboard(job, t),
    });
  }
  return results;
}

/** Submits the job for a placeholder that was sent to a chat. Resolves once it is on disk. */
export async function onChosenResult(
  { result_id, inline_message_id: inline, from, query }: ChosenInlineResult,
  tools: DoorTools,
): Promise<void> {
  if (result_id !== drawId || inline === undefined || tools.storageChat === undefined) return;
  if (!tools.allows(from.id)) return;
  const place = { chat: from.id, group: false };
  const context = await contextOf({ user: from, place, key: `inline ${inline}` }, tools);
  const delivery = { door: "telegram", place: { inline } };
  try {
    await drawOne(query, { pictures: [] }, { ...submitterOf(context, false), delivery }, tools);
  } catch (error) {
    const told = explain(error, context);
    if (!told) return;
    const message = { text: wordsOf(explanationScreen(told)) };
    tools.later(() => tools.messenger.edit({ inline }, message));
  }
}

/**
 * Asks for one picture, for a message that cannot become an album: in a chat that the bot is not in, or for one person of a
 * group alone. Throws `Refused` where
 * the words ask for more, and what `imagineFrom` throws.
 */
export async function drawOne(
  prompt: string,
  given: GivenPictures,
  submitter: Submitter,
  tools: DoorTools,
): Promise<void> {
  const request = { prompt, count: 1 };
  if ((await picturesOf(request, submitter, tools)) !== 1) throw new Refused("ask.oneInline");
  await imagineFrom(request, given, submitter, tools);
}
