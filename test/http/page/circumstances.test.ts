import { describe, expect, test } from "vitest";
import { ImageError } from "../../../core/errors.ts";
import {
  eventually,
  isWithoutBrowser,
  order,
  textOf,
  visit,
  withBrowser,
} from "../../fakes/page.ts";
import { memoryImages } from "../../fakes/studio.ts";

withBrowser();

describe.skipIf(isWithoutBrowser)("the page beside others", () => {
  test("has in a tab with another key what is of that key alone", async () => {
    const { page, url } = await visit();
    await order(page, "a secret of anna's");
    await page.locator("#sheets img").waitFor();
    // A tab of another person is another profile; what one profile remembers is of its last key.
    const other = await page.context().browser()?.newContext();
    const tab = await other!.newPage();
    await tab.goto(`${url}/#key=ben-key`);
    await order(tab, "a cat of ben's");
    await tab.locator("#sheets img").waitFor();
    for (const [seen, words] of [
      [tab, "a cat of ben's"],
      [page, "a secret of anna's"],
    ] as const) {
      await seen.getByRole("link", { name: "Gallery" }).click();
      await eventually(() => seen.locator(".tile").count()).toBe(1);
      await seen.getByRole("button", { name: `Open: ${words}` }).waitFor();
    }
    await other?.close();
  });

  test("takes the other key of the same browser at the next load, and shows nothing of the first", async () => {
    const { page, url } = await visit();
    await order(page, "a secret of anna's");
    await page.locator("#sheets img").waitFor();
    const tab = await page.context().newPage();
    await tab.goto(`${url}/#key=ben-key`);
    await tab.getByRole("button", { name: "Use the link's key" }).click();
    await eventually(() => tab.locator("#sheets > li").count()).toBe(0);
    await order(page, "an owl of anna's");
    await page.locator("#sheets > li").nth(1).waitFor();
    await page.reload();
    await eventually(() => page.locator("#sheets > li").count()).toBe(0);
    await tab.close();
  });
});

describe.skipIf(isWithoutBrowser)("the page where the clock is off", () => {
  test.each([
    ["a year late", 365],
    ["a year early", -365],
  ])("by being %s orders, follows, takes up and shows", async (_, days) => {
    const { page, painter } = await visit();
    await page.clock.install({ time: Date.now() + days * 86_400_000 });
    await page.clock.resume();
    await page.reload();
    await order(page, "a fox");
    await page.locator("#sheets img").waitFor();
    await page.reload();
    await page.locator("#sheets img").waitFor();
    expect(painter.orders).toHaveLength(1);
    expect(await page.locator(".failed").count()).toBe(0);
  });
});

describe.skipIf(isWithoutBrowser)("the page of a server whose disk is full", () => {
  test.each([
    ["en-GB", "The server's disk is full.", "Try again"],
    ["zh-CN", "服务器的磁盘已满。", "再试一次"],
  ])(
    "says so in words, in %s, and has the order made once there is room",
    async (locale, said, retry) => {
      const images = memoryImages();
      let isFull = true;
      const check = async () => {
        if (isFull) throw new ImageError("storage-failed", { problem: "full", paid: false });
      };
      const { page, painter } = await visit({ locale, images: { ...images, check } });
      await order(page, "a fox");
      await eventually(() => textOf(page, ".what-happened")).toBe(said);
      expect(painter.orders).toHaveLength(0);
      isFull = false;
      await page.getByRole("button", { name: retry }).click();
      await page.locator("#sheets img").waitFor();
      expect(painter.orders).toHaveLength(1);
    },
  );
});
