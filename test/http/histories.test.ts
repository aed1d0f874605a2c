import { randomBytes } from "node:crypto";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { parseConversation, parseJson } from "../../src/http/body.ts";
import { aDoor } from "../fakes/door.ts";
import { easel } from "../fakes/studio.ts";

const chats = "/v1/chat/completions";
const mebibyte = 1024 * 1024;
const wish = { role: "user", content: "a red fox" };

const base64 = (bytes: number) => randomBytes(bytes).toString("base64");
const photo = base64(5 * mebibyte);
const dataUrl = `data:image/jpeg;base64,${photo}`;

/** Conversations that hold pictures, as clients send them back. */
const histories: readonly (readonly [string, readonly object[]])[] = [
  [
    "our own answer with images",
    [
      { role: "user", content: "a fox" },
      {
        role: "assistant",
        content: "…",
        images: [{ type: "image_url", image_url: { url: dataUrl } }],
      },
      wish,
    ],
  ],
  [
    "a photo of the user",
    [
      {
        role: "user",
        content: [
          { type: "text", text: "what is this?" },
          { type: "image_url", image_url: { url: dataUrl } },
        ],
      },
      { role: "assistant", content: "A fox." },
      wish,
    ],
  ],
  [
    "a picture in Markdown, with escapes before and behind it",
    [
      { role: "user", content: "a fox" },
      { role: "assistant", content: `"\\ü\n![x](${dataUrl})\\"` },
      wish,
    ],
  ],
  ["three photos", [1, 2, 3].map(() => ({ role: "assistant", content: dataUrl })).concat([wish])],
  ["a text of the tool", [{ role: "tool", content: JSON.stringify({ image: dataUrl }) }, wish]],
];

describe("a conversation that holds pictures", () => {
  test.each(histories)("is read beyond 1 MiB: %s", async (_, messages) => {
    const { post, easel: painter } = aDoor();
    for (const stream of [false, true]) {
      const response = await post(chats, { model: "Z-Image", messages, stream });
      expect(response.status).toBe(200);
      expect(await response.text()).not.toContain("ℹ️");
    }
    expect(painter.orders).toMatchObject([{ prompt: "a red fox" }, { prompt: "a red fox" }]);
  });

  test("may be the input of a response, with a call that is sent back", async () => {
    const { post, easel: painter } = aDoor();
    const input = [
      { role: "user", content: [{ type: "input_text", text: "a fox" }] },
      { type: "image_generation_call", id: "ig_1", status: "completed", result: photo },
      { role: "user", content: [{ type: "input_text", text: "a red fox" }] },
    ];
    const tools = [{ type: "image_generation" }];
    expect((await post("/v1/responses", { model: "gpt-5", input, tools })).status).toBe(200);
    expect(painter.orders).toMatchObject([{ prompt: "a red fox" }]);
  });

  test("is edited where its last message holds one, whatever the others hold", async () => {
    const models = [{ id: "Editor", provider: "easel", edits: true }];
    const { post, easel: painter } = aDoor({ easel: easel({ auto: true, edit: "bytes" }), models });
    const noise = { type: "gaussian" as const, mean: 128, sigma: 60 };
    const create = { width: 900, height: 900, channels: 3 as const, background: "red", noise };
    const bytes = await sharp({ create }).png().toBuffer();
    const url = `data:image/png;base64,${bytes.toString("base64")}`;
    const content = [
      { type: "text", text: "make it red" },
      { type: "image_url", image_url: { url } },
    ];
    const messages = [...(histories[1]?.[1] ?? []), { role: "user", content }];
    // As PHP writes it, too.
    const texts = [JSON.stringify({ model: "Editor", messages })];
    texts.push((texts[0] ?? "").replaceAll("/", "\\/"));
    for (const text of texts) expect((await post(chats, text)).status).toBe(200);
    for (const { sources } of painter.orders) {
      expect(Buffer.from(sources?.[0]?.bytes ?? []).equals(bytes)).toBe(true);
    }
    expect(painter.orders).toHaveLength(2);
  });

  test("names its chat for nothing", async () => {
    const { post, easel: painter } = aDoor();
    const messages = [
      ...(histories[2]?.[1].slice(0, 2) ?? []),
      { role: "user", content: "使用四到五个字直接返回这句话的简要主题，不要解释、不要标点" },
    ];
    const answer = await post(chats, { model: "Z-Image", messages });
    expect(await answer.text()).toContain('"content":"A fox"');
    expect(painter.orders).toHaveLength(0);
  });

  test.each([
    [
      "33 MiB of it",
      { messages: [{ role: "assistant", content: "A".repeat(33 * mebibyte) }, wish] },
    ],
    [
      "5 MiB of words",
      { messages: [{ role: "assistant", content: "a ".repeat(2.5 * mebibyte) }, wish] },
    ],
    ["5 MiB of nothing", `${"[".repeat(2.5 * mebibyte)}${"]".repeat(2.5 * mebibyte)}`],
  ])("is 413 for %s", async (_, body) => {
    const { post } = aDoor();
    expect((await post(chats, body)).status).toBe(413);
    expect((await post("/v1/responses", body)).status).toBe(413);
  });
});

describe("JSON with long texts", () => {
  const long = base64(40_000);
  const bodies = [
    { a: long, b: [long, `x ${long} y`, { c: `${long}\\"\n${long}` }] },
    { messages: [{ role: "user", content: `${long}\\\\` }], [long]: 1, n: 5 },
    ["\\".repeat(30_000), `${"\\".repeat(30_001)}"`, "\u00e9".repeat(30_000), "/".repeat(30_000)],
    long,
    { deep: Array.from({ length: 40 }).reduce<unknown>((inner) => [inner], long) },
  ];
  /** So that none is parsed as it is. */
  const filler = "a ".repeat(600_000);

  test.each(bodies)("is parsed as JSON is: case %#", (body) => {
    const whole = { body, filler };
    const bytes = (text: string) => new Uint8Array(Buffer.from(text));
    expect(parseJson(bytes(JSON.stringify(whole)))).toEqual(whole);
    const escaped = JSON.stringify(whole).replaceAll("/", "\\/").replaceAll("A", "\\u0041");
    expect(parseJson(bytes(escaped))).toEqual(whole);
    const said = {
      ...whole,
      messages: [
        { role: "assistant", content: long },
        { role: "user", body },
      ],
    };
    expect(parseConversation(bytes(JSON.stringify(said)))).toEqual({
      ...said,
      messages: [
        { role: "assistant", content: "" },
        { role: "user", body },
      ],
    });
  });

  test("is refused as JSON is", () => {
    const bytes = (text: string) => new Uint8Array(Buffer.from(filler + text));
    expect(() => parseJson(bytes(long))).toThrow(SyntaxError);
    expect(() => parseJson(bytes(`{"a":"${long}`))).toThrow(SyntaxError);
  });
});
