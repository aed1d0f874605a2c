import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { startDiscord } from "../fakes/discord.ts";
import { post, startStandIns } from "../fakes/drawbridge.ts";
import { runProcess, startProcess } from "../fakes/process.ts";
import { startProxy } from "../fakes/proxy.ts";
import { startTelegram } from "../fakes/telegram.ts";

const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;
const doctor = join(import.meta.dirname, "../../src/doctor.ts");

/** The outside world under names that only the proxy knows, and the environment of a machine behind it. */
async function behindAProxy() {
  const { service, llm, environment, close } = await startStandIns();
  const discord = await startDiscord({ knownAs: "https://discord.invalid" });
  const telegram = await startTelegram();
  const proxy = await startProxy({
    "sd.invalid": service.url,
    "pictures.invalid": service.url,
    "llm.invalid": llm.url,
    "discord.invalid": discord.apiUrl,
    "telegram.invalid": telegram.url,
  });
  onTestFinished(async () => {
    proxy.close();
    await Promise.all([close(), discord.close(), telegram[Symbol.asyncDispose]()]);
  });
  service.keepMisbehaving({
    link: (link) => link.replace(service.url, "https://pictures.invalid"),
  });
  const behind = {
    ...environment,
    SD_API_BASE_URL: "https://sd.invalid",
    ENHANCE_OPENAI_BASE_URL: "https://llm.invalid/v1",
    DISCORD_TOKEN: "MTA.stand-in.token-of-the-app",
    DISCORD_API_URL: "https://discord.invalid/api",
    TELEGRAM_BOT_TOKEN: telegram.token,
    TELEGRAM_API_URL: "https://telegram.invalid",
    NODE_EXTRA_CA_CERTS: proxy.certificate,
  };
  return { service, llm, discord, telegram, proxy, environment: behind };
}

describe.skipIf(!hasOpenssl)("behind a proxy (needs openssl)", () => {
  test.each(["HTTPS_PROXY", "https_proxy"])("%s leads to every service", async (name) => {
    const { discord, telegram, proxy, environment } = await behindAProxy();
    const drawbridge = await startProcess({ ...environment, [name]: proxy.url });
    const { status } = await post(drawbridge.url, "/v1/images/generations", { prompt: "a cat" });
    expect(status).toBe(200);
    await expect
      .poll(async () => (await fetch(`${drawbridge.url}/readyz`)).json())
      .toMatchObject({ doors: { discord: "connected", telegram: "connected" } });

    discord.gateway.askToReconnect();
    await expect.poll(() => discord.gateway.resumptions).toHaveLength(1);
    const anna = telegram.addUser();
    await telegram.userSays(anna.id, { text: "/draw a cat no-enhance" });
    await telegram.until(() => telegram.chat(anna.id).ofBot.some(({ photo }) => photo));
    expect(new Set(proxy.asked)).toEqual(
      new Set(
        ["sd", "pictures", "llm", "discord", "telegram"].map((host) => `${host}.invalid:443`),
      ),
    );
    expect(drawbridge.output()).toContain(`HTTPS_PROXY leads through ${proxy.url}`);
    expect(await drawbridge.stop()).toMatchObject({ code: 0 });
  });

  test("nothing is painted from a link to the inside, and what NO_PROXY names is reached without it", async () => {
    const { service, proxy, environment } = await behindAProxy();
    const given = {
      ...environment,
      HTTPS_PROXY: proxy.url,
      NO_PROXY: "llm.invalid,.telegram.invalid",
    };
    const drawbridge = await startProcess(given);
    for (const link of [
      "https://10.0.0.1/a.png",
      "https://[::1]/a.png",
      "http://localhost/a.png",
    ]) {
      service.keepMisbehaving({ link: () => link });
      const { status } = await post(drawbridge.url, "/v1/images/generations", { prompt: "a cat" });
      expect(status).toBe(502);
    }
    expect(proxy.asked).not.toContain("llm.invalid:443");
    expect(proxy.asked.filter((host) => !host.endsWith(".invalid:443"))).toEqual([]);
  });

  test("the doctor names it, and asks through it", async () => {
    const { proxy, environment } = await behindAProxy();
    const secret = proxy.url.replace("http://", "http://anna:s3cret@");
    const found = await runProcess({ ...environment, HTTPS_PROXY: secret }, { script: doctor });
    expect(found.output).toContain(
      `✓ HTTPS_PROXY: ${proxy.url} is the proxy that services are reached through.`,
    );
    expect(found.output).toContain("✓ ENHANCE_OPENAI_MODEL: ");
    expect(found.output).toMatch(/✓ DISCORD_TOKEN: [^]*✓ TELEGRAM_BOT_TOKEN: /);
    expect(found.output).not.toContain("s3cret");
    expect(found.code).toBe(0);
  });

  test("the doctor says that it does not lead there, is away, or is none", async () => {
    const { proxy, environment } = await behindAProxy();
    const asked = async (given: Record<string, string>) =>
      (await runProcess({ ...environment, ...given }, { script: doctor })).output;
    expect(
      await asked({ HTTPS_PROXY: proxy.url, SD_API_BASE_URL: "https://no.invalid" }),
    ).toContain("✗ SD_API_BASE_URL: cannot be reached: the proxy does not lead there.");
    expect(await asked({ HTTPS_PROXY: "127.0.0.1:9" })).toContain(
      "✗ HTTPS_PROXY: http://127.0.0.1:9 cannot be reached: ECONNREFUSED.",
    );
    expect(await asked({ HTTPS_PROXY: "socks5://127.0.0.1:9" })).toContain(
      "✗ HTTPS_PROXY: must be the address of an HTTP proxy",
    );
  });
});
