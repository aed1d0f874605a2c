import { describe, expect, test } from "vitest";
import { aDoor, chat } from "../fakes/door.ts";
import { errorEnvelope } from "../fakes/openai-schemas.ts";
import { easel as painter } from "../fakes/studio.ts";

/** A door with a preset of Anna's; `ben` are the headers of another key. */
async function aDoorWithInk() {
  const door = aDoor();
  const ink = { words: "{prompt}, in ink --ar 16:9", negative_prompt: "colour" };
  const put = await door.send("PUT", "/v1/presets/Ink", ink);
  const { code } = (await put.json()) as { code: string };
  return { ...door, code, ben: { authorization: "Bearer ben-key" } };
}

const lists = async (response: Response | Promise<Response>) =>
  ((await (await response).json()) as { data: { name: string; owner: string }[] }).data;

describe("/v1/presets", () => {
  test("saves, shows, lists and deletes a preset of the key", async () => {
    const { get, send, code } = await aDoorWithInk();
    const ink = {
      object: "preset",
      name: "ink",
      owner: "own",
      words: "{prompt}, in ink",
      negative_prompt: "colour",
      aspect_ratio: "16:9",
      model: null,
      quality: null,
      pictures: 0,
      code,
    };
    expect(await (await get("/v1/presets/INK")).json()).toEqual(ink);
    expect((await lists(get("/presets")))[0]).toEqual(ink);
    expect((await send("DELETE", "/v1/presets/ink")).status).toBe(200);
    expect((await send("DELETE", "/v1/presets/ink")).status).toBe(404);
    expect(await lists(get("/presets"))).not.toContainEqual(ink);
  });

  test("lists the built-in ones in the language of the request", async () => {
    const { get } = aDoor();
    const names = (await lists(get("/v1/presets"))).map(({ name }) => name);
    expect(names).toHaveLength(12);
    expect(names).toContain("pixel-art");
    const chinese = await lists(get("/v1/presets", { "accept-language": "zh-CN,zh;q=0.9" }));
    expect(chinese.map(({ name }) => name)).toContain("像素画");
    const one = await get(`/v1/presets/${encodeURIComponent("像素画")}`);
    expect(await one.json()).toMatchObject({ owner: "built-in", aspect_ratio: "1:1" });
  });

  test("keeps the presets of one key from another, until their code is told", async () => {
    const { get, send, code, ben } = await aDoorWithInk();
    expect((await get("/v1/presets/zp-ink", ben)).status).toBe(404);
    const built = await (await get("/v1/presets/ink", ben)).json();
    expect(built).toMatchObject({ owner: "built-in" });
    const taken = await send("PUT", "/v1/presets/annas-ink", { code }, ben);
    const words = "{prompt}, in ink";
    expect(await taken.json()).toMatchObject({ name: "annas-ink", owner: "own", words });
  });

  test("keeps pictures by their codes, and sends them to a model that edits", async () => {
    const easel = painter({ auto: true, edit: "bytes" });
    const models = [{ id: "Editor", provider: "easel", edits: { pictures: 4, mask: false } }];
    const { post, send } = aDoor({ easel, models });
    const made = await post("/v1/images/generations", { prompt: "Mira" });
    const pictures = [`${made.headers.get("x-drawbridge-code") ?? ""}.1`];
    const mira = { words: "Mira, {prompt}", model: "Editor", pictures };
    const saved = await send("PUT", "/v1/presets/mira", mira);
    expect(await saved.json()).toMatchObject({ name: "mira", pictures: 1 });
    const used = await post("/v1/images/generations", { prompt: "on a boat", preset: "mira" });
    expect(used.status).toBe(200);
    expect(easel.orders[1]).toMatchObject({ prompt: "Mira, on a boat", sources: [{}] });
    const strange = { ...mira, pictures: ["zi-0000000000"] };
    expect((await send("PUT", "/v1/presets/other", strange)).status).toBe(404);
  });

  test.each([
    ["name", "/v1/presets/a%2Fb", { words: "x" }],
    ["words", "/v1/presets/empty", {}],
    ["words", "/v1/presets/long", { words: "x".repeat(4001) }],
    ["aspect_ratio", "/v1/presets/wide", { words: "x", aspect_ratio: "9:1" }],
    ["quality", "/v1/presets/fine", { words: "x", quality: "fine" }],
  ])("names %s as at fault", async (param, path, body) => {
    const response = await aDoor().send("PUT", path, body);
    expect(response.status).toBe(400);
    expect(errorEnvelope.parse(await response.json()).error.param).toBe(param);
  });
});

describe("preset in a body", () => {
  test.each([
    ["images", "/v1/images/generations", { prompt: "a fox", preset: "ink" }],
    ["images, in the words", "/v1/images/generations", { prompt: "a fox --preset ink" }],
    ["a chat", "/v1/chat/completions", chat("a fox", { preset: "ink" })],
    ["a chat, in the words", "/v1/chat/completions", chat("a fox --preset ink")],
    ["responses", "/v1/responses", { input: "a fox", preset: "ink" }],
    [
      "the tool of responses",
      "/v1/responses",
      { input: "a fox", tools: [{ type: "image_generation", preset: "ink" }] },
    ],
  ])("is understood by %s", async (_, path, body) => {
    const { post, easel } = await aDoorWithInk();
    expect((await post(path, body)).status).toBe(200);
    const order = { prompt: "a fox, in ink", negative: "colour", width: 128, height: 72 };
    expect(easel.orders).toMatchObject([order]);
  });

  test("is refused with its name where there is none, and nothing is painted", async () => {
    const { post, easel } = aDoor();
    const response = await post("/v1/images/generations", { prompt: "a fox", preset: "none" });
    expect(response.status).toBe(404);
    const { error } = errorEnvelope.parse(await response.json());
    expect(error).toMatchObject({ param: "preset", code: "preset_not_found" });
    expect(easel.orders).toEqual([]);
  });
});

describe("choices in the words", () => {
  test("become a picture each, with the words that each was made from", async () => {
    const { post } = aDoor();
    const prompt = "a {red|blue} fox";
    const response = await post("/v1/images/generations", { prompt, n: 2 });
    const { data } = (await response.json()) as { data: { revised_prompt: string }[] };
    const told = data.map(({ revised_prompt }) => revised_prompt);
    expect(told).toEqual(["a red fox", "a blue fox", "a red fox", "a blue fox"]);
  });

  test("show every picture in a chat under its own words", async () => {
    const response = await aDoor().post("/v1/chat/completions", chat("a {red|blue} fox"));
    const text = JSON.stringify(await response.json());
    expect(text).toMatch(/!\[a red fox\]\(.+!\[a blue fox\]\(/);
  });

  test("are refused where they are too many, with what to write instead", async () => {
    const { post, easel } = aDoor();
    const response = await post("/v1/images/generations", { prompt: "{1-6} {cats|dogs}" });
    expect(response.status).toBe(400);
    const { error } = errorEnvelope.parse(await response.json());
    expect(error).toMatchObject({ param: "prompt" });
    expect(error.message).toContain("12 pictures at once");
    expect(error.message).toContain("\\{");
    expect(easel.orders).toEqual([]);
  });
});
