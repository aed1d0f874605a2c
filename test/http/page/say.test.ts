import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { ImageError, type AnyImageError } from "../../../core/errors.ts";
import {
  devtoolsOf,
  eventually,
  isWithoutBrowser,
  order,
  seriousFaults,
  tabTo,
  textOf,
  visit,
  withBrowser,
} from "../../fakes/page.ts";
import { easel } from "../../fakes/studio.ts";

withBrowser();

/** A page whose order failed with this error. */
async function aFailure(error: Error, locale = "en-GB") {
  const painter = easel();
  const visited = await visit({ easel: painter, locale });
  await order(visited.page, "a fox");
  await painter.begun(1);
  painter.finish(error);
  await visited.page.locator(".failed").waitFor();
  return visited;
}

const failures: [AnyImageError, string, string][] = [
  [
    new ImageError("provider-failed", {
      provider: "p",
      fault: "no-points",
      transient: false,
      paid: false,
    }),
    "This server's account at the image service is empty.",
    "本服务器在图像服务的账户已用完。",
  ],
  [
    new ImageError("content-refused", { by: "provider", reason: "The service refuses it." }),
    "The image service refuses these words.",
    "图像服务拒绝了这些文字。",
  ],
  [
    new ImageError("timed-out", { afterMs: 1000 }),
    "The image service took too long, and the picture was given up.",
    "图像服务用时太久，这幅画已放弃。",
  ],
] as [AnyImageError, string, string][];

describe.skipIf(isWithoutBrowser)("what the page says", () => {
  test.each(failures)(
    "of %s is one sentence in the page's language",
    async (error, english, chinese) => {
      const { page } = await aFailure(error);
      expect(await textOf(page, ".what-happened")).toBe(english);
      await page.getByRole("button", { name: "中文" }).click();
      expect(await textOf(page, ".what-happened")).toBe(chinese);
      await page.locator(".failed summary").click();
      expect(await textOf(page, ".failed .title-block")).not.toMatch(/[a-z] [a-z]/i);
      await page.getByRole("button", { name: "再试一次" }).waitFor();
    },
  );

  test("of a refusal comes from its code, too", async () => {
    const { page } = await visit({ locale: "zh-CN", easel: easel(), perUser: 1, slots: 1 });
    for (const words of ["一", "二", "三"]) await order(page, words);
    await page.locator(".failed").waitFor();
    expect(await textOf(page, ".what-happened")).toBe("您已有 1 个任务在等待。");
  });

  test("beside a picture comes from codes", async () => {
    const { page } = await visit({ locale: "zh-CN" });
    await order(page, "狐狸 --steps 900");
    expect(await textOf(page, ".notices")).toMatch(/[\u4e00-\u9fff]/);
  });

  test("is ordered anew at a press of Try again", async () => {
    const { page, painter } = await aFailure(new ImageError("timed-out", { afterMs: 1000 }));
    await page.getByRole("button", { name: "Try again" }).click();
    await painter.begun(2);
    painter.finish();
    await page.locator("#sheets img").waitFor();
    expect(await page.locator(".failed").count()).toBe(0);
  });

  test("who paints, always", async () => {
    const { page } = await visit();
    await eventually(() => textOf(page, ".painter")).toBe("Painted with Z-Image");
  });

  test("in the light that its reader chose, also after a reload", async () => {
    const { page } = await visit();
    const ground = () => page.evaluate("getComputedStyle(document.body).backgroundColor");
    expect(await ground()).toBe("rgb(228, 233, 231)");
    await page.getByRole("button", { name: "Light or dark" }).click();
    await page.reload();
    await page.locator("#prompt").waitFor();
    expect(await ground()).toBe("rgb(13, 21, 25)");
  });

  test("where a key is missing: to the key field, and then the words go on their way", async () => {
    const { page, painter } = await visit({ path: "" });
    await order(page, "a fox");
    expect(await textOf(page, ".what-happened")).toBe("The server wants its key first.");
    await page.getByRole("button", { name: "Enter the key" }).click();
    await eventually(() => page.evaluate("document.activeElement.id")).toBe("key");
    await page.keyboard.type(" key ");
    await page.keyboard.press("Enter");
    await painter.begun(1);
    await page.locator("#sheets img").waitFor();
  });
});

describe.skipIf(isWithoutBrowser)("the page's key", () => {
  const stored = (page: Page) => page.evaluate('localStorage.getItem("drawbridge.key")');

  test("is taken from the address at once, and remembered", async () => {
    const { page, url } = await visit({ path: "?a=1#key=key" });
    await eventually(() => stored(page)).toBe("key");
    expect(page.url()).toBe(`${url}/?a=1`);
  });

  test("is asked for again where the server refuses it", async () => {
    const { page } = await visit({ path: "#key=old" });
    await eventually(() => textOf(page, "#key-problem")).toContain("does not know the key");
  });

  test("that cannot be one is refused in words", async () => {
    const { page } = await visit({ path: "" });
    for (const typed of ["", "two words", "密钥"]) {
      await page.locator("#key").fill(typed);
      await page.locator("#key").press("Enter");
      expect(await textOf(page, "#key-problem")).toContain("copy it again");
    }
    expect(await stored(page)).toBeNull();
  });

  test("is forgotten when asked", async () => {
    const { page } = await visit();
    await page.getByRole("button", { name: "Forget it" }).click();
    expect(await stored(page)).toBeNull();
  });

  test.each([
    ["stays where a link brings one that is refused", "bad", "key", "#key-link-refused"],
    ["is asked about where a link brings another that works", "ben-key", "key", "#key-choice"],
  ])("%s", async (_, brought, own, shown) => {
    const { page, url } = await visit({ path: `#key=${own}` });
    await eventually(() => stored(page)).toBe(own);
    await page.goto("about:blank");
    await page.goto(`${url}/#key=${brought}`);
    await page.locator(shown).waitFor();
    expect(await stored(page)).toBe(own);
  });

  test("of a link takes the place of one that is refused", async () => {
    const { page, url } = await visit({ path: "#key=old" });
    await eventually(() => stored(page)).toBe("old");
    await page.goto("about:blank");
    await page.goto(`${url}/#key=key`);
    await eventually(() => stored(page)).toBe("key");
  });
});

describe.skipIf(isWithoutBrowser)("the page for everybody", () => {
  test.each([
    ["light", "en-GB"],
    ["dark", "zh-CN"],
  ] as const)("has no serious fault in its other views in %s, %s", async (colorScheme, locale) => {
    const operators = new Set(["http:anna"]);
    const { page, url } = await visit({ colorScheme, locale, operators });
    await order(page, "a fox --n 2");
    await page.locator("#sheets .frame").first().click();
    await page.locator(".lightbox").waitFor();
    expect(await seriousFaults(page), "a large picture").toEqual([]);
    for (const path of ["connect", "admin", "setup"]) {
      await page.goto(`${url}/${path}`);
      await page.locator("main h2").waitFor();
      expect(await seriousFaults(page), path).toEqual([]);
    }
  });

  test("draws, looks and likes by keyboard alone", async () => {
    const { page, get } = await visit();
    await eventually(() => page.evaluate("document.activeElement.id")).toBe("prompt");
    await page.keyboard.type("a fox");
    await page.keyboard.press("Control+Enter");
    await page.locator("#sheets img").waitFor();
    await tabTo(page, ".frame");
    await page.keyboard.press("Enter");
    await page.locator(".lightbox").waitFor();
    await tabTo(page, ".favorite");
    await page.keyboard.press("Space");
    const liked = async () =>
      ((await (await get("/v1/images?favorite=true")).json()) as { data: unknown[] }).data.length;
    await eventually(liked).toBe(1);
  });

  test("folds its settings away on a phone, and goes to the picture", async () => {
    const { page } = await visit({ phone: true });
    expect(await page.getByRole("radio", { name: "16:9", exact: true }).isVisible()).toBe(false);
    await page.locator("#prompt").fill("a fox");
    await page.getByRole("button", { name: "Draw" }).click();
    await page.locator("#sheets img").waitFor();
    const top = async () => (await page.locator("#sheets .frame").boundingBox())?.y ?? 9999;
    await eventually(top).toBeLessThan(500);
    const width = await page.evaluate<number>("document.documentElement.scrollWidth");
    expect(width).toBeLessThanOrEqual(390);
  });

  test("is first seen for at most 120 KB, and can be installed", async () => {
    const { page, url } = await visit();
    await page.waitForLoadState("networkidle");
    const bytes = await page.evaluate<number>(
      '["resource", "navigation"].flatMap((type) => performance.getEntriesByType(type)).reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)',
    );
    expect(bytes).toBeGreaterThan(20_000);
    expect(bytes).toBeLessThan(120_000);
    const manifest = (await (await fetch(`${url}/page/manifest.json`)).json()) as {
      icons: unknown[];
    };
    expect(manifest.icons).toHaveLength(3);
    const devtools = await devtoolsOf(page);
    const { installabilityErrors } = await devtools.send("Page.getInstallabilityErrors");
    // The browser of the tests keeps nothing, and would not install anything for that.
    const errors = installabilityErrors.filter(({ errorId }) => errorId !== "in-incognito");
    expect(errors).toEqual([]);
  });
});
