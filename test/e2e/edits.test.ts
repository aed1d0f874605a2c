import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import OpenAI, { toFile } from "openai";
import sharp from "sharp";
import { expect, onTestFinished, test } from "vitest";
import { inspectImage } from "../../core/imaging.ts";
import { ConfigError, readConfig } from "../../src/config.ts";
import { aDirectory } from "../builders.ts";
import { secrets, startDrawbridge } from "../fakes/drawbridge.ts";

function aCatalogue(...models: readonly object[]): string {
  const path = join(aDirectory(), "models.json");
  writeFileSync(path, JSON.stringify({ models }));
  return path;
}

const editor = {
  id: "Qwen-Edit",
  provider: "exacg",
  index: 16,
  edits: true,
  aliases: ["gpt-image-1"],
};
/** The variables of a second service. */
const second = {
  IMAGES_OPENAI_API_KEY: "sk-x",
  IMAGES_OPENAI_BASE_URL: "https://images.example/v1",
  IMAGES_OPENAI_MODEL: "gpt-image-2",
};
const painter = { id: "Z-Image", provider: "exacg", index: 15 };

test("the openai package edits a picture with a model of the catalogue that can", async () => {
  const drawbridge = await startDrawbridge({
    enhancer: false,
    environment: {
      MODELS_FILE: aCatalogue(painter, editor),
      PUBLIC_URL: "https://draw.example",
    },
  });
  onTestFinished(() => drawbridge.close());
  const client = new OpenAI({ baseURL: `${drawbridge.url}/v1`, apiKey: secrets.gateway });
  const create = { width: 64, height: 32, channels: 3 as const, background: "teal" };
  const bytes = await sharp({ create }).png().toBuffer();
  const image = await toFile(bytes, "boat.png", { type: "image/png" });
  const ours: object = { steps: 12, cfg: 3 };
  const body = { model: "gpt-image-1", image, prompt: "make it night", ...ours };
  const { data, ...answer } = await client.images.edit(body);
  expect(answer).toMatchObject({
    notices: expect.arrayContaining([
      "Qwen-Edit cannot use a number of steps, so it was left out",
      "Qwen-Edit cannot use a guidance, so it was left out",
    ]),
  });
  inspectImage(Buffer.from(data?.[0]?.b64_json ?? "", "base64"));
  const hash = createHash("sha256").update(bytes).digest("hex");
  expect(drawbridge.service.requests.map(({ body }) => body)).toEqual([
    {
      prompt: "make it night",
      width: 2048,
      height: 1024,
      image_source: `https://draw.example/sources/${hash}.png`,
      model_index: 16,
      seed: expect.any(Number),
    },
  ]);
  const kept = await fetch(`${drawbridge.url}/sources/${hash}.png`);
  expect(Buffer.from(await kept.bytes()).equals(bytes)).toBe(true);
});

test.each([
  ["no public address", { ...editor }, {}, "PUBLIC_URL: is needed"],
  [
    "a provider that cannot",
    { id: "x", provider: "sketch", edits: true },
    { PUBLIC_URL: "https://a.example" },
    'MODELS_FILE: "x" cannot edit',
  ],
  [
    "more pictures than its provider takes",
    { ...editor, edits: { pictures: 2 } },
    { PUBLIC_URL: "https://a.example" },
    'MODELS_FILE: "Qwen-Edit" cannot edit so many: its provider takes one picture at most',
  ],
  [
    "a mask that its provider takes none of",
    { ...editor, edits: { mask: true } },
    { PUBLIC_URL: "https://a.example" },
    'MODELS_FILE: "Qwen-Edit" cannot have a mask: its provider takes none',
  ],
  [
    "a mask where the service only edits in chats",
    { id: "x", provider: "openai-images", editsIn: "chat", edits: { mask: true } },
    { ...second, IMAGES_OPENAI_MODEL: "y" },
    'MODELS_FILE: "x" cannot have a mask: in a chat there is none',
  ],
])("a catalogue with an editor is refused at the start for %s", (_, model, more, problem) => {
  const read = () => readConfig({ SD_API_KEY: "sk-x", MODELS_FILE: aCatalogue(model), ...more });
  expect(read).toThrow(ConfigError);
  expect(read).toThrow(problem);
});

test("a model edits no more while the embedded renderer stands in for its service", () => {
  const editsOf = (environment: Record<string, string>) => {
    const PUBLIC_URL = "https://a.example";
    const [model] = readConfig({
      MODELS_FILE: aCatalogue(editor),
      PUBLIC_URL,
      ...environment,
    }).models;
    return model?.edits;
  };
  expect(editsOf({ SD_API_KEY: "sk-x" })).toEqual({ pictures: 1, mask: false });
  expect(editsOf({})).toBeUndefined();
});

test("the second model edits as many pictures as its variables say", () => {
  const editsOf = (more: Record<string, string>) =>
    readConfig({ ...second, ...more }).models[1]?.edits;
  expect(editsOf({})).toBeUndefined();
  expect(editsOf({ IMAGES_OPENAI_EDITS: "0" })).toBeUndefined();
  expect(editsOf({ IMAGES_OPENAI_EDITS: "16" })).toEqual({ pictures: 16, mask: false });
  const masked = { IMAGES_OPENAI_EDITS: "4", IMAGES_OPENAI_MASK: "true" };
  expect(editsOf(masked)).toEqual({ pictures: 4, mask: true });
});

test("the built-in catalogue answers to hard-wired names, never to one of the second model's", () => {
  const aliases = (environment: Record<string, string>) =>
    readConfig(environment).models.map((model) => model.aliases);
  expect(aliases({})[0]).toEqual(expect.arrayContaining(["dall-e-3", "gpt-image-1"]));
  const named = aliases({ ...second, IMAGES_OPENAI_MODEL: "gpt-image-1" })[0];
  expect(named).not.toContain("gpt-image-1");
  expect(named).toContain("dall-e-3");
});
