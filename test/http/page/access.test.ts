import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { ImageError } from "../../../core/errors.ts";
import {
  atDawn,
  eventually,
  isWithoutBrowser,
  order,
  seriousFaults,
  tabTo,
  visit,
  withBrowser,
} from "../../fakes/page.ts";
import { easel } from "../../fakes/studio.ts";

withBrowser();

async function expectNoSeriousFault(page: Page, state: string): Promise<void> {
  expect(await seriousFaults(page), state).toEqual([]);
}

describe.skipIf(isWithoutBrowser)("each state of the page", () => {
  test.each([
    ["light", "en-GB", false],
    ["dark", "zh-CN", true],
  ] as const)("has no serious fault in %s, %s", async (colorScheme, locale, phone) => {
    const painter = easel({ edit: "bytes" });
    const edits = { pictures: 2, mask: true };
    const editor = { id: "Editor", provider: "easel", sizes: { "1:1": "64x64" }, edits };
    const visited = { easel: painter, models: [editor], slots: 1, enhance: atDawn };
    const { page } = await visit({ ...visited, colorScheme, locale, phone });
    await page.locator(".sources").waitFor();
    await expectNoSeriousFault(page, "nothing yet");
    await order(page, " ");
    await expectNoSeriousFault(page, "a problem in the form");
    for (const words of ["a fox", "an owl", "a cat"]) await order(page, words);
    await painter.begun(1);
    painter.contexts[0]?.onProgress({ fraction: 0.4 });
    await page.locator("progress").waitFor();
    await expectNoSeriousFault(page, "under way");
    painter.finish(new ImageError("timed-out", { afterMs: 1 }));
    await page.locator(".failed summary").click();
    await expectNoSeriousFault(page, "failed");
    await painter.begun(2);
    painter.finish();
    await page.locator("#sheets .frame").waitFor();
    await page.locator("#sheets .lesser button").last().click();
    await expectNoSeriousFault(page, "asking");
    await page.keyboard.press("Escape");
    for (const fold of await page.locator("#composer summary").all()) await fold.click();
    await page.locator(".enhancing .quiet").click();
    await page.locator("#written").waitFor();
    await expectNoSeriousFault(page, "all settings and the prompt to be edited");
    await page.evaluate("location.hash = '#gallery'");
    await page.locator(".keep-tools .plain").last().click();
    await page.locator(".tile button").first().click();
    await expectNoSeriousFault(page, "selecting");
    await page.locator("#search").fill("unicorn");
    await eventually(() => page.locator(".tile").count()).toBe(0);
    await expectNoSeriousFault(page, "nothing found");
  });
});

describe.skipIf(isWithoutBrowser)("the whole walk by keyboard alone", () => {
  test("goes from the key to a picture, through the gallery and back, and deletes it", async () => {
    const { page } = await visit({ path: "" });
    await tabTo(page, "#key");
    await page.keyboard.type("key");
    await page.keyboard.press("Enter");
    await tabTo(page, "#prompt");
    await page.keyboard.type("a fox");
    await tabTo(page, "input[name=ratio]");
    await page.keyboard.press("ArrowRight");
    await tabTo(page, "#draw");
    await page.keyboard.press("Enter");
    await page.locator("#sheets .frame").waitFor();
    await tabTo(page, "[href='./#gallery']");
    await page.keyboard.press("Enter");
    await page.locator(".tile").waitFor();
    await tabTo(page, ".tile button");
    await page.keyboard.press("Enter");
    await page.locator(".lightbox").waitFor();
    await tabTo(page, ".lesser button:last-child");
    await page.keyboard.press("Enter");
    await tabTo(page, ".danger");
    await page.keyboard.press("Enter");
    await eventually(() => page.locator(".tile").count()).toBe(0);
    await eventually(() => page.locator(".lightbox").count()).toBe(0);
  });
});
