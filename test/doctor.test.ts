import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { readConfig } from "../src/config.ts";
import { doctor } from "../src/doctor.ts";
import { start } from "../src/main.ts";
import { openDatabase } from "../src/storage/sqlite.ts";
import { aDirectory } from "./builders.ts";
import { aSmallDisk, mayMount } from "./fakes/disk.ts";
import { startDiscord } from "./fakes/discord.ts";
import { startImageService } from "./fakes/image-service.ts";
import {
  type Answer,
  type Asked,
  htmlAnswer,
  jsonAnswer,
  send,
  type Sending,
  startServer,
} from "./fakes/stand-in.ts";
import { enhancing, type LlmReply, type LlmRequestBody, saying, startLlm } from "./fakes/llm.ts";
import { startTelegram } from "./fakes/telegram.ts";

type Given = Record<string, string>;

/** Keys that a search finds wherever they leak to. */
const secrets = {
  SD_API_KEY: "sk-sd-4Hq1",
  ENHANCE_OPENAI_API_KEY: "sk-llm-9Wd3",
  IMAGES_OPENAI_API_KEY: "sk-images-6Pz8",
  DISCORD_TOKEN: "discord-token-2Lm5",
  TELEGRAM_BOT_TOKEN: "123456:telegram-token-7Rt0",
  GATEWAY_API_KEY: "gateway-key-1Bv6-long-enough",
  TELEGRAM_WEBHOOK_SECRET: "webhook-secret-3Kf9",
};

/** Runs the doctor on a new data directory; what it prints never holds a secret. */
async function examined(given: Given, timeoutMs = 2000) {
  const lines: string[] = [];
  const environment = { DATA_DIR: join(aDirectory(), "data"), PORT: "0", ...given };
  const print = (line: string) => void lines.push(line);
  const code = await doctor(environment, { fetch, timeoutMs, print });
  const text = lines.join("\n");
  for (const secret of Object.values(secrets)) expect(text).not.toContain(secret);
  return { code, text, lines };
}

/** A service with OpenAI's protocol that answers this to who asks for its models, and otherwise is an LLM that works. */
async function listing(answer: Answer) {
  const asked: Asked[] = [];
  const server = await startServer(async (request, response, gone) => {
    asked.push(request);
    const { method, text } = request;
    const said =
      method === "GET" ? answer : enhancing({ body: JSON.parse(text) as LlmRequestBody });
    await send(response, said, "whole", gone);
  });
  onTestFinished(() => server.close());
  return { url: server.url, asked };
}

/** An outside service that answers the same to everything. */
async function answering(answer: Answer, sending: Sending = "whole") {
  const asked: Asked[] = [];
  const server = await startServer(async (request, response, gone) => {
    asked.push(request);
    await send(response, answer, sending, gone);
  });
  onTestFinished(() => server.close());
  return { url: server.url, asked };
}

/** An address that nothing listens at. */
async function nowhere(): Promise<string> {
  const server = await startServer(async () => {});
  await server.close();
  return server.url;
}

const { SD_API_KEY, ENHANCE_OPENAI_API_KEY, DISCORD_TOKEN, TELEGRAM_BOT_TOKEN } = secrets;
const explicit = { SD_API_KEY, SD_MODEL_INDEX: "15" };

describe("the doctor", () => {
  test("finds nothing wrong where nothing is configured, and leaves no trace", async () => {
    const directory = aDirectory();
    const { code, text } = await examined({ DATA_DIR: join(directory, "data") });
    expect(code).toBe(0);
    expect(text).toMatch(/✓ DATA_DIR: is not there yet/);
    expect(text).toMatch(/Ready to start; 0 to think about/);
    expect(readdirSync(directory)).toEqual([]);
  });

  test("names every problem of the configuration", async () => {
    const { code, text } = await examined({
      PORT: "x",
      LOG_LEVEL: "loud",
      MODELS_FILE: "/nowhere",
    });
    expect(code).toBe(1);
    for (const name of ["PORT", "LOG_LEVEL", "MODELS_FILE"]) expect(text).toContain(`✗ ${name}: `);
    expect(text).toMatch(/Not ready: 3 to put right/);
  });

  describe("asked about the data directory", () => {
    test("says that it can be used", async () => {
      const directory = aDirectory();
      openDatabase(directory).close();
      const before = readdirSync(directory);
      const { code, text } = await examined({ DATA_DIR: directory });
      expect([code, text]).toEqual([0, expect.stringContaining("✓ DATA_DIR: can be used.")]);
      expect(readdirSync(directory)).toEqual(before);
    });

    test("says that a Drawbridge is running, which is fine", async () => {
      const directory = aDirectory();
      const environment = { DATA_DIR: directory, PORT: "0", LOG_LEVEL: "silent" };
      const running = await start(readConfig(environment));
      onTestFinished(() => running.stop());
      const { port } = new URL(running.url);
      const { code, text } = await examined({
        ...environment,
        PORT: port,
        PUBLIC_URL: running.url,
      });
      expect(code).toBe(0);
      expect(text).toContain("✓ DATA_DIR: is in use: a Drawbridge is running.");
      expect(text).toContain("✓ HOST and PORT: belong to the running Drawbridge.");
      expect(text).toContain("✓ PUBLIC_URL: leads to a running Drawbridge.");
      expect(text).toContain("A Drawbridge is running with this configuration; ");
    });

    test("says what a start says where one is running that is not at the address", async () => {
      const directory = aDirectory();
      const environment = { DATA_DIR: directory, PORT: "0", LOG_LEVEL: "silent" };
      const running = await start(readConfig(environment));
      onTestFinished(() => running.stop());
      const { code, text } = await examined(environment);
      const refused: unknown = await start(readConfig(environment)).catch(
        (error: unknown) => error,
      );
      const sentence = refused instanceof Error ? refused.message : "it started";
      expect([code, text]).toEqual([1, expect.stringContaining(`✗ DATA_DIR: ${sentence}\n`)]);
      expect(text).toMatch(/Not ready: 1 to put right/);
    });

    test.each([
      ["a file is in its place", (path: string) => writeFileSync(path, ""), /cannot be written to/],
      [
        "its key cannot be read",
        (path: string) => mkdirSync(join(path, "gateway-key"), { recursive: true }),
        /gateway-key, which keeps the generated key, cannot be read \(EISDIR\)/,
      ],
      [
        "a link in its place leads nowhere",
        (path: string) => symlinkSync("/nowhere/at-all", path),
        /cannot be made: .* is a link that leads nowhere/,
      ],
      [
        "the folder of its pictures is a file",
        (path: string) => {
          mkdirSync(path);
          writeFileSync(join(path, "images"), "");
        },
        /cannot be written to: .*images is a file/,
      ],
      [
        "its lock is none",
        (path: string) => {
          mkdirSync(path);
          writeFileSync(join(path, "lock.db"), "no database".repeat(1000));
        },
        /cannot be written to: file is not a database/,
      ],
      [
        "its database is a directory",
        (path: string) => mkdirSync(join(path, "drawbridge.db"), { recursive: true }),
        /cannot be written to: .*drawbridge.db is no file/,
      ],
      [
        "its database is damaged",
        (path: string) => {
          mkdirSync(path);
          writeFileSync(join(path, "drawbridge.db"), "no database".repeat(1000));
        },
        /cannot be used: .* Restore it from a backup/,
      ],
    ])("says that %s", async (_, spoil, problem) => {
      const path = join(aDirectory(), "data");
      spoil(path);
      const { code, text } = await examined({ DATA_DIR: path });
      expect(code).toBe(1);
      expect(text).toMatch(/✗ DATA_DIR: /);
      expect(text).toMatch(problem);
      const starting = start(readConfig({ DATA_DIR: path, PORT: "0", LOG_LEVEL: "silent" }));
      await expect(starting).rejects.toThrow();
    });
  });

  test.skipIf(!mayMount)("says that the disk is full (needs the right to mount)", async () => {
    const disk = aSmallDisk(1024 * 1024);
    disk.fill();
    const before = readdirSync(disk.directory);
    const { code, text } = await examined({ DATA_DIR: disk.directory });
    expect([code, text]).toEqual([1, expect.stringMatching(/✗ DATA_DIR: The disk .* is full/)]);
    expect(readdirSync(disk.directory)).toEqual(before);
  });

  test("says that something else listens at its port", async () => {
    const { port } = new URL((await answering(jsonAnswer(200, {}))).url);
    const { code, text } = await examined({ PORT: port });
    expect([code, text]).toEqual([1, expect.stringContaining("something else listens there")]);
    const elsewhere = await examined({ HOST: "192.0.2.1" });
    expect(elsewhere.text).toContain("the address does not belong to this machine. Set HOST to");
  });

  test("asks the image service whether it is there, and for no picture", async () => {
    const service = await startImageService({ apiKey: SD_API_KEY });
    onTestFinished(() => service.close());
    const { code, text } = await examined({ ...explicit, SD_API_BASE_URL: service.url });
    expect([code, text]).toEqual([0, expect.stringContaining("✓ SD_API_BASE_URL: answers.")]);
    expect(service.requests).toEqual([]);
    expect(service.strays[0]?.headers.authorization).toBeUndefined();
  });

  test.each([
    ["an error", jsonAnswer(502, {}), /! SD_API_BASE_URL: answers 502/],
    ["a browser check", htmlAnswer(403, "Just a moment"), /! SD_API_BASE_URL: .* browser check/],
  ])("warns of an image service that answers with %s", async (_, answer, warning) => {
    const { url } = await answering(answer);
    const { code, text } = await examined({ ...explicit, SD_API_BASE_URL: url });
    expect(code).toBe(0);
    expect(text).toMatch(warning);
  });

  test.each(["/api/v1/generate_image", "/api/v1/", "/api"])(
    "finds the image service at an address that ends in %s",
    async (end) => {
      const service = await startImageService({ apiKey: SD_API_KEY });
      onTestFinished(() => service.close());
      const { text } = await examined({ ...explicit, SD_API_BASE_URL: service.url + end });
      expect(text).toContain("✓ SD_API_BASE_URL: answers.");
    },
  );

  test.each([
    ["nothing", jsonAnswer(404, {})],
    ["a page for people", htmlAnswer(200, "<html>")],
  ])("says that there is no image service where there is %s", async (_, answer) => {
    const { url } = await answering(answer);
    const { code, text } = await examined({ ...explicit, SD_API_BASE_URL: url });
    expect([code, text]).toEqual([
      1,
      expect.stringMatching(/✗ SD_API_BASE_URL: has no image service: .+ Set the address without/),
    ]);
  });

  describe("asked about a service that speaks OpenAI's protocol", () => {
    const list = (...ids: string[]) => jsonAnswer(200, { data: ids.map((id) => ({ id })) });

    test.each([
      ["accepts its key", list("gpt-4o-mini"), 0, /✓ .*: accepts the key and has the model gpt-4o/],
      ["does not list its model", list("other"), 0, /! .*: accepts the key but does not list/],
      [
        "refuses its key",
        jsonAnswer(401, { error: ENHANCE_OPENAI_API_KEY }),
        1,
        /✗ .*: does not accept ENHANCE_OPENAI_API_KEY/,
      ],
      ["has no list of models", jsonAnswer(404, {}), 0, /✓ .*: answers, but has no list/],
      ["is down", htmlAnswer(503, "down"), 0, /! .*: answers 503/],
      ["redirects", jsonAnswer(301, {}, { location: "/v1/models" }), 1, /✗ .* redirect/],
      ["is a page for people", htmlAnswer(200, "<html>"), 1, /✗ .*: does not answer like OpenAI/],
      ["is of another kind", jsonAnswer(200, [null]), 1, /✗ .*: does not answer like OpenAI/],
      ["lists strange things", jsonAnswer(200, { data: [null, 1] }), 0, /! .* does not list/],
    ])("says that it %s", async (_, answer, exitCode, finding) => {
      const { url, asked } = await listing(answer);
      const given = { ENHANCE_OPENAI_API_KEY, ENHANCE_OPENAI_BASE_URL: `${url}/v1` };
      const { code, text } = await examined(given);
      expect(code).toBe(exitCode);
      expect(text).toMatch(finding);
      const isTried = text.includes("✓ ENHANCE_OPENAI_MODEL: gpt-4o-mini makes a prompt");
      expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
        "GET /v1/models",
        ...(isTried ? ["POST /v1/chat/completions"] : []),
      ]);
      expect(isTried).toBe(exitCode === 0 && answer.status < 500);
      expect(asked[0]?.headers.authorization).toBe(`Bearer ${ENHANCE_OPENAI_API_KEY}`);
    });

    test.each<[string, LlmReply, number, RegExp]>([
      ["makes a prompt", saying({ prompt: "A cat sits." }), 0, /✓ .*: gpt-4o-mini makes a prompt/],
      ["refuses", jsonAnswer(400, { error: {} }), 1, /✗ .*: gpt-4o-mini refuses what it is asked/],
      ["is another service", jsonAnswer(200, {}), 1, /✗ .*: gpt-4o-mini does not answer like/],
      ["has nothing left", jsonAnswer(429, {}), 0, /! .*: gpt-4o-mini is asked too often/],
      ["says nothing", saying(""), 1, /✗ .*: gpt-4o-mini answers without a prompt/],
    ])("has the enhancer make a prompt, and says that it %s", async (_, reply, code, finding) => {
      const llm = await startLlm({ reply });
      onTestFinished(() => llm.close());
      const given = { ENHANCE_OPENAI_API_KEY, ENHANCE_OPENAI_BASE_URL: llm.url };
      const found = await examined(given);
      expect([found.code, found.text]).toEqual([code, expect.stringMatching(finding)]);
      expect(found.text).toMatch(/ENHANCE_OPENAI_MODEL: /);
    });

    test.each(["", "/v1", "/v1/chat/completions", "/v1/models", "/v1/v1", "/v1/v1/chat"])(
      "finds the enhancer at a base address that ends in %j",
      async (end) => {
        const llm = await startLlm();
        onTestFinished(() => llm.close());
        const base = llm.url.replace("/v1", end);
        const { text } = await examined({ ENHANCE_OPENAI_API_KEY, ENHANCE_OPENAI_BASE_URL: base });
        expect(text).toContain("✓ ENHANCE_OPENAI_MODEL: gpt-4o-mini makes a prompt");
      },
    );

    test.each([404, 405])("says that no image service answers but %i", async (status) => {
      const { url } = await answering(jsonAnswer(status, {}));
      const { IMAGES_OPENAI_API_KEY } = secrets;
      const service = { IMAGES_OPENAI_BASE_URL: url, IMAGES_OPENAI_MODEL: "painter-2" };
      const { code, text } = await examined({ IMAGES_OPENAI_API_KEY, ...service });
      expect([code, text]).toEqual([
        1,
        expect.stringContaining("✗ IMAGES_OPENAI_BASE_URL: has no images/generations"),
      ]);
    });

    test("looks at the second image service in the same way", async () => {
      const { url } = await answering(list("painter-2"));
      const { IMAGES_OPENAI_API_KEY } = secrets;
      const service = { IMAGES_OPENAI_BASE_URL: url, IMAGES_OPENAI_MODEL: "painter-2" };
      const { text } = await examined({ IMAGES_OPENAI_API_KEY, ...service });
      expect(text).toContain("✓ IMAGES_OPENAI_BASE_URL: accepts the key");
    });
  });

  describe("asked about a bot", () => {
    test("says whose token it is", async () => {
      const discord = await startDiscord({ token: DISCORD_TOKEN });
      onTestFinished(() => discord.close());
      const telegram = await startTelegram({ token: TELEGRAM_BOT_TOKEN });
      onTestFinished(() => telegram[Symbol.asyncDispose]());
      const { code, text } = await examined({
        DISCORD_TOKEN,
        DISCORD_API_URL: discord.apiUrl,
        TELEGRAM_BOT_TOKEN,
        TELEGRAM_API_URL: telegram.url,
      });
      expect(text).toMatch(/✓ DISCORD_TOKEN: belongs to the bot \S+\./);
      expect(text).toContain(
        `✓ TELEGRAM_BOT_TOKEN: belongs to the bot @${telegram.botInfo.username}.`,
      );
      expect(code).toBe(0);
    });

    test("says that its token is not accepted", async () => {
      const discord = await startDiscord({ token: "another" });
      onTestFinished(() => discord.close());
      const telegram = await startTelegram({ token: "654321:another" });
      onTestFinished(() => telegram[Symbol.asyncDispose]());
      const { code, text } = await examined({
        DISCORD_TOKEN,
        DISCORD_API_URL: discord.apiUrl,
        TELEGRAM_BOT_TOKEN,
        TELEGRAM_API_URL: telegram.url,
      });
      expect(text).toMatch(/✗ DISCORD_TOKEN: is not accepted/);
      expect(text).toMatch(/✗ TELEGRAM_BOT_TOKEN: is not accepted/);
      expect(code).toBe(1);
    });
  });

  test("says which services cannot be reached, and why", async () => {
    const slow = await answering(jsonAnswer(200, {}), "never");
    const broken = await answering(jsonAnswer(200, {}), "cut-before-headers");
    const { code, text } = await examined(
      {
        ...explicit,
        SD_API_BASE_URL: await nowhere(),
        ENHANCE_OPENAI_API_KEY,
        ENHANCE_OPENAI_BASE_URL: slow.url,
        DISCORD_TOKEN,
        DISCORD_API_URL: broken.url,
        TELEGRAM_BOT_TOKEN,
        TELEGRAM_API_URL: "http://no-such-name.invalid",
      },
      500,
    );
    expect(code).toBe(1);
    expect(text).toContain("✗ SD_API_BASE_URL: cannot be reached: nothing listens there.");
    expect(text).toContain("✗ ENHANCE_OPENAI_BASE_URL: cannot be reached: no answer within 0.5 s");
    expect(text).toContain("✗ DISCORD_API_URL: cannot be reached: it broke the connection.");
    expect(text).toMatch(/✗ TELEGRAM_API_URL: cannot be reached: (nobody knows|its name cannot)/);
  });

  test("reads no more of an endless answer than it needs", async () => {
    const { url } = await answering(htmlAnswer(200, "x".repeat(65_536)), "endless");
    const given = { ENHANCE_OPENAI_API_KEY, ENHANCE_OPENAI_BASE_URL: url };
    expect((await examined(given, 5000)).text).toMatch(/✗ ENHANCE_OPENAI_BASE_URL: /);
  });

  test("only warns when the public address leads elsewhere, or nowhere yet", async () => {
    const other = await answering(htmlAnswer(200, "a parking page"));
    for (const PUBLIC_URL of [other.url, await nowhere()]) {
      const { code, text } = await examined({ PUBLIC_URL });
      expect(code).toBe(0);
      expect(text).toMatch(/! PUBLIC_URL: /);
    }
  });

  describe("warns", () => {
    const warned = async (given: Given) =>
      (await examined(given)).lines
        .filter((line) => line.startsWith("!"))
        .map((line) => line.slice(2).split(":")[0]);

    test("of a model whose number nobody has looked up", async () => {
      const { url: SD_API_BASE_URL } = await answering(jsonAnswer(404, {}));
      expect(await warned({ SD_API_KEY, SD_API_BASE_URL })).toEqual(["SD_MODEL_INDEX"]);
      expect(await warned({ ...explicit, SD_API_BASE_URL })).toEqual([]);
    });

    test.each([
      ["DISCORD_TOKEN", "DISCORD_ALLOWED_GUILDS"],
      ["DISCORD_TOKEN", "DISCORD_ALLOWED_USERS"],
      ["TELEGRAM_BOT_TOKEN", "TELEGRAM_ALLOWED_CHATS"],
    ] as const)(
      "of a bot (%s) whose users spend points without end, until %s is set",
      async (token, allowed) => {
        const { url } = await answering(
          jsonAnswer(200, { username: "bot", result: { username: "bot" } }),
        );
        const own = { DISCORD_API_URL: url, TELEGRAM_API_URL: url, SD_API_BASE_URL: url };
        const bot = { ...explicit, ...own, [token]: secrets[token] };
        const aboutToken = async (more: Given) =>
          (await warned({ ...bot, ...more })).filter((about) => about === token);
        expect(await aboutToken({})).toEqual([token]);
        expect(await aboutToken({ [allowed]: "123" })).toEqual([]);
        expect(await aboutToken({ QUOTA_IMAGES_PER_DAY: "20" })).toEqual([]);
        expect(await aboutToken({ SD_API_KEY: "", SD_MODEL_INDEX: "" })).toEqual([]);
      },
    );

    test("of a short key on an address that others can reach, not of a generated one", async () => {
      expect(await warned({ HOST: "0.0.0.0", GATEWAY_API_KEY: "short" })).toEqual([
        "GATEWAY_API_KEY",
      ]);
      const { GATEWAY_API_KEY } = secrets;
      expect(await warned({ HOST: "0.0.0.0", GATEWAY_API_KEY })).toEqual([]);
      expect(await warned({ GATEWAY_API_KEY: "short" })).toEqual([]);
      expect(await warned({ HOST: "0.0.0.0" })).toEqual([]);
    });

    test("of forwarded headers that anyone can send", async () => {
      expect(await warned({ HOST: "0.0.0.0", TRUST_PROXY: "true" })).toEqual(["TRUST_PROXY"]);
      expect(await warned({ TRUST_PROXY: "true" })).toEqual([]);
    });

    test("of names that are misspelt", async () => {
      expect(await warned({ SD_APIKEY: "x", TELEGRAM_TOKEN: "x", PATH: "/bin" })).toEqual([
        "SD_APIKEY",
        "TELEGRAM_TOKEN",
      ]);
    });

    test("of settings that mean nothing without a key", async () => {
      const given = { ENHANCE_OPENAI_MODEL: "llm-2", ENHANCE_TIMEOUT_MS: "10000", SD_API_KEY: " " };
      expect(await warned(given)).toEqual(["ENHANCE_OPENAI_MODEL"]);
    });
  });
});
