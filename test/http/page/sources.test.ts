import type { Page } from "playwright-core";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import {
  devtoolsOf,
  eventually,
  isWithoutBrowser,
  order,
  textOf,
  visit,
  withBrowser,
} from "../../fakes/page.ts";
import { easel } from "../../fakes/studio.ts";

withBrowser();

const aPicture = sharp({ create: { width: 64, height: 64, channels: 3, background: "#17708a" } })
  .png()
  .toBuffer();

/** A page whose second model starts from pictures. */
async function withEditor({ sizes = { "1:1": "64x64" }, phone = false } = {}) {
  const painter = easel({ auto: true, edit: "bytes" });
  const editor = {
    id: "Editor",
    provider: "easel",
    sizes,
    edits: { pictures: 3, mask: true },
  };
  return visit({ easel: painter, models: [editor], phone });
}

type Point = readonly [x: number, y: number];

/** Draws with one finger. */
async function stroke(page: Page, [x, y]: Point, [endX, endY]: Point): Promise<void> {
  const devtools = await devtoolsOf(page);
  const touch = (
    type: "touchStart" | "touchMove" | "touchEnd",
    ...touchPoints: { x: number; y: number }[]
  ) => devtools.send("Input.dispatchTouchEvent", { type, touchPoints });
  await touch("touchStart", { x, y });
  await touch("touchMove", { x: endX, y: endY });
  await touch("touchEnd");
}

/** How opaque a picture is at a place, from 0 to 255. */
async function alphaOf(bytes?: Uint8Array) {
  const { data, info } = await sharp(bytes)
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return (x: number, y: number) => data[(y * info.width + x) * 4 + 3];
}

describe.skipIf(isWithoutBrowser)("pictures that an order starts from", () => {
  test("are chosen, shown, taken away again, and sent in their order", async () => {
    const { page, painter } = await withEditor();
    const buffer = await aPicture;
    const names = ["one.png", "two.png", "<b>three</b>.png"];
    const files = names.map((name) => ({ name, mimeType: "image/png", buffer }));
    await page.locator(".sources input[type=file]").setInputFiles(files);
    await page.getByRole("button", { name: "Remove <b>three</b>.png" }).click();
    await order(page, "make it night");
    await painter.begun(1);
    expect(painter.orders[0]?.sources?.map(({ bytes }) => bytes.byteLength)).toHaveLength(2);
    await page.locator("#sheets img").waitFor();
    expect(await page.locator(".sources li").count()).toBe(0);
  });

  test("are pasted, too", async () => {
    const { page, painter } = await withEditor();
    const base64 = (await aPicture).toString("base64");
    await page.locator("#prompt").waitFor();
    await page.locator(".sources").waitFor();
    await page.evaluate(`(() => {
      const bytes = Uint8Array.from(atob("${base64}"), (letter) => letter.charCodeAt(0));
      const clipboardData = new DataTransfer();
      clipboardData.items.add(new File([bytes], "pasted.png", { type: "image/png" }));
      document.getElementById("prompt").dispatchEvent(
        new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
    })()`);
    await page.locator(".sources li").waitFor();
    await order(page, "make it night");
    await painter.begun(1);
    expect(painter.orders[0]?.sources).toHaveLength(1);
  });

  test("are pictures of one's own by Edit", async () => {
    const { page, painter } = await withEditor();
    await order(page, "a fox");
    await page.locator("#sheets img").waitFor();
    await page.getByRole("button", { name: "Edit", exact: true }).click();
    await order(page, "make it night");
    await painter.begun(2);
    expect(painter.orders[1]?.sources).toHaveLength(1);
  });

  test("are joined by pictures of one's own by Use as reference, and the form stays as it is", async () => {
    const { page, painter } = await withEditor();
    const file = { name: "one.png", mimeType: "image/png", buffer: await aPicture };
    await order(page, "a fox");
    await page.locator("#sheets img").waitFor();
    await page.locator(".sources input[type=file]").setInputFiles(file);
    await page.locator("#prompt").fill("both of them");
    const refer = page.getByRole("button", { name: "Use as reference" });
    await refer.click();
    await refer.click();
    await eventually(() => page.locator(".sources li").count()).toBe(2);
    expect(await page.locator("#prompt").inputValue()).toBe("both of them");
    await page.locator("#prompt").press("Control+Enter");
    await painter.begun(2);
    expect(painter.orders[1]).toMatchObject({ prompt: "both of them" });
    expect(painter.orders[1]?.sources).toHaveLength(2);
  });

  test("are dropped anywhere; what is no picture is said to be none", async () => {
    const { page, url } = await withEditor();
    await page.locator(".sources").waitFor();
    const base64 = (await aPicture).toString("base64");
    for (const [name, type] of [
      ["one.png", "image/png"],
      ["notes.txt", "text/plain"],
    ]) {
      await page.evaluate(`(() => {
        const bytes = Uint8Array.from(atob("${base64}"), (letter) => letter.charCodeAt(0));
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File([bytes], "${name}", { type: "${type}" }));
        document.querySelector(".results").dispatchEvent(
          new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
      })()`);
    }
    await eventually(() => textOf(page, "#status")).toBe("“notes.txt” is no picture.");
    await eventually(() => page.locator(".sources li").count()).toBe(1);
    expect(page.url()).toBe(`${url}/`);
  });

  test("have a mask as large as they are, also where the camera was turned", async () => {
    const { page, painter } = await withEditor();
    const turned = sharp({ create: { width: 96, height: 64, channels: 3, background: "#17708a" } });
    const buffer = await turned.jpeg().withMetadata({ orientation: 6 }).toBuffer();
    const file = { name: "turned.jpg", mimeType: "image/jpeg", buffer };
    await page.locator(".sources input[type=file]").setInputFiles(file);
    await page.getByRole("button", { name: "Paint a mask" }).click();
    await page.locator(".brush canvas").click();
    await order(page, "make it night");
    await painter.begun(1);
    const mask = await sharp(painter.orders[0]?.mask?.bytes).metadata();
    expect([mask.width, mask.height]).toEqual([64, 96]);
  });

  test("have a mask as large as they are where they were made here", async () => {
    const { page, painter } = await withEditor({ sizes: { "1:1": "640x640" } });
    await order(page, "a fox --model Editor");
    await page.locator("#sheets img").waitFor();
    await page.getByRole("button", { name: "Edit", exact: true }).click();
    await page.getByRole("button", { name: "Paint a mask" }).click();
    await page.locator(".brush canvas").click();
    await order(page, "make it night");
    await painter.begun(2);
    expect(painter.orders[1]).toMatchObject({ width: 640, height: 640 });
    expect((await sharp(painter.orders[1]?.mask?.bytes).metadata()).width).toBe(640);
  });

  test.each(["a mouse", "a finger on a phone"])("have a mask where %s was", async (pointer) => {
    const isTouch = pointer !== "a mouse";
    const { page, painter } = await withEditor({ phone: isTouch });
    const file = { name: "one.png", mimeType: "image/png", buffer: await aPicture };
    await page.locator(".sources input[type=file]").setInputFiles(file);
    await page.getByRole("button", { name: "Paint a mask" }).click();
    const area = page.locator(".brush canvas");
    await area.scrollIntoViewIfNeeded();
    const box = (await area.boundingBox())!;
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    if (isTouch) await stroke(page, [x, y], [x + 40, y]);
    else {
      await page.mouse.move(x, y);
      await page.mouse.down();
      await page.mouse.move(x + 40, y);
      await page.mouse.up();
    }
    await order(page, "make it night");
    await painter.begun(1);
    const alphaAt = await alphaOf(painter.orders[0]?.mask?.bytes);
    const reached = 32 + Math.round((40 * 64) / box.width);
    expect([alphaAt(32, 32), alphaAt(reached, 32), alphaAt(2, 2)]).toEqual([0, 0, 255]);
  });

  test("have a mask where the keys moved the brush", async () => {
    const { page, painter } = await withEditor();
    const file = { name: "one.png", mimeType: "image/png", buffer: await aPicture };
    await page.locator(".sources input[type=file]").setInputFiles(file);
    await page.getByRole("button", { name: "Paint a mask" }).click();
    await page.locator(".brush canvas").focus();
    for (let step = 0; step < 8; step++) await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Space");
    await order(page, "make it night");
    await painter.begun(1);
    const alphaAt = await alphaOf(painter.orders[0]?.mask?.bytes);
    expect([alphaAt(11, 29), alphaAt(32, 32)]).toEqual([0, 255]);
  });

  test("are not offered where no model starts from any", async () => {
    const { page } = await visit();
    await page.locator(".painter").waitFor();
    expect(await page.locator(".sources").count()).toBe(0);
  });
});
