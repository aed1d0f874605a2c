import type { InlineKeyboardButton } from "grammy/types";
import { type Arguments, field, isObject, type Json } from "./arguments.ts";
import { codePoints } from "./entities.ts";
import { badRequest } from "./errors.ts";
import { reasonOf } from "./text.ts";

export type Keyboard = readonly (readonly InlineKeyboardButton[])[];

/** What a message does to the keyboard, or carries below itself. */
export type ReplyMarkup =
  | { readonly kind: "inline"; readonly rows: Keyboard }
  | { readonly kind: "keyboard"; readonly rows: readonly (readonly unknown[])[] }
  | { readonly kind: "remove" }
  | { readonly kind: "force-reply"; readonly placeholder: string; readonly selective: boolean };

export const markupLimits = {
  /** UTF-8 bytes. */
  callbackData: 64,
  copyText: 256,
  buttons: 100,
  /** Further buttons of a row are dropped. */
  perRow: 12,
  placeholder: 64,
} as const;

/** Reads `reply_markup` and checks its form; undefined without one. The server's checks are in `checkKeyboard`. */
export function readMarkup(args: Arguments): ReplyMarkup | undefined {
  const value = args.json("reply_markup", "Can't parse reply keyboard markup JSON object");
  return value === undefined ? undefined : toMarkup(value);
}

export function toMarkup(value: unknown): ReplyMarkup | undefined {
  if (!isObject(value)) throw badRequest("Object expected as reply markup");
  const rows = readRows(value, "keyboard", (button) => button);
  const inline = readRows(value, "inline_keyboard", readButton);
  if (rows.length > 0) return { kind: "keyboard", rows };
  if (inline.length > 0) return { kind: "inline", rows: inline };
  if (field.optionalBoolean(value, "remove_keyboard")) return { kind: "remove" };
  if (!field.optionalBoolean(value, "force_reply")) return undefined;
  return {
    kind: "force-reply",
    placeholder: field.optionalString(value, "input_field_placeholder"),
    selective: field.optionalBoolean(value, "selective"),
  };
}

function readRows<Button>(
  value: Json,
  name: string,
  read: (button: unknown) => Button,
): readonly (readonly Button[])[] {
  return field
    .optionalArray(value, name)
    .map((row) => {
      if (Array.isArray(row)) return row.slice(0, markupLimits.perRow).map(read);
      const owner = name === "inline_keyboard" ? " of the InlineKeyboardMarkup" : "";
      throw badRequest(`Field "${name}"${owner} must be an Array of Arrays`);
    })
    .filter((row) => row.length > 0);
}

const styles = new Set(["", "default", "primary", "danger", "success"]);

/** One of these makes a button do something; the first that is there counts. */
const actions: Readonly<Record<string, (button: Json) => unknown>> = {
  url: (button) => field.optionalString(button, "url"),
  callback_data: (button) => field.optionalString(button, "callback_data"),
  switch_inline_query: (button) => field.string(button, "switch_inline_query"),
  switch_inline_query_chosen_chat: (button) =>
    field.object(button, "switch_inline_query_chosen_chat"),
  switch_inline_query_current_chat: (button) =>
    field.string(button, "switch_inline_query_current_chat"),
  login_url: (button) => field.object(button, "login_url"),
  web_app: (button) => field.object(button, "web_app"),
  copy_text: (button) => ({ text: field.string(field.object(button, "copy_text"), "text") }),
};

function readButton(value: unknown): InlineKeyboardButton {
  try {
    if (!isObject(value)) throw badRequest("InlineKeyboardButton must be an Object");
    const text = field.string(value, "text");
    const style = field.optionalString(value, "style").toLowerCase();
    if (!styles.has(style)) throw badRequest("invalid button style specified");
    const shown = { text, ...(style !== "" && style !== "default" && { style }) };
    for (const [name, read] of Object.entries(actions)) {
      if (!(name in value)) continue;
      const action = read(value);
      const empty = action === "" && (name === "url" || name === "callback_data");
      // The compiler cannot know that exactly one action stands beside the text.
      if (!empty) return { ...shown, [name]: action } as unknown as InlineKeyboardButton;
    }
    throw badRequest("Text buttons are unallowed in the inline keyboard");
  } catch (error) {
    throw badRequest(`Can't parse inline keyboard button: ${reasonOf(error)}`);
  }
}

/** What only the platform's core checks, after the message itself was found good. */
export function checkKeyboard(markup: ReplyMarkup | undefined): void {
  if (markup?.kind === "force-reply" && codePoints(markup.placeholder) > markupLimits.placeholder) {
    throw badRequest("INPUT_FIELD_PLACEHOLDER_INVALID");
  }
  if (markup?.kind !== "inline") return;
  const buttons = markup.rows.flat();
  if (buttons.length > markupLimits.buttons) throw badRequest("reply markup is too long");
  for (const button of buttons) checkButton(button);
}

function checkButton(button: InlineKeyboardButton): void {
  if (button.text.trim() === "") throw badRequest("Inline keyboard button text must be non-empty");
  if ("callback_data" in button) {
    const bytes = Buffer.byteLength(button.callback_data);
    if (bytes > markupLimits.callbackData) throw badRequest("BUTTON_DATA_INVALID");
  }
  if ("copy_text" in button) {
    const length = codePoints(button.copy_text.text);
    if (length === 0 || length > markupLimits.copyText)
      throw badRequest("BUTTON_COPY_TEXT_INVALID");
  }
  if ("url" in button && !isLink(button.url)) {
    throw badRequest(`Inline keyboard button URL '${button.url}' is invalid: Wrong HTTP URL`);
  }
}

function isLink(url: string): boolean {
  return (
    /^(https?|tg|ton|tonsite):\/\/\S+$/i.test(url) ||
    /^[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)+/u.test(url)
  );
}
