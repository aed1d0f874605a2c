import { PermissionFlagsBits } from "discord.js";
import { describe, expect, test } from "vitest";
import { easel, padded } from "../../fakes/studio.ts";
import type { MessageView } from "../../fakes/discord/message-view.ts";
import type { User } from "../../fakes/discord/world.ts";
import { codeIn, openedDoor, type Scene } from "./scene.ts";

const mebibyte = 1024 * 1024;

/** Presses a button that asks for a picture, and waits for that. */
async function pressed(scene: Scene, message: MessageView, button: string, by: User) {
  const before = scene.easel.orders.length;
  const sent = scene.discord.pressButton(message, button, by);
  await scene.easel.begun(before + 1);
  scene.easel.finish();
  await scene.discord.until(() => (sent.message?.files.length ?? 0) > 0);
  return sent.message!;
}

describe("The buttons of a picture", () => {
  test("make new pictures, each as its name says", async () => {
    const scene = await openedDoor();
    const { anna, easel } = scene;
    const message = await scene.drawn("a cat --seed 9");
    await pressed(scene, message, "Again", anna);
    await pressed(scene, message, "Vary", anna);
    await pressed(scene, message, "My words", anna);
    const [first, again, vary, own] = easel.orders;
    expect(again?.prompt).toBe(first?.prompt);
    expect(again?.seed).not.toBe(9);
    expect(vary?.seed).not.toBe(9);
    expect(own).toMatchObject({ seed: 9, prompt: "a cat" });
  });

  test("are answered at once, whatever the picture takes", async () => {
    const scene = await openedDoor();
    const message = await scene.drawn("a cat");
    const sent = scene.discord.pressButton(message, "Again", scene.ben);
    const { acknowledgedAfterMs, kind } = await sent.acknowledged();
    expect(kind).toBe("deferred-message");
    expect(acknowledgedAfterMs).toBeLessThan(3000);
    await scene.easel.begun(2);
    expect(scene.easel.open).toBe(1);
  });

  test("Reword opens a form with everything filled in, and makes what was changed in it", async () => {
    const scene = await openedDoor();
    const { discord, anna, easel } = scene;
    const message = await scene.drawn("a cat ratio 1:1 --seed 9 --no fog");
    const opened = await discord.pressButton(message, "Reword", anna).acknowledged();
    expect(opened.kind).toBe("modal");
    const fields = JSON.stringify(opened.modal);
    expect(fields).toContain('"value":"a cat"');
    expect(fields).toContain('"value":"fog"');
    expect(fields).toContain('"value":"9"');
    expect(fields).toContain('{"label":"1:1","value":"1:1","default":true}');
    const sent = discord.submitModal(opened, { prompt: "a *dog*", ratio: "16:9" });
    await easel.begun(2);
    easel.finish();
    await discord.until(() => sent.message?.files.length === 1);
    expect(easel.orders[1]).toMatchObject({ prompt: "a *dog*", seed: 9, width: 128, height: 72 });
    expect(easel.orders[1]?.negative).toBe("fog");
  });

  test("Reword takes a new seed where the field was emptied, and explains one that is none", async () => {
    const scene = await openedDoor();
    const { discord, anna, easel } = scene;
    const message = await scene.drawn("a cat --seed 9");
    const open = () => discord.pressButton(message, "Reword", anna).acknowledged();
    discord.submitModal(await open(), { seed: "" });
    await easel.begun(2);
    easel.finish();
    expect(easel.orders[1]?.seed).not.toBe(9);
    const refused = discord.submitModal(await open(), { seed: "banana" });
    expect(await refused.answered()).toMatchObject({ ephemeral: true });
    expect(refused.message?.text).toContain("A seed is a whole number");
  });

  test("Reword takes words of 4,000 characters, also of what was longer", async () => {
    const scene = await openedDoor();
    const { studio, discord, easel, anna, channel } = scene;
    const delivery = { door: "http", place: null };
    const submission = { requester: { id: "http:someone" }, delivery };
    const job = await studio.submit({ prompt: "long ".repeat(2000) }, submission);
    await easel.begun(1);
    easel.finish();
    await studio.finished(job.code);
    const shown = discord.slash(anna, channel, "show", { code: job.code });
    await discord.until(() => shown.message?.files.length === 1);
    const opened = await discord.pressButton(shown.message!, "Reword", anna).acknowledged();
    discord.submitModal(opened, { negative: "fog" });
    await easel.begun(2);
    expect(easel.orders[1]?.prompt).toBe("long ".repeat(2000).trim());
  });

  test("Original gives the untouched file to the person who presses", async () => {
    const scene = await openedDoor();
    const message = await scene.drawn("a cat");
    const sent = scene.discord.pressButton(message, "Original", scene.ben);
    const answer = await sent.answered();
    expect(answer.ephemeral).toBe(true);
    const [kept] = scene.images.kept.values();
    expect(Buffer.from(answer.files[0]!.bytes).equals(kept!)).toBe(true);
  });

  test("Original gives a link where the file is too large", async () => {
    const publicUrl = ({ id }: { id: string }) => `https://pictures.example/${id}`;
    const scene = await openedDoor({ door: { publicUrl } });
    const message = await scene.drawn("a cat");
    const small = { attachmentSizeLimit: 10 };
    const sent = scene.discord.pressButton(message, "Original", scene.ben, small);
    const answer = await sent.answered();
    expect(answer.files).toEqual([]);
    expect(answer.controls[0]?.url).toMatch(/^https:\/\/pictures\.example\/\w+/);
  });

  test("Delete is for the owner and for members who may manage messages", async () => {
    const scene = await openedDoor();
    const { discord, guild, ben, anna } = scene;
    const message = await scene.drawn("a cat");
    const refused = discord.pressButton(message, "Delete", ben);
    expect((await refused.answered()).text).toBe("This is somebody else’s.");
    expect(message.deleted).toBe(false);
    const warden = discord.user();
    discord.member(guild, warden, { permissions: PermissionFlagsBits.ManageMessages });
    discord.pressButton(message, "Delete", warden);
    await discord.until(() => message.deleted);
    expect((await scene.newestJob(anna)).pictures).toEqual([]);
    expect(scene.images.kept.size).toBe(0);
  });

  test("are the job and the quota of the person who presses", async () => {
    const scene = await openedDoor({ studio: { perDay: 1 } });
    const message = await scene.drawn("a cat");
    expect((await pressed(scene, message, "Again", scene.ben)).files).toHaveLength(1);
    const refused = await scene.discord.pressButton(message, "Again", scene.anna).answered();
    expect(refused).toMatchObject({ ephemeral: true });
    expect(refused.text).toContain("quota of 1 pictures a day");
  });

  test("Original gives a link after Discord refused the file, and remembers that", async () => {
    const publicUrl = ({ id }: { id: string }) => `https://pictures.example/${id}`;
    const provider = { ...easel({ auto: true }), generate: padded(2 * mebibyte) };
    const guild = { realAttachmentLimit: mebibyte };
    const studio = { painter: provider };
    const options = { door: { publicUrl }, guild, studio };
    const { discord, imagine, anna, ben } = await openedDoor(options);
    const sent = imagine("a cat", { by: anna });
    await discord.until(() => sent.message?.files.length === 1);
    expect(sent.message?.files[0]?.contentType).toBe("image/jpeg");
    const answer = await discord.pressButton(sent.message!, "Original", ben).answered();
    expect(answer.files).toEqual([]);
    expect(answer.controls[0]?.url).toMatch(/^https:\/\/pictures\.example\/\w+/);
    expect(discord.calls.filter(({ status }) => status === 413)).toHaveLength(1);
  });

  test("Original says so where there is neither room nor a link", async () => {
    const { discord, drawn, ben } = await openedDoor();
    const message = await drawn("a cat");
    const small = { attachmentSizeLimit: 10 };
    const answer = await discord.pressButton(message, "Original", ben, small).answered();
    expect(answer.files).toEqual([]);
    expect(answer.text).toBe(`${codeIn(message)}\nThis cannot be shown here.`);
  });

  test("Delete in another channel is not for those who manage messages there", async () => {
    const scene = await openedDoor();
    const { discord, guild } = scene;
    const code = codeIn(await scene.drawn("a cat"));
    const room = discord.channel(guild);
    const warden = discord.user();
    discord.member(guild, warden, { permissions: PermissionFlagsBits.ManageMessages });
    const shown = discord.slash(warden, room, "show", { code });
    await discord.until(() => shown.message?.files.length === 1);
    const refused = discord.pressButton(shown.message!, "Delete", warden);
    expect((await refused.answered()).text).toBe("This is somebody else’s.");
    expect((await scene.newestJob()).pictures).toHaveLength(1);
  });

  test("Delete in another server is not for its moderators", async () => {
    const scene = await openedDoor();
    const { discord } = scene;
    const code = codeIn(await scene.drawn("a cat"));
    const elsewhere = discord.guild();
    const room = discord.channel(elsewhere);
    const owner = elsewhere.owner;
    const shown = discord.slash(owner, room, "show", { code });
    await discord.until(() => shown.message?.files.length === 1);
    const refused = discord.pressButton(shown.message!, "Delete", owner);
    expect((await refused.answered()).text).toBe("This is somebody else’s.");
    expect((await scene.newestJob()).pictures).toHaveLength(1);
  });

  test("Cancel is for the owner and for members who may manage messages", async () => {
    const scene = await openedDoor();
    const { discord, guild, ben } = scene;
    const sent = scene.imagine("a cat");
    await discord.until(() => sent.message?.buttons.includes("Cancel"));
    const refused = discord.pressButton(sent.message!, "Cancel", ben);
    expect((await refused.answered()).text).toBe("This is somebody else’s.");
    const warden = discord.user();
    discord.member(guild, warden, { permissions: PermissionFlagsBits.ManageMessages });
    discord.pressButton(sent.message!, "Cancel", warden);
    await discord.until(() => sent.message?.text === "Cancelled.");
    expect(sent.message?.buttons).toEqual(["Try again"]);
  });

  test("of an earlier version say that they do not work any more", async () => {
    const scene = await openedDoor();
    const message = await scene.drawn("a cat");
    for (const row of message.components) {
      if ("components" in row) Object.assign(row.components[0]!, { custom_id: "upscale:1" });
    }
    const sent = scene.discord.pressButton(message, "upscale:1", scene.anna);
    expect((await sent.answered()).text).toBe("This button does not work any more.");
  });
});

describe("Private pictures", () => {
  test("are seen by their person alone until they are shared", async () => {
    const scene = await openedDoor();
    const { discord, anna, ben, channel } = scene;
    const message = await scene.drawn("a secret cat", { options: { private: true } });
    expect(message.ephemeral).toBe(true);
    expect(discord.messages(channel, ben)).toEqual([]);
    const shown = discord.slash(ben, channel, "show", { code: codeIn(message) });
    expect((await shown.answered()).text).toContain("no picture with the code");
    const shared = discord.pressButton(message, "Share", anna);
    await discord.until(() => shared.message?.files.length === 1);
    expect(shared.message?.ephemeral).toBe(false);
    expect(shared.message?.buttons).not.toContain("Share");
    const again = discord.slash(ben, channel, "show", { code: codeIn(message) });
    await discord.until(() => again.message?.files.length === 1);
  });

  test("are shared once, however often Share is pressed", async () => {
    const scene = await openedDoor();
    const { discord, anna, channel, ben } = scene;
    const message = await scene.drawn("a secret cat", { options: { private: true } });
    const shared = discord.pressButton(message, "Share", anna);
    await discord.until(() => shared.message?.files.length === 1);
    const again = await discord.pressButton(message, "Share", anna).answered();
    expect(again).toMatchObject({ ephemeral: true, files: [] });
    expect(again.text).toContain(`/show ${codeIn(message)}`);
    expect(discord.messages(channel, ben)).toHaveLength(1);
  });

  test("come from a person's setting as well", async () => {
    const scene = await openedDoor();
    const { discord, anna, channel } = scene;
    await discord.slash(anna, channel, "settings", { private: true }).answered();
    expect((await scene.drawn("a cat")).ephemeral).toBe(true);
    const open = await scene.drawn("a cat", { options: { private: false } });
    expect(open.ephemeral).toBe(false);
  });

  test("stay private when they are made again", async () => {
    const scene = await openedDoor();
    const message = await scene.drawn("a cat", { options: { private: true } });
    expect((await pressed(scene, message, "Again", scene.anna)).ephemeral).toBe(true);
  });

  test("cannot be shared by another person", async () => {
    const scene = await openedDoor();
    const code = codeIn(await scene.drawn("a cat", { options: { private: true } }));
    await expect(scene.studio.publish(code, { id: "discord:1" })).rejects.toThrow();
  });
});

describe("Where only the person installed the app", () => {
  test("it works in conversations with the bot, with others, and in servers without the bot", async () => {
    const scene = await openedDoor();
    const { discord } = scene;
    const traveller = discord.user({ installed: true });
    const friend = discord.user();
    const away = discord.guild({ installed: false });
    discord.member(away, traveller);
    const places = [
      discord.directMessages(traveller),
      discord.privateChannel(traveller, friend),
      discord.channel(away),
    ];
    for (const where of places) {
      const message = await scene.drawn("a cat", { by: traveller, where });
      const again = await pressed(scene, message, "Again", traveller);
      expect(again.channelId).toBe(where.id);
      const ratio = await discord.pressButton(message, "Ratio", traveller).answered();
      expect(ratio.buttons).toContain("16:9");
      discord.pressButton(message, "Delete", traveller);
      await discord.until(() => message.deleted);
    }
  });

  test("it answers hidden where the server wants that, and the picture still comes", async () => {
    const scene = await openedDoor();
    const { discord } = scene;
    const traveller = discord.user({ installed: true });
    const away = discord.guild({ installed: false });
    discord.member(away, traveller).permissions &= ~PermissionFlagsBits.UseExternalApps;
    const message = await scene.drawn("a cat", { by: traveller, where: discord.channel(away) });
    expect(message.ephemeral).toBe(true);
  });
});
