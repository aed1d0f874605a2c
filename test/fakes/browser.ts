import { existsSync } from "node:fs";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { onTestFinished } from "vitest";

/** A browser of this machine; undefined where there is none. */
export const executablePath = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
].find((path) => existsSync(path));

let browser: Promise<Browser> | undefined;

/** The browser of all tests of this process, which ends with it. */
export function theBrowser(): Promise<Browser> {
  browser ??= launch();
  return browser;
}

/** A page for somebody who was never here, gone when the test ends. */
export async function aFreshPage(options: BrowserContextOptions = {}): Promise<Page> {
  const context = await (await theBrowser()).newContext(options);
  context.setDefaultTimeout(60_000);
  onTestFinished(() => context.close());
  return context.newPage();
}

/** Starts it, without anything that asks elsewhere on its own. */
function launch(): Promise<Browser> {
  return chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
