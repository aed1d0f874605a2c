import { type Arguments, field, isObject, type Json } from "../arguments.ts";
import type { Call } from "../call.ts";
import { codePoints } from "../entities.ts";
import { badRequest } from "../errors.ts";
import { checkKeyboard, toMarkup } from "../markup.ts";
import type { World } from "../model.ts";
import { lengthOf, readText, reasonOf, textLimits } from "../text.ts";

const tooOld = "query is too old and response timeout expired or query ID is invalid";

const limits = {
  /** Of the notice for a press. */
  text: 200,
  results: 50,
  /** UTF-8 bytes. */
  resultId: 64,
  nextOffset: 64,
} as const;

/** A press is answered once, and soon. */
export function answerCallbackQuery({ world, args }: Call): true {
  const press = world.presses.get(args.text("callback_query_id"));
  const now = world.clock.now();
  if (!press || press.answer || now - press.at > world.settings.answerWithinMs) {
    throw badRequest(tooOld);
  }
  const text = args.text("text");
  if (codePoints(text) > limits.text) throw badRequest("MESSAGE_TOO_LONG");
  press.answer = { text, alert: args.boolean("show_alert"), at: now };
  world.changed();
  return true;
}

export function answerInlineQuery({ world, args }: Call): true {
  const button = readButton(args);
  const results = readResults(world, args);
  const query = world.inlineQueries.get(args.text("inline_query_id"));
  const now = world.clock.now();
  if (!query || query.answer || now - query.at > world.settings.answerWithinMs) {
    throw badRequest(tooOld);
  }
  const nextOffset = args.text("next_offset");
  if (Buffer.byteLength(nextOffset) > limits.nextOffset) throw badRequest("NEXT_OFFSET_INVALID");
  checkIds(results);
  query.answer = {
    results,
    isPersonal: args.boolean("is_personal"),
    cacheSeconds: args.text("cache_time") === "" ? 300 : args.integer("cache_time"),
    nextOffset,
    button,
    at: now,
  };
  world.changed();
  return true;
}

function checkIds(results: readonly Json[]): void {
  const ids = results.map((result) => String(result["id"]));
  if (ids.some((id) => id === "" || Buffer.byteLength(id) > limits.resultId)) {
    throw badRequest("RESULT_ID_INVALID");
  }
  if (new Set(ids).size < ids.length) throw badRequest("RESULT_ID_DUPLICATE");
}

function readButton(args: Arguments): Json | undefined {
  const button = args.json("button", "Can't parse inline query results button JSON object");
  if (button === undefined) return undefined;
  try {
    if (!isObject(button)) throw badRequest("InlineQueryResultsButton must be an Object");
    field.string(button, "text");
    if ("web_app" in button) return button;
    if (!("start_parameter" in button)) {
      throw badRequest("InlineQueryResultsButton must have exactly one optional field");
    }
  } catch (error) {
    throw badRequest(`Can't parse inline query results button: ${reasonOf(error)}`);
  }
  if (!/^[\w-]{1,64}$/.test(field.string(button, "start_parameter"))) {
    throw badRequest("START_PARAM_INVALID");
  }
  return button;
}

function readResults(world: World, args: Arguments): readonly Json[] {
  const results = args.json("results", "Can't parse JSON encoded inline query results") ?? [];
  if (!Array.isArray(results)) throw badRequest("Expected an Array of inline query results");
  if (results.length > limits.results) throw badRequest("Too many inline query results specified");
  return results.map((result) => checkResult(world, result));
}

/** One result of an inline or guest query. */
export function checkResult(world: World, result: unknown): Json {
  try {
    if (!isObject(result)) throw badRequest("Inline query result must be an object");
    const type = field.string(result, "type");
    field.string(result, "id");
    if (type === "article") checkArticle(world, result);
    else if (type === "photo") checkPhoto(world, result);
    else throw badRequest(`type "${type}" is unsupported for the inline query result`);
    if (result["reply_markup"] !== undefined) checkKeyboard(toMarkup(result["reply_markup"]));
    return result;
  } catch (error) {
    throw badRequest(`Can't parse inline query result: ${reasonOf(error)}`);
  }
}

function checkArticle(world: World, result: Json): void {
  field.string(result, "title");
  const content = inlineText(world, result);
  if (!content) throw badRequest(`Can't find field "message_text"`);
  if (lengthOf(content.text, world.settings.lengthUnit) > textLimits.text) {
    throw badRequest("MESSAGE_TOO_LONG");
  }
}

function checkPhoto(world: World, result: Json): void {
  const caption = inlineCaption(world, result);
  if (lengthOf(caption.text, world.settings.lengthUnit) > textLimits.caption) {
    throw badRequest("MEDIA_CAPTION_TOO_LONG");
  }
  if (field.optionalString(result, "photo_url") !== "") {
    field.string(result, "thumbnail_url");
    return;
  }
  const file = world.files.find(field.string(result, "photo_file_id"));
  if (!file) throw badRequest("Wrong remote file identifier specified: can't unserialize it");
  if (file.kind !== "photo") throw badRequest("Can't use file of type Document as Photo");
}

/** The text that an inline result puts into a chat in place of its own content. */
export function inlineText(world: World, result: Json) {
  if (result["input_message_content"] === undefined) return undefined;
  const content = field.object(result, "input_message_content");
  const input = {
    text: field.string(content, "message_text"),
    parseMode: field.optionalString(content, "parse_mode"),
    entities: content["entities"],
    users: world.users,
  };
  return readText(input, { mayBeEmpty: false });
}

export function inlineCaption(world: World, result: Json) {
  const input = {
    text: field.optionalString(result, "caption"),
    parseMode: field.optionalString(result, "parse_mode"),
    entities: result["caption_entities"],
    users: world.users,
  };
  return readText(input, { mayBeEmpty: true });
}
