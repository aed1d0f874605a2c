import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { translatorFor } from "../../../bots/i18n.ts";
import { modelSchema } from "../../../core/catalogue.ts";
import { openedDoor, type Scene } from "./scene.ts";

const t = translatorFor("en");

/** A picture whose width tells which one it is. */
async function picture(width: number) {
  const create = { width, height: 32, channels: 3, background: "red" } as const;
  const bytes = await sharp({ create }).png().toBuffer();
  return { filename: `${width}.png`, contentType: "image/png", bytes };
}

function editing(pictures: number) {
  const shape = { sizes: { "1:1": "64x64" }, quality: {} } as const;
  const editor = modelSchema.parse({
    id: "Edits",
    provider: "easel",
    ...shape,
    edits: { pictures },
  });
  return openedDoor({ models: [editor], easel: { edit: "bytes" } });
}

async function widths({ easel }: Scene, order: number): Promise<(number | undefined)[]> {
  const sources = easel.orders[order]?.sources ?? [];
  return Promise.all(sources.map(async ({ bytes }) => (await sharp(bytes).metadata()).width));
}

describe("A preset that is saved in Discord", () => {
  test("keeps the pictures that are sent with it, for every request that names it", async () => {
    const scene = await editing(4);
    const { discord, anna, channel, easel } = scene;
    const sent = { image: await picture(40), image2: await picture(50), image4: await picture(60) };
    const owl = { name: "owl", words: "{prompt} with this owl", ...sent };
    const saved = discord.slash(anna, channel, "preset save", owl);
    expect(await saved.acknowledged()).toMatchObject({ kind: "deferred-message" });
    await discord.until(() => saved.message?.text === t("presets.saved", { name: "owl" }));
    expect(saved.message?.ephemeral).toBe(true);
    const shown = await discord.slash(anna, channel, "preset show", { name: "owl" }).answered();
    expect(shown.text).toContain(t("presets.pictures", { count: 3 }));
    discord.slash(anna, channel, "imagine", { prompt: "a garden", preset: "owl" });
    await easel.begun(1);
    expect(await widths(scene, 0)).toEqual([40, 50, 60]);
    expect(easel.orders).toMatchObject([{ prompt: "a garden with this owl" }]);
  });

  test("is answered at once where nothing is to be fetched", async () => {
    const { discord, anna, channel } = await editing(4);
    const owl = { name: "owl", words: "an owl" };
    const answer = await discord.slash(anna, channel, "preset save", owl).answered();
    expect(answer).toMatchObject({ ephemeral: true, text: t("presets.saved", { name: "owl" }) });
  });

  test("has four pictures at most, those included whose codes are among its words", async () => {
    const scene = await editing(4);
    const { discord, anna, channel, easel, studio } = scene;
    discord.slash(anna, channel, "imagine", { prompt: "a cat" });
    await easel.begun(1);
    easel.finish();
    const job = () => studio.history({ id: `discord:${anna.id}` }, { limit: 1 });
    await expect.poll(async () => (await job())[0]?.pictures.length).toBe(1);
    const [image, code] = [await picture(40), (await job())[0]?.code];
    const many = { name: "many", words: `as here ${code}`, image, image2: image, image3: image };
    const saving = (more: object) =>
      discord.slash(anna, channel, "preset save", { ...many, ...more });
    const answer = await saving({ image4: image }).answered();
    expect(answer.text).toContain("4 pictures at most");
    const fewer = saving({});
    await discord.until(() => fewer.message?.text === t("presets.saved", { name: "many" }));
    discord.slash(anna, channel, "imagine", { prompt: "a garden", preset: "many" });
    await easel.begun(2);
    expect(await widths(scene, 1)).toEqual([40, 40, 40, 64]);
  });

  test("is not saved with what is no picture, and says so", async () => {
    const { discord, anna, channel, studio } = await editing(4);
    const notes = { filename: "notes.txt", contentType: "text/plain", bytes: new Uint8Array(9) };
    const bad = { name: "bad", words: "an owl", image: notes };
    const refused = await discord.slash(anna, channel, "preset save", bad).answered();
    expect(refused.text).toContain("only PNG");
    const broken = { ...bad, image: { ...(await picture(40)), bytes: new Uint8Array(9) } };
    const saved = discord.slash(anna, channel, "preset save", broken);
    await discord.until(() => saved.message?.text.includes("That picture cannot be used."));
    expect(await studio.presets.of(`discord:${anna.id}`)).toEqual([]);
  });

  test("is offered as many pictures as a model takes", async () => {
    const { discord, anna, channel } = await editing(2);
    const owl = { name: "owl", words: "an owl", image3: await picture(40) };
    expect(() => discord.slash(anna, channel, "preset save", owl)).toThrow("no option image3");
  });
});
