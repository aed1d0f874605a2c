import type { Page } from "playwright-core";
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
import { easel } from "../../fakes/studio.ts";

withBrowser();

describe.skipIf(isWithoutBrowser)("the page under trying circumstances", () => {
  test("follows an order on where a proxy cuts its stream, and pays once", async () => {
    const painter = easel();
    const { page } = await visit({ easel: painter });
    let cuts = 0;
    await page.route("**/events", async (route) => {
      if (cuts++ >= 3) return route.continue();
      const code = /(zi-\w+)\/events/.exec(route.request().url())?.[1];
      const status = JSON.stringify({ code, stage: "painting", fraction: null });
      const body = `event: status\ndata: ${status}\n\n`;
      await route.fulfill({ contentType: "text/event-stream", body });
    });
    await order(page, "a fox");
    await painter.begun(1);
    await eventually(() => cuts).toBe(4);
    expect(await page.locator(".failed").count()).toBe(0);
    painter.finish();
    await page.locator("#sheets img").waitFor();
    expect(painter.orders).toHaveLength(1);
  });

  test("takes a prompt of 20,000 characters, and says of a longer one what is wrong", async () => {
    const { page, painter } = await visit();
    await order(page, "fox ".repeat(5000).slice(0, 19_999) + "x");
    await page.locator("#sheets img").waitFor();
    expect(painter.orders[0]?.prompt).toHaveLength(20_000);
    await order(page, "y".repeat(20_001));
    await page.locator(".failed").waitFor();
    expect(await textOf(page, ".what-happened")).toContain("20,000");
  });

  test("orders as often as it is told, says why the rest is not taken, and repeats none", async () => {
    const painter = easel();
    const { page } = await visit({ easel: painter, slots: 1, perUser: 4 });
    for (let at = 0; at < 12; at++) await order(page, `fox ${at}`);
    await eventually(() => page.locator(".failed").count()).toBe(7);
    await eventually(() => page.locator(".waiting").count()).toBe(5);
    for (let at = 1; at <= 5; at++) {
      await painter.begun(at);
      painter.finish();
    }
    await eventually(() => page.locator("#sheets > li").count()).toBe(5);
    expect(new Set(painter.orders.map(({ prompt }) => prompt)).size).toBe(5);
    expect(painter.orders).toHaveLength(5);
  });

  test("follows more orders than a browser opens connections, and still cancels and shows", async () => {
    const painter = easel();
    const { page } = await visit({ easel: painter, slots: 1 });
    for (let at = 0; at < 12; at++) await order(page, `fox ${at}.`);
    // Orders that are on their way at once may arrive in another order.
    const last = (place: number) => page.getByText(`Waiting in line, place ${place}`).count();
    await eventually(() => last(11)).toBe(1);
    await page.locator(".waiting", { hasText: "Painting" }).waitFor();
    const second = page.locator(".waiting", { hasText: "Next in line" });
    await second.getByRole("button", { name: "Cancel" }).click();
    await eventually(() => last(11)).toBe(0);
    await eventually(() => last(10)).toBe(1);
    painter.finish();
    const width = () => page.evaluate('document.querySelector("#sheets img")?.naturalWidth');
    await eventually(width).toBe(64);
  });

  test("makes 100 orders in one tab, each once, and stays quick", async () => {
    const { page, painter, studio } = await visit({ perUser: 500, slots: 8 });
    await page.evaluate(`for (let at = 0; at < 100; at++) {
      const words = document.getElementById("prompt");
      words.value = "fox " + at;
      words.dispatchEvent(new Event("input", { bubbles: true }));
      document.getElementById("composer").requestSubmit();
    }`);
    await eventually(() => page.locator(".waiting").count()).toBe(0);
    expect(new Set(painter.orders.map(({ prompt }) => prompt)).size).toBe(100);
    expect(painter.orders).toHaveLength(100);
    expect(await studio.history({ id: "http:anna" }, { limit: 200 })).toHaveLength(100);
    expect(await page.locator("#sheets > li").count()).toBe(12);
    await page.getByRole("link", { name: "Gallery" }).click();
    await page.getByRole("button", { name: "Open: fox 99" }).waitFor();
  });

  test("asks for a key where the key is revoked meanwhile, and keeps the order for it", async () => {
    const painter = easel();
    const { page } = await visit({ easel: painter });
    await order(page, "a fox");
    await painter.begun(1);
    await page.evaluate('localStorage.setItem("drawbridge.key", "revoked")');
    await page.reload();
    await page.getByRole("button", { name: "Enter the key" }).waitFor();
    await page.locator("#key").fill("key");
    await page.locator("#key").press("Enter");
    painter.finish();
    await page.locator("#sheets img").waitFor();
    expect(painter.orders).toHaveLength(1);
  });

  test("takes a picture away that another tab has deleted", async () => {
    const { page, studio } = await visit();
    await order(page, "a fox");
    await page.locator("#sheets img").waitFor();
    const requester = { id: "http:anna" };
    const [job] = await studio.history(requester, { limit: 1 });
    await studio.gallery.remove(job?.code ?? "", requester);
    await page.locator("#sheets .favorite").click();
    await eventually(() => page.locator("#sheets > li").count()).toBe(0);
    await eventually(() => textOf(page, "#status")).toContain("There is no picture");
  });

  test("goes back and forth between its views, with the draft as it was", async () => {
    const { page } = await visit();
    await page.locator("#prompt").fill("half a thought");
    await page.getByRole("link", { name: "Gallery" }).click();
    await page.locator(".keep").waitFor();
    await page.goBack();
    expect(await page.locator("#prompt").inputValue()).toBe("half a thought");
    await page.goForward();
    await page.locator(".keep").waitFor();
  });
});

describe.skipIf(isWithoutBrowser)("what others wrote", () => {
  const markup = "<img src=x onerror=alert(1)></textarea><script>alert(1)</script>&lt;b&gt;";

  /** The page, once this text of others is there and nothing was made of it. */
  async function expectText(page: Page, selector: string, text = markup): Promise<void> {
    await page.locator(selector, { hasText: text }).first().waitFor({ state: "attached" });
    const made = "img[src=x], [onerror], main b, script:not([src], [type=importmap])";
    expect(await page.locator(made).count(), selector).toBe(0);
  }

  test("stays text, wherever it comes back", async () => {
    const usage = { promptTokens: 1, completionTokens: 1 };
    const enhancement = { status: "enhanced", model: markup, usage } as const;
    const { page } = await visit({ enhance: async () => ({ prompt: markup, enhancement }) });
    await order(page, `${markup} --ar <b>9</b>`);
    await expectText(page, "#sheets .own-words");
    await expectText(page, "#sheets .enhanced-words");
    await expectText(page, "#sheets .notices", "<b>9</b>");
    expect(await page.locator("#sheets img").getAttribute("alt")).toBe(`Picture: ${markup}`);
    await page.goto(`${new URL(page.url()).origin}/#gallery`);
    await page.locator(".tile button").click();
    await expectText(page, ".lightbox .enhanced-words");
    await page.keyboard.press("Escape");
    await page.locator("#search").fill(markup);
    await page.locator(".tile").waitFor();
  });

  test("stays text as the name of a model, a preset, a person, a place, a service and a file", async () => {
    const painter = easel({ edit: "bytes" });
    const model = { provider: "easel", sizes: { "1:1": "64x64" }, edits: { pictures: 2 } };
    const unused = { slots: 1, failuresInRow: 1, lastFault: "no-points", lastFailedAt: 1 } as const;
    const { page, url } = await visit({
      easel: painter,
      models: [{ ...model, id: markup }],
      operators: new Set(["http:anna"]),
      providers: [{ ...unused, id: markup, lastMadeAt: null }],
      before: async ({ studio }) => {
        await studio.presets.save(`telegram:${markup}`, { name: "noir", words: markup });
        const place = { chat: markup };
        const delivery = { door: markup, place, direct: true };
        await studio.submit(
          { prompt: markup },
          { requester: { id: `discord:${markup}` }, delivery },
        );
        const details = { code: "provider-failed", provider: markup, reason: markup };
        painter.finish(new ImageError("provider-failed", details as never));
      },
    });
    await page.route("**/v1/presets", (route) =>
      route.fulfill({ json: { data: [{ name: markup }] } }),
    );
    await page.reload();
    await expectText(page, "#model option");
    await expectText(page, "#preset option");
    await expectText(page, ".painter");
    const svg = Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`,
    );
    const files = [{ name: `"${markup}.svg`, mimeType: "image/svg+xml", buffer: svg }];
    await page.locator(".sources input[type=file]").setInputFiles(files);
    await page.getByRole("button", { name: `Remove "${markup}.svg` }).click();
    await page.locator("#model").selectOption(markup, { force: true });
    await order(page, "a fox");
    await painter.begun(2);
    painter.finish();
    await expectText(page, "#sheets .title-block dd");
    await page.goto(`${url}/admin`);
    for (const of of ["discord:", "telegram:", ""]) await expectText(page, "td", of + markup);
  });
});
