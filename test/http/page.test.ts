import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import type { Browser, CDPSession, Page } from "playwright-core";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { Env } from "../../src/http/context.ts";
import { pageFiles } from "../../src/http/page.ts";
import { answerFile } from "../../src/http/static-files.ts";
import { executablePath, launchBrowser } from "../fakes/browser.ts";

/** Without a browser the page goes untested and says so, except where everything has to be tested. */
const inBrowser = describe.skipIf(executablePath === undefined && !process.env.CI);

const goodKey = "dk-+good/key=";
/** Another one that the server knows. */
const otherKey = "dk-another";
const words = "A lighthouse in a storm";

// === The API behind the page

interface Received {
  readonly key: string;
  /** Its Idempotency-Key. */
  readonly id: string;
  readonly order: Record<string, unknown>;
  readonly signal: AbortSignal;
}

type Reply = (received: Received) => Response | Promise<Response>;

/** The page alone. */
function pageRoutes(): Hono<Env> {
  const app = new Hono<Env>();
  for (const file of pageFiles()) {
    app.get(file.path, (context) => {
      const { body, ...init } = answerFile(file, context);
      return new Response(body, init);
    });
  }
  return app;
}

/** A server that has the page and an API that answers as told; `received` holds every order for a picture. */
async function startDoor(reply: Reply, models: readonly string[]) {
  const received: Received[] = [];
  const picture = await aPicture;
  const app = new Hono().route("/", pageRoutes());
  app.get("/images/:file", (context) =>
    context.body(picture, 200, { "content-type": "image/png" }),
  );
  app.get("/v1/models", (context) =>
    [goodKey, otherKey].includes(bearer(context.req.raw))
      ? context.json({ object: "list", data: models.map((id) => ({ id, object: "model" })) })
      : refused(401, "Incorrect API key provided."),
  );
  app.post("/v1/images/generations", async (context) => {
    const { raw } = context.req;
    const order = await context.req.json<Record<string, unknown>>();
    const id = raw.headers.get("idempotency-key") ?? "";
    const one = { key: bearer(raw), id, order, signal: raw.signal };
    received.push(one);
    return reply(one);
  });
  const calledOff: string[] = [];
  app.post("/v1/images/cancel", (context) => {
    calledOff.push(context.req.header("idempotency-key") ?? "");
    return context.json({ state: "cancelled" });
  });
  const server = serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 });
  await new Promise((listening) => server.once("listening", listening));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, received, calledOff };
}

function bearer(request: Request) {
  return request.headers.get("authorization")?.replace("Bearer ", "") ?? "";
}

const aPicture = sharp({ create: { width: 64, height: 36, channels: 3, background: "#17708a" } })
  .png()
  .toBuffer()
  .then((buffer) => new Uint8Array(buffer));

/** The answer of a server that drew what was ordered. */
function drawn(order: Record<string, unknown>, change: Record<string, unknown> = {}) {
  return {
    created: 1_730_800_000,
    data: [
      {
        url: "/images/abc.png",
        revised_prompt: "A white lighthouse, waves",
        seed: order["seed"] ?? 7,
      },
    ],
    size: "2048x1152",
    output_format: "png",
    code: "zi-7K3QF9X2WM",
    model: "Z-Image",
    aspect_ratio: order["aspect_ratio"] ?? "1:1",
    prompt: "A white lighthouse, waves",
    original_prompt: order["prompt"],
    notices: ["The seed was chosen by us."],
    ...change,
  };
}

const draws: Reply = ({ order }) => Response.json(drawn(order));

function refused(status: number, message: string, headers: Record<string, string> = {}) {
  const error = { message, type: "some_error", param: null, code: null };
  return Response.json({ error }, { status, headers });
}

/** Refuses the first order and draws every later one. */
function refusesOnce(refusal: () => Response): Reply {
  let refusals = 0;
  return (received) => (refusals++ === 0 ? refusal() : draws(received));
}

/** Never answers, until the client hangs up. */
function hangs({ signal }: Received) {
  return new Promise<Response>((answer) => {
    signal.addEventListener("abort", () => answer(refused(500, "Nobody is listening any more.")));
  });
}

// === The browser

let browser: Browser | undefined;
/** One tab for each set of options: to open one takes many times as long as to go elsewhere in it. */
const tabs = new Map<string, Promise<Page>>();
const devtools = new Map<Page, Promise<CDPSession>>();

beforeAll(async () => {
  if (executablePath === undefined) {
    const missing = "The page is tested in Chromium: apt-get install -y chromium fonts-noto-cjk";
    if (process.env.CI) throw new Error(missing);
    console.warn(missing);
    return;
  }
  browser = await launchBrowser();
});

afterAll(() => browser?.close());

interface Visit {
  reply?: Reply;
  models?: readonly string[];
  /** What follows the address of the server. */
  path?: string;
  /** A tab for those alone who name it, because they change it for good. */
  tab?: string;
  /** The language that the browser speaks. */
  locale?: string;
  /** On a phone of 360 by 640 pixels. */
  phone?: boolean;
  colorScheme?: "light" | "dark";
  reducedMotion?: "reduce" | "no-preference";
}

/** Opens the page, and at the end of the test fails it if the page misbehaved. */
async function visit({ reply = draws, models = ["Z-Image"], path, ...options }: Visit = {}) {
  const door = await startDoor(reply, models);
  const page = await tabNamed(options.tab ?? "");
  const faults = watch(page, door.url);
  onTestFinished(async () => {
    await leave(page);
    expect(faults).toEqual([]);
  });
  await suit(page, options);
  await page.goto(`${door.url}/${path ?? `#key=${encodeURIComponent(goodKey)}`}`);
  await page.locator(".example").first().waitFor({ state: "attached" });
  return { page, door };
}

function tabNamed(name: string): Promise<Page> {
  const page = tabs.get(name) ?? newTab();
  tabs.set(name, page);
  return page;
}

async function newTab(): Promise<Page> {
  const permissions = ["clipboard-read", "clipboard-write"];
  if (!browser) throw new Error("There is no browser.");
  const context = await browser.newContext({ permissions });
  return context.newPage();
}

/** Makes the browser what a test wants, whatever it was before. */
async function suit(page: Page, options: Visit): Promise<void> {
  const { locale = "en-GB", phone = false } = options;
  const { colorScheme = "light", reducedMotion = "reduce" } = options;
  await page.emulateMedia({ colorScheme, reducedMotion });
  const devtools = await devtoolsOf(page);
  const { userAgent } = await devtools.send("Browser.getVersion");
  await devtools.send("Emulation.setUserAgentOverride", { userAgent, acceptLanguage: locale });
  const [width, height] = phone ? [360, 640] : [1280, 720];
  const size = { width, height, deviceScaleFactor: 1, mobile: phone };
  await devtools.send("Emulation.setDeviceMetricsOverride", size);
}

/** The next test goes elsewhere: what the page remembers belongs to its server's address. */
async function leave(page: Page): Promise<void> {
  await page.context().setOffline(false);
  await page.unrouteAll({ behavior: "ignoreErrors" });
  page.removeAllListeners();
}

function devtoolsOf(page: Page): Promise<CDPSession> {
  const session = devtools.get(page) ?? page.context().newCDPSession(page);
  devtools.set(page, session);
  return session;
}

/** Collects what a page must never do: a request elsewhere, an error, a breach of its own security policy. */
function watch(page: Page, home: string): string[] {
  const faults: string[] = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(`${home}/`)) faults.push(`asked elsewhere: ${request.url()}`);
  });
  page.on("response", (response) => {
    const { pathname } = new URL(response.url());
    if (response.status() >= 400 && !pathname.startsWith("/v1/"))
      faults.push(`missing: ${pathname}`);
  });
  page.on("pageerror", (error) => faults.push(`uncaught: ${error.message}`));
  page.on("console", (message) => {
    // Chromium itself reports each answer of 400 and above, and each broken connection.
    if (message.type() !== "error" || message.text().startsWith("Failed to load resource")) return;
    faults.push(`console: ${message.text()}`);
  });
  return faults;
}

async function order(page: Page, prompt = words) {
  await page.locator("#prompt").fill(prompt);
  await page.locator("#prompt").press("Enter");
}

/** Like `expect`, for what becomes true when the page or the server gets round to it. */
function eventually<Seen>(see: () => Seen | Promise<Seen>) {
  return expect.poll(see, { timeout: 20_000 });
}

function textOf(page: Page, selector: string) {
  return page.locator(selector).first().innerText();
}

function focused(page: Page) {
  return page.evaluate<string>(
    "document.activeElement.id || document.activeElement.value || document.activeElement.innerText",
  );
}

async function tabTo(page: Page, wanted: string) {
  const seen: string[] = [];
  while (seen.length < 40) {
    await page.keyboard.press("Tab");
    const here = await focused(page);
    if (here === wanted) return;
    seen.push(here);
  }
  throw new Error(`Tab never reached ${wanted}, only ${seen.join(" · ")}`);
}

inBrowser("the page", () => {
  test("draws the typed words in the chosen ratio and shows everything about the picture", async () => {
    const { page, door } = await visit();
    await page.getByLabel("What would you like to see?").fill(words);
    await page.getByRole("radio", { name: "16:9", exact: true }).check();
    await page.getByRole("button", { name: "Draw" }).click();

    const image = page.getByRole("img", { name: "Picture: A white lighthouse, waves" });
    await eventually(() =>
      page.evaluate('document.querySelector("#sheets img").naturalWidth'),
    ).toBe(64);
    expect(await image.getAttribute("width")).toBe("2048");
    expect(await image.getAttribute("height")).toBe("1152");
    expect(await textOf(page, "#sheets .own-words")).toBe(words);
    expect(await textOf(page, "#sheets .enhanced-words")).toBe("A white lighthouse, waves");
    const block = await textOf(page, ".title-block");
    for (const fact of ["16:9", "2048 × 1152", "7", "zi-7K3QF9X2WM", "Z-Image"]) {
      expect(block).toContain(fact);
    }
    expect(await textOf(page, ".notices")).toBe("The seed was chosen by us.");
    const link = page.getByRole("link", { name: "Open" });
    expect(await link.getAttribute("href")).toBe(`${door.url}/images/abc.png`);
    expect(door.received.map(({ key, order }) => ({ key, order }))).toEqual([
      {
        key: goodKey,
        order: { prompt: words, aspect_ratio: "16:9", response_format: "url" },
      },
    ]);
  });

  test("shows all pictures of an answer, also after a reload", async () => {
    const data = [1, 2, 3, 4].map((seed) => ({ url: "/images/abc.png", seed }));
    const { page } = await visit({ reply: ({ order }) => Response.json(drawn(order, { data })) });
    await order(page);
    const seeds = async () => {
      await page.locator("#sheets img").nth(3).waitFor();
      const blocks = await page.locator("#sheets .title-block").allInnerTexts();
      return blocks.map((block) => /Seed\s+(\d+)/i.exec(block)?.[1]);
    };
    expect(await seeds()).toEqual(["1", "2", "3", "4"]);
    await page.reload();
    expect(await seeds()).toEqual(["1", "2", "3", "4"]);
  });

  test("shows one's own words alone when nothing was enhanced", async () => {
    const data = [{ url: "/images/abc.png", seed: 7 }];
    const { page } = await visit({ reply: ({ order }) => Response.json(drawn(order, { data })) });
    await order(page);
    await page.locator("#sheets .own-words").waitFor();
    expect(await page.locator("#sheets .enhanced-words").count()).toBe(0);
  });

  test("sends what was chosen beside the words", async () => {
    const { page, door } = await visit({ models: ["Z-Image", "other"] });
    await page.getByLabel("Seed", { exact: true }).fill("４２");
    await page.getByRole("switch", { name: "Paint my words as they are" }).check();
    await page.getByText("More settings").click();
    await page.getByLabel("Leave out").fill("text, watermark");
    await page.getByLabel("Quality").selectOption("high");
    await page.getByLabel("Model").selectOption("other");
    await order(page);
    await page.locator("#sheets img").waitFor();
    expect(door.received[0]?.order).toEqual({
      prompt: words,
      model: "other",
      seed: 42,
      enhance: false,
      negative_prompt: "text, watermark",
      quality: "high",
      response_format: "url",
    });
  });

  test("offers no choice of model when there is but one", async () => {
    const { page } = await visit();
    await page.getByText("More settings").click();
    await page.getByLabel("Quality").waitFor();
    expect(await page.getByLabel("Model").isVisible()).toBe(false);
  });

  test("keeps a picture's seed for the next one, and lets go of it again", async () => {
    const { page, door } = await visit();
    await order(page);
    await page.getByRole("button", { name: "Keep seed" }).click();
    expect(await page.locator("#seed").inputValue()).toBe("7");
    await order(page);
    await eventually(() => door.received[1]?.order["seed"]).toBe(7);
    await page.getByRole("button", { name: "Random again" }).click();
    expect(await page.locator("#seed").inputValue()).toBe("");
    expect(await focused(page)).toBe("seed");
  });

  test("refuses a seed that is none in words", async () => {
    const { page, door } = await visit();
    for (const seed of ["0", "2147483648", "-5", "1.5", "abc"]) {
      await page.locator("#seed").fill(seed);
      expect(await page.locator("#seed-problem").isVisible()).toBe(false);
      await order(page);
      expect(await textOf(page, "#seed-problem")).toContain("whole number from 1 to 2147483647");
      expect(await focused(page)).toBe("seed");
    }
    expect(door.received).toEqual([]);
  });

  test("asks for words when there are none", async () => {
    const { page, door } = await visit();
    await order(page, "  \n ");
    expect(await textOf(page, "#prompt-problem")).toBe("Write first what you would like to see.");
    expect(door.received).toEqual([]);
  });

  test("stacks the pictures of a visit, the newest first, and has them back after a reload", async () => {
    const { page } = await visit();
    for (const prompt of ["first", "second"]) {
      await order(page, prompt);
      await page.locator("#sheets .own-words", { hasText: prompt }).waitFor();
    }
    const shown = () => page.locator("#sheets .own-words").allInnerTexts();
    expect(await shown()).toEqual(["second", "first"]);
    await page.reload();
    await page.locator("#sheets img").first().waitFor();
    expect(await shown()).toEqual(["second", "first"]);
  });

  test("opens in spite of a visit remembered in a form that it cannot read", async () => {
    const { page } = await visit();
    const broken = [1, null, {}, { answer: { data: "?" }, asked: "x", elapsedMs: 1 }];
    for (const visit of ["{", '"text"', JSON.stringify(broken)]) {
      await page.evaluate(`sessionStorage.setItem("drawbridge.visit", ${JSON.stringify(visit)})`);
      await page.reload();
      await page.locator(".example").first().waitFor();
    }
    await order(page);
    await page.locator("#sheets img").waitFor();
  });

  test("copies seed and code", async () => {
    const { page } = await visit();
    await order(page);
    await page.getByRole("button", { name: "Copy Code: zi-7K3QF9X2WM" }).click();
    await eventually(() => textOf(page, "#status")).toBe("Copied.");
    expect(await page.evaluate("navigator.clipboard.readText()")).toBe("zi-7K3QF9X2WM");
  });

  test("fills in an example that is pressed", async () => {
    const { page } = await visit();
    const example = await textOf(page, ".example");
    await page.locator(".example").first().click();
    expect(await page.locator("#prompt").inputValue()).toBe(example);
  });

  test("says so when the picture itself cannot be loaded", async () => {
    const { page } = await visit();
    await page.route("**/abc.png", (route) => route.abort());
    await order(page);
    expect(await textOf(page, ".lost")).toContain("could not be loaded");
  });
});

inBrowser("the page's key", () => {
  const stored = (page: Page) => page.evaluate('localStorage.getItem("drawbridge.key")');

  test("is taken from the address at once and remembered", async () => {
    const { page, door } = await visit({ path: `?a=1#key=${goodKey}` });
    expect(page.url()).toBe(`${door.url}/?a=1`);
    expect(await stored(page)).toBe(goodKey);
    await page.goto(door.url);
    await order(page);
    await page.locator("#sheets img").waitFor();
    expect(door.received[0]?.key).toBe(goodKey);
  });

  test("is also taken from an address opened while the page is there", async () => {
    const { page, door } = await visit({ path: "" });
    await page.getByLabel("Key of this server").waitFor();
    await page.evaluate(`location.hash = "key=${goodKey}"`);
    await eventually(() => stored(page)).toBe(goodKey);
    expect(page.url()).toBe(`${door.url}/`);
    expect(await page.getByLabel("Key of this server").isVisible()).toBe(false);
  });

  test("is asked for when there is none, and then the words go on their way", async () => {
    const { page, door } = await visit({ path: "" });
    await order(page);
    expect(await textOf(page, ".what-happened")).toContain("wants its key first");
    expect(await focused(page)).toBe("key");
    expect(door.received).toEqual([]);
    await page.keyboard.type(` ${goodKey} `);
    await page.keyboard.press("Enter");
    await page.locator("#sheets img").waitFor();
    expect(door.received.map(({ key, order }) => [key, order["prompt"]])).toEqual([
      [goodKey, words],
    ]);
    expect(await focused(page)).toBe("prompt");
  });

  test("is asked for again when the server refuses it", async () => {
    const reply: Reply = (received) =>
      received.key === goodKey ? draws(received) : refused(401, "Incorrect API key provided.");
    const { page, door } = await visit({ reply, path: "#key=old" });
    await order(page);
    await page.locator(".failed").waitFor();
    expect(await textOf(page, ".what-happened")).toContain("does not know this key");
    expect(await textOf(page, "#key-refused")).toContain("does not know the key");
    await page.locator("#key").fill(goodKey);
    await page.getByRole("button", { name: "Use this key" }).click();
    await page.locator("#sheets img").waitFor();
    expect(door.received.map(({ key }) => key)).toEqual(["old", goodKey]);
    expect(await page.locator("#prompt").inputValue()).toBe(words);
  });

  test("is asked for at the start when the remembered one is no good", async () => {
    const { page } = await visit({ path: "#key=old" });
    expect(await textOf(page, "#key-refused")).toContain("does not know the key");
  });

  describe("in a link, where another one is remembered,", () => {
    /** A page that remembers a key, opened once more with this one in its address. */
    async function visitWith(own: string, key: string) {
      const visited = await visit({ path: `#key=${own}` });
      await eventually(() => stored(visited.page)).toBe(own);
      await visited.page.goto("about:blank");
      await visited.page.goto(`${visited.door.url}/#key=${key}`);
      return visited;
    }

    test("is told to be unknown where the server refuses it, and the other stays", async () => {
      const { page, door } = await visitWith(goodKey, "bad");
      expect(await textOf(page, "#key-link-refused")).toContain(
        "does not know the key in this link",
      );
      expect(page.url()).toBe(`${door.url}/`);
      expect(await stored(page)).toBe(goodKey);
      await order(page);
      await page.locator("#sheets img").waitFor();
      expect(door.received[0]?.key).toBe(goodKey);
    });

    test("takes its place where the server refuses the other", async () => {
      const { page } = await visitWith("old", goodKey);
      await eventually(() => stored(page)).toBe(goodKey);
      expect(await page.locator("#key-choice").isVisible()).toBe(false);
    });

    test("is asked about where both work", async () => {
      const { page } = await visitWith(goodKey, otherKey);
      await page.getByRole("button", { name: "Keep mine" }).click();
      expect(await page.locator("#key-choice").isVisible()).toBe(false);
      expect(await stored(page)).toBe(goodKey);
      await page.evaluate(`location.hash = "key=${otherKey}"`);
      await page.getByRole("button", { name: "Use the link's key" }).click();
      await eventually(() => stored(page)).toBe(otherKey);
      expect(await page.locator("#key-choice").isVisible()).toBe(false);
    });
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
    expect(await focused(page)).toBe("key");
  });

  test("works for the visit where the browser stores nothing", async () => {
    const { page, door } = await visit({ tab: "without storage", path: "" });
    await page.addInitScript(
      'for (const name of ["localStorage", "sessionStorage"]) Object.defineProperty(window, name, { get() { throw new Error("blocked"); } });',
    );
    await page.reload();
    await page.locator("#key").fill(goodKey);
    await page.locator("#key").press("Enter");
    await order(page);
    await page.locator("#sheets img").waitFor();
    expect(door.received[0]?.key).toBe(goodKey);
  });
});

inBrowser("the page's words field", () => {
  test("starts a new line on Shift and Enter", async () => {
    const { page, door } = await visit();
    await page.locator("#prompt").fill("one");
    await page.locator("#prompt").press("Shift+Enter");
    await page.keyboard.type("two");
    expect(await page.locator("#prompt").inputValue()).toBe("one\ntwo");
    expect(door.received).toEqual([]);
  });

  test("leaves the Enter that picks a word to the input method", async () => {
    const { page, door } = await visit();
    const devtools = await devtoolsOf(page);
    await page.locator("#prompt").focus();
    const text = "一只猫";
    await devtools.send("Input.imeSetComposition", { text, selectionStart: 3, selectionEnd: 3 });
    await page.keyboard.press("Enter");
    // Safari's: the composition has just ended, and only the old key code tells.
    await page.locator("#prompt").dispatchEvent("keydown", { key: "Enter", keyCode: 229 });
    await devtools.send("Input.insertText", { text });
    expect(await page.locator(".waiting").count()).toBe(0);
    expect(door.received).toEqual([]);
    await page.keyboard.press("Enter");
    await page.locator("#sheets img").waitFor();
    expect(door.received.map((one) => one.order["prompt"])).toEqual([text]);
  });

  test("is taken for nothing but text, wherever it comes back", async () => {
    const markup = "<img src=x onerror=alert(1)></textarea><script>alert(1)</script>&lt;b&gt;";
    const change = {
      data: [{ url: "/images/abc.png", revised_prompt: markup, seed: markup }],
      code: markup,
      model: markup,
      aspect_ratio: markup,
      notices: [markup],
    };
    const reply: Reply = ({ order }) =>
      order["prompt"] === "fail" ? refused(400, markup) : Response.json(drawn(order, change));
    const { page } = await visit({ reply });
    await order(page, markup);
    await page.locator("#sheets img").waitFor();
    expect(await textOf(page, "#sheets .own-words")).toBe(markup);
    expect(await textOf(page, "#sheets .enhanced-words")).toBe(markup);
    expect(await textOf(page, ".notices")).toBe(markup);
    expect(await page.locator("#sheets img, #sheets script, #sheets textarea").count()).toBe(1);
    await order(page, "fail");
    expect(await textOf(page, ".failed .detail")).toBe(`The server says: ${markup}`);
  });
});

inBrowser("an order of the page", () => {
  const restarting = (waitS = 1) => {
    const error = { message: "The server is restarting.", type: "server_error", param: null };
    const headers = { "retry-after": String(waitS) };
    return Response.json({ error: { ...error, code: "restarting" } }, { status: 503, headers });
  };

  test("is taken up again after a reload, as the same one", async () => {
    let finish: (answer: Response) => void = () => undefined;
    const reply: Reply = () => new Promise<Response>((answer) => (finish = answer));
    const { page, door } = await visit({ reply });
    await page.getByRole("radio", { name: "16:9", exact: true }).check();
    await order(page);
    await eventually(() => door.received.length).toBe(1);
    await page.reload();
    await eventually(() => door.received.length).toBe(2);
    expect(await textOf(page, ".waiting .own-words")).toBe(words);
    expect(await page.locator("#prompt").inputValue()).toBe(words);
    const [first, second] = door.received;
    expect(first?.id).toMatch(/^[0-9a-f]{32}$/);
    expect([second?.id, second?.order]).toEqual([first?.id, first?.order]);
    finish(Response.json(drawn({ prompt: words })));
    await page.locator("#sheets img").waitFor();
    await page.reload();
    await page.locator("#sheets img").waitFor();
    expect(door.received).toHaveLength(2);
  });

  test("goes on through a restart that the server announces", async () => {
    let tries = 0;
    const away = [
      () => restarting(),
      () => new Response("<html>502</html>", { status: 502 }),
      () => restarting(),
    ];
    const { page, door } = await visit({ reply: (one) => away[tries++]?.() ?? draws(one) });
    await order(page);
    await page.locator(".waiting").waitFor();
    await eventually(() => textOf(page, "#status")).toContain("The server is restarting");
    expect(await textOf(page, ".waiting .progress")).toContain("the picture goes on");
    await page.locator("#sheets img").waitFor();
    expect(new Set(door.received.map(({ id }) => id)).size).toBe(1);
    expect(door.received).toHaveLength(4);
  });

  test.each([
    ["that nobody has answered is asked for again", () => new Response("", { status: 504 }), 1],
    ["that failed is ordered anew", () => refused(502, "The image service failed."), 2],
  ])("%s at a press of Try again", async (_, refusal, orders) => {
    const { page, door } = await visit({ reply: refusesOnce(refusal) });
    await order(page);
    await page.getByRole("button", { name: "Try again" }).click();
    await page.locator("#sheets img").waitFor();
    expect(new Set(door.received.map(({ id }) => id)).size).toBe(orders);
  });

  test.each([
    [503, "service_busy", "The image service is busy."],
    [503, "cancelled", "The picture was cancelled on the server."],
    [503, "storage_failed", "could not be kept"],
    [503, "queue_full", "Too many pictures are waiting right now."],
  ])("says what %s %s means", async (status, code, sentence) => {
    const error = { message: "Because.", type: "server_error", param: null, code };
    const { page } = await visit({ reply: () => Response.json({ error }, { status }) });
    await order(page);
    expect(await textOf(page, ".what-happened")).toContain(sentence);
  });

  test("is called off at the server by Cancel, and not asked for after a reload", async () => {
    const { page, door } = await visit({ reply: hangs });
    await order(page);
    await eventually(() => door.received.length).toBe(1);
    await page.getByRole("button", { name: "Cancel" }).click();
    await eventually(() => door.calledOff).toEqual([door.received[0]?.id]);
    await page.reload();
    await page.locator(".example").first().waitFor();
    expect(await page.locator(".waiting").count()).toBe(0);
    expect(door.received).toHaveLength(1);
  });

  test("from long ago, or that cannot be read, is left alone", async () => {
    const { page, door } = await visit();
    const old = { id: "x", order: { prompt: words }, askedAt: 1_600_000_000_000 };
    for (const wish of ["{", '"text"', "{}", JSON.stringify(old)]) {
      await page.evaluate(`sessionStorage.setItem("drawbridge.wish", ${JSON.stringify(wish)})`);
      await page.reload();
      await page.locator(".example").first().waitFor();
    }
    expect(await page.locator("#bench > *").count()).toBe(0);
    expect(door.received).toEqual([]);
  });
});

inBrowser("the page at work", () => {
  test("shows the true time since the order", async () => {
    const { page } = await visit({ tab: "with a clock", reply: hangs });
    await page.clock.install({ time: 0 });
    await order(page);
    const elapsed = () => textOf(page, ".elapsed");
    expect(await elapsed()).toBe("0 s");
    await page.clock.runFor(12_400);
    expect(await elapsed()).toBe("12 s");
    // As in a tab that slept: the clock went on, the page did not.
    await page.clock.fastForward(53_000);
    expect(await elapsed()).toBe("1:05");
  });

  test("cancels: the server is told and the words stay", async () => {
    const { page, door } = await visit({ reply: hangs });
    await order(page);
    await eventually(() => door.received.length).toBe(1);
    expect(await page.title()).toBe("Drawing… · Drawbridge");
    await page.getByRole("button", { name: "Cancel" }).click();
    await eventually(() => door.received[0]?.signal.aborted).toBe(true);
    expect(await textOf(page, ".what-happened")).toContain("Cancelled.");
    expect(await page.locator("#prompt").inputValue()).toBe(words);
    expect(await page.title()).toBe("Drawbridge");
    expect(await focused(page)).toBe("Try again");
  });

  test("makes one picture at a time", async () => {
    const { page, door } = await visit({ reply: hangs });
    await order(page);
    await order(page, "another");
    await page.getByRole("button", { name: "Drawing…" }).press("Enter");
    await eventually(() => door.received.length).toBe(1);
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.locator(".ended").waitFor();
    expect(door.received).toHaveLength(1);
  });

  test("announces the start and the end, not the seconds between", async () => {
    let finish: (answer: Response) => void = () => undefined;
    const reply: Reply = () => new Promise<Response>((answer) => (finish = answer));
    const { page, door } = await visit({ tab: "with a clock", reply });
    await page.clock.install({ time: 0 });
    await order(page);
    await eventually(() => door.received.length).toBe(1);
    await page.clock.runFor(5_000);
    expect(await textOf(page, "#status")).toBe("Drawing has started.");
    expect(await page.locator(".elapsed").getAttribute("aria-live")).toBe("off");
    finish(Response.json(drawn({ prompt: words })));
    await eventually(() => textOf(page, "#status")).toBe("The picture is ready. It took 5 s.");
  });

  test.each([
    ["reduce" as const, 0],
    ["no-preference" as const, 4],
  ])("moves, unless the reader prefers stillness: %s", async (reducedMotion, moving) => {
    const { page } = await visit({ reply: hangs, reducedMotion });
    await order(page);
    await page.locator(".waiting .scene").waitFor();
    expect(await page.evaluate("document.getAnimations().length")).toBe(moving);
  });
});

inBrowser("the page's failures", () => {
  const failures: readonly [status: number, english: string, chinese: string][] = [
    [400, "The server cannot draw this as it is.", "服务器无法照这样绘制。"],
    [403, "This key may not do that.", "这个密钥没有此项权限。"],
    [404, "The server does not know this model", "服务器没有这个模型或地址。"],
    [413, "These words are too long.", "文字太长了，请缩短一些。"],
    [429, "That was a little too much at once.", "请求有点太多了。"],
    [500, "Something broke in the server.", "服务器内部出错了。"],
    [502, "The image service could not make the picture.", "图像服务没能画出这幅画。"],
    [503, "Too many pictures are waiting right now.", "现在排队的画太多了。"],
    [504, "The picture took too long", "等待太久，这幅画已放弃。"],
  ];

  test("are told in words, by their status and in both languages", async () => {
    const reply: Reply = ({ order }) => refused(Number(order["prompt"]), "What the server says.");
    const { page } = await visit({ reply });
    for (const [status, english, chinese] of failures) {
      await order(page, String(status));
      await page.locator(".failed", { hasText: english }).waitFor();
      expect(await textOf(page, ".failed .detail")).toBe("The server says: What the server says.");
      await page.getByRole("button", { name: "中文" }).click();
      expect(await textOf(page, ".failed [role=alert]")).toContain(chinese);
      await page.getByRole("button", { name: "English" }).click();
    }
  });

  test("keep one's words, which can be tried again", async () => {
    const { page, door } = await visit({ reply: refusesOnce(() => refused(502, "It broke.")) });
    await order(page);
    await page.locator(".failed").waitFor();
    expect(await page.locator("#prompt").inputValue()).toBe(words);
    await page.getByRole("button", { name: "Try again" }).click();
    await page.locator("#sheets img").waitFor();
    expect(door.received.map((one) => one.order["prompt"])).toEqual([words, words]);
    expect(await page.locator(".failed").count()).toBe(0);
  });

  test("say how long to wait", async () => {
    const headers = { "retry-after": "150" };
    const { page } = await visit({ reply: () => refused(429, "Slow down.", headers) });
    await order(page);
    expect(await textOf(page, ".failed")).toContain("Please wait 3 minutes.");
    await page.getByRole("button", { name: "中文" }).click();
    expect(await textOf(page, ".failed")).toContain("请等待3分钟。");
  });

  test("say that a try may have been charged, and name the request to whoever runs the server", async () => {
    const headers = { "x-should-retry": "false", "x-request-id": "r-81" };
    const { page } = await visit({ reply: () => refused(502, "It broke.", headers) });
    await order(page);
    expect(await textOf(page, ".failed")).toContain("may have been charged");
    expect(await textOf(page, ".failed")).toContain("request r-81");
  });

  test("name a server that cannot be reached", async () => {
    const { page } = await visit();
    await page.context().setOffline(true);
    await order(page);
    expect(await textOf(page, ".what-happened")).toContain("The server cannot be reached.");
    await page.context().setOffline(false);
    await page.getByRole("button", { name: "Try again" }).click();
    await page.locator("#sheets img").waitFor();
  });

  test("name an answer that is not Drawbridge's", async () => {
    const answers: Record<string, string> = {
      "a proxy's page": "<html>Welcome to the hotel</html>",
      "no picture": JSON.stringify({ data: [] }),
      "a script for a picture": JSON.stringify({ data: [{ url: "javascript:alert(1)" }] }),
      null: "null",
    };
    const reply: Reply = ({ order }) => new Response(answers[String(order["prompt"])]);
    const { page } = await visit({ reply });
    for (const kind of Object.keys(answers)) {
      await order(page, kind);
      await page.locator('[data-failure="notUnderstood"]').waitFor();
      expect(await textOf(page, ".what-happened")).toContain("that is not Drawbridge");
      await page.getByRole("button", { name: "Draw" }).waitFor();
    }
  });

  test("name a proxy's error by its status", async () => {
    const reply: Reply = () => new Response("<h1>Bad Gateway</h1>", { status: 502 });
    const { page } = await visit({ reply });
    await order(page);
    expect(await textOf(page, ".what-happened")).toContain("could not make the picture");
    expect(await page.locator(".failed .detail").count()).toBe(0);
  });
});

inBrowser("the page's language", () => {
  test("is the browser's", async () => {
    const { page } = await visit({ locale: "zh-TW" });
    expect(await page.title()).toBe("Drawbridge 吊桥");
    expect(await page.locator("html").getAttribute("lang")).toBe("zh-CN");
    await page.getByLabel("想看到什么画面？").fill("一只猫在看书，比例 16:9");
    await page.getByRole("button", { name: "开始绘制" }).click();
    await page.getByRole("heading", { name: "您的原话" }).waitFor();
    expect(await textOf(page, "#status")).toContain("画好了");
  });

  test("is English where the page does not speak the browser's", async () => {
    const { page } = await visit({ locale: "fr-FR" });
    expect(await page.locator("html").getAttribute("lang")).toBe("en");
  });

  test("changes at a press, keeps everything on the page and is remembered", async () => {
    const { page } = await visit();
    await order(page);
    await page.locator("#sheets img").waitFor();
    await page.getByRole("button", { name: "中文" }).click();
    expect(await page.title()).toBe("Drawbridge 吊桥");
    expect(await page.locator("#prompt").inputValue()).toBe(words);
    await page.getByRole("button", { name: "沿用此种子" }).waitFor();
    await page.reload();
    await page.getByRole("heading", { name: "您的原话" }).waitFor();
    await page.getByRole("button", { name: "English" }).click();
    await page.getByRole("heading", { name: "Your words" }).waitFor();
  });

  test("is a whole one: no English is left on the Chinese page", async () => {
    const { page } = await visit({ locale: "zh-CN", models: ["甲", "乙"] });
    await page.getByText("更多设置").click();
    const names = "Drawbridge|English|Shift|seed|JavaScript";
    const left = (await textOf(page, "body")).replaceAll(new RegExp(names, "g"), "");
    expect(left.match(/[a-z]{3,}/gi)).toBeNull();
  });
});

inBrowser("the page's shape", () => {
  const long = "Pneumono".repeat(40);

  test.each(["en-GB", "zh-CN"])("fits a phone of 360 pixels, in %s", async (locale) => {
    const change = {
      notices: [long],
      code: "zi-7K3QF9X2WM",
      model: long,
      data: [{ url: "/images/abc.png", revised_prompt: long, seed: 2_147_483_647 }],
    };
    const reply: Reply = ({ order, ...rest }) =>
      order["prompt"] === "fail"
        ? refused(500, long, { "x-request-id": long })
        : order["prompt"] === "wait"
          ? hangs({ order, ...rest })
          : Response.json(drawn(order, change));
    const { page } = await visit({ reply, locale, phone: true, models: ["a", long] });
    const width = () => page.evaluate("document.documentElement.scrollWidth");
    await page.locator("summary").click();
    await page.locator("#seed").fill("2147483647");
    expect(await width()).toBe(360);
    await order(page, long);
    await page.locator("#sheets img").waitFor();
    expect(await width()).toBe(360);
    await order(page, "fail");
    await page.locator(".failed").waitFor();
    expect(await width()).toBe(360);
    await page.locator("#key-forget").click();
    expect(await width()).toBe(360);
    await page.locator("#key").fill(goodKey);
    await page.locator("#key").press("Enter");
    await order(page, "wait");
    await page.locator(".waiting").waitFor();
    expect(await width()).toBe(360);
  });

  test("keeps the room of a picture that is still on its way", async () => {
    const { page } = await visit();
    await page.route("**/abc.png", () => undefined);
    await order(page);
    const box = await page.locator("#sheets img").boundingBox();
    expect(box).not.toBeNull();
    expect((box?.width ?? 0) / (box?.height ?? 1)).toBeCloseTo(16 / 9, 1);
    expect(box?.width).toBeGreaterThan(300);
  });

  test("works by keyboard alone, with its focus to be seen", async () => {
    const { page, door } = await visit();
    await tabTo(page, "English");
    await tabTo(page, "prompt");
    await page.keyboard.type(words);
    await page.keyboard.press("Tab");
    for (let steps = 0; steps < 3; steps += 1) await page.keyboard.press("ArrowRight");
    await tabTo(page, "seed");
    expect(await page.evaluate("getComputedStyle(document.activeElement).outlineStyle")).toBe(
      "solid",
    );
    await page.keyboard.type("99");
    await tabTo(page, "as-typed");
    await page.keyboard.press("Space");
    await tabTo(page, "draw");
    await page.keyboard.press("Enter");
    await page.locator("#sheets img").waitFor();
    expect(door.received[0]?.order).toMatchObject({
      aspect_ratio: "16:9",
      seed: 99,
      enhance: false,
    });
    await tabTo(page, "Keep seed");
    await tabTo(page, "Open");
    await tabTo(page, "Download");
  });

  test("moves the focus on when what held it goes", async () => {
    let finish: (answer: Response) => void = () => undefined;
    const reply: Reply = () => new Promise<Response>((answer) => (finish = answer));
    const { page, door } = await visit({ reply });
    await order(page);
    await eventually(() => door.received.length).toBe(1);
    await page.getByRole("button", { name: "Cancel" }).focus();
    finish(Response.json(drawn({ prompt: words })));
    await page.locator("#sheets img").waitFor();
    expect(await focused(page)).toBe("sheets");
  });

  test.each(["light" as const, "dark" as const])("is legible by %s", async (colorScheme) => {
    const { page } = await visit({ colorScheme });
    const { ground, sheet, ink, muted, accent, onAccent, focus } = await palette(page);
    expect(luminance(ground) < 0.1).toBe(colorScheme === "dark");
    for (const [front, back] of [
      [ink, ground],
      [ink, sheet],
      [muted, ground],
      [muted, sheet],
      [accent, sheet],
      [onAccent, accent],
    ] as const) {
      expect(contrast(front, back)).toBeGreaterThan(4.5);
    }
    expect(contrast(focus, sheet)).toBeGreaterThan(3);
    expect(await textColor(page)).toBe(ink);
  });
});

type Colour = string;

async function palette(
  page: Page,
): Promise<Record<"ground" | "sheet" | "ink" | "muted" | "accent" | "onAccent" | "focus", Colour>> {
  return page.evaluate(`(() => {
    const style = getComputedStyle(document.documentElement);
    const names = { ground: "ground", sheet: "sheet", ink: "ink", muted: "muted", accent: "accent", onAccent: "on-accent", focus: "focus" };
    return Object.fromEntries(Object.entries(names).map(([key, name]) => [key, style.getPropertyValue("--" + name).trim()]));
  })()`);
}

async function textColor(page: Page): Promise<Colour> {
  const rgb = await page.evaluate<string>("getComputedStyle(document.body).color");
  const channels = rgb.match(/\d+/g) ?? [];
  return `#${channels.map((channel) => Number(channel).toString(16).padStart(2, "0")).join("")}`;
}

/** Relative luminance as WCAG 2 defines it. */
function luminance(colour: Colour) {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const channel = Number.parseInt(colour.slice(start, start + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: Colour, other: Colour) {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

describe("the files of the page", () => {
  const app = pageRoutes();

  test.each([
    ["/", "text/html; charset=utf-8"],
    ["/page/page.js", "text/javascript; charset=utf-8"],
    ["/page/page.css", "text/css; charset=utf-8"],
    ["/page/bridge.svg", "image/svg+xml"],
  ])("serves %s under a strict policy", async (path, type) => {
    const response = await app.request(path);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe(type);
    expect(response.headers.get("content-security-policy")).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob: http: https:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect(response.headers.get("referrer-policy")).toBe("no-referrer");
    expect(response.headers.get("cache-control")).toBe("no-cache");
  });

  test("answers 304 to a browser that has the file already", async () => {
    const first = await app.request("/page/page.js");
    const etag = first.headers.get("etag") ?? "";
    expect(etag).toMatch(/^"\w+"$/);
    const again = await app.request("/page/page.js", { headers: { "if-none-match": etag } });
    expect([again.status, await again.text()]).toEqual([304, ""]);
    const other = await app.request("/", { headers: { "if-none-match": etag } });
    expect(other.status).toBe(200);
  });

  test("answers HEAD without a body", async () => {
    const response = await app.request("/", { method: "HEAD" });
    expect([response.status, await response.text()]).toEqual([200, ""]);
  });

  test.each([
    "/page/tsconfig.json",
    "/page/index.html",
    "/page/",
    "/page/%2e%2e/page.ts",
    "/page/..%2fpage.ts",
    "/page/constructor",
  ])("serves nothing at %s", async (path) => {
    expect((await app.request(path)).status).toBe(404);
  });
});
