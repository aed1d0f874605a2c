import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { aFreshPage, executablePath } from "../fakes/browser.ts";
import { secrets, startStandIns } from "../fakes/drawbridge.ts";
import { type Environment, startProcess } from "../fakes/process.ts";

/** A Drawbridge without any service, and the way to set it up that its log shows. */
async function unconfigured(environment: Environment = {}) {
  const process = await startProcess({ PORT: "0", ...environment });
  await process.printed(/^Set it up: /m);
  const once = /^Set it up: \S+#once=(\S+)$/m.exec(process.output())?.[1] ?? "";
  const send = async (what: string, values: object, key = once) => {
    const response = await fetch(`${process.url}/setup/${what}`, {
      method: "POST",
      headers: { "x-setup-key": key, "content-type": "application/json" },
      body: JSON.stringify({ values }),
    });
    return { status: response.status, json: (await response.json()) as Record<string, unknown> };
  };
  return { process, once, send, file: join(process.directory, "data", "settings.env") };
}

describe("setting up in the browser", () => {
  test("is closed to whoever has not seen the log", async () => {
    const { send } = await unconfigured();
    for (const what of ["state", "check", "save"]) {
      expect((await send(what, {}, "once-wrong")).status).toBe(401);
      expect((await send(what, {}, "")).status).toBe(401);
    }
  });

  test("refuses what no setting can be, and changes nothing then", async () => {
    const { send, file } = await unconfigured();
    expect((await send("save", { SD_API_KEY: 'a"b' })).status).toBe(400);
    expect((await send("save", { HOST: "0.0.0.0" })).status).toBe(400);
    const { json } = await send("save", { ENHANCE_OPENAI_BASE_URL: "nowhere" });
    expect(JSON.stringify(json["findings"])).toContain("ENHANCE_OPENAI_BASE_URL");
    expect(() => readFileSync(file)).toThrow("ENOENT");
  });

  test("shows no secret again, and which variables the environment has set already", async () => {
    const { send, file } = await unconfigured({ ENHANCE_OPENAI_API_KEY: secrets.llm });
    writeFileSync(file, `DISCORD_TOKEN="${secrets.image}"\n`);
    const { json } = await send("state", {});
    expect(JSON.stringify(json)).not.toMatch(new RegExp(Object.values(secrets).join("|")));
    expect(json["fields"]).toMatchObject({
      ENHANCE_OPENAI_API_KEY: { set: true, fixed: true },
      DISCORD_TOKEN: { set: true, fixed: false },
      SD_API_KEY: { set: false },
    });
  });

  test.skipIf(executablePath === undefined)(
    "leads from the log's address to a service that paints, checked before",
    async () => {
      const standIns = await startStandIns({ enhancer: false });
      onTestFinished(() => standIns.close());
      const { process, once, file } = await unconfigured({
        SD_API_BASE_URL: standIns.service.url,
        ENHANCE_OPENAI_BASE_URL: standIns.llm.url,
      });
      const page = await aFreshPage();
      await page.goto(`${process.url}/setup#once=${once}`);
      await page.locator("#ENHANCE_OPENAI_API_KEY").fill("wrong");
      await page.getByRole("button", { name: "Check" }).click();
      await page.locator(".finding-problem").waitFor();
      expect(await page.locator(".finding-problem").innerText()).toContain("may not be used with");
      await page.getByRole("button", { name: "中文" }).click();
      expect(await page.locator(".finding-problem").innerText()).toContain("不能用");
      await page.getByRole("button", { name: "English" }).click();
      await page.locator("#SD_API_KEY").fill(secrets.image);
      await page.locator("#ENHANCE_OPENAI_API_KEY").fill(secrets.llm);
      await page.getByRole("button", { name: "Check" }).click();
      await page.locator(".finding-fine").first().waitFor();
      expect(await page.locator(".finding-problem").count()).toBe(0);
      await page.getByRole("button", { name: "Save and restart" }).click();
      await page.getByText("is running with these settings").waitFor();
      expect(readFileSync(file, "utf8")).toBe(
        `ENHANCE_OPENAI_API_KEY="${secrets.llm}"\nSD_API_KEY="${secrets.image}"\n`,
      );
      expect(statSync(file).mode & 0o777).toBe(0o600);
      await page.getByRole("link", { name: "make a test picture" }).click();
      await page.getByText("Painted with Z-Image").waitFor();
      await page.locator("#sheets img").waitFor();
      expect(standIns.service.requests).toHaveLength(1);
      expect(process.output()).not.toContain(secrets.image);
    },
  );

  test.skipIf(executablePath === undefined)(
    "says in the page's language what it does not take, and asks for the key of this start",
    async () => {
      const { process, once } = await unconfigured();
      const page = await aFreshPage({ locale: "zh-CN" });
      await page.goto(`${process.url}/setup#once=once-wrong`);
      await page.getByText("这不是本次启动的一次性密钥").waitFor();
      await page.locator("#once").fill(once);
      await page.locator("#once").press("Enter");
      await page.locator("#IMAGES_OPENAI_BASE_URL").fill("nowhere");
      await page.locator("#IMAGES_OPENAI_API_KEY").fill("sk-1");
      await page.getByRole("button", { name: "保存并重启" }).click();
      const said = await page.locator(".field .finding-problem").first().innerText();
      await expect
        .poll(() => page.evaluate("document.activeElement.id"))
        .toBe("IMAGES_OPENAI_BASE_URL");
      expect(said.replace(/[A-Z_]{4,}|https?:\/\/|✗/g, "")).not.toMatch(/[a-z]{3}/i);
    },
  );

  test("is read at every start, and loses to the environment", async () => {
    const standIns = await startStandIns({ enhancer: false });
    onTestFinished(() => standIns.close());
    const { process, file } = await unconfigured();
    await process.stop();
    writeFileSync(file, `SD_API_KEY="${secrets.image}"\nGATEWAY_API_KEY="never-a-setting"\n`);
    const environment = { SD_API_BASE_URL: standIns.service.url, GATEWAY_API_KEY: secrets.gateway };
    const again = await process.restart(environment);
    const answer = await fetch(`${again.url}/v1/about`, {
      headers: { authorization: `Bearer ${secrets.gateway}` },
    });
    expect(await answer.json()).toMatchObject({ models: [{ id: "Z-Image", sketch: false }] });
  });
});
