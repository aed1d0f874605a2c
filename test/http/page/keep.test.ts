import { deflateSync, inflateRawSync } from "node:zlib";
import { readFileSync } from "node:fs";
import type { Request } from "playwright-core";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { eventually, isWithoutBrowser, textOf, visit, withBrowser } from "../../fakes/page.ts";

withBrowser();

type Door = Parameters<NonNullable<NonNullable<Parameters<typeof visit>[0]>["before"]>>[0];

const drawn =
  (...words: readonly string[]) =>
  async ({ post }: Door) => {
    for (const prompt of words) {
      await post("/v1/images/generations", { prompt, response_format: "url" });
    }
  };

const gallery = async (...words: readonly string[]) => {
  const visited = await visit({ before: drawn(...words) });
  await visited.page.getByRole("link", { name: "Gallery" }).click();
  await visited.page.locator(".tile").first().waitFor();
  return visited;
};

const manyOrders = 600;

/** What a server with very many pictures answers to `GET /v1/images`. */
function aPage(request: Request) {
  const { searchParams: query } = new URL(request.url());
  const first = Number(query.get("after") ?? 0);
  const end = Math.min(manyOrders, first + Number(query.get("limit")));
  const url = "data:image/gif;base64,R0lGODlhAQABAAAAACw=";
  const data = Array.from({ length: query.get("state") === "open" ? 0 : end - first }, (_, at) => ({
    code: `zi-${String(first + at).padStart(10, "0")}`,
    original_prompt: `picture ${first + at}`,
    data: [{ url: new URL(`images/${first + at}.png`, request.url()).href, thumbnail_url: url }],
  }));
  return { data, next: end < manyOrders ? String(end) : null };
}

describe.skipIf(isWithoutBrowser)("the gallery", () => {
  test("has what was made before the page was opened, at any time", async () => {
    const { page } = await gallery("one", "two --n 2");
    await eventually(() => page.locator(".tile").count()).toBe(3);
    await eventually(() => page.evaluate('document.querySelector(".tile img").naturalWidth')).toBe(
      64,
    );
  });

  test("goes on as its end comes near", async () => {
    const many = Array.from({ length: 65 }, (_, number) => `picture ${number}`);
    const { page } = await gallery(...many);
    await page.locator(".keep-end").scrollIntoViewIfNeeded();
    await eventually(() => page.locator(".tile").count()).toBe(65);
    await eventually(() => textOf(page, ".keep-end")).toBe("That is all.");
  });

  test("has few of its tiles in the document, however many pictures there are, and goes through them with arrows", async () => {
    const { page } = await visit();
    await page.route("**/v1/images?*", (route) => route.fulfill({ json: aPage(route.request()) }));
    await page.getByRole("link", { name: "Gallery" }).click();
    await page.locator(".tile").first().waitFor();
    let most = 0;
    const atEnd = async () => {
      await page.evaluate("scrollTo({ top: document.body.scrollHeight, behavior: 'instant' })");
      most = Math.max(most, await page.locator(".tile").count());
      return textOf(page, ".keep-end");
    };
    await eventually(atEnd).toBe("That is all.");
    await page.getByRole("button", { name: "Open: picture 599", exact: true }).focus();
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Enter");
    await eventually(() => textOf(page, ".lightbox .own-words")).toBe("picture 591");
    await page.keyboard.press("Escape");
    await page.evaluate("scrollTo({ top: 0, behavior: 'instant' })");
    await page.getByRole("button", { name: "Open: picture 0", exact: true }).waitFor();
    expect(most).toBeLessThan(200);
  });

  test("is searched by words, and shows the picture of a code", async () => {
    const { page, studio } = await gallery("a fox", "an owl");
    await page.locator("#search").fill("owl");
    await eventually(() => page.locator(".tile").count()).toBe(1);
    await page.locator("#search").fill("unicorn");
    await eventually(() => textOf(page, ".keep-end")).toBe("Nothing matches.");
    const [, fox] = await studio.history({ id: "http:anna" }, { limit: 2 });
    await page.locator("#search").fill(` ${fox?.code.toLowerCase()}`);
    expect(await textOf(page, ".lightbox .own-words")).toBe("a fox");
  });

  test("shows favourites alone where that is wanted", async () => {
    const { page } = await gallery("a fox", "an owl --n 3");
    await page.getByRole("button", { name: "Open: an owl" }).nth(1).click();
    await page.locator(".lightbox .favorite").click();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Favourites" }).click();
    await eventually(() => page.locator(".tile").count()).toBe(1);
    expect(await page.locator(".star").count()).toBe(1);
  });

  test("packs what is selected into a ZIP with recipes", async () => {
    const { page } = await gallery("a fox", "../an/owl <b>");
    await page.getByRole("button", { name: "Select", exact: true }).click();
    await page.getByRole("button", { name: "Select all shown" }).click();
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download as ZIP" }).click();
    const files = unzipped(readFileSync(await (await download).path()));
    expect([...files.keys()].map((name) => name.replace(/ \d+\./, "."))).toEqual([
      "an owl b.png",
      "an owl b.png.json",
      "a fox.png",
      "a fox.png.json",
    ]);
    const recipe = [...files].find(([name]) => /^a fox.*json$/.test(name))?.[1].toString();
    expect(JSON.parse(recipe ?? "")).toMatchObject({ own: "a fox", model: "Z-Image" });
  });

  test("deletes what is selected after a question", async () => {
    const { page } = await gallery("a fox", "an owl");
    await page.getByRole("button", { name: "Select", exact: true }).click();
    await page.locator(".tile button").first().click();
    await page.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("button", { name: "Yes, delete" }).click();
    await eventually(() => page.locator(".tile").count()).toBe(1);
  });

  test("is left by Back as it was before the selection, also from a picture that lies over it", async () => {
    const { page, studio, url } = await gallery("a fox", "an owl");
    const [owl] = await studio.history({ id: "http:anna" }, { limit: 1 });
    await page.getByRole("button", { name: "Select", exact: true }).click();
    await page.locator(".tile button").first().click();
    await page.locator("#search").fill(owl?.code ?? "");
    await page.locator(".lightbox").waitFor();
    await page.goBack();
    await eventually(() => page.locator(".lightbox").count()).toBe(0);
    expect(await textOf(page, ".selection [role=status]")).toBe("1 selected");
    await page.goBack();
    await eventually(() => page.locator(".selection").count()).toBe(0);
    expect(page.url()).toBe(`${url}/#gallery`);
    await page.goForward();
    expect(await textOf(page, ".selection [role=status]")).toBe("0 selected");
    await page.getByRole("button", { name: "Done" }).click();
    await eventually(() => page.url()).toBe(`${url}/#gallery`);
  });
});

describe.skipIf(isWithoutBrowser)("the gallery without its server", () => {
  test("shows and searches what was seen last with this key, and nothing once the key is forgotten", async () => {
    const { page } = await gallery("a fox", "an owl --n 2");
    await eventually(() => page.evaluate("caches.has('drawbridge-seen')")).toBe(true);
    await eventually(() => page.evaluate(seenOrders)).toBe(2);
    await page.route("**/v1/**", (route) => route.abort());
    await page.reload();
    await page.getByText("this is what was seen last").waitFor();
    expect(await page.locator(".tile").count()).toBe(3);
    await page.locator("#search").fill("OWL");
    await eventually(() => page.locator(".tile").count()).toBe(2);
    await page.unroute("**/v1/**");
    await page.evaluate("window.dispatchEvent(new Event('online'))");
    await eventually(() => page.getByText("this is what was seen last").count()).toBe(0);
    await page.getByRole("button", { name: "Forget it" }).click();
    await eventually(() => page.evaluate("caches.has('drawbridge-seen')")).toBe(false);
  });
});

const seenOrders = `caches.open("drawbridge-seen").then(async (cache) => {
  const [first] = await cache.keys();
  return first ? (await (await cache.match(first)).json()).length : 0;
})`;

describe.skipIf(isWithoutBrowser)("a file that is shown to the gallery", () => {
  const chooser = "input[type=file]";
  const png = async () =>
    sharp({ create: { width: 8, height: 8, channels: 3, background: "#17708a" } })
      .png()
      .toBuffer();

  test.each(["jpeg", "webp"])(
    "made here and converted to %s leads to its picture by its label",
    async (format) => {
      const { page, post } = await gallery("a fox", "an owl");
      const body = { prompt: "a cat", output_format: format };
      const answer = (await (await post("/v1/images/generations", body)).json()) as {
        data: { b64_json: string }[];
      };
      const buffer = Buffer.from(answer.data[0]?.b64_json ?? "", "base64");
      await page.locator(chooser).setInputFiles({ name: "x", mimeType: `image/${format}`, buffer });
      expect(await textOf(page, ".lightbox .own-words")).toBe("a cat");
    },
  );

  test("made here leads to its picture", async () => {
    const { page, get } = await gallery("a fox");
    const { data } = (await (await get("/v1/images")).json()) as {
      data: { data: { url: string }[] }[];
    };
    const file = await get(new URL(data[0]?.data[0]?.url ?? "").pathname);
    const buffer = Buffer.from(await file.bytes());
    await page.locator(chooser).setInputFiles({ name: "x.png", mimeType: "image/png", buffer });
    expect(await textOf(page, ".lightbox .own-words")).toBe("a fox");
  });

  test.each([
    [
      "A1111",
      {
        parameters:
          "a fox, <b>snow</b>\nNegative prompt: text\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 42, Size: 512x768, Model: x",
      },
    ],
    [
      "ComfyUI",
      {
        prompt: JSON.stringify({
          3: {
            inputs: {
              seed: 42,
              steps: 20,
              positive: ["6", 0],
              negative: ["7", 0],
              latent_image: ["5", 0],
            },
          },
          5: { inputs: { width: 512, height: 768 } },
          6: { inputs: { text: "a fox, <b>snow</b>" } },
          7: { inputs: { text: "text" } },
        }),
      },
    ],
    [
      "NovelAI",
      {
        Software: "NovelAI",
        Comment: JSON.stringify({
          prompt: "a fox, <b>snow</b>",
          uc: "text",
          seed: 42,
          width: 512,
          height: 768,
        }),
      },
    ],
  ])("made by %s says how, and lends its settings", async (program, texts) => {
    const { page } = await gallery("one");
    const buffer = withTexts(await png(), texts);
    await page.locator(chooser).setInputFiles({ name: "x.png", mimeType: "image/png", buffer });
    expect(await textOf(page, ".parameters")).toContain(program);
    expect(await textOf(page, ".parameters .own-words")).toBe("a fox, <b>snow</b>");
    await page.locator(".parameters").getByRole("button").click();
    await page.locator("#prompt").waitFor();
    expect(await page.locator("#prompt").inputValue()).toBe("a fox, <b>snow</b>");
    expect(await page.locator("#seed").inputValue()).toBe("42");
    expect(await page.locator("#width").inputValue()).toBe("512");
  });

  test("made by A1111 as a JPEG says how, too", async () => {
    const { page } = await gallery("one");
    const comment = "a fox\nNegative prompt: text\nSteps: 20, Seed: 42";
    const letters = Buffer.from(comment, "utf16le").swap16();
    const exif = Buffer.concat([Buffer.from("UNICODE\0"), letters]);
    const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xe1, 0, exif.length + 2, ...exif, 0xff, 0xda]);
    await page
      .locator(chooser)
      .setInputFiles({ name: "x.jpg", mimeType: "image/jpeg", buffer: jpeg });
    expect(await textOf(page, ".parameters .own-words")).toBe("a fox");
  });

  test("that says nothing is told to say nothing", async () => {
    const { page } = await gallery("one");
    const buffer = await png();
    await page.locator(chooser).setInputFiles({ name: "x.png", mimeType: "image/png", buffer });
    await page.getByText("does not say how it was made").waitFor();
  });
});

/** A PNG with these texts, the first plain and the others compressed. */
function withTexts(png: Buffer, texts: object): Buffer {
  const chunks = Object.entries(texts as Record<string, string>).map(([name, value], index) =>
    index === 0
      ? chunkOf("iTXt", Buffer.concat([Buffer.from(`${name}\0\0\0\0\0`), Buffer.from(value)]))
      : chunkOf("zTXt", Buffer.concat([Buffer.from(`${name}\0\0`), deflateSync(value)])),
  );
  const end = png.length - 12;
  return Buffer.concat([png.subarray(0, end), ...chunks, png.subarray(end)]);
}

function chunkOf(type: string, content: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  return Buffer.concat([length, Buffer.from(type), content, Buffer.alloc(4)]);
}

/** The files of a ZIP by its local headers. */
function unzipped(zip: Buffer): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (let at = 0; zip.readUInt32LE(at) === 0x04034b50; ) {
    const [method, size] = [zip.readUInt16LE(at + 8), zip.readUInt32LE(at + 18)];
    const [nameLength, extra] = [zip.readUInt16LE(at + 26), zip.readUInt16LE(at + 28)];
    const start = at + 30 + nameLength + extra;
    const content = zip.subarray(start, start + size);
    const name = zip.subarray(at + 30, at + 30 + nameLength).toString();
    files.set(name, method === 0 ? content : inflateRawSync(content));
    at = start + size;
  }
  return files;
}
