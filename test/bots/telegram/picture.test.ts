import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { translatorFor } from "../../../bots/i18n.ts";
import type { Enhancer } from "../../../core/enhance.ts";
import { sniffFormat } from "../../../core/imaging.ts";
import { createPolicy, parseRules } from "../../../core/policy.ts";
import { anUndecodableWebp } from "../../fakes/pictures.ts";
import { easel } from "../../fakes/studio.ts";
import type { ChatMessage } from "../../fakes/telegram.ts";
import { aScene, codeIn, eventually, labels, textOf } from "./scene.ts";

const t = translatorFor("en");

/** Adds to the words what makes each call different. */
function enhancer(addition = ", in oil"): Enhancer {
  let calls = 0;
  return async (ask) => ({
    prompt: `${ask.words}${addition} ${++calls}`,
    enhancement: {
      status: "enhanced",
      model: "llm",
      usage: { promptTokens: 1, completionTokens: 1 },
    },
  });
}

function entitiesOf(message: ChatMessage, type: string): string[] {
  const text = textOf(message);
  return message.entities
    .filter((entity) => entity.type === type)
    .map(({ offset, length }) => text.slice(offset, offset + length));
}

const clickable = ["mention", "url", "hashtag", "bot_command", "email", "cashtag", "text_mention"];

describe("The Telegram door's picture", () => {
  test("is the same message from the place in line to the end", async () => {
    const scene = await aScene();
    const asked = await scene.say("/draw a cat");
    const status = await scene.telegram.until(() => scene.ofBot()[0]);
    expect(status.replyTo?.id).toBe(asked.id);
    await scene.paint();
    await scene.telegram.until(() => status.photo);
    expect(scene.ofBot()).toEqual([status]);
    expect(scene.telegram.callsOf("sendPhoto")).toEqual([]);
  });

  test("tells the place and the time that is expected, and then the time that has passed", async () => {
    const scene = await aScene({ studio: { slots: 1 } });
    await scene.drawn("a dog");
    await scene.say("/draw a cat");
    await scene.saying(/^Painting/);
    await scene.say("/draw an owl", { by: scene.ben });
    await scene.saying(/^In line, 1st · about \d+ s$/);
    await scene.paint(2);
    await eventually(() => expect(scene.pictures()).toHaveLength(3));
  });

  test("shows the provider's own percentage", async () => {
    const scene = await aScene({ easel: { progress: true } });
    await scene.say("/draw a cat");
    await scene.easel.begun(1);
    scene.easel.contexts[0]?.onProgress({ fraction: 0.42 });
    await scene.saying("42 %");
  });

  test("keeps the chat action alive until the picture is there", async () => {
    const scene = await aScene();
    await scene.say("/draw a cat");
    await scene.telegram.until(() => scene.telegram.chat(scene.group).activity === "upload_photo");
    await scene.paint();
    await eventually(() => expect(scene.pictures()).toHaveLength(1));
  });

  test("has words, enhanced prompt, facts and code in its caption", async () => {
    const scene = await aScene({ studio: { enhance: enhancer() } });
    const picture = await scene.drawn("a cat ratio 16:9 --seed 7");
    expect(picture.caption).toMatch(
      /^a cat ratio 16:9 --seed 7\nEnhanced prompt\na cat, in oil 1\n16:9 · 128×72 · seed 7 · zi-\w{10}$/,
    );
    expect(entitiesOf(picture, "expandable_blockquote")).toEqual(["a cat, in oil 1"]);
  });

  test.each([
    ["mentions and links", "@durov https://evil.example/x t.me/x #tag /start a@b.com $TON"],
    ["markup", "<b>*_`[x](tg://user?id=1)"],
    ["zero-width characters", "a\u200b\u2060@durov\u202e"],
  ])("keeps %s inert", async (_, hostile) => {
    const scene = await aScene({ studio: { enhance: enhancer() } });
    const picture = await scene.drawn(hostile);
    for (const type of clickable) expect(entitiesOf(picture, type)).toEqual([]);
    expect(picture.caption).toContain(hostile.slice(0, 5));
    expect(scene.telegram.calls.filter(({ payload }) => "parse_mode" in payload)).toEqual([]);
  });

  test.each([
    ["plain", "x ".repeat(1900)],
    ["of emoji", "👩‍👩‍👧‍👦".repeat(300)],
    ["in Chinese", "一只猫".repeat(1200)],
  ])("cuts long words %s to a caption, code included", async (_, long) => {
    const scene = await aScene({ studio: { enhance: enhancer(long) } });
    const picture = await scene.drawn(long);
    expect(picture.caption?.length).toBeLessThanOrEqual(1024);
    expect(picture.caption?.length).toBeGreaterThan(900);
    expect(picture.caption).toMatch(/zi-\w{10}$/);
    expect(picture.caption?.isWellFormed()).toBe(true);
  });

  test("says what could not be honoured", async () => {
    const scene = await aScene({ easel: { negative: false } });
    const picture = await scene.drawn("a cat --no fog");
    expect(picture.caption).toContain("Z-Image cannot use the negative prompt");
  });

  test("is a JPEG, and a spoiler where the policy wants one", async () => {
    const { rules } = parseRules(JSON.stringify([{ word: "blood", action: "spoiler" }]));
    const scene = await aScene({ studio: { policy: createPolicy(rules) } });
    const picture = await scene.drawn("blood orange");
    expect(picture.spoiler).toBe(true);
    expect(sniffFormat(picture.photo?.bytes ?? new Uint8Array())).toBe("jpeg");
  });

  test("is a document where its shape is none for a photo", async () => {
    const model = { id: "Z-Image", provider: "easel", sizes: { "1:1": "64x2048" }, quality: {} };
    const scene = await aScene({ models: [model] });
    const picture = await scene.drawn("a tower");
    expect(picture.photo).toBeUndefined();
    expect(picture.document).toMatchObject({ mimeType: "image/png" });
    expect(labels(picture)).toContain(t("buttons.again"));
  });

  test("is the untouched file where its pixels cannot be decoded", async () => {
    const image = anUndecodableWebp();
    const generate = async () => ({ image, notices: [], facts: {} });
    const provider = { ...easel({ auto: true }), generate };
    const scene = await aScene({ studio: { painter: provider } });
    await scene.say("/draw a cat");
    const { document } = await scene.telegram.until(() => scene.pictures()[0]);
    expect(Buffer.from(document?.bytes ?? [])).toEqual(image);
  });

  test("is a document where the platform refuses the photo", async () => {
    const scene = await aScene();
    scene.telegram.faults.failNext("editMessageMedia", {
      code: 400,
      description: "Bad Request: PHOTO_INVALID_DIMENSIONS",
    });
    await scene.say("/draw a cat");
    await scene.paint();
    await scene.telegram.until(() => scene.ofBot()[0]?.document);
    expect(scene.ofBot()).toHaveLength(1);
  });
});

describe("The Telegram door's album", () => {
  test("answers the message, and the one status message becomes its caption and buttons", async () => {
    const scene = await aScene();
    const asked = await scene.say("/draw a cat --n 3 --seed 5");
    await scene.paint(3);
    await scene.telegram.until(() => scene.pictures().length === 3);
    const caption = await scene.saying("seed 5–7");
    expect(scene.pictures().every(({ replyTo }) => replyTo?.id === asked.id)).toBe(true);
    expect(new Set(scene.pictures().map(({ albumId }) => albumId)).size).toBe(1);
    expect(labels(caption)).toContain(t("buttons.again"));
    expect(scene.ofBot()).toHaveLength(4);
  });

  test("goes as a whole with Delete", async () => {
    const scene = await aScene();
    await scene.say("/draw a cat --n 2");
    await scene.paint(2);
    const caption = await scene.saying("zi-");
    await scene.telegram.until(() => labels(caption).includes("Delete"));
    scene.telegram.userPresses(caption, "Delete", scene.anna);
    await scene.telegram.until(() => scene.ofBot().length === 0);
  });

  test("has all the buttons of a picture, which work on all of it", async () => {
    const scene = await aScene({ easel: { auto: true } });
    await scene.say("/draw a cat --n 4 --seed 5");
    const caption = await scene.saying("zi-");
    await scene.telegram.until(() => labels(caption).includes("Delete"));
    const press = async (label: string, count: number) => {
      scene.telegram.userPresses(caption, label, scene.ben);
      await scene.telegram.until(() => scene.pictures().length === count);
      return scene.pictures().slice(-4);
    };
    const again = await press("Again", 8);
    expect(new Set(again.map(({ albumId }) => albumId)).size).toBe(1);
    await press("Vary", 12);
    scene.telegram.userPresses(caption, "Ratio", scene.ben);
    await scene.telegram.until(() => labels(caption).includes("16:9"));
    await press("16:9", 16);
    await scene.telegram.until(() => labels(caption).includes("Original"));
    const originals = await press("Original", 20);
    const sent = originals.map(({ document }) =>
      Buffer.from(document?.bytes ?? []).toString("hex"),
    );
    const kept = [...scene.images.kept.values()].slice(0, 4);
    expect(sent.toSorted()).toEqual(kept.map((one) => Buffer.from(one).toString("hex")).toSorted());
    const seeds = scene.easel.orders.map(({ seed }) => seed);
    expect(seeds.slice(12, 16).toSorted()).toEqual([5, 6, 7, 8]);
    expect(new Set([seeds[0], seeds[4], seeds[8]]).size).toBe(3);
  });

  test("older than the platform lets go is blanked as a whole, but for what is gone", async () => {
    const scene = await aScene({ easel: { auto: true } });
    await scene.say("/draw a cat --n 3");
    const caption = await scene.saying("zi-");
    await scene.telegram.until(() => labels(caption).includes("Delete"));
    const [gone, ...left] = scene.pictures();
    scene.telegram.userDeletes(gone!);
    scene.telegram.clock.advance(49 * 3_600_000);
    scene.telegram.userPresses(caption, "Delete", scene.anna);
    const deleted = t("picture.deleted");
    await scene.telegram.until(() => left.every((one) => one.caption === deleted));
    await scene.telegram.until(() => caption.text === deleted);
    expect(labels(caption)).toEqual([]);
  });
});

describe("The Telegram door's buttons", () => {
  test("carry the code and no words, in 64 bytes", async () => {
    const scene = await aScene();
    const picture = await scene.drawn("a very secret cat");
    const data = picture.keyboard
      .flat()
      .map((button) => ("callback_data" in button ? button.callback_data : ""));
    expect(data).toHaveLength(7);
    for (const one of data) {
      expect(one).toContain(codeIn(picture));
      expect(Buffer.byteLength(one)).toBeLessThanOrEqual(64);
    }
  });

  test("Again keeps the final prompt, Vary asks the enhancer anew, My words leaves it out", async () => {
    const scene = await aScene({ studio: { enhance: enhancer() } });
    const picture = await scene.drawn("a cat --seed 7");
    for (const label of ["Again", "Vary", "My words"]) {
      scene.telegram.userPresses(picture, label, scene.anna);
      await scene.paint();
    }
    await scene.telegram.until(() => scene.pictures().length === 4);
    const [first, again, vary, own] = scene.easel.orders;
    expect(again).toMatchObject({ prompt: first?.prompt });
    expect(again?.seed).not.toBe(7);
    expect(vary).toMatchObject({ prompt: "a cat, in oil 2", seed: 7 });
    expect(own).toMatchObject({ prompt: "a cat", seed: 7 });
  });

  test("Vary takes another seed where nothing is enhanced", async () => {
    const scene = await aScene();
    const picture = await scene.drawn("a cat --seed 7");
    scene.telegram.userPresses(picture, "Vary", scene.anna);
    await scene.paint();
    await scene.easel.begun(2);
    expect(scene.easel.orders[1]).toMatchObject({ prompt: "a cat" });
    expect(scene.easel.orders[1]?.seed).not.toBe(7);
  });

  test("Ratio leads to six choices and back", async () => {
    const scene = await aScene();
    const picture = await scene.drawn("a cat");
    scene.telegram.userPresses(picture, "Ratio", scene.anna);
    await scene.telegram.until(() => labels(picture).includes("Back"));
    expect(labels(picture)).toEqual(["1:1", "1:2", "3:2", "3:4", "16:9", "9:16", "Back"]);
    scene.telegram.userPresses(picture, "Back", scene.anna);
    await scene.telegram.until(() => labels(picture).includes("Again"));
  });

  test("Original sends the untouched file as a document, and knows it the next time", async () => {
    const scene = await aScene();
    const picture = await scene.drawn("a cat");
    const [kept] = scene.images.kept.values();
    for (const count of [1, 2]) {
      scene.telegram.userPresses(picture, "Original", scene.anna);
      await scene.telegram.until(
        () => scene.ofBot().filter(({ document }) => document).length === count,
      );
    }
    const documents = scene.ofBot().flatMap(({ document }) => document ?? []);
    expect(Buffer.from(documents[0]?.bytes ?? [])).toEqual(Buffer.from(kept ?? []));
    expect(documents[1]?.fileId).toBe(documents[0]?.fileId);
  });

  test("never show a WebP as a sticker", async () => {
    const scene = await aScene();
    const picture = await scene.drawn("a cat");
    const job = await scene.newestJob();
    const webp = await sharp(scene.images.kept.get(job.pictures[0]?.hash ?? "") ?? [])
      .webp()
      .toBuffer();
    const hash = await scene.images.put(webp);
    const changes = { id: "webp", hash, format: "webp" } as const;
    const pictures = [{ ...job.pictures[0]!, ...changes }];
    await scene.stores.ledger.settle({ ...job, pictures });
    scene.telegram.userPresses(picture, "Original", scene.anna);
    const original = await scene.telegram.until(() => scene.ofBot().find((one) => one.document));
    expect(original).toMatchObject({ sticker: undefined, document: { mimeType: "image/png" } });
  });

  test("are answered within a second of work, whatever the load", async () => {
    const scene = await aScene();
    const picture = await scene.drawn("a cat");
    const before = process.cpuUsage();
    const presses = Array.from({ length: 20 }, () =>
      scene.telegram.userPresses(picture, "Again", scene.ben),
    );
    await scene.telegram.until(() => presses.every(({ answer }) => answer));
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(1000);
    const waits = presses.map(({ at, answer }) => (answer?.at ?? Infinity) - at);
    expect(Math.max(...waits)).toBeLessThan(10_000);
    expect(scene.pictures()).toHaveLength(1);
  });

  test("work below a message that the platform does not show any more", async () => {
    const scene = await aScene();
    const picture = await scene.drawn("a cat --seed 7");
    scene.telegram.userDeletes(picture);
    scene.telegram.forgePress(picture, `a;${codeIn(picture)};`, scene.ben);
    await scene.paint();
    await scene.telegram.until(() => scene.pictures().length === 1);
    expect((await scene.newestJob(scene.ben)).parent).toBe(codeIn(picture));
  });

  test("of an older version, or forged, are answered and do nothing", async () => {
    const scene = await aScene();
    const picture = await scene.drawn("a cat");
    for (const data of ["", "x", "a;;", "d;zi-0000000000;", "f;;1", "g;;own 1 model x", "e;;"]) {
      const press = scene.telegram.forgePress(picture, data, scene.ben);
      await scene.telegram.until(() => press.answer);
    }
    expect(scene.pictures()).toHaveLength(1);
    expect(scene.logged.filter(({ level }) => level === "error")).toEqual([]);
  });

  test("Delete is for the group's administrators too, and erases the kept picture", async () => {
    const scene = await aScene();
    const admin = scene.telegram.addUser();
    const chat = scene.telegram.addGroup({
      supergroup: true,
      admins: [admin],
      members: [scene.anna, scene.ben],
    });
    const picture = await scene.drawn("a cat", { chat });
    const refused = scene.telegram.userPresses(picture, "Delete", scene.ben);
    await scene.telegram.until(() => refused.answer);
    expect(refused.answer?.text).toBe(t("errors.not-yours"));
    scene.telegram.userPresses(picture, "Delete", admin);
    await scene.telegram.until(() => picture.deleted);
    expect(scene.images.kept.size).toBe(0);
  });

  test("Delete leaves administrators of other groups no say", async () => {
    const scene = await aScene();
    const picture = await scene.drawn("a cat");
    const admin = scene.telegram.addUser();
    const chat = scene.telegram.addGroup({ supergroup: true, admins: [admin] });
    await scene.say(`/show ${codeIn(picture)}`, { by: admin, chat });
    const copy = await scene.telegram.until(() => scene.pictures(chat)[0]);
    const press = scene.telegram.userPresses(copy, "Delete", admin);
    await scene.telegram.until(() => press.answer);
    expect(press.answer?.text).toBe(t("errors.not-yours"));
    expect(scene.images.kept.size).toBe(1);
  });

  test("Delete blanks a message that is older than the platform lets go", async () => {
    const scene = await aScene();
    const picture = await scene.drawn("a cat");
    const before = picture.photo?.fileId;
    scene.telegram.clock.advance(49 * 3_600_000);
    scene.telegram.userPresses(picture, "Delete", scene.anna);
    await scene.telegram.until(() => picture.caption === t("picture.deleted"));
    expect(picture.photo?.fileId).not.toBe(before);
    expect(labels(picture)).toEqual([]);
    expect(scene.images.kept.size).toBe(0);
  });
});
