import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { inspectImage } from "../../core/imaging.ts";
import { anySecret, post, secrets, startStandIns } from "../fakes/drawbridge.ts";
import { chatCompletion } from "../fakes/openai-schemas.ts";
import { runProcess, startProcess } from "../fakes/process.ts";

async function standIns() {
  const made = await startStandIns({ enhancer: false });
  onTestFinished(() => made.close());
  return made;
}

const cat = { prompt: "a cat", size: "64x64" };
const path = "/v1/images/generations";

describe("a process", () => {
  test("draws without any configuration, with a key that it makes, prints and keeps", async () => {
    const first = await startProcess();
    expect(first.key).toMatch(/^db-[\w-]{32}$/);
    const headers = { authorization: `Bearer ${first.key}` };
    const response = await fetch(`${first.url}/v1/chat/completions`, {
      method: "POST",
      headers,
      body: JSON.stringify({ messages: [{ role: "user", content: "一只猫在看书，比例 16:9" }] }),
    });
    const { content } = chatCompletion.parse(await response.json()).choices[0]?.message ?? {};
    expect(content).toContain("**🎨 Aspect Ratio:** 16:9\n**📐 Resolution:** 2048×1152\n");
    expect(content?.match(/[⚠ℹ].*/gu)).toEqual([
      "ℹ️ Sketch: no image service is configured. Recognised: 猫, 书**",
    ]);
    const [, link = ""] = /\]\((http[^)]+)\)/.exec(content ?? "") ?? [];
    const picture = await (await fetch(link)).bytes();
    expect(inspectImage(picture)).toMatchObject({ width: 2048, height: 1152 });
    expect((await fetch(`${first.url}/v1/models`)).status).toBe(401);
    expect(await first.stop()).toMatchObject({ code: 0, signal: null });
    const second = await first.restart();
    expect(second.key).toBe(first.key);
  });

  test("ends well when the npm that started it is told to end", async () => {
    const drawbridge = await startProcess({}, { byNpm: true });
    expect(await drawbridge.stop()).toMatchObject({ code: 0, signal: null });
    await expect(fetch(`${drawbridge.url}/healthz`)).rejects.toThrow();
  });

  test("prints no key that was configured, and names the request in each line about it", async () => {
    const { service, environment } = await standIns();
    const drawbridge = await startProcess({ ...environment, LOG_LEVEL: "trace" });
    service.misbehave("other-model", "html-error");
    const answers = [
      await post(drawbridge.url, path, { ...cat, n: 2 }),
      await post(drawbridge.url, path, cat),
      await post(drawbridge.url, path, { prompt: 5 }),
    ];
    await fetch(`${drawbridge.url}/v1/models?key=${secrets.gateway}`, {
      headers: { authorization: `Bearer ${secrets.gateway}-wrong` },
    });
    const { code, output } = await drawbridge.stop();
    expect(code).toBe(0);
    expect(output).not.toMatch(anySecret);
    expect(output).not.toContain("#key=");
    expect(output).not.toContain("a cat");

    const lines = drawbridge.logs().filter((line) => "job" in line || "status" in line);
    expect(lines.length).toBeGreaterThanOrEqual(8);
    for (const { headers } of answers) {
      const id = headers.get("x-request-id");
      const about = lines.filter(({ request }) => request === id);
      expect(about.map(({ msg }) => msg)).toContain("answered");
      const code = headers.get("x-drawbridge-code");
      if (code) for (const line of about) expect(line["job"]).toBe(code);
    }
    expect(lines.every(({ request }) => typeof request === "string")).toBe(true);
  });

  test("names every variable that is wrong, at once, and ends", async () => {
    const wrong = {
      PORT: "abc",
      PUBLIC_URL: "ftp://example.com",
      TRUST_PROXY: "perhaps",
      SD_TIMEOUT_MS: "-1",
      SD_CONCURRENCY: "0",
      SD_API_BASE_URL: "sd.exacg.cc",
      SD_API_KEY: "密钥-5Tq9",
      ENHANCE_TIMEOUT_MS: "soon",
      ENHANCE_SYSTEM_PROMPT_FILE: "/nowhere/prompt.txt",
      IMAGES_OPENAI_API_KEY: "sk-images-1Ab2",
      IMAGE_LINKS: "maybe",
      MODELS_FILE: "/nowhere/models.json",
      LOG_LEVEL: "loud",
      GATEWAY_API_KEY: "ann:gateway-key-8Xw2,ann:gateway-key-9Yz3",
      TELEGRAM_WEBHOOK_URL: "https://draw.example.com/telegram",
    };
    const { code, output } = await runProcess(wrong);
    expect(code).toBe(1);
    const named = output.split("\n").flatMap((line) => /^\s+([A-Z_]+): /.exec(line)?.[1] ?? []);
    expect(named).toEqual(expect.arrayContaining(Object.keys(wrong).filter(hasOwnProblem)));
    expect(output).not.toMatch(/密钥-5Tq9|sk-images-1Ab2|gateway-key/);
    expect(output).not.toMatch(/^\s+at /m);
  });

  /** The others are wrong only because something else is missing beside them. */
  function hasOwnProblem(name: string): boolean {
    return !["IMAGES_OPENAI_API_KEY", "TELEGRAM_WEBHOOK_URL"].includes(name);
  }

  test("says in a sentence that its address is taken", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void taken.close());
    await once(taken, "listening");
    const { port } = taken.address() as AddressInfo;
    const { code, output } = await runProcess({ PORT: String(port) });
    expect(code).toBe(1);
    expect(output.trim()).toBe(
      `The address 127.0.0.1:${port} is in use already. Stop what listens there, or set PORT to another port.`,
    );
  });

  test("says in a sentence that its host is not there", async () => {
    const { code, output } = await runProcess({ HOST: "192.0.2.1" });
    expect(code).toBe(1);
    expect(output).toMatch(
      /^The address 192\.0\.2\.1(:0)? does not belong to this machine\. .+\n$/,
    );
  });
});
