import sharp from "sharp";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { exifOf, jpegOf } from "../fakes/pictures.ts";
import { unfinished } from "../fakes/studio.ts";
import type { ConversationHarness } from "./conversation.ts";

/** A file as a person sends it. */
export interface SentFile {
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** A chat in which pictures can be sent, with a model that edits. */
export interface PicturesHarness extends ConversationHarness {
  /** Anna asks with the platform's own command to change this picture, which is sent as a file. */
  change(words: string, picture: SentFile): Promise<void>;
}

export interface PicturesOptions {
  readonly name: string;
  readonly start: () => Promise<PicturesHarness>;
}

const [width, height] = [60, 40];
const plain = () =>
  sharp({ create: { width, height, channels: 3, background: { r: 200, g: 80, b: 40 } } });

/** What people send: its name in a sentence, its file's name, its bytes. */
const pictures: readonly (readonly [string, string, () => Promise<Uint8Array>])[] = [
  ["a PNG of 16 bits", "a.png", () => plain().toColourspace("rgb16").png().toBuffer()],
  ["a JPEG in CMYK", "a.jpg", () => plain().toColourspace("cmyk").jpeg().toBuffer()],
  ["a WebP that moves", "a.webp", () => animated("webp")],
  ["a GIF that moves", "a.gif", () => animated("gif")],
  ["an AVIF", "a.avif", () => plain().avif().toBuffer()],
];

async function animated(format: "webp" | "gif"): Promise<Uint8Array> {
  const frames = await Promise.all(["red", "blue"].map((background) => frame(background)));
  return sharp(frames, { join: { animated: true } })
    [format]({ delay: [100, 100] })
    .toBuffer();
}

function frame(background: string): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background } })
    .png()
    .toBuffer();
}

const typeOf: Readonly<Record<string, string>> = {
  jpg: "image/jpeg",
  heic: "image/heic",
};

function file(name: string, bytes: Uint8Array): SentFile {
  const extension = name.split(".")[1] ?? "";
  return { name, bytes, type: typeOf[extension] ?? `image/${extension}` };
}

/** What every chat door does with pictures that people send; run by each door against its own stand-in. */
export function picturesContract({ name, start }: PicturesOptions): void {
  async function aChat(): Promise<PicturesHarness> {
    const chat = await start();
    onTestFinished(() => chat.stop());
    return chat;
  }

  const sourceOf = async ({ easel }: PicturesHarness) => {
    await easel.begun(1);
    return easel.orders[0]?.sources?.[0]?.bytes ?? new Uint8Array();
  };

  describe(`${name} with pictures that people send`, () => {
    test.for(pictures)("changes %s", async ([, name, make]) => {
      const chat = await aChat();
      await chat.change("make it night", file(name, await make()));
      const facts = await sharp(await sourceOf(chat)).metadata();
      expect(facts).toMatchObject({ width, height });
      expect(["png", "jpeg", "webp"]).toContain(facts.format);
    });

    test("turns one upright that its camera only says to turn", async () => {
      const chat = await aChat();
      const turned = await plain().withMetadata({ orientation: 6 }).jpeg().toBuffer();
      await chat.change("make it night", file("a.jpg", turned));
      const facts = await sharp(await sourceOf(chat))
        .autoOrient()
        .metadata();
      expect(facts.autoOrient).toMatchObject({ width: height, height: width });
    });

    test("hands the service exactly the bytes that were sent", async () => {
      const chat = await aChat();
      const bytes = await plain().png().toBuffer();
      await chat.change("make it night", file("a.png", bytes));
      expect(Buffer.from(await sourceOf(chat)).equals(bytes)).toBe(true);
    });

    test.for([
      ["a HEIC", "a.heic", Buffer.from("\0\0\0\x18ftypheic\0\0\0\0mif1heic", "latin1")],
      ["one that is cut off", "a.jpg", jpegOf([]).subarray(0, 3)],
      ["one that only says to be turned", "a.jpg", exifOf(6, "II")],
    ] as const)("refuses %s in words, and paints nothing", async ([, name, bytes]) => {
      const chat = await aChat();
      await chat.change("make it night", file(name, bytes));
      await vi.waitFor(
        () => {
          const texts = [...chat.shown().map(({ text }) => text), ...chat.told("anna")];
          expect(texts.join("\n")).toMatch(/cannot be (used|changed)/);
        },
        { timeout: 60_000, interval: 10 },
      );
      expect(chat.easel.orders).toEqual([]);
    });

    test("dying between the picture and the call leaves exactly one picture, made from it", async () => {
      const chat = await aChat();
      const bytes = await plain().png().toBuffer();
      await chat.change("make it night", file("a.png", bytes));
      await chat.easel.begun(1);
      await vi.waitFor(async () => expect(await unfinished(chat.stores)).toHaveLength(1), 60_000);
      await chat.crash();
      await chat.restart();
      expect(Buffer.from(await sourceOf(chat)).equals(bytes)).toBe(true);
      chat.easel.finish();
      await vi.waitFor(
        () => {
          const shown = chat.shown().reduce((sum, message) => sum + message.pictures, 0);
          expect(shown).toBe(1);
        },
        { timeout: 60_000, interval: 10 },
      );
    });
  });
}
