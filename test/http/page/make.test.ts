import { describe, expect, test } from "vitest";
import {
  atDawn,
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

const enhance = async (asked: { words: string }) =>
  ({ ...(await atDawn(asked)), suggestedRatio: "16:9" }) as const;

describe.skipIf(isWithoutBrowser)("the form of the page", () => {
  test("orders what was chosen beside the words", async () => {
    const { page, painter } = await visit({ enhance });
    await page.getByRole("radio", { name: "3:4", exact: true }).check();
    await page.getByRole("radio", { name: "2", exact: true }).check();
    await page.getByLabel("Seed", { exact: true }).fill("４２");
    await page.getByRole("switch", { name: "Paint my words as they are" }).check();
    await page.getByText("More settings").click();
    await page.getByLabel("Leave out").fill("text");
    await page.getByLabel("What would you like to see?").fill("a fox");
    await page.getByRole("button", { name: "Draw" }).click();
    await painter.begun(2);
    const facts = painter.orders.map(({ prompt, negative, seed, width, height }) => {
      return { prompt, negative, seed, width, height };
    });
    const same = { prompt: "a fox", negative: "text", width: 96, height: 128 };
    expect(facts).toEqual([
      { ...same, seed: 42 },
      { ...same, seed: 43 },
    ]);
    await page.locator("#sheets img").nth(1).waitFor();
  });

  test("orders an exact size", async () => {
    const { page, painter } = await visit();
    await page.getByRole("radio", { name: "Exact" }).check();
    await page.getByLabel("Width").fill("320");
    await page.getByLabel("Height").fill("5");
    await order(page, "a fox");
    expect(await textOf(page, ".problem")).toContain("from 64 to 4096");
    await page.getByLabel("Height").fill("256");
    await order(page, "a fox");
    await painter.begun(1);
    expect(painter.orders[0]).toMatchObject({ width: 320, height: 256 });
  });

  test("lets flags in the words win", async () => {
    const { page, painter } = await visit();
    await page.getByRole("radio", { name: "3:4", exact: true }).check();
    await page.getByLabel("Seed", { exact: true }).fill("1");
    await order(page, "a fox in an aspect ratio of 16:9 —seed 77");
    await painter.begun(1);
    expect(painter.orders[0]).toMatchObject({ width: 128, height: 72, seed: 77 });
  });

  test("asks for words and for a seed that is one, and orders nothing", async () => {
    const { page, painter } = await visit();
    await order(page, "  ");
    expect(await textOf(page, "#prompt-problem")).toBe("Write first what you would like to see.");
    for (const seed of ["0", "2147483648", "-5", "1.5", "abc"]) {
      await page.locator("#seed").fill(seed);
      await order(page, "a fox");
      expect(await textOf(page, "#seed-problem")).toContain("whole number from 1 to 2147483647");
    }
    expect(painter.orders).toEqual([]);
  });

  test("has its draft back after a reload", async () => {
    const { page } = await visit();
    await page.locator("#prompt").fill("half a thou");
    await page.getByRole("radio", { name: "16:9", exact: true }).check();
    await page.getByRole("radio", { name: "3", exact: true }).check();
    await page.reload();
    expect(await page.locator("#prompt").inputValue()).toBe("half a thou");
    expect(await page.getByRole("radio", { name: "16:9", exact: true }).isChecked()).toBe(true);
    expect(await page.getByRole("radio", { name: "3", exact: true }).isChecked()).toBe(true);
  });

  test("opens in spite of anything that its memory may hold", async () => {
    const { page } = await visit();
    for (const stored of ["{", '"text"', "[1]", '{"prompt":5,"ratio":{},"count":"x"}']) {
      await page.evaluate(
        `for (const name of ["draft", "orders"]) localStorage.setItem("drawbridge." + name, ${JSON.stringify(stored)})`,
      );
      await page.reload();
      await page.locator("#prompt").waitFor();
    }
  });

  test("brings the last words back with the upward arrow, and leaves words that are there alone", async () => {
    const { page } = await visit();
    await order(page, "a fox");
    await page.locator("#sheets img").waitFor();
    await page.locator("#prompt").fill("");
    await page.locator("#prompt").press("ArrowUp");
    expect(await page.locator("#prompt").inputValue()).toBe("a fox");
    await page.locator("#prompt").fill("something else");
    await page.locator("#prompt").press("ArrowUp");
    expect(await page.locator("#prompt").inputValue()).toBe("something else");
  });

  test("leaves the Enter that picks a word to the input method", async () => {
    const { page, painter } = await visit();
    const devtools = await devtoolsOf(page);
    await page.locator("#prompt").focus();
    const text = "一只猫";
    await devtools.send("Input.imeSetComposition", { text, selectionStart: 3, selectionEnd: 3 });
    await page.keyboard.press("Control+Enter");
    await devtools.send("Input.insertText", { text });
    expect(painter.orders).toEqual([]);
    await page.keyboard.press("Control+Enter");
    await page.locator("#sheets img").waitFor();
    expect(painter.orders[0]?.prompt).toBe(text);
  });

  test("shows the enhancer's prompt first, and paints it as it was edited", async () => {
    let asked = 0;
    const counting = (ask: Parameters<typeof enhance>[0]) => {
      asked++;
      return enhance(ask);
    };
    const { page, painter } = await visit({ enhance: counting });
    await page.locator("#prompt").fill("a fox --seed 5");
    await page.getByRole("button", { name: "Show me the prompt first" }).click();
    const written = page.getByLabel("The prompt, to be edited");
    expect(await written.inputValue()).toBe("a fox, at dawn");
    expect(painter.orders).toEqual([]);
    await written.fill("a fox, at noon");
    await page.getByRole("button", { name: "Paint this" }).click();
    await painter.begun(1);
    const painted = { prompt: "a fox, at noon", width: 128, height: 72, seed: 5 };
    expect(painter.orders[0]).toMatchObject(painted);
    await page.locator("#sheets img").waitFor();
    expect(await textOf(page, "#sheets .own-words")).toBe("a fox --seed 5");
    expect(await textOf(page, "#sheets .enhanced-words")).toBe("a fox, at noon");
    await page.getByRole("heading", { name: "As you edited it" }).waitFor();
    expect(asked).toBe(1);
  });
});

describe.skipIf(isWithoutBrowser)("orders of the page", () => {
  test("each have their own state and their own cancel", async () => {
    const painter = easel();
    const { page } = await visit({ easel: painter, slots: 1 });
    await order(page, "first");
    await order(page, "second");
    await order(page, "third");
    const card = (words: string) => page.locator(".waiting", { hasText: words });
    await eventually(() => card("first").locator(".stage").innerText()).toBe("Painting");
    await eventually(() => card("second").locator(".stage").innerText()).toBe("Next in line");
    await eventually(() => card("third").locator(".stage").innerText()).toContain("place 2");
    painter.contexts[0]?.onProgress({ fraction: 0.4 });
    await eventually(() => card("first").locator(".stage").innerText()).toBe("Painting, 40 %");
    await card("second").getByRole("button", { name: "Cancel" }).click();
    await eventually(() => card("third").locator(".stage").innerText()).toBe("Next in line");
    painter.finish();
    await page.locator("#sheets .own-words", { hasText: "first" }).waitFor();
    await painter.begun(2);
    painter.finish();
    await page.locator("#sheets .own-words", { hasText: "third" }).waitFor();
    expect(painter.orders.map(({ prompt }) => prompt)).toEqual(["first", "third"]);
  });

  test("say that the enhancer is at work", async () => {
    const writing = Promise.withResolvers<undefined>();
    const slow = async ({ words }: { words: string }) => {
      await writing.promise;
      return { prompt: words, enhancement: { status: "off" } } as const;
    };
    const { page } = await visit({ enhance: slow });
    await order(page, "a fox");
    await eventually(() => textOf(page, ".stage")).toBe("The enhancer is writing the prompt");
    writing.resolve(undefined);
    await page.locator("#sheets img").waitFor();
  });

  test("are cancelled by Escape, the newest first", async () => {
    const painter = easel();
    const { page, studio } = await visit({ easel: painter, slots: 1 });
    await order(page, "first");
    await order(page, "second");
    await page.locator(".waiting", { hasText: "second" }).waitFor();
    await painter.begun(1);
    await page.locator("#prompt").press("Escape");
    await eventually(() => page.locator(".waiting").count()).toBe(1);
    painter.finish();
    await page.locator("#sheets img").waitFor();
    const jobs = await studio.history({ id: "http:anna" }, { limit: 9 });
    const states = jobs.map(({ brief, state }) => `${brief.words} ${state}`);
    expect(states.toSorted()).toEqual(["first done", "second cancelled"]);
  });

  test("are picked up after a reload, and made once", async () => {
    const painter = easel();
    const { page } = await visit({ easel: painter });
    await order(page, "a fox");
    await painter.begun(1);
    await page.reload();
    await page.locator(".waiting", { hasText: "a fox" }).waitFor();
    painter.finish();
    await page.locator("#sheets img").waitFor();
    expect(painter.orders).toHaveLength(1);
  });

  test("that were placed elsewhere with the same key are shown, too", async () => {
    const painter = easel();
    const before = async ({
      post,
    }: {
      post: (path: string, body: unknown, headers: object) => unknown;
    }) => {
      await post(
        "/v1/images/generations",
        { prompt: "from elsewhere" },
        { prefer: "respond-async" },
      );
    };
    const { page } = await visit({ easel: painter, before: before as never });
    await page.locator(".waiting", { hasText: "from elsewhere" }).waitFor();
    painter.finish();
    await page.locator("#sheets img").waitFor();
  });

  test("show the picture that is being made where the service shows it", async () => {
    const painter = easel({ progress: true, preview: true });
    const { page } = await visit({ easel: painter });
    await order(page, "a fox");
    await painter.begun(1);
    const preview = Buffer.from(
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==",
      "base64",
    );
    painter.contexts[0]?.onProgress({ fraction: 0.5, preview });
    await page.getByAltText("Unfinished picture").waitFor();
    painter.finish();
    await page.locator("#sheets img").waitFor();
  });
});
