import { PermissionFlagsBits } from "discord.js";
import sharp from "sharp";
import { describe, expect, test, vi } from "vitest";
import { modelSchema } from "../../../core/catalogue.ts";
import { openedDoor, type SceneOptions } from "./scene.ts";

/** A server with somebody who manages it. */
async function managed(options: SceneOptions = {}) {
  const scene = await openedDoor(options);
  const { discord, guild, channel } = scene;
  const manager = discord.user({ username: "mona" });
  discord.member(guild, manager, { permissions: PermissionFlagsBits.ManageGuild });
  const preset = async (verb: string, values: Record<string, string>, by = manager) => {
    await discord.slash(by, channel, `preset ${verb}`, { ...values, for: "place" }).answered();
  };
  const save = (name: string) => preset("save", { name, words: `{prompt} as a ${name}` });
  const menus = () => discord.commands(guild).map(({ name }) => name);
  const shown = (...names: string[]) =>
    discord.until(() => menus().toSorted().join() === names.toSorted().join());
  return { ...scene, preset, save, menus, shown };
}

async function aDog() {
  const create = { width: 64, height: 64, channels: 3, background: "red" } as const;
  const bytes = await sharp({ create }).png().toBuffer();
  return { filename: "dog.png", contentType: "image/png", bytes };
}

describe("The presets of a server", () => {
  test("stand in the menus of its messages, in the language of who looks", async () => {
    const { discord, guild, save, shown } = await managed();
    await save("figurine");
    await shown("Figurine this");
    const [command] = discord.commands(guild);
    expect(command?.form.name_localizations).toMatchObject({ "zh-CN": "用「Figurine」画" });
  });

  test("paint the words of a message from there, and say that its pictures were not used", async () => {
    const { discord, anna, ben, channel, easel, save, shown } = await managed();
    await save("figurine");
    await shown("Figurine this");
    const message = discord.say(ben, channel, "a fox", [await aDog()]);
    const used = discord.contextMenu("Figurine this", message, anna);
    await easel.begun(1);
    expect(easel.orders[0]?.prompt).toBe("a fox as a figurine");
    easel.finish();
    await discord.until(() => used.message?.files.length === 1);
    expect(used.message?.text).toContain("Z-Image cannot edit pictures");
  });

  test("change the pictures of a message where a model edits", async () => {
    const shape = { sizes: { "1:1": "64x64" }, quality: {} } as const;
    const editor = modelSchema.parse({ id: "Edits", provider: "easel", ...shape, edits: true });
    const scene = await managed({ models: [editor], easel: { edit: "bytes" } });
    const { discord, anna, ben, channel, easel, save, shown } = scene;
    await save("figurine");
    await shown("Figurine this");
    const message = discord.say(ben, channel, "my dog", [await aDog()]);
    discord.contextMenu("Figurine this", message, anna);
    await easel.begun(1);
    expect(easel.orders[0]).toMatchObject({ prompt: "my dog as a figurine" });
    expect(easel.orders[0]?.sources).toHaveLength(1);
  });

  test("are five there at most, and leave when they are deleted", async () => {
    const { preset, save, shown } = await managed();
    for (const name of ["a1", "b2", "c3", "d4", "e5", "f6"]) await save(name);
    await shown("A1 this", "B2 this", "C3 this", "D4 this", "E5 this");
    await preset("delete", { name: "a1" });
    await shown("B2 this", "C3 this", "D4 this", "E5 this", "F6 this");
  });

  test("come there by those alone who manage the server", async () => {
    const { discord, guild, anna, preset } = await managed();
    await preset("save", { name: "mine", words: "{prompt}" }, anna);
    expect(discord.commands(guild)).toEqual([]);
  });

  test("stand beside the commands while these are the server's own", async () => {
    const { save, menus, discord } = await managed({ developing: true });
    await save("figurine");
    await discord.until(() => menus().includes("Figurine this"));
    expect(menus()).toContain("imagine");
  });

  test("are kept although Discord does not take them into its menus", async () => {
    const { discord, anna, channel, easel, save, logged, menus } = await managed();
    discord.failNext(/PUT .*guilds/, { status: 403, code: 50001 });
    await save("figurine");
    await vi.waitFor(() => expect(logged.map(({ level }) => level)).toContain("error"), 60_000);
    expect(menus()).toEqual([]);
    discord.slash(anna, channel, "imagine", { prompt: "a fox", preset: "figurine" });
    await easel.begun(1);
    expect(easel.orders[0]?.prompt).toBe("a fox as a figurine");
  });
});
