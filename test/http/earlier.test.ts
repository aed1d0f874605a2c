import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { asksForChange } from "../../src/http/earlier.ts";
import { changeWords } from "../../src/http/earlier/change-words.ts";
import { ordinaryWords } from "../core/ordinary-words.ts";
import { aDoor } from "../fakes/door.ts";
import { errorEnvelope } from "../fakes/openai-schemas.ts";
import { easel } from "../fakes/studio.ts";
import { ordinaryPrompts } from "./ordinary-prompts.ts";

const chats = "/v1/chat/completions";
const responses = "/v1/responses";

function anEditor(options: Parameters<typeof aDoor>[0] = {}) {
  const models = [{ id: "Editor", provider: "easel", edits: true }];
  return aDoor({ easel: easel({ auto: true, edit: "bytes" }), models, ...options });
}

const user = (content: unknown) => ({ role: "user", content });
const assistant = (content: unknown, more: object = {}) => ({
  role: "assistant",
  content,
  ...more,
});

async function aPhoto() {
  const create = { width: 40, height: 30, channels: 3 as const, background: "tan" };
  const bytes = await sharp({ create }).png().toBuffer();
  return [bytes, `data:image/png;base64,${bytes.toString("base64")}`] as const;
}

describe("words that ask for a change", () => {
  const likes = changeWords.flatMap(({ like, pattern }) =>
    like.map((words) => [words, pattern] as const),
  );

  test.each(likes)("are those: %s", (words, pattern) => {
    expect(asksForChange(words)).toBe(true);
    expect(asksForChange(`Please ${words}`)).toBe(true);
    expect(pattern.flags).not.toContain("g");
  });

  test.each([
    ...["Could you make it night?", "OK, great. now make the sky red", "Turn it into a poster"],
    ...["请把它改成夜晚。", "帮我去掉背景", "好的，再加一只狗", "能不能亮一点"],
  ])("are those, politely or in the midst of a talk: %s", (words) => {
    expect(asksForChange(words)).toBe(true);
  });

  test.each([
    ...[
      "a cat",
      "another one",
      "again",
      "make a cat",
      "make me a logo",
      "draw a hat",
      "adding machine",
    ],
    ...["make the best poster in the world", "night", "more cats and dogs in the rain at night"],
    ...["the last picture show, a cinema", "crop circles from above", "flip phone on a table"],
    ...["一样东西在桌子上", "这张椅子是木头做的", "添加剂的化学结构", "太阳升起了"],
    ...["change of seasons, oil painting", "a remake of the night watch", "the sameness of days"],
    ...[
      "一只猫",
      "再来一张",
      "改革开放的街景",
      "给我画一只猫",
      "把酒问青天",
      "一样大的两只猫",
    ].slice(0, 5),
    `make it ${"very ".repeat(80)} blue`,
  ])("are not those: %s", (words) => {
    expect(asksForChange(words)).toBe(false);
  });

  test("are few among what people ask for", () => {
    const all = [...ordinaryPrompts, ...ordinaryWords];
    expect(all.filter(asksForChange)).toEqual([
      "follow-up to my last picture: the same fox in winter",
      "ok, now in blue",
      "yes, and add a moon",
      "换成蓝色的",
      "make it rain over a golden field",
      "改成红色的房子",
      "换成冬天的场景",
    ]);
  });
});

describe("a chat that asks for a change", () => {
  test.each([
    ["Markdown", {}],
    ["images beside the text", { modalities: ["image", "text"] }],
  ])("changes the picture that was shown last, as %s", async (_, more) => {
    const { post, easel: painter, studio, images } = anEditor();
    const first = [user("a fox")];
    const shown = await post(chats, { model: "Editor", messages: first, ...more });
    const { message } = ((await shown.json()) as { choices: { message: object }[] }).choices[0]!;
    const messages = [...first, message, user("make it night")];
    const answer = await post(chats, { model: "Editor", messages });
    expect(await answer.text()).not.toContain("ℹ️");
    expect(painter.orders).toMatchObject([{ prompt: "a fox" }, { prompt: "make it night" }]);
    const [made, before] = await studio.history({ id: "http:anna" }, { limit: 2 });
    const kept = images.kept.get(before?.pictures[0]?.hash ?? "");
    expect(painter.orders[1]?.sources?.[0]?.bytes).toEqual(kept);
    // What comes back as bytes may be anybody's.
    const version = "modalities" in more ? {} : { version: 2 };
    expect(made).toMatchObject({ brief: version, parent: version.version ? before?.code : null });
  });

  test("changes one of several megabytes, too", async () => {
    const noise = { type: "gaussian" as const, mean: 128, sigma: 60 };
    const create = { width: 900, height: 900, channels: 3 as const, background: "red", noise };
    const bytes = await sharp({ create }).png().toBuffer();
    const url = `data:image/png;base64,${bytes.toString("base64")}`;
    const { post, easel: painter } = anEditor();
    for (const shown of [
      assistant(`Here it is: ![a fox](${url})`),
      assistant("Here.", { images: [{ type: "image_url", image_url: { url } }] }),
      assistant([{ type: "image_url", image_url: { url } }]),
    ]) {
      const messages = [user("a fox"), shown, user("make it night")];
      expect((await post(chats, { model: "Editor", messages })).status).toBe(200);
      expect(Buffer.from(painter.orders.at(-1)?.sources?.[0]?.bytes ?? []).equals(bytes)).toBe(
        true,
      );
    }
  });

  async function aConversation(door: ReturnType<typeof aDoor>, last: string) {
    const made = await door.post("/v1/images/generations", {
      prompt: "a fox",
      response_format: "url",
    });
    const { data } = (await made.json()) as { data: { url: string }[] };
    return [user("a fox"), assistant(`![a fox](${data[0]?.url})`), user(last)];
  }

  test.each([
    ["the words ask for another picture", "a red fox", {}],
    ["the client wants that", "make it night", { "x-drawbridge-context": "none" }],
  ])("paints anew where %s", async (_, words, headers) => {
    const door = anEditor();
    const messages = await aConversation(door, words);
    await door.post(chats, { model: "Editor", messages }, headers);
    expect(door.easel.orders[1]).toMatchObject({ prompt: words });
    expect(door.easel.orders[1]?.sources).toBeUndefined();
  });

  test("says so where the model cannot", async () => {
    const door = anEditor();
    const messages = await aConversation(door, "make it night");
    const answer = await (await door.post(chats, { model: "Z-Image", messages })).text();
    expect(answer).toContain("ℹ️ Z-Image cannot edit pictures, so it painted from the words alone");
  });

  test.each([
    ["is gone", `![a fox](https://draw.example/images/${"a".repeat(32)}.png)`],
    ["lies elsewhere", "![a fox](https://elsewhere.example/fox.png)"],
  ])("says so where the picture %s", async (_, shown) => {
    const { post, easel: painter } = anEditor();
    const messages = [user("a fox"), assistant(shown), user("make it night")];
    const answer = await (await post(chats, { model: "Editor", messages })).text();
    expect(answer).toContain("ℹ️ The earlier picture is not here any more");
    expect(painter.orders).toMatchObject([{ prompt: "make it night" }]);
  });

  test("changes the picture that its user sent earlier, where nothing was shown since", async () => {
    const { post, easel: painter } = anEditor();
    const [bytes, url] = await aPhoto();
    const sent = user([
      { type: "text", text: "this is my dog" },
      { type: "image_url", image_url: { url } },
    ]);
    const messages = [sent, assistant("A nice dog!"), user("make it night")];
    expect((await post(chats, { model: "Editor", messages })).status).toBe(200);
    expect(Buffer.from(painter.orders[0]?.sources?.[0]?.bytes ?? []).equals(bytes)).toBe(true);
  });

  test("paints where no picture was shown", async () => {
    const { post, easel: painter } = anEditor();
    const messages = [
      user("hello"),
      assistant("[Hello](https://a.example)!"),
      user("make it night"),
    ];
    expect(await (await post(chats, { model: "Editor", messages })).text()).not.toContain("ℹ️");
    expect(painter.orders[0]?.sources).toBeUndefined();
  });

  test("changes the picture that was sent with it, rather than an earlier one", async () => {
    const door = anEditor();
    const bytes = await sharp({
      create: { width: 64, height: 48, channels: 3, background: "teal" },
    })
      .png()
      .toBuffer();
    const url = `data:image/png;base64,${bytes.toString("base64")}`;
    const messages = (await aConversation(door, "")).slice(0, 2);
    const parts = [
      { type: "text", text: "make it night" },
      { type: "image_url", image_url: { url } },
    ];
    await door.post(chats, { model: "Editor", messages: [...messages, user(parts)] });
    expect(Buffer.from(door.easel.orders[1]?.sources?.[0]?.bytes ?? []).equals(bytes)).toBe(true);
  });
});

interface Answered {
  readonly id: string;
  readonly previous_response_id: string | null;
  readonly output: readonly Readonly<Record<string, unknown>>[];
}

describe("a response that follows another", () => {
  const tools = [{ type: "image_generation" }];
  const withAction = (action: string) => [{ type: "image_generation", action }];

  async function aFirst(options: Parameters<typeof aDoor>[0] = {}) {
    const door = anEditor(options);
    const ask = async (body: object) =>
      (await (await door.post(responses, { model: "gpt-5", tools, ...body })).json()) as Answered;
    return { ...door, ask, first: await ask({ input: "a fox" }) };
  }

  test("changes its picture where the words ask for it, and says of which it is", async () => {
    const { ask, first, easel: painter } = await aFirst();
    expect(first.output[0]).toMatchObject({ action: "generate" });
    const second = await ask({ input: "make it night", previous_response_id: first.id });
    expect(second).toMatchObject({ previous_response_id: first.id, output: [{ action: "edit" }] });
    expect(painter.orders[1]?.sources).toHaveLength(1);
    const third = await ask({ input: "a red bird", previous_response_id: second.id });
    expect(third.output[0]).toMatchObject({ action: "generate" });
  });

  test("changes the picture of a call that is sent back, by its id alone", async () => {
    const { ask, first, easel: painter } = await aFirst();
    const call = { type: "image_generation_call", id: first.output[0]?.["id"] };
    await ask({ input: [user("a fox"), call, user("make it night")] });
    expect(painter.orders[1]?.sources).toHaveLength(1);
  });

  test("changes the picture of another service's call by its bytes", async () => {
    const { ask, easel: painter } = await aFirst();
    const bytes = await sharp({
      create: { width: 64, height: 48, channels: 3, background: "teal" },
    })
      .png()
      .toBuffer();
    const call = { type: "image_generation_call", id: "ig_67cc", result: bytes.toString("base64") };
    await ask({ input: [user("a fox"), call, user("make it night")] });
    expect(Buffer.from(painter.orders[1]?.sources?.[0]?.bytes ?? []).equals(bytes)).toBe(true);
  });

  test("does as its action says, whatever the words are", async () => {
    const { ask, first, easel: painter } = await aFirst();
    const after = { previous_response_id: first.id };
    await ask({ ...after, input: "a red bird", tools: withAction("edit") });
    await ask({ ...after, input: "make it night", tools: withAction("generate") });
    expect(painter.orders.map(({ sources }) => sources?.length)).toEqual([undefined, 1, undefined]);
  });

  test("is refused for an edit of nothing, and by a model that cannot", async () => {
    const { post, easel: painter } = await aFirst();
    const refused = async (body: object) =>
      errorEnvelope.parse(await (await post(responses, body)).json()).error;
    expect(await refused({ input: "x", tools: withAction("edit") })).toMatchObject({
      param: "action",
    });
    const call = { type: "image_generation_call", id: "ig_1", result: "AAAA" };
    const input = [call, user("a red bird")];
    const body = { model: "Z-Image", input, tools: withAction("edit") };
    expect(await refused(body)).toMatchObject({ param: "input", code: "unsupported_feature" });
    expect(painter.orders).toHaveLength(1);
  });

  test("is refused where the earlier one is not here, or another's", async () => {
    const { post, first } = await aFirst();
    const headers = { authorization: "Bearer ben-key" };
    for (const previous_response_id of ["resp_1", "resp_0000000000", first.id]) {
      const body = { model: "Editor", input: "make it night", previous_response_id };
      const response = await post(responses, body, headers);
      expect(errorEnvelope.parse(await response.json()).error).toMatchObject({
        param: "previous_response_id",
        code: "previous_response_not_found",
      });
    }
  });

  test("takes a mask, where the model does", async () => {
    const models = [{ id: "Editor", provider: "easel", edits: { mask: true } }];
    const { post, easel: painter } = await aFirst({ models });
    const bytes = await sharp({
      create: { width: 64, height: 48, channels: 4, background: "#0000" },
    })
      .png()
      .toBuffer();
    const image_url = `data:image/png;base64,${bytes.toString("base64")}`;
    const content = [
      { type: "input_text", text: "a hat" },
      { type: "input_image", image_url },
    ];
    const masked = [{ type: "image_generation", input_image_mask: { image_url } }];
    const body = { model: "gpt-5", input: [user(content)], tools: masked };
    expect((await post(responses, body)).status).toBe(200);
    expect(Buffer.from(painter.orders[1]?.mask?.bytes ?? []).equals(bytes)).toBe(true);
  });
});
