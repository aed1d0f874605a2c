import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { autoRetry } from "@grammyjs/auto-retry";
import { run } from "@grammyjs/runner";
import {
  Bot,
  type Context,
  GrammyError,
  InlineKeyboard,
  InlineQueryResultBuilder,
  InputFile,
  InputMediaBuilder,
  webhookCallback,
} from "grammy";
import sharp from "sharp";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { platformRules } from "./telegram/flood.ts";
import { startTelegram, type Telegram, type TelegramOptions } from "./telegram.ts";

const running: (() => unknown)[] = [];
let telegram: Telegram;
let bot: Bot;

beforeEach(async () => {
  await begin();
});

afterEach(async () => {
  for (const stop of running.splice(0).reverse()) await stop();
});

/** A platform of its own kind in place of the usual one. */
async function begin(options: TelegramOptions = {}): Promise<void> {
  const started = await startTelegram(options);
  running.push(() => started.close());
  telegram = started;
  bot = aBot();
}

function aBot(token = telegram.token): Bot {
  const client = { apiRoot: telegram.url };
  return new Bot(token, { client, botInfo: telegram.botInfo });
}

/** Starts long polling the way the product does, and stops it after the test. */
function poll(one: Bot = bot): { stop(): Promise<void> } {
  const runner = run(one, { runner: { silent: true, retryInterval: 20 } });
  const stop = async (): Promise<void> => {
    if (runner.isRunning()) await runner.stop();
  };
  running.push(stop);
  return { stop };
}

/** What the platform answers to a call that it refuses. */
async function refusal(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => "accepted",
    (error: unknown) => {
      if (!(error instanceof GrammyError)) throw error;
      return error.description;
    },
  );
}

async function raw(method: string, body: Record<string, unknown>) {
  const response = await fetch(`${telegram.url}/bot${telegram.token}/${method}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** A private chat in which the user has written to the bot. */
async function aPrivateChat() {
  const user = telegram.addUser({ first_name: "Ann" });
  await telegram.userSays(user.id, { text: "/start" });
  return { user, chat: telegram.chat(user.id) };
}

async function aPicture(width = 64, height = 48, format: "png" | "jpeg" | "webp" = "png") {
  const background = { r: 200, g: 40, b: 90 };
  return sharp({ create: { width, height, channels: 3, background } })
    [format]()
    .toBuffer();
}

async function anUpload(name = "cat.png"): Promise<InputFile> {
  return new InputFile(await aPicture(), name);
}

const hour = 3_600_000;

describe("the stand-in's address", () => {
  test("answers who the bot is", async () => {
    expect(await bot.api.getMe()).toEqual(telegram.botInfo);
  });

  test("knows no other token", async () => {
    expect(await refusal(aBot("1:wrong").api.getMe())).toBe("Unauthorized");
  });

  test("knows no other methods", async () => {
    expect(await raw("sendTelepathy", {})).toEqual({
      status: 404,
      body: { ok: false, error_code: 404, description: "Not Found: method not found" },
    });
  });

  test("does not mind the case of a method, nor whether its arguments come in the URL", async () => {
    const { chat } = await aPrivateChat();
    const url = `${telegram.url}/bot${telegram.token}/SENDMESSAGE?chat_id=${chat.id}&text=hi`;
    expect((await fetch(url)).status).toBe(200);
    expect(chat.ofBot.map(({ text }) => text)).toEqual(["hi"]);
  });

  test("refuses half a character", async () => {
    const { chat } = await aPrivateChat();
    const told = await raw("sendMessage", { chat_id: chat.id, text: "a cat \ud83d" });
    expect(told.body).toMatchObject({ description: "Bad Request: can't parse JSON object" });
  });

  test("names who hides behind a group or a channel as the platform does", async () => {
    const group = telegram.addGroup({ supergroup: true, members: [telegram.addUser()] });
    const channel = telegram.addGroup({ channel: true });
    for (const inNameOf of [group, channel]) {
      await telegram.userSays(group, { text: "/help", inNameOf });
    }
    const [hidden, posted] = telegram.pendingUpdates.map(({ message }) => message);
    expect(hidden).toMatchObject({
      from: { username: "GroupAnonymousBot", is_bot: true },
      sender_chat: { id: group },
    });
    expect(posted).toMatchObject({
      from: { username: "Channel_Bot", is_bot: true },
      sender_chat: { id: channel, type: "channel" },
    });
  });

  test("tells of a press below a message that is gone no more than its place", async () => {
    const { user, chat } = await aPrivateChat();
    const message = await telegram.userSays(chat.id, { text: "hello" });
    telegram.userDeletes(message);
    telegram.forgePress(message, "x", user);
    const press = telegram.pendingUpdates.at(-1)?.["callback_query"];
    expect(press).toMatchObject({ message: { message_id: message.id, date: 0 } });
    expect(press).not.toHaveProperty("message.text");
  });

  test("refuses calls without their required arguments", async () => {
    const { chat } = await aPrivateChat();
    const told = async (method: string, body: Record<string, unknown>) =>
      (await raw(method, body)).body["description"];
    expect(await told("sendMessage", { text: "hi" })).toBe("Bad Request: chat_id is empty");
    expect(await told("sendMessage", { chat_id: chat.id })).toBe(
      "Bad Request: message text is empty",
    );
    expect(await told("sendMessage", { chat_id: "me", text: "hi" })).toBe(
      "Bad Request: chat not found",
    );
    expect(await told("sendPhoto", { chat_id: chat.id })).toBe(
      "Bad Request: there is no photo in the request",
    );
    expect(await told("editMessageText", { text: "hi" })).toBe(
      "Bad Request: message identifier is not specified",
    );
    expect(await told("sendMessage", { chat_id: chat.id, text: "hi", reply_markup: "[" })).toBe(
      "Bad Request: can't parse reply keyboard markup JSON object",
    );
    expect(
      await told("sendMessage", { chat_id: chat.id, text: "hi", reply_parameters: {} }),
    ).toBeUndefined();
    expect(
      await told("sendMessage", { chat_id: chat.id, text: "hi", reply_parameters: { quote: "" } }),
    ).toBe(`Bad Request: can't find field "message_id"`);
  });

  test("answers what is no call with 404 and what is no JSON with 400", async () => {
    expect((await fetch(`${telegram.url}/`)).status).toBe(404);
    const response = await fetch(`${telegram.url}/bot${telegram.token}/getMe`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{",
    });
    expect(response.status).toBe(400);
  });

  test("logs each call with what it said", async () => {
    const { chat } = await aPrivateChat();
    await bot.api.sendMessage(chat.id, "hi");
    await refusal(bot.api.sendMessage(chat.id, " "));
    expect(telegram.callsOf("sendMessage")).toMatchObject([
      { payload: { chat_id: chat.id, text: "hi" }, error: undefined },
      { error: "Bad Request: text must be non-empty" },
    ]);
  });
});

describe("a text message", () => {
  test("stands in the chat as people see it", async () => {
    const { chat, user } = await aPrivateChat();
    const [question] = chat.messages;
    const keyboard = new InlineKeyboard().text("Again", "again:zi-1");
    const sent = await bot.api.sendMessage(chat.id, "  hello there \n", {
      reply_markup: keyboard,
      reply_parameters: { message_id: question?.id ?? 0 },
      entities: [{ type: "bold", offset: 2, length: 5 }],
    });
    expect(sent.chat).toMatchObject({ id: user.id, type: "private", first_name: "Ann" });
    expect(sent.reply_to_message?.message_id).toBe(question?.id);
    expect(chat.ofBot).toMatchObject([
      {
        id: sent.message_id,
        text: "hello there",
        entities: [{ type: "bold", offset: 0, length: 5 }],
        keyboard: [[{ text: "Again", callback_data: "again:zi-1" }]],
        replyTo: { id: question?.id },
      },
    ]);
  });

  test("has at most 4096 code points after its markup was parsed", async () => {
    const { chat } = await aPrivateChat();
    const send = (text: string, parse_mode?: "HTML") =>
      refusal(bot.api.sendMessage(chat.id, text, parse_mode && { parse_mode }));
    expect(await send("😀".repeat(4096))).toBe("accepted");
    expect(await send("😀".repeat(4097))).toBe("Bad Request: message is too long");
    expect(await send(`<b>${"a".repeat(4096)}</b>`, "HTML")).toBe("accepted");
    expect(await send("a".repeat(40_000))).toBe("Bad Request: text is too long");
  });

  test("may be counted in UTF-16 units by who wants to be strict", async () => {
    await begin({ lengthUnit: "utf-16" });
    const { chat } = await aPrivateChat();
    expect(await refusal(bot.api.sendMessage(chat.id, "😀".repeat(2049)))).toBe(
      "Bad Request: message is too long",
    );
  });

  test("must not be empty", async () => {
    const { chat } = await aPrivateChat();
    expect(await refusal(bot.api.sendMessage(chat.id, ""))).toBe(
      "Bad Request: message text is empty",
    );
    expect(await refusal(bot.api.sendMessage(chat.id, " \n "))).toBe(
      "Bad Request: text must be non-empty",
    );
  });

  test("shows mentions, links and commands that nobody closed off", async () => {
    const { chat } = await aPrivateChat();
    await bot.api.sendMessage(chat.id, "@everyone see https://evil.example/x and /draw #art");
    await bot.api.sendMessage(chat.id, "@everyone https://evil.example", {
      entities: [{ type: "code", offset: 0, length: 30 }],
    });
    const [open, inert] = chat.ofBot;
    expect(open?.entities.map(({ type }) => type)).toEqual([
      "mention",
      "url",
      "bot_command",
      "hashtag",
    ]);
    expect(open?.linkPreview).toBe("https://evil.example/x");
    expect(inert?.entities.map(({ type }) => type)).toEqual(["code"]);
    expect(inert?.linkPreview).toBeUndefined();
  });

  test("has no preview where it was switched off", async () => {
    const { chat } = await aPrivateChat();
    const link_preview_options = { is_disabled: true };
    await bot.api.sendMessage(chat.id, "https://example.com", { link_preview_options });
    expect(chat.ofBot[0]?.linkPreview).toBeUndefined();
  });

  test.each([
    [{ offset: 9, length: 1 }, "entity begins after the end of the text at UTF-16 offset 9"],
    [
      { offset: 0, length: 9 },
      "entity beginning at UTF-16 offset 0 ends after the end of the text at UTF-16 offset 9",
    ],
    [{ offset: 1, length: 2 }, "entity begins in a middle of a UTF-16 symbol at byte offset 4"],
    [{ offset: -1, length: 2 }, "receive an entity with incorrect offset -1"],
  ])("refuses entities that do not fit the text: %j", async (place, reason) => {
    const { chat } = await aPrivateChat();
    const entities = [{ type: "bold" as const, ...place }];
    expect(await refusal(bot.api.sendMessage(chat.id, "😀 hi", { entities }))).toBe(
      `Bad Request: ${reason}`,
    );
  });

  test("refuses entities of unknown kinds", async () => {
    const body = { chat_id: 1, text: "x", entities: [{ type: "huge", offset: 0, length: 1 }] };
    expect((await raw("sendMessage", body)).body["description"]).toBe(
      "Bad Request: can't parse MessageEntity: Unsupported type specified",
    );
  });

  test.each([
    ["HTML", "a <b>b", `Can't find end tag corresponding to start tag "b"`],
    ["HTML", "ä <x>", `Unsupported start tag "x" at byte offset 3`],
    ["HTML", "a</b>", "Unexpected end tag at byte offset 1"],
    [
      "HTML",
      "<b><i>x</b></i>",
      `Unmatched end tag at byte offset 7, expected "</i>", found "</b>"`,
    ],
    ["HTML", "1 < 2", "Unclosed start tag at byte offset 2"],
    ["MarkdownV2", "1.5", "Character '.' is reserved and must be escaped with the preceding '\\'"],
    ["MarkdownV2", "ä *x", "Can't find end of Bold entity at byte offset 3"],
    ["MarkdownV2", "[x](y", "Can't find end of a URL at byte offset 4"],
    ["Markdown", "snake_case", "Can't find end of the entity starting at byte offset 5"],
  ] as const)("refuses %s that is wrong: %s", async (parse_mode, text, reason) => {
    const { chat } = await aPrivateChat();
    expect(await refusal(bot.api.sendMessage(chat.id, text, { parse_mode }))).toBe(
      `Bad Request: can't parse entities: ${reason}`,
    );
  });

  test.each([
    ["HTML", "<b>b</b> &lt;<i>i</i>&gt; <a href='https://x.org/?a=1&amp;b'>l</a>"],
    ["MarkdownV2", "*b* <_i_\\> [l](https://x.org/?a=1&b)"],
  ] as const)("reads %s", async (parse_mode, text) => {
    const { chat } = await aPrivateChat();
    await bot.api.sendMessage(chat.id, text, { parse_mode });
    expect(chat.ofBot).toMatchObject([
      {
        text: "b <i> l",
        entities: [
          { type: "bold", offset: 0, length: 1 },
          { type: "italic", offset: 3, length: 1 },
          { type: "text_link", offset: 6, length: 1, url: "https://x.org/?a=1&b" },
        ],
      },
    ]);
  });

  test.each([
    [
      "HTML",
      '<blockquote expandable>q</blockquote>\n<pre><code class="language-ts">let a</code></pre>',
    ],
    ["MarkdownV2", ">q||\n```ts\nlet a```"],
  ] as const)("reads quotes and code in %s", async (parse_mode, text) => {
    const { chat } = await aPrivateChat();
    await bot.api.sendMessage(chat.id, text, { parse_mode });
    expect(chat.ofBot).toMatchObject([
      {
        text: "q\nlet a",
        entities: [
          { type: "expandable_blockquote", offset: 0, length: 1 },
          { type: "pre", offset: 2, length: 5, language: "ts" },
        ],
      },
    ]);
  });

  test("mentions users whom the bot may name", async () => {
    const { chat, user } = await aPrivateChat();
    const text = `[Ann](tg://user?id=${user.id}) [Nobody](tg://user?id=5) 2\\+2`;
    await bot.api.sendMessage(chat.id, text, { parse_mode: "MarkdownV2" });
    const entities = [{ type: "text_mention", offset: 0, length: 3, user: { id: user.id } }];
    expect(chat.ofBot).toMatchObject([{ text: "Ann Nobody 2+2", entities }]);
    expect(chat.ofBot[0]?.entities).toHaveLength(1);
  });

  test("refuses a parse mode that does not exist", async () => {
    const body = { chat_id: 1, text: "x", parse_mode: "BBCode" };
    expect((await raw("sendMessage", body)).body["description"]).toBe(
      "Bad Request: unsupported parse_mode",
    );
  });
});

describe("a keyboard", () => {
  const send = async (keyboard: InlineKeyboard) => {
    const { chat } = await aPrivateChat();
    return refusal(bot.api.sendMessage(chat.id, "x", { reply_markup: keyboard }));
  };

  test("carries 1 to 64 bytes of data per button", async () => {
    expect(await send(new InlineKeyboard().text("A", "é".repeat(32)))).toBe("accepted");
    expect(await send(new InlineKeyboard().text("A", `${"é".repeat(32)}x`))).toBe(
      "Bad Request: BUTTON_DATA_INVALID",
    );
    expect(await send(new InlineKeyboard().text("A", ""))).toBe(
      "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    );
  });

  test("has links that are links and at most 256 characters to copy", async () => {
    expect(await send(new InlineKeyboard().url("A", "not a link"))).toBe(
      "Bad Request: inline keyboard button URL 'not a link' is invalid: Wrong HTTP URL",
    );
    expect(await send(new InlineKeyboard().copyText("A", "x".repeat(257)))).toBe(
      "Bad Request: BUTTON_COPY_TEXT_INVALID",
    );
    expect(await send(new InlineKeyboard().copyText("A", "x".repeat(256)))).toBe("accepted");
  });

  test("has at most a hundred buttons", async () => {
    const keyboard = new InlineKeyboard();
    for (let count = 0; count < 101; count++) keyboard.text("A", "a").row();
    expect(await send(keyboard)).toBe("Bad Request: reply markup is too long");
  });

  test("refuses a style that does not exist", async () => {
    const button = { text: "A", callback_data: "a", style: "pink" };
    const body = { chat_id: 1, text: "x", reply_markup: { inline_keyboard: [[button]] } };
    const { user } = await aPrivateChat();
    expect((await raw("sendMessage", { ...body, chat_id: user.id })).body["description"]).toBe(
      "Bad Request: can't parse inline keyboard button: invalid button style specified",
    );
  });
});

describe("an edit", () => {
  test("changes the message in place and takes the keyboard away unless it is given again", async () => {
    const { chat } = await aPrivateChat();
    const reply_markup = new InlineKeyboard().text("Cancel", "c");
    const { message_id } = await bot.api.sendMessage(chat.id, "In line", { reply_markup });
    await bot.api.editMessageText(chat.id, message_id, "50 %", { reply_markup });
    expect(chat.ofBot).toMatchObject([{ text: "50 %", keyboard: [[{ text: "Cancel" }]] }]);
    await bot.api.editMessageText(chat.id, message_id, "done");
    expect(chat.ofBot).toMatchObject([{ id: message_id, text: "done", keyboard: [], edits: 2 }]);
  });

  test("turns a text into a photo, with the same message", async () => {
    const { chat } = await aPrivateChat();
    const { message_id } = await bot.api.sendMessage(chat.id, "In line");
    const media = InputMediaBuilder.photo(await anUpload(), { caption: "a cat" });
    const edited = await bot.api.editMessageMedia(chat.id, message_id, media);
    expect(edited).toMatchObject({ message_id, caption: "a cat", photo: [{ width: 64 }] });
    expect(chat.ofBot).toMatchObject([
      { id: message_id, text: undefined, caption: "a cat", photo: { width: 64, height: 48 } },
    ]);
  });

  test("must change something", async () => {
    const { chat } = await aPrivateChat();
    const { message_id } = await bot.api.sendMessage(chat.id, "same");
    const told = await refusal(bot.api.editMessageText(chat.id, message_id, "same "));
    expect(told).toBe(
      "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message",
    );
    const { photo } = await bot.api.sendPhoto(chat.id, await anUpload());
    const last = chat.ofBot.at(-1)?.id ?? 0;
    const again = InputMediaBuilder.photo(photo.at(-1)?.file_id ?? "");
    expect(await refusal(bot.api.editMessageMedia(chat.id, last, again))).toContain("not modified");
    const fresh = InputMediaBuilder.photo(await anUpload());
    expect(await refusal(bot.api.editMessageMedia(chat.id, last, fresh))).toBe("accepted");
  });

  test("needs a message of the bot that is still there", async () => {
    const { chat } = await aPrivateChat();
    const [question] = chat.messages;
    const edit = (id: number) => refusal(bot.api.editMessageText(chat.id, id, "new"));
    expect(await edit(999)).toBe("Bad Request: message to edit not found");
    expect(await edit(question?.id ?? 0)).toBe("Bad Request: message can't be edited");
    const { message_id } = await bot.api.sendMessage(chat.id, "old");
    telegram.userDeletes(chat.messages.at(-1)!);
    expect(await edit(message_id)).toBe("Bad Request: message to edit not found");
  });

  test("needs the kind of message that it edits", async () => {
    const { chat } = await aPrivateChat();
    const text = await bot.api.sendMessage(chat.id, "words");
    const photo = await bot.api.sendPhoto(chat.id, await anUpload());
    expect(await refusal(bot.api.editMessageText(chat.id, photo.message_id, "x"))).toBe(
      "Bad Request: there is no text in the message to edit",
    );
    const edit = bot.api.editMessageCaption(chat.id, text.message_id, { caption: "x" });
    expect(await refusal(edit)).toBe("Bad Request: there is no caption in the message to edit");
  });

  test("leaves a message alone that forces a reply", async () => {
    const { chat } = await aPrivateChat();
    const reply_markup = { force_reply: true, input_field_placeholder: "a cat" } as const;
    const { message_id } = await bot.api.sendMessage(chat.id, "What?", { reply_markup });
    expect(chat.ofBot[0]?.markup).toMatchObject({ kind: "force-reply", placeholder: "a cat" });
    expect(await refusal(bot.api.editMessageText(chat.id, message_id, "x"))).toBe(
      "Bad Request: message can't be edited",
    );
  });

  test("has the limits of a message, in other words", async () => {
    const { chat } = await aPrivateChat();
    const text = await bot.api.sendMessage(chat.id, "words");
    const edit = bot.api.editMessageText(chat.id, text.message_id, "x".repeat(4097));
    expect(await refusal(edit)).toBe("Bad Request: MESSAGE_TOO_LONG");
    const photo = await bot.api.sendPhoto(chat.id, await anUpload());
    const caption = { caption: "x".repeat(1025) };
    expect(await refusal(bot.api.editMessageCaption(chat.id, photo.message_id, caption))).toBe(
      "Bad Request: MEDIA_CAPTION_TOO_LONG",
    );
    const media = InputMediaBuilder.photo(await anUpload(), caption);
    expect(await refusal(bot.api.editMessageMedia(chat.id, photo.message_id, media))).toBe(
      "Bad Request: message caption is too long",
    );
  });

  test("changes the caption or the keyboard alone", async () => {
    const { chat } = await aPrivateChat();
    const { message_id } = await bot.api.sendPhoto(chat.id, await anUpload(), { caption: "one" });
    const reply_markup = new InlineKeyboard().text("Again", "a");
    await bot.api.editMessageCaption(chat.id, message_id, { caption: "two", reply_markup });
    expect(chat.ofBot).toMatchObject([{ caption: "two", keyboard: [[{ text: "Again" }]] }]);
    await bot.api.editMessageReplyMarkup(chat.id, message_id);
    expect(chat.ofBot).toMatchObject([{ caption: "two", keyboard: [] }]);
  });
});

describe("a deletion", () => {
  test("takes the message out of the chat, once", async () => {
    const { chat } = await aPrivateChat();
    const { message_id } = await bot.api.sendMessage(chat.id, "x");
    await bot.api.deleteMessage(chat.id, message_id);
    expect(chat.ofBot).toEqual([]);
    expect(chat.messages.at(-1)).toMatchObject({ id: message_id, deleted: true });
    expect(await refusal(bot.api.deleteMessage(chat.id, message_id))).toBe(
      "Bad Request: message to delete not found",
    );
  });

  test("comes too late after 48 hours", async () => {
    const { chat } = await aPrivateChat();
    const group = telegram.addGroup({ supergroup: true });
    const here = await bot.api.sendMessage(chat.id, "x");
    const there = await bot.api.sendMessage(group, "x");
    telegram.clock.advance(48 * hour + 1000);
    expect(await refusal(bot.api.deleteMessage(chat.id, here.message_id))).toBe(
      "Bad Request: message can't be deleted for everyone",
    );
    expect(await refusal(bot.api.deleteMessage(group, there.message_id))).toBe(
      "Bad Request: message can't be deleted",
    );
    expect(await refusal(bot.api.editMessageText(chat.id, here.message_id, "deleted"))).toBe(
      "accepted",
    );
  });

  test("of what others wrote needs an administrator", async () => {
    const ann = telegram.addUser();
    const plain = telegram.addGroup({ members: [ann], supergroup: true });
    const ruled = telegram.addGroup({ members: [ann], supergroup: true, bot: "administrator" });
    const basic = telegram.addGroup({ members: [ann] });
    const remove = async (chatId: number) => {
      const { id } = await telegram.userSays(chatId, { from: ann, text: "/draw" });
      return refusal(bot.api.deleteMessage(chatId, id));
    };
    expect(await remove(plain)).toBe("Bad Request: message can't be deleted");
    expect(await remove(basic)).toBe("Bad Request: message can't be deleted for everyone");
    expect(await remove(ruled)).toBe("accepted");
  });

  test("of several passes over those that are not there", async () => {
    const { chat } = await aPrivateChat();
    const { message_id } = await bot.api.sendMessage(chat.id, "x");
    await bot.api.deleteMessages(chat.id, [message_id, 900]);
    expect(chat.ofBot).toEqual([]);
  });
});

describe("a photo", () => {
  const send = async (file: InputFile | string) => {
    const { chat } = await aPrivateChat();
    return refusal(bot.api.sendPhoto(chat.id, file));
  };

  test("is decoded, comes back in several sizes and can be sent again by its id", async () => {
    const { chat } = await aPrivateChat();
    const bytes = await aPicture(1536, 2048, "jpeg");
    const { photo } = await bot.api.sendPhoto(chat.id, new InputFile(bytes, "a.jpg"), {
      has_spoiler: true,
    });
    const sides = photo.map(({ width, height }) => [width, height]);
    expect(sides).toEqual([
      [68, 90],
      [240, 320],
      [600, 800],
      [960, 1280],
    ]);
    const again = await bot.api.sendPhoto(chat.id, photo[0]?.file_id ?? "");
    expect(again.photo).toEqual(photo);
    expect(chat.ofBot[0]).toMatchObject({
      spoiler: true,
      photo: { width: 1536, height: 2048, bytes: new Uint8Array(bytes) },
    });
    expect(chat.ofBot[1]?.photo).toBe(chat.ofBot[0]?.photo);
  });

  test("is downloaded as JPEG of the asked size", async () => {
    const { chat } = await aPrivateChat();
    const sent = await bot.api.sendPhoto(chat.id, new InputFile(await aPicture(400, 200), "a.png"));
    const file = await bot.api.getFile(sent.photo[1]?.file_id ?? "");
    const url = `${telegram.url}/file/bot${telegram.token}/${file.file_path ?? ""}`;
    const bytes = await (await fetch(url)).arrayBuffer();
    expect(await sharp(bytes).metadata()).toMatchObject({ format: "jpeg", width: 320 });
    expect(file.file_size).toBe(bytes.byteLength);
  });

  test("has at most 10000 pixels of width and height together and a ratio of at most 20", async () => {
    const picture = async (width: number, height: number) =>
      new InputFile(await aPicture(width, height), "a.png");
    expect(await send(await picture(5000, 5000))).toBe("accepted");
    expect(await send(await picture(5001, 5000))).toBe("Bad Request: PHOTO_INVALID_DIMENSIONS");
    expect(await send(await picture(2000, 100))).toBe("accepted");
    expect(await send(await picture(2001, 100))).toBe("Bad Request: PHOTO_INVALID_DIMENSIONS");
  });

  test("has at most 10 MB", async () => {
    expect(await send(new InputFile(Buffer.alloc(10 * 1024 * 1024 + 1), "a.png"))).toBe(
      "Bad Request: file of size 10485761 bytes is too big for a photo; the maximum size is 10485760 bytes",
    );
  });

  test("is a whole picture", async () => {
    const whole = await sharp(await aPicture(600, 600, "jpeg"))
      .linear([1], [3])
      .png()
      .toBuffer();
    expect(await send(new InputFile(Buffer.from("rubbish"), "a.png"))).toBe(
      "Bad Request: IMAGE_PROCESS_FAILED",
    );
    expect(await send(new InputFile(whole.subarray(0, whole.length / 2), "a.png"))).toBe(
      "Bad Request: IMAGE_PROCESS_FAILED",
    );
    expect(await send(new InputFile(Buffer.alloc(0), "a.png"))).toBe(
      "Bad Request: file must be non-empty",
    );
    expect(await send(await anUpload("cat.txt"))).toBe(
      "Bad Request: photo has unsupported extension. Use one of .jpg, .jpeg, .gif, .png, .tif or .bmp",
    );
  });

  test("is not found by an id that is wrong or of another kind", async () => {
    const { chat } = await aPrivateChat();
    const { document } = await bot.api.sendDocument(chat.id, await anUpload());
    const unknown = Buffer.from([1, 2, 3, 4]).toString("base64url");
    expect(await send(unknown)).toBe("Bad Request: wrong file identifier/HTTP URL specified");
    expect(await send("nonsense!")).toContain("wrong remote file identifier specified");
    expect(await send(document.file_id)).toBe(
      "Bad Request: can't use file of type Document as Photo",
    );
    expect(await send("https://pictures.example/cat.jpg")).toBe(
      "Bad Request: failed to get HTTP URL content",
    );
    expect(await refusal(bot.api.getFile("nonsense"))).toBe("Bad Request: invalid file_id");
  });

  test("is fetched from an address by who can", async () => {
    const bytes = await aPicture();
    const headers = { "content-type": "image/png" };
    await begin({ fetch: async () => new Response(new Uint8Array(bytes), { headers }) });
    expect(await send("https://pictures.example/cat.png")).toBe("accepted");
  });

  test("has a caption of at most 1024 characters", async () => {
    const { chat } = await aPrivateChat();
    const caption = async (text: string) =>
      refusal(bot.api.sendPhoto(chat.id, await anUpload(), { caption: text }));
    expect(await caption("😀".repeat(1024))).toBe("accepted");
    expect(await caption("x".repeat(1025))).toBe("Bad Request: message caption is too long");
  });
});

describe("a document", () => {
  test("keeps its bytes and its name", async () => {
    const { chat } = await aPrivateChat();
    const bytes = await aPicture();
    const { document } = await bot.api.sendDocument(chat.id, new InputFile(bytes, "zi-1.png"));
    expect(document).toMatchObject({ file_name: "zi-1.png", mime_type: "image/png" });
    const { file_path } = await bot.api.getFile(document.file_id);
    const url = `${telegram.url}/file/bot${telegram.token}/${file_path ?? ""}`;
    expect(Buffer.from(await (await fetch(url)).arrayBuffer())).toEqual(bytes);
    expect(chat.ofBot).toMatchObject([{ document: { fileName: "zi-1.png" } }]);
  });

  test("becomes a sticker without a caption when it is a WebP", async () => {
    const { chat } = await aPrivateChat();
    const webp = new InputFile(await aPicture(64, 64, "webp"), "a.webp");
    await bot.api.sendDocument(chat.id, webp, { caption: "lost" });
    expect(chat.ofBot[0]).toMatchObject({ document: undefined, caption: undefined });
    expect(chat.ofBot[0]?.sticker).toMatchObject({ width: 64 });
  });

  test("has at most 50 MB", async () => {
    const { chat } = await aPrivateChat();
    const big = new InputFile(Buffer.alloc(50 * 1024 * 1024 + 100_000), "a.bin");
    expect(await refusal(bot.api.sendDocument(chat.id, big))).toBe("Request Entity Too Large");
  });

  test("is downloaded up to 20 MB", async () => {
    const { chat } = await aPrivateChat();
    const big = new InputFile(Buffer.alloc(20 * 1024 * 1024 + 1), "a.bin");
    const { document } = await bot.api.sendDocument(chat.id, big);
    expect(await refusal(bot.api.getFile(document.file_id))).toBe("Bad Request: file is too big");
  });
});

describe("an album", () => {
  const photos = async (count: number) =>
    Promise.all(
      Array.from({ length: count }, async (_, at) =>
        InputMediaBuilder.photo(await anUpload(`${at}.png`), { caption: `picture ${at}` }),
      ),
    );

  test("is several messages that belong together, without a keyboard", async () => {
    const { chat } = await aPrivateChat();
    const [question] = chat.messages;
    const reply_parameters = { message_id: question?.id ?? 0 };
    await bot.api.sendMediaGroup(chat.id, await photos(4), { reply_parameters });
    expect(new Set(chat.ofBot.map(({ albumId }) => albumId)).size).toBe(1);
    expect(chat.ofBot.map(({ caption }) => caption)).toEqual([
      "picture 0",
      "picture 1",
      "picture 2",
      "picture 3",
    ]);
    expect(chat.ofBot.every(({ albumId, keyboard }) => albumId && keyboard.length === 0)).toBe(
      true,
    );
    expect(chat.ofBot[3]?.replyTo).toBe(question);
  });

  test("has two to ten items of one kind", async () => {
    const { chat } = await aPrivateChat();
    const send = (media: Parameters<typeof bot.api.sendMediaGroup>[1]) =>
      refusal(bot.api.sendMediaGroup(chat.id, media));
    expect(await send(await photos(1))).toBe("Bad Request: media must include 2-10 items");
    expect(await send(await photos(11))).toBe("Bad Request: too many messages to send as an album");
    const mixed = [...(await photos(1)), InputMediaBuilder.document(await anUpload())];
    // The types forbid the mixture, the wire does not.
    expect(await send(mixed as never)).toBe(
      "Bad Request: document can't be mixed with other media types",
    );
    expect(chat.ofBot).toEqual([]);
  });

  test("is sent whole or not at all", async () => {
    const { chat } = await aPrivateChat();
    const rubbish = InputMediaBuilder.photo(new InputFile(Buffer.from("rubbish"), "b.png"));
    const media = [...(await photos(1)), rubbish];
    expect(await refusal(bot.api.sendMediaGroup(chat.id, media))).toBe(
      'Bad Request: failed to send message #2 with the error message "IMAGE_PROCESS_FAILED"',
    );
    expect(chat.ofBot).toEqual([]);
  });

  test("takes no buttons and no other kind of file by an edit", async () => {
    const { chat } = await aPrivateChat();
    const [first] = await bot.api.sendMediaGroup(chat.id, await photos(2));
    const reply_markup = new InlineKeyboard().text("A", "a");
    const id = first?.message_id ?? 0;
    const edit = bot.api.editMessageReplyMarkup(chat.id, id, { reply_markup });
    expect(await refusal(edit)).toBe("Bad Request: REPLY_MARKUP_INVALID");
    const media = InputMediaBuilder.document(await anUpload());
    expect(await refusal(bot.api.editMessageMedia(chat.id, id, media))).toBe(
      "Bad Request: can't change media type in the album",
    );
  });
});

describe("a reply", () => {
  test("needs its message, unless the bot does without", async () => {
    const { chat } = await aPrivateChat();
    const send = (allow_sending_without_reply: boolean) =>
      refusal(
        bot.api.sendMessage(chat.id, "x", {
          reply_parameters: { message_id: 77, allow_sending_without_reply },
        }),
      );
    expect(await send(false)).toBe("Bad Request: message to be replied not found");
    expect(await send(true)).toBe("accepted");
    expect(chat.ofBot).toMatchObject([{ replyTo: undefined }]);
  });

  test("to a message that was deleted finds nothing", async () => {
    const { chat } = await aPrivateChat();
    const [question] = chat.messages;
    telegram.userDeletes(question!);
    const reply_parameters = { message_id: question?.id ?? 0 };
    expect(await refusal(bot.api.sendMessage(chat.id, "x", { reply_parameters }))).toBe(
      "Bad Request: message to be replied not found",
    );
  });
});

describe("a forum", () => {
  test("has topics, and a message stays in the one it is sent to", async () => {
    const ann = telegram.addUser();
    const forum = telegram.addGroup({ forum: true, members: [ann] });
    const topic = telegram.addTopic(forum, "Cats");
    await bot.api.sendMessage(forum, "in cats", { message_thread_id: topic });
    await bot.api.sendMessage(forum, "in general");
    expect(telegram.chat(forum).ofBot).toMatchObject([
      { text: "in cats", topicId: topic },
      { text: "in general", topicId: undefined },
    ]);
  });

  test("does not know other topics, nor the general one by number", async () => {
    const forum = telegram.addGroup({ forum: true });
    const { chat } = await aPrivateChat();
    const send = (chatId: number, message_thread_id: number) =>
      refusal(bot.api.sendMessage(chatId, "x", { message_thread_id }));
    expect(await send(forum, 1)).toBe("Bad Request: message thread not found");
    expect(await send(forum, 55)).toBe("Bad Request: message thread not found");
    expect(await send(chat.id, 5)).toBe("Bad Request: message thread not found");
    expect(await send(telegram.addGroup({ supergroup: true }), 5)).toBe("accepted");
  });

  test("tells the topic of a message, which seems to answer the topic's first message", async () => {
    const ann = telegram.addUser();
    const forum = telegram.addGroup({ forum: true, members: [ann] });
    const topic = telegram.addTopic(forum, "Cats");
    await telegram.userSays(forum, { from: ann, text: "/draw a cat", topic });
    expect(telegram.pendingUpdates.at(-1)).toMatchObject({
      message: {
        is_topic_message: true,
        message_thread_id: topic,
        reply_to_message: { message_id: topic, forum_topic_created: { name: "Cats" } },
      },
    });
  });
});

test("a supergroup without topics tells threads of replies that are no topics", async () => {
  const ann = telegram.addUser();
  const group = telegram.addGroup({ supergroup: true, members: [ann] });
  const first = await telegram.userSays(group, { from: ann, text: "/draw" });
  await telegram.userSays(group, { from: ann, text: "/draw", replyTo: first });
  const { message } = telegram.pendingUpdates.at(-1) as { message: Record<string, unknown> };
  expect(message).toMatchObject({ message_thread_id: first.id });
  expect(message).not.toHaveProperty("is_topic_message");
});

describe("a place", () => {
  const write = (chatId: number | string) => refusal(bot.api.sendMessage(chatId, "x"));

  test("is out of reach where the bot is not wanted", async () => {
    const { user } = await aPrivateChat();
    telegram.userBlocksBot(user);
    expect(await write(user.id)).toBe("Forbidden: bot was blocked by the user");
    telegram.userUnblocksBot(user);
    expect(await write(user.id)).toBe("accepted");
  });

  test("throws the bot out", async () => {
    const basic = telegram.addGroup();
    const big = telegram.addGroup({ supergroup: true });
    telegram.kickBot(basic);
    telegram.kickBot(big);
    expect(await write(basic)).toBe("Forbidden: bot was kicked from the group chat");
    expect(await write(big)).toBe("Forbidden: bot was kicked from the supergroup chat");
    expect(await write(telegram.addGroup({ supergroup: true, bot: "left" }))).toBe(
      "Forbidden: bot is not a member of the supergroup chat",
    );
    expect(telegram.pendingUpdates).toMatchObject([
      { my_chat_member: { chat: { id: basic }, new_chat_member: { status: "kicked" } } },
      { my_chat_member: { chat: { id: big } } },
    ]);
  });

  test("is not known before somebody writes", async () => {
    const stranger = telegram.addUser();
    const member = telegram.addUser();
    telegram.addGroup({ members: [member] });
    expect(await write(stranger.id)).toBe("Bad Request: chat not found");
    expect(await write(member.id)).toBe("Forbidden: bot can't initiate conversation with a user");
    expect(await write(-1_009_999)).toBe("Bad Request: chat not found");
  });

  test("moves when a group becomes a supergroup, and says where to", async () => {
    const group = telegram.addGroup({ members: [telegram.addUser()] });
    const next = telegram.migrateGroup(group);
    const { body } = await raw("sendMessage", { chat_id: group, text: "x" });
    expect(body).toEqual({
      ok: false,
      error_code: 400,
      description: "Bad Request: group chat was upgraded to a supergroup chat",
      parameters: { migrate_to_chat_id: next },
    });
    expect(await write(next)).toBe("accepted");
    expect(telegram.pendingUpdates).toMatchObject([
      { message: { chat: { id: group }, migrate_to_chat_id: next } },
      { message: { chat: { id: next }, migrate_from_chat_id: group } },
    ]);
  });

  test("has a name to call it by, and members", async () => {
    const [owner, admin, ann] = [telegram.addUser(), telegram.addUser(), telegram.addUser()];
    const group = telegram.addGroup({
      title: "Artists",
      username: "artists",
      supergroup: true,
      admins: [owner, admin],
      members: [ann],
    });
    expect(await write("@artists")).toBe("accepted");
    expect(await bot.api.getChat(group)).toMatchObject({ title: "Artists", type: "supergroup" });
    const admins = await bot.api.getChatAdministrators(group);
    expect(admins.map(({ status, user }) => [status, user.id])).toEqual([
      ["creator", owner.id],
      ["administrator", admin.id],
    ]);
    expect(await bot.api.getChatMember(group, ann.id)).toMatchObject({ status: "member" });
    expect(await bot.api.getChatMember(group, telegram.botInfo.id)).toMatchObject({
      status: "member",
    });
    expect(await refusal(bot.api.getChatMember(group, 99))).toBe(
      "Bad Request: PARTICIPANT_ID_INVALID",
    );
    expect(await refusal(bot.api.getChatAdministrators(owner.id))).toBe(
      "Bad Request: there are no administrators in the private chat",
    );
  });

  test("may be a channel, where the bot writes as the channel", async () => {
    const channel = telegram.addGroup({ channel: true, title: "Store" });
    const sent = await bot.api.sendPhoto(channel, await anUpload());
    expect(sent).toMatchObject({ sender_chat: { id: channel } });
    expect(sent).not.toHaveProperty("from");
    expect(telegram.chat(channel).messages).toMatchObject([{ from: undefined }]);
    expect(await write(telegram.addGroup({ channel: true, bot: "member" }))).toBe(
      "Bad Request: need administrator rights in the channel chat",
    );
  });

  test("shows what the bot is doing for five seconds, or until its message comes", async () => {
    const { chat } = await aPrivateChat();
    await bot.api.sendChatAction(chat.id, "upload_photo");
    expect(chat.activity).toBe("upload_photo");
    telegram.clock.advance(5_001);
    expect(chat.activity).toBeUndefined();
    await bot.api.sendChatAction(chat.id, "upload_photo");
    await bot.api.sendMessage(chat.id, "x");
    expect(chat.activity).toBeUndefined();
    expect(chat.actions).toHaveLength(2);
    const { body } = await raw("sendChatAction", { chat_id: chat.id, action: "yawn" });
    expect(body["description"]).toBe("Bad Request: wrong parameter action in request");
  });
});

describe("long polling", () => {
  test("tells the bot what people write", async () => {
    const { user, chat } = await aPrivateChat();
    bot.command("draw", (ctx) => ctx.reply(`${ctx.from?.language_code ?? ""}: ${ctx.match}`));
    poll();
    await telegram.userSays(user.id, { text: "/draw a cat" });
    await telegram.until(() => chat.ofBot.length === 1);
    expect(chat.ofBot[0]?.text).toBe("en: a cat");
  });

  test("tells photos with their captions", async () => {
    const { user, chat } = await aPrivateChat();
    bot.on("message:photo", async (ctx) => {
      const file = await ctx.getFile();
      await ctx.reply(`${ctx.message.caption ?? ""} ${file.file_path ?? ""}`);
    });
    poll();
    await telegram.userSays(user.id, { photo: await aPicture(), caption: "/draw it older" });
    const [answer] = await telegram.until(() => chat.ofBot.length > 0 && chat.ofBot);
    expect(answer?.text).toMatch(/^\/draw it older photos\/file_\d+\.jpg$/);
  });

  test("delivers again what was fetched but not confirmed, after a restart too", async () => {
    const { user } = await aPrivateChat();
    await telegram.userSays(user.id, { text: "one" });
    const fetched = await bot.api.getUpdates();
    expect(fetched).toHaveLength(2);
    expect(await aBot().api.getUpdates()).toEqual(fetched);
    const next = (fetched.at(-1)?.update_id ?? 0) + 1;
    expect(await bot.api.getUpdates({ offset: next })).toEqual([]);
    expect(telegram.pendingUpdates).toEqual([]);
  });

  test("confirms one by one, keeps the newest for a negative offset, and limits", async () => {
    const { user } = await aPrivateChat();
    for (const text of ["a", "b", "c"]) await telegram.userSays(user.id, { text });
    const [first] = await bot.api.getUpdates({ limit: 1 });
    await bot.api.getUpdates({ offset: (first?.update_id ?? 0) + 1, limit: 1 });
    expect(telegram.pendingUpdates).toHaveLength(3);
    const newest = await bot.api.getUpdates({ offset: -1 });
    expect(newest).toMatchObject([{ message: { text: "c" } }]);
    expect(telegram.pendingUpdates).toHaveLength(1);
  });

  test("waits for the next update", async () => {
    const { user } = await aPrivateChat();
    await bot.api.getUpdates({ offset: -1 });
    const [last] = await bot.api.getUpdates();
    const waiting = bot.api.getUpdates({ offset: (last?.update_id ?? 0) + 1, timeout: 30 });
    await telegram.until(() => telegram.callsOf("getUpdates").length === 3);
    await telegram.userSays(user.id, { text: "now" });
    expect(await waiting).toMatchObject([{ message: { text: "now" } }]);
  });

  test("ends an older poll with a conflict", async () => {
    const older = refusal(bot.api.getUpdates({ timeout: 30 }));
    await telegram.until(() => telegram.callsOf("getUpdates").length === 1);
    const newer = bot.api.getUpdates({ timeout: 30 });
    expect(await older).toBe(
      "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    );
    await aPrivateChat();
    expect(await newer).toMatchObject([{ message: { text: "/start" } }]);
  });

  test("keeps what came after a waiting bot was gone", async () => {
    const dead = new AbortController();
    // grammY brings the signal types of another package.
    const poll = bot.api.getUpdates({ timeout: 30 }, dead.signal as never);
    await telegram.until(() => telegram.callsOf("getUpdates").length === 1);
    dead.abort();
    await expect(poll).rejects.toThrow("Network request");
    await telegram.until(() => telegram.callsOf("getUpdates")[0]?.endedAt);
    await aPrivateChat();
    expect(await bot.api.getUpdates({ timeout: 30 })).toMatchObject([{ message: {} }]);
  });

  test("tells edits and deletes nothing", async () => {
    const { user } = await aPrivateChat();
    const message = await telegram.userSays(user.id, { text: "/draw a cta" });
    telegram.userEdits(message, "/draw a cat");
    telegram.userDeletes(message);
    expect(telegram.pendingUpdates.slice(1)).toMatchObject([
      { message: { text: "/draw a cta" } },
      { edited_message: { text: "/draw a cat", message_id: message.id } },
    ]);
  });

  test("sends only the kinds that the bot asked for", async () => {
    await bot.api.getUpdates({ allowed_updates: ["callback_query"] });
    const { user } = await aPrivateChat();
    expect(telegram.pendingUpdates).toEqual([]);
    await bot.api.getUpdates({ allowed_updates: [] });
    await telegram.userSays(user.id, { text: "hi" });
    expect(telegram.pendingUpdates).toHaveLength(1);
  });

  test("forgets after a day", async () => {
    await aPrivateChat();
    telegram.clock.advance(24 * hour + 1);
    expect(await bot.api.getUpdates()).toEqual([]);
  });

  test("goes on after the platform was down", async () => {
    const { user, chat } = await aPrivateChat();
    bot.on("message:text", (ctx) => ctx.reply(ctx.message.text));
    poll();
    await telegram.until(() => telegram.callsOf("sendMessage")[0]?.endedAt);
    await telegram.down();
    await expect(fetch(telegram.url)).rejects.toThrow("fetch failed");
    await telegram.userSays(user.id, { text: "meanwhile" });
    await telegram.up();
    await telegram.until(() => chat.ofBot.some(({ text }) => text === "meanwhile"));
  });
});

describe("privacy mode", () => {
  const seen = async (saying: Parameters<Telegram["userSays"]>[1], bot?: "administrator") => {
    const ann = telegram.addUser();
    const group = telegram.addGroup({ members: [ann], ...(bot && { bot }) });
    const before = telegram.pendingUpdates.length;
    await telegram.userSays(group, { from: ann, ...saying });
    return telegram.pendingUpdates.length > before;
  };

  test("lets the bot see commands only, unless it is an administrator", async () => {
    expect(await seen({ text: "a cat" })).toBe(false);
    expect(await seen({ text: "/draw a cat" })).toBe(true);
    expect(await seen({ text: "/draw@Drawbridge_Bot a cat" })).toBe(true);
    expect(await seen({ text: "/draw@other_bot a cat" })).toBe(false);
    expect(await seen({ photo: await aPicture(), caption: "/draw it" })).toBe(true);
    expect(await seen({ text: "a cat" }, "administrator")).toBe(true);
  });

  test("lets the bot see answers to itself", async () => {
    const ann = telegram.addUser();
    const group = telegram.addGroup({ members: [ann] });
    await bot.api.sendMessage(group, "What shall I draw?");
    const replyTo = telegram.chat(group).ofBot[0]!;
    await telegram.userSays(group, { from: ann, text: "a cat", replyTo });
    expect(telegram.pendingUpdates).toMatchObject([{ message: { text: "a cat" } }]);
  });

  test("can be off", async () => {
    await begin({ privacyMode: false });
    expect(await seen({ text: "a cat" })).toBe(true);
  });
});

describe("a press", () => {
  async function aButton() {
    const { user, chat } = await aPrivateChat();
    const reply_markup = new InlineKeyboard().text("Again", "again:zi-1");
    await bot.api.sendMessage(chat.id, "x", { reply_markup });
    return { user, message: chat.ofBot[0]! };
  }

  test("reaches the bot, whose answer the person sees", async () => {
    const { user, message } = await aButton();
    bot.on("callback_query:data", (ctx) =>
      ctx.answerCallbackQuery(`got ${ctx.callbackQuery.data}`),
    );
    poll();
    const press = telegram.userPresses(message, "Again", user);
    const answer = await telegram.until(() => press.answer);
    expect(answer).toMatchObject({ text: "got again:zi-1", alert: false });
  });

  test("is answered once, in time, in 200 characters", async () => {
    const { user, message } = await aButton();
    const tooOld =
      "Bad Request: query is too old and response timeout expired or query ID is invalid";
    const press = telegram.userPresses(message, "again:zi-1", user);
    const answer = (id: string, text = "") => refusal(bot.api.answerCallbackQuery(id, { text }));
    expect(await answer(press.id, "x".repeat(201))).toBe("Bad Request: MESSAGE_TOO_LONG");
    expect(await answer(press.id)).toBe("accepted");
    expect(await answer(press.id)).toBe(tooOld);
    expect(await answer("123")).toBe(tooOld);
    const late = telegram.userPresses(message, "Again", user);
    telegram.clock.advance(60_000);
    expect(await answer(late.id)).toBe(tooOld);
  });

  test("needs a button that is there", async () => {
    const { user, message } = await aButton();
    expect(() => telegram.userPresses(message, "Cancel", user)).toThrow(
      'There is no button "Cancel" to press; there are: "Again".',
    );
  });
});

describe("inline mode", () => {
  const words = (id: string) =>
    InlineQueryResultBuilder.article(id, "Draw", {
      reply_markup: new InlineKeyboard().text("…", "wait"),
    }).text("Drawing …");

  test("offers results and turns the chosen one into a picture by its stored file", async () => {
    const ann = telegram.addUser();
    const store = telegram.addGroup({ channel: true });
    const elsewhere = telegram.addConversation(ann, telegram.addUser());
    bot.on("inline_query", (ctx) => ctx.answerInlineQuery([words("draw")]));
    bot.on("chosen_inline_result", async (ctx) => {
      const { photo } = await ctx.api.sendPhoto(store, await anUpload());
      const media = InputMediaBuilder.photo(photo.at(-1)?.file_id ?? "", { caption: "a cat" });
      await ctx.editMessageMedia(media);
    });
    poll();
    const query = telegram.userTypesInline("a cat", ann);
    await telegram.until(() => query.answer);
    const message = await telegram.userChoosesInline("draw", { query, chatId: elsewhere });
    expect(message).toMatchObject({ text: "Drawing …", from: ann, viaBot: true });
    await telegram.until(() => message.photo);
    expect(message).toMatchObject({ text: undefined, caption: "a cat", edits: 1 });
    expect(await refusal(bot.api.getChat(elsewhere))).toBe("Bad Request: chat not found");
  });

  test("takes no uploads into an inline message", async () => {
    const ann = telegram.addUser();
    const query = telegram.userTypesInline("a cat", ann);
    await bot.api.answerInlineQuery(query.id, [words("draw")]);
    const message = await telegram.userChoosesInline("draw", { query, chatId: ann.id });
    const media = InputMediaBuilder.photo(await anUpload());
    const id = message.inlineMessageId ?? "";
    expect(await refusal(bot.api.editMessageMediaInline(id, media))).toBe(
      "Bad Request: invalid message content specified",
    );
    expect(await refusal(bot.api.editMessageTextInline("nonsense", "x"))).toBe(
      "Bad Request: MESSAGE_ID_INVALID",
    );
    expect(await bot.api.editMessageTextInline(id, "x")).toBe(true);
  });

  test("tells the id of the message only where it has buttons, and nothing without feedback", async () => {
    await begin({ inlineFeedback: false });
    const ann = telegram.addUser();
    const query = telegram.userTypesInline("a cat", ann);
    await bot.api.answerInlineQuery(query.id, [words("draw")]);
    await telegram.userChoosesInline("draw", { query, chatId: telegram.addConversation(ann, ann) });
    expect(telegram.pendingUpdates).toMatchObject([{ inline_query: { query: "a cat" } }]);

    await begin();
    const bob = telegram.addUser();
    const other = telegram.userTypesInline("a cat", bob);
    const plain = InlineQueryResultBuilder.article("draw", "Draw").text("Drawing …");
    await bot.api.answerInlineQuery(other.id, [plain]);
    const chatId = telegram.addConversation(bob, bob);
    await telegram.userChoosesInline("draw", { query: other, chatId });
    const last = telegram.pendingUpdates.at(-1) as { chosen_inline_result: object };
    expect(last.chosen_inline_result).toMatchObject({ result_id: "draw", from: { id: bob.id } });
    expect(last.chosen_inline_result).not.toHaveProperty("inline_message_id");
  });

  test("keeps answers for everybody unless they are personal", async () => {
    const [ann, bob] = [telegram.addUser(), telegram.addUser()];
    const first = telegram.userTypesInline("", ann);
    await bot.api.answerInlineQuery(first.id, [words("a")], { is_personal: true });
    expect(telegram.userTypesInline("", ann).cached).toBe(true);
    const second = telegram.userTypesInline("", bob);
    expect(second.cached).toBe(false);
    await bot.api.answerInlineQuery(second.id, [words("b")], { cache_time: 10 });
    expect(telegram.userTypesInline("", telegram.addUser()).answer?.results).toHaveLength(1);
    telegram.clock.advance(10_001);
    expect(telegram.userTypesInline("", bob).cached).toBe(false);
  });

  test("shows known photos only", async () => {
    const { chat, user } = await aPrivateChat();
    const { photo } = await bot.api.sendPhoto(chat.id, await anUpload());
    const offer = (fileId: string) => {
      const { id } = telegram.userTypesInline(fileId, user);
      const result = InlineQueryResultBuilder.photoCached("p", fileId);
      return refusal(bot.api.answerInlineQuery(id, [result]));
    };
    expect(await offer(photo[0]?.file_id ?? "")).toBe("accepted");
    expect(await offer("nonsense")).toBe(
      "Bad Request: can't parse inline query result: Wrong remote file identifier specified: can't unserialize it",
    );
  });

  test("has at most fifty results with ids of their own, answered once and in time", async () => {
    const ann = telegram.addUser();
    const answer = (id: string, ids: readonly string[]) =>
      refusal(bot.api.answerInlineQuery(id, ids.map(words)));
    const { id } = telegram.userTypesInline("many", ann);
    const many = Array.from({ length: 51 }, (_, at) => `r${at}`);
    expect(await answer(id, many)).toBe("Bad Request: too many inline query results specified");
    expect(await answer(id, ["a", "a"])).toBe("Bad Request: RESULT_ID_DUPLICATE");
    expect(await answer(id, ["é".repeat(33)])).toBe("Bad Request: RESULT_ID_INVALID");
    expect(await answer(id, many.slice(0, 50))).toBe("accepted");
    expect(await answer(id, ["a"])).toContain("query is too old");
    const late = telegram.userTypesInline("late", ann);
    telegram.clock.advance(60_000);
    expect(await answer(late.id, ["a"])).toContain("query is too old");
  });
});

describe("commands", () => {
  test("are kept per scope and language", async () => {
    const commands = [{ command: "draw", description: "Draws" }];
    const scope = { type: "all_group_chats" } as const;
    await bot.api.setMyCommands(commands, { scope, language_code: "zh" });
    expect(await bot.api.getMyCommands({ scope, language_code: "zh" })).toEqual(commands);
    expect(await bot.api.getMyCommands()).toEqual([]);
    expect(telegram.commands(scope, "zh")).toEqual(commands);
    await bot.api.deleteMyCommands({ scope, language_code: "zh" });
    expect(telegram.commands(scope, "zh")).toEqual([]);
  });

  test.each([
    [[{ command: "Draw", description: "x" }], "BOT_COMMAND_INVALID"],
    [[{ command: "x".repeat(33), description: "x" }], "command length must not exceed 32"],
    [[{ command: "x", description: "" }], "command description must be non-empty"],
    [
      [{ command: "x", description: "x".repeat(257) }],
      "command description length must not exceed 256",
    ],
    [
      Array.from({ length: 101 }, (_, at) => ({ command: `x${at}`, description: "x" })),
      "BOT_COMMANDS_TOO_MUCH",
    ],
  ])("have limits: %#", async (commands, reason) => {
    expect(await refusal(bot.api.setMyCommands(commands))).toBe(`Bad Request: ${reason}`);
  });

  test("know languages by two letters", async () => {
    const body = { commands: [], language_code: "english" };
    expect((await raw("setMyCommands", body)).body["description"]).toBe(
      "Bad Request: invalid language code specified",
    );
  });

  test("go with descriptions", async () => {
    await bot.api.setMyDescription("Draws", { language_code: "en" });
    expect(await bot.api.getMyDescription({ language_code: "en" })).toEqual({
      description: "Draws",
    });
    await bot.api.setMyShortDescription("Draws");
    expect(await refusal(bot.api.setMyShortDescription("x".repeat(121)))).toBe(
      "Bad Request: ABOUT_TOO_LONG",
    );
  });
});

describe("flood control", () => {
  test("makes a chat wait, as told by 429, and auto-retry gets through", async () => {
    const { chat } = await aPrivateChat();
    const rule = { limit: 2, windowMs: 400 };
    telegram.flood.enable({
      rules: { ...platformRules, perChat: rule },
      retryAfterSeconds: 0.41,
    });
    bot.api.config.use(autoRetry());
    for (const text of ["a", "b", "c"]) await bot.api.sendMessage(chat.id, text);
    expect(chat.ofBot.map(({ text }) => text)).toEqual(["a", "b", "c"]);
    expect(telegram.flood.refusals).toMatchObject([{ chatId: chat.id, early: false }]);
  });

  test("counts edits, speaks in whole seconds, and notes who does not wait", async () => {
    const rules = { ...platformRules, perChat: { limit: 5, windowMs: 100_000 } };
    await begin({ flood: { rules, scale: 0.01 } });
    const group = telegram.addGroup();
    const { message_id } = await bot.api.sendMessage(group, "0");
    for (let count = 1; count < 5; count++) {
      await bot.api.editMessageText(group, message_id, String(count));
    }
    const edit = () => raw("editMessageText", { chat_id: group, message_id, text: "5" });
    const refused = await edit();
    expect(refused).toMatchObject({
      status: 429,
      body: { description: "Too Many Requests: retry after 1", parameters: { retry_after: 1 } },
    });
    await edit();
    expect(telegram.flood.refusals).toMatchObject([{ early: false }, { early: true }]);
    telegram.clock.advance(1_000);
    expect((await edit()).status).toBe(200);
  });

  test("counts twenty a minute in a group", async () => {
    await begin({ flood: true });
    const group = telegram.addGroup();
    for (let count = 0; count < 20; count++) {
      await bot.api.sendMessage(group, String(count));
      telegram.clock.advance(1_500);
    }
    const { body } = await raw("sendMessage", { chat_id: group, text: "x" });
    expect(body["parameters"]).toEqual({ retry_after: 30 });
    telegram.flood.disable();
    expect((await raw("sendMessage", { chat_id: group, text: "x" })).status).toBe(200);
  });
});

describe("trouble", () => {
  test("fails the next calls of a method as a test wants", async () => {
    const { chat } = await aPrivateChat();
    const failure = { code: 502, description: "Bad Gateway" };
    telegram.faults.failNext("sendMessage", failure, 2);
    expect(await refusal(bot.api.sendMessage(chat.id, "x"))).toBe("Bad Gateway");
    expect((await raw("sendMessage", { chat_id: chat.id, text: "x" })).status).toBe(502);
    expect(await refusal(bot.api.sendMessage(chat.id, "x"))).toBe("accepted");
    telegram.faults.floodNext("*", 7);
    expect(await refusal(bot.api.getMe())).toBe("Too Many Requests: retry after 7");
    expect(telegram.faults.left).toBe(0);
  });

  test("cuts the connection before or after the call had its effect", async () => {
    const { chat } = await aPrivateChat();
    telegram.faults.cutNext("sendMessage", "before");
    await expect(bot.api.sendMessage(chat.id, "before")).rejects.toThrow("Network request");
    telegram.faults.cutNext("sendMessage", "after");
    await expect(bot.api.sendMessage(chat.id, "after")).rejects.toThrow("Network request");
    expect(chat.ofBot.map(({ text }) => text)).toEqual(["after"]);
  });

  test("delays the next call", async () => {
    telegram.faults.delayNext("getMe", 60);
    const start = performance.now();
    await bot.api.getMe();
    expect(performance.now() - start).toBeGreaterThan(55);
  });

  test("says what a test waited for in vain", async () => {
    await expect(telegram.until(() => telegram.calls.length > 99, 30)).rejects.toThrow(
      "Nothing of the kind happened within 30 ms: () => telegram.calls.length > 99",
    );
  });
});

describe("a webhook", () => {
  /** The real grammY behind a plain HTTP server, which refuses as often as it is told to. */
  async function aWebhook(refusals = 0) {
    const handle = webhookCallback(bot, "http", { secretToken: "s3cret" });
    let left = refusals;
    const server = createServer((message, response) => {
      if (left-- > 0) response.writeHead(500).end();
      else void handle(message, response);
    });
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    running.push(() => server.close());
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  }

  test("receives updates with the secret, one after the other in a chat", async () => {
    const { user } = await aPrivateChat();
    const texts: string[] = [];
    let atOnce = 0;
    bot.on("message:text", async (ctx: Context) => {
      atOnce++;
      expect(atOnce).toBe(1);
      await ctx.replyWithChatAction("typing");
      texts.push(ctx.message?.text ?? "");
      atOnce--;
    });
    await bot.api.setWebhook(await aWebhook(), { secret_token: "s3cret" });
    for (const text of ["a", "b", "c"]) await telegram.userSays(user.id, { text });
    await telegram.until(() => texts.length === 4);
    expect(texts).toEqual(["/start", "a", "b", "c"]);
    expect(telegram.pendingUpdates).toEqual([]);
  });

  test("is tried again until it answers", async () => {
    await begin({ webhookRetryScale: 0.01 });
    const { chat } = await aPrivateChat();
    bot.on("message:text", (ctx) => ctx.reply("got it"));
    await bot.api.setWebhook(await aWebhook(3), { secret_token: "s3cret" });
    await telegram.until(() => chat.ofBot.length === 1);
    await telegram.until(() => telegram.pendingUpdates.length === 0);
    expect(telegram.deliveries.map(({ status }) => status)).toEqual([500, 500, 500, 200]);
    expect(await bot.api.getWebhookInfo()).toMatchObject({
      pending_update_count: 0,
      last_error_message: "Wrong response from the webhook: 500 Internal Server Error",
    });
  });

  test("gets nothing accepted with a wrong secret", async () => {
    await begin({ webhookRetryScale: 0 });
    await bot.api.setWebhook(await aWebhook(), { secret_token: "other" });
    await aPrivateChat();
    await telegram.until(() => telegram.deliveries.length > 0);
    expect(telegram.deliveries[0]?.status).toBe(401);
    await bot.api.deleteWebhook({ drop_pending_updates: true });
    expect(telegram.pendingUpdates).toEqual([]);
  });

  test("serves several chats at once, up to max_connections", async () => {
    const users = Array.from({ length: 4 }, () => telegram.addUser());
    let atOnce = 0;
    let most = 0;
    const waiting: (() => void)[] = [];
    bot.on("message:text", async () => {
      most = Math.max(most, ++atOnce);
      await new Promise<void>((resolve) => void waiting.push(resolve));
      atOnce--;
    });
    const url = await aWebhook();
    await bot.api.setWebhook(url, { secret_token: "s3cret", max_connections: 3 });
    for (const user of users) await telegram.userSays(user.id, { text: "x" });
    await telegram.until(() => waiting.length === 3);
    for (const go of waiting.splice(0)) go();
    await telegram.until(() => waiting.length === 1);
    for (const go of waiting.splice(0)) go();
    await telegram.until(() => telegram.pendingUpdates.length === 0);
    expect(most).toBe(3);
  });

  test("excludes polling, and has an address and a secret that can be", async () => {
    await bot.api.setWebhook("http://127.0.0.1:1/");
    expect(await refusal(bot.api.getUpdates())).toBe(
      "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    );
    expect(await bot.api.getWebhookInfo()).toMatchObject({ url: "http://127.0.0.1:1/" });
    await bot.api.setWebhook("");
    expect(await refusal(bot.api.getUpdates())).toBe("accepted");
    expect(await refusal(bot.api.setWebhook("nowhere"))).toBe(
      "Bad Request: invalid webhook URL specified",
    );
    const secret_token = "has spaces";
    expect(await refusal(bot.api.setWebhook("http://127.0.0.1:1/", { secret_token }))).toBe(
      "Bad Request: secret token contains unallowed characters",
    );
  });
});
