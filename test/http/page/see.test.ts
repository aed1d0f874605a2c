import { describe, expect, test } from "vitest";
import {
  atDawn,
  eventually,
  isWithoutBrowser,
  order,
  textOf,
  visit,
  withBrowser,
} from "../../fakes/page.ts";

withBrowser();

/** A page that has drawn a fox. */
async function aFox(options: Parameters<typeof visit>[0] = {}) {
  const visited = await visit({ enhance: atDawn, ...options });
  await order(visited.page, "a fox --seed 7");
  await visited.page.locator("#sheets img").first().waitFor();
  const press = (name: string) =>
    visited.page.locator("#sheets").getByRole("button", { name, exact: true }).first().click();
  return { ...visited, press };
}

describe.skipIf(isWithoutBrowser)("a picture of the page", () => {
  test("has the words as typed beside the words as enhanced, and how it was made", async () => {
    const { page } = await aFox();
    expect(await textOf(page, ".own-words")).toBe("a fox --seed 7");
    expect(await textOf(page, ".enhanced-words")).toBe("a fox, at dawn");
    await page.getByText("How it was made").click();
    const block = await textOf(page, ".title-block");
    for (const fact of ["1:1", "64 × 64", "7", "zi-", "Z-Image"]) expect(block).toContain(fact);
  });

  test("is made again with another seed, varied, and from one's own words", async () => {
    const { page, painter, press } = await aFox();
    await press("Again");
    await painter.begun(2);
    await page.locator("#sheets > li").nth(1).waitFor();
    await press("Vary");
    await painter.begun(3);
    await page.locator("#sheets > li").nth(2).waitFor();
    await press("My words");
    await painter.begun(4);
    const [first, again, varied, mine] = painter.orders;
    expect(again?.prompt).toBe(first?.prompt);
    expect(again?.seed).not.toBe(first?.seed);
    expect(varied?.prompt).toBe("a fox, at dawn");
    expect(mine?.prompt).toBe("a fox");
  });

  test("lends its settings to the form", async () => {
    const { page, press } = await aFox();
    await page.locator("#prompt").fill("");
    await press("Use these settings");
    expect(await page.locator("#prompt").inputValue()).toBe("a fox --seed 7");
    expect(await page.locator("#seed").inputValue()).toBe("7");
    expect(await page.getByRole("radio", { name: "1:1", exact: true }).isChecked()).toBe(true);
  });

  test("gives away its prompt and its link", async () => {
    const { page, press, url } = await aFox();
    await press("Copy prompt");
    await eventually(() => page.evaluate("navigator.clipboard.readText()")).toBe("a fox, at dawn");
    await press("Copy link");
    await eventually(() => page.evaluate("navigator.clipboard.readText()")).toContain(
      `${url}/images/`,
    );
  });

  test("is downloaded under a name that says what it is", async () => {
    const { page } = await aFox();
    const download = page.waitForEvent("download");
    await page.getByRole("link", { name: "Download" }).click();
    expect((await download).suggestedFilename()).toBe("a fox --seed 7 7.png");
  });

  test("is deleted after a question, and kept on No", async () => {
    const { page, press, get } = await aFox();
    await press("Delete");
    await press("No, keep");
    expect(await page.locator("#sheets > li").count()).toBe(1);
    await press("Delete");
    await press("Yes, delete");
    await eventually(() => page.locator("#sheets > li").count()).toBe(0);
    expect(await (await get("/v1/images")).json()).toMatchObject({ data: [] });
  });

  test("stands with the others of its order as one group", async () => {
    const { page } = await visit();
    await order(page, "a fox --n 4");
    await eventually(() => page.locator("#sheets > li img").count()).toBe(4);
    expect(await page.locator("#sheets > li").count()).toBe(1);
  });

  test("fits with its buttons into a window of 1280 by 800", async () => {
    const { page } = await aFox();
    await page.locator("#sheets .picture").scrollIntoViewIfNeeded();
    for (const part of ["#sheets .frame", "#sheets .actions"]) {
      const box = await page.locator(part).boundingBox();
      expect((box?.y ?? 999) + (box?.height ?? 999)).toBeLessThanOrEqual(800);
    }
  });

  test("has its long words clamped, and shows all of them on a press", async () => {
    const { page } = await visit();
    await order(page, `a fox ${"and a very long tale of it ".repeat(60)}`);
    await page.locator("#sheets img").waitFor();
    const height = async () =>
      (await page.locator("#sheets .own-words").boundingBox())?.height ?? 0;
    expect(await height()).toBeLessThan(140);
    await page.getByRole("button", { name: "Show all" }).click();
    expect(await height()).toBeGreaterThan(300);
  });
});

describe.skipIf(isWithoutBrowser)("a picture as large as the window", () => {
  test("is gone through with keys, liked with f, and closed with Escape", async () => {
    const { page, get } = await aFox();
    await order(page, "an owl");
    await page.locator("#sheets > li").nth(1).waitFor();
    await page.locator("#sheets .frame").first().click();
    const dialog = page.locator(".lightbox");
    await dialog.waitFor();
    expect(await dialog.locator(".own-words").innerText()).toBe("an owl");
    await page.keyboard.press("ArrowRight");
    await eventually(() => dialog.locator(".own-words").innerText()).toBe("a fox --seed 7");
    await page.keyboard.press("f");
    const favorites = async () =>
      ((await (await get("/v1/images?favorite=true")).json()) as { data: unknown[] }).data.length;
    await eventually(favorites).toBe(1);
    await page.keyboard.press("Escape");
    await eventually(() => dialog.count()).toBe(0);
  });
});

describe.skipIf(isWithoutBrowser)("the browser's Back", () => {
  /** A page whose picture is as large as the window, opened by keyboard. */
  const aLargeFox = async () => {
    const visited = await aFox();
    const frame = visited.page.locator("#sheets .frame");
    await frame.focus();
    await visited.page.keyboard.press("Enter");
    const dialog = visited.page.locator(".lightbox");
    await dialog.waitFor();
    const focused = () => visited.page.evaluate("document.activeElement.className");
    return { ...visited, dialog, focused };
  };

  test("closes the picture, as Escape does, and the focus returns; Forward opens it", async () => {
    const { page, dialog, focused, url } = await aLargeFox();
    await page.goBack();
    await eventually(() => dialog.count()).toBe(0);
    await eventually(focused).toBe("frame");
    expect(page.url()).toBe(`${url}/`);
    await page.goForward();
    await dialog.waitFor();
    await page.keyboard.press("Escape");
    await eventually(() => page.url()).toBe(`${url}/`);
    await eventually(() => dialog.count()).toBe(0);
    await eventually(focused).toBe("frame");
  });

  test("closes it at once, however many others were gone through", async () => {
    const { page, dialog } = await aLargeFox();
    await page.goBack();
    await order(page, "an owl");
    await page.locator("#sheets > li").nth(1).waitFor();
    await page.locator("#sheets .frame").first().click();
    for (const words of ["a fox --seed 7", "an owl"]) {
      await page.keyboard.press(words === "an owl" ? "ArrowLeft" : "ArrowRight");
      await eventually(() => dialog.locator(".own-words").innerText()).toBe(words);
    }
    await page.goBack();
    await eventually(() => dialog.count()).toBe(0);
    await page.locator("#prompt").waitFor();
  });

  test("is not needed after a reload: the picture is there, and Close leads to the page", async () => {
    const { page, dialog, url } = await aLargeFox();
    await page.reload();
    await dialog.waitFor();
    const link = page.url();
    await page.goto("about:blank");
    await page.goto(link);
    expect(await dialog.locator(".own-words").innerText()).toBe("a fox --seed 7");
    await page.getByRole("button", { name: "Close" }).click();
    await eventually(() => dialog.count()).toBe(0);
    await eventually(() => page.url()).toBe(`${url}/#`);
  });

  test("and Escape answer a question with No first", async () => {
    const { page, dialog } = await aLargeFox();
    await dialog.getByRole("button", { name: "Delete" }).click();
    const question = page.getByRole("alertdialog");
    await question.waitFor();
    expect(await page.evaluate("document.activeElement.innerText")).toBe("No, keep");
    await page.keyboard.press("Escape");
    expect(await question.count()).toBe(0);
    expect(await page.evaluate("document.activeElement.innerText")).toBe("Delete");
    expect(await dialog.count()).toBe(1);
  });

  test("leads back to the picture from what was ordered there", async () => {
    const { page, dialog, painter } = await aLargeFox();
    await dialog.getByRole("button", { name: "Again" }).click();
    await painter.begun(2);
    await eventually(() => dialog.count()).toBe(0);
    await page.goBack();
    await dialog.waitFor();
  });
});
