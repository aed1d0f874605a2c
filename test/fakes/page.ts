import { readFileSync } from "node:fs";
import type { CDPSession, Page } from "playwright-core";
import { afterAll, beforeAll, expect, onTestFinished } from "vitest";
import { listen } from "../../src/http/server.ts";
import { silentLog } from "../builders.ts";
import { executablePath, theBrowser } from "./browser.ts";
import { aDoor, type TestDoorOptions } from "./door.ts";
import { type Easel, easel } from "./studio.ts";

/** How a test looks at the page. */
export interface Visit extends TestDoorOptions {
  /** What follows the address of the server. */
  readonly path?: string;
  /** The language that the browser speaks. */
  readonly locale?: string;
  /** On a phone of 390 by 844 pixels. */
  readonly phone?: boolean;
  readonly colorScheme?: "light" | "dark";
  /** Done with the server before the page is opened. */
  readonly before?: (door: ReturnType<typeof aDoor>) => Promise<unknown>;
}

/** An enhancer that adds the hour to all words. */
export const atDawn = async ({ words }: { readonly words: string }) =>
  ({
    prompt: `${words}, at dawn`,
    enhancement: {
      status: "enhanced",
      model: "m",
      usage: { promptTokens: 1, completionTokens: 1 },
    },
  }) as const;

let tab: Promise<Page> | undefined;
const devtools = new Map<Page, Promise<CDPSession>>();

/** Has a browser for the tests of a file; without one they are skipped and say so, except where all is tested. */
export function withBrowser(): void {
  beforeAll(async () => {
    if (executablePath === undefined) {
      const missing = "The page is tested in Chromium: apt-get install -y chromium fonts-noto-cjk";
      if (process.env.CI) throw new Error(missing);
      console.warn(missing);
      return;
    }
    await theBrowser();
  });
  afterAll(async () => {
    await (await tab)?.context().close();
    tab = undefined;
  });
}

/** Whether the tests of the page have to be left out. */
export const isWithoutBrowser = executablePath === undefined && !process.env.CI;

/** Opens the page of a whole HTTP door, and at the end of the test fails it if the page misbehaved. */
export async function visit(options: Visit = {}) {
  const { path = "#key=key", locale, phone, colorScheme, before, ...doorOptions } = options;
  const painter: Easel = options.easel ?? easel({ auto: true });
  const door = aDoor({ easel: painter, ...doorOptions });
  await before?.(door);
  const ready = Promise.resolve();
  const server = await listen(door.app, { host: "127.0.0.1", port: 0, log: silentLog, ready });
  tab ??= newTab();
  const page = await tab;
  const faults = watch(page, server.url);
  onTestFinished(async () => {
    await page.unrouteAll({ behavior: "ignoreErrors" });
    page.removeAllListeners();
    await page.goto("about:blank");
    await server.close(0);
    expect(faults).toEqual([]);
  });
  await suit(page, { locale, phone, colorScheme });
  await page.goto(`${server.url}/${path}`);
  await page.locator("h1").waitFor();
  return { page, painter, url: server.url, ...door };
}

async function newTab(): Promise<Page> {
  const permissions = ["clipboard-read", "clipboard-write"];
  const browser = await theBrowser();
  // Else each of these many addresses would have its own, which fetches the whole page once more.
  const options = { permissions, acceptDownloads: true, serviceWorkers: "block" } as const;
  const context = await browser.newContext(options);
  context.setDefaultTimeout(60_000);
  return context.newPage();
}

/** Makes the browser what a test wants, whatever it was before. */
async function suit(page: Page, options: { [Name in keyof Visit]: Visit[Name] | undefined }) {
  const { locale = "en-GB", phone = false, colorScheme = "light" } = options;
  await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
  const session = await devtoolsOf(page);
  const { userAgent } = await session.send("Browser.getVersion");
  await session.send("Emulation.setUserAgentOverride", { userAgent, acceptLanguage: locale });
  const [width, height] = phone ? [390, 844] : [1280, 800];
  const size = { width, height, deviceScaleFactor: 1, mobile: phone };
  await session.send("Emulation.setDeviceMetricsOverride", size);
}

/** The browser's own tools of a page. */
export function devtoolsOf(page: Page): Promise<CDPSession> {
  const session = devtools.get(page) ?? page.context().newCDPSession(page);
  devtools.set(page, session);
  return session;
}

/** Collects what a page must never do: a request elsewhere, an error, a breach of its own security policy. */
function watch(page: Page, home: string): string[] {
  const faults: string[] = [];
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(`${home}/`) && !/^(?:data|blob):/.test(url)) {
      faults.push(`asked elsewhere: ${url}`);
    }
  });
  page.on("response", (response) => {
    const { pathname } = new URL(response.url());
    if (response.status() >= 400 && !pathname.startsWith("/v1/")) {
      faults.push(`missing: ${pathname}`);
    }
  });
  page.on("pageerror", (error) => faults.push(`uncaught: ${error.message}`));
  page.on("console", (message) => {
    // Chromium itself reports each answer of 400 and above, and each broken connection.
    if (message.type() !== "error" || message.text().startsWith("Failed to load resource")) return;
    faults.push(`console: ${message.text()}`);
  });
  return faults;
}

/** Writes the words and orders their picture. */
export async function order(page: Page, prompt: string): Promise<void> {
  await page.locator("#prompt").fill(prompt);
  await page.locator("#prompt").press("Control+Enter");
}

/** Like `expect`, for what becomes true when the page or the server gets round to it. */
export function eventually<Seen>(see: () => Seen | Promise<Seen>) {
  return expect.poll(see);
}

/** The text that a reader sees. */
export function textOf(page: Page, selector: string): Promise<string> {
  return page.locator(selector).first().innerText();
}

const axe = readFileSync(new URL(import.meta.resolve("axe-core/axe.min.js")), "utf8");

/** What axe finds that is serious, and controls that are hard to hit. */
export async function seriousFaults(page: Page): Promise<string[]> {
  if (!(await page.evaluate("'axe' in globalThis"))) await page.evaluate(axe);
  const found = await page.evaluate<
    string[]
  >(`axe.run({ resultTypes: ["violations"] }).then(({ violations }) =>
    violations.filter(({ impact }) => impact === "serious" || impact === "critical")
      .flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ": " + html.slice(0, 200))))`);
  return [...found, ...(await page.evaluate<string[]>(smallTargets))];
}

/** What can be pressed in less than 24 by 24 pixels; a field's label can be pressed for it. */
const smallTargets = `[...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")]
  .filter((control) => control.checkVisibility({ visibilityProperty: true }))
  .map((control) => control.closest("label") ?? control)
  .filter((target) => Math.min(target.offsetWidth, target.offsetHeight) < 24)
  .map(({ offsetWidth, offsetHeight, outerHTML }) => offsetWidth + " by " + offsetHeight + ": " + outerHTML.slice(0, 200))`;

/** Presses Tab until this has the focus. */
export async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 80; presses++) {
    await page.keyboard.press("Tab");
    if (await page.evaluate(`document.activeElement.matches(${JSON.stringify(selector)})`)) return;
  }
  throw new Error(`Tab never reached ${selector}`);
}
