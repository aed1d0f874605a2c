import { describe, expect, onTestFinished, test } from "vitest";
import { aFreshPage, executablePath } from "../fakes/browser.ts";
import { post, secrets, startStandIns } from "../fakes/drawbridge.ts";
import { startProcess } from "../fakes/process.ts";

/** A page that has ordered "a fox", with a Drawbridge that paints one picture at a time. */
async function begin(wait: "at the service" | "in line") {
  const standIns = await startStandIns({ enhancer: false });
  onTestFinished(() => standIns.close());
  const { service } = standIns;
  const process = await startProcess({ ...standIns.environment, SD_CONCURRENCY: "1" });
  const release = service.hold();
  const first =
    wait === "in line" && post(process.url, "/v1/images/generations", { prompt: "a cat" });
  if (first) await service.arrived(1);
  const page = await aFreshPage();
  await page.goto(`${process.url}/#key=${secrets.gateway}`);
  await page.locator("#prompt").fill("a fox");
  await page.locator("#prompt").press("Control+Enter");
  const metrics = async () => (await fetch(`${process.url}/metrics`)).text();
  if (first) await expect.poll(metrics).toContain("drawbridge_jobs_waiting 1\n");
  else await service.arrived(1);
  const order = page.locator(".waiting, .failed", { hasText: "a fox" });
  const picture = page.locator("#sheets > li", { hasText: "a fox" }).locator("img");
  return {
    service,
    process,
    page,
    order,
    picture,
    release,
    first,
    port: new URL(process.url).port,
  };
}

describe.skipIf(executablePath === undefined)("a page that waits for its picture", () => {
  test("gets it after a restart, for one call to the service", async () => {
    const { service, process, order, picture, release, first, port } = await begin("in line");
    await order.getByText("Next in line").waitFor();
    const ended = process.stop();
    await order.getByText("the picture goes on").waitFor();
    release();
    await first;
    await ended;
    await process.restart({ PORT: port });
    await picture.waitFor();
    expect(service.requests.map(({ body }) => body["prompt"])).toEqual(["a cat", "a fox"]);
    expect(await order.count()).toBe(0);
  });

  test("gets it after a crash and a press of Try again, for the one call more that a crash costs", async () => {
    const { service, process, page, picture, release, port } = await begin("at the service");
    await page.locator(".stage", { hasText: "Painting" }).waitFor();
    await process.kill();
    await page.getByText("The server cannot be reached.").waitFor();
    release();
    await process.restart({ PORT: port });
    await page.getByRole("button", { name: "Try again" }).click();
    await picture.waitFor();
    expect(await page.locator(".notices").innerText()).toContain("twice");
    expect(service.requests).toHaveLength(2);
  });

  test("gets it after a reload in the middle, for one call to the service", async () => {
    const { service, page, order, picture, release } = await begin("at the service");
    await page.reload();
    await order.waitFor();
    release();
    await picture.waitFor();
    expect(service.requests).toHaveLength(1);
  });

  test("opens without its server from the first visit on, with what was seen then", async () => {
    const { process, page, picture, release } = await begin("at the service");
    release();
    await picture.waitFor();
    await page.evaluate("navigator.serviceWorker.ready");
    await page.getByRole("link", { name: "Gallery" }).click();
    const thumbnail = page.locator(".tile img");
    await thumbnail.waitFor();
    const isKept =
      "caches.has('drawbridge-tiles').then((has) => has && caches.has('drawbridge-seen'))";
    await expect.poll(() => page.evaluate(isKept)).toBe(true);
    await process.stop();
    await page.reload();
    await page.getByText("this is what was seen last").waitFor();
    const width = () => page.evaluate<number>('document.querySelector(".tile img").naturalWidth');
    await expect.poll(width).toBeGreaterThan(0);
    for (const view of ["Connect", "Make"]) await page.getByRole("link", { name: view }).click();
    expect(await page.locator("#prompt").inputValue()).toBe("a fox");
  });

  test("costs nothing when it is cancelled in time", async () => {
    const { service, process, order, release, first } = await begin("in line");
    await order.getByText("Next in line").waitFor();
    await order.getByRole("button", { name: "Cancel" }).click();
    const metrics = async () => (await fetch(`${process.url}/metrics`)).text();
    await expect.poll(metrics).toContain("drawbridge_jobs_waiting 0\n");
    release();
    await first;
    await process.stop();
    expect(service.requests).toHaveLength(1);
  });
});
