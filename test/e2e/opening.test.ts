import { spawnSync } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { aDirectory } from "../builders.ts";
import { post, startStandIns } from "../fakes/drawbridge.ts";
import { startProcess } from "../fakes/process.ts";

const hasTerminals = spawnSync("script", ["--version"]).status === 0;

describe("a start", () => {
  test("tells in the log who paints, what is off and why, and where it listens", async () => {
    const drawbridge = await startProcess({ SD_API_KEEY: "k", PROXY_KEY: "k" });
    await drawbridge.printed(/SD_API_KEEY.*\n/);
    const lines = drawbridge.logs().map(({ msg }) => msg);
    expect(lines).toEqual([
      "Z-Image is painted by the embedded renderer, which draws simple scenes: SD_API_KEY is not set",
      "no model edits pictures: set IMAGES_OPENAI_EDITS for the service of IMAGES_OPENAI_MODEL, or give a model of MODELS_FILE its edits",
      "the enhancer is off: ENHANCE_OPENAI_API_KEY is not set, so words stay as they are",
      "the door to Discord is off: DISCORD_TOKEN is not set",
      "the door to Telegram is off: TELEGRAM_BOT_TOKEN is not set",
      `the HTTP door listens at ${drawbridge.url}, for this machine alone`,
      "SD_API_KEEY is no variable of Drawbridge: is SD_API_KEY meant?",
    ]);
  });

  test("names the lines of .env that set nothing or half, and a file that is not read, and takes ~ for the home", async () => {
    const directory = aDirectory();
    const lines = [
      "# SD_API_KEY: none",
      "SD_API_KEY: k",
      "set LOG_LEVEL debug",
      "OPERATORS=http:a#b",
    ];
    writeFileSync(join(directory, ".env"), lines.join("\r\n"));
    writeFileSync(join(directory, ".env.txt"), "");
    const own = { DATA_DIR: "~/kept", HOME: directory, DISCORD_BOT_TOKEN: "x" };
    const drawbridge = await startProcess(own, { directory });
    await drawbridge.printed(/DISCORD_BOT_TOKEN.*\n/);
    const warnings = drawbridge.logs().filter(({ level }) => level === 40);
    expect(warnings.map(({ msg }) => msg)).toEqual([
      ".env.txt is not read: name it .env.",
      "SD_API_KEY is not set by line 2 of .env: write SD_API_KEY=… there.",
      "LOG_LEVEL is not set by line 3 of .env: write LOG_LEVEL=… there.",
      "OPERATORS is set by line 4 of .env to what stands before the #: put all of it in quotation marks.",
      "DISCORD_BOT_TOKEN is no variable of Drawbridge: is DISCORD_TOKEN meant?",
    ]);
    expect(readdirSync(join(directory, "kept"))).toContain("drawbridge.db");
  });

  test("names the services and the addresses for other machines", async () => {
    const { environment, close } = await startStandIns();
    onTestFinished(close);
    const more = {
      HOST: "0.0.0.0",
      IMAGES_OPENAI_API_KEY: "k",
      IMAGES_OPENAI_BASE_URL: "https://images.example/v1",
      IMAGES_OPENAI_MODEL: "painter-2",
    };
    const drawbridge = await startProcess({ ...environment, SD_MODEL_INDEX: "15", ...more });
    const { host } = new URL(environment["SD_API_BASE_URL"] ?? "");
    const { host: llm } = new URL(environment["ENHANCE_OPENAI_BASE_URL"] ?? "");
    await drawbridge.printed(/the HTTP door listens.*\n/);
    const output = drawbridge.output();
    expect(output).toContain(
      `Z-Image is painted by 梦羽 AI at ${host}, which has it as number 15"`,
    );
    expect(output).toContain('painter-2 is painted by images.example as painter-2"');
    expect(output).toContain(`the enhancer is gpt-4o-mini at ${llm}"`);
    expect(output).toMatch(
      /the HTTP door listens at http:\/\/127\.0\.0\.1:\d+.*: HOST=0\.0\.0\.0 lets other machines in, with a key of GATEWAY_API_KEY; let the internet reach it only through https"/,
    );
  });

  test.skipIf(!hasTerminals)(
    "writes lines for people on a terminal (needs the command script)",
    async () => {
      const { service, environment, close } = await startStandIns({ enhancer: false });
      onTestFinished(close);
      const drawbridge = await startProcess(
        { ...environment, NO_COLOR: "1" },
        { onTerminal: true },
      );
      service.misbehave("other-model");
      await post(drawbridge.url, "/v1/images/generations", { prompt: "a cat", size: "64x64" });
      await drawbridge.printed(/answered/);
      const lines = drawbridge.output().split("\r\n");
      expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d Z-Image is painted by 梦羽 AI/);
      expect(lines.join("\n")).toMatch(/^\d\d:\d\d:\d\d error: the service painted with another/m);
      expect(lines.join("\n")).toMatch(
        /^\d\d:\d\d:\d\d answered {2}method=POST path=\/images\/generations status=200 tookMs=\d+ job=zi-\w+$/m,
      );
      expect(lines.join("\n")).not.toContain("{");
    },
  );

  test("is quiet about probes and pictures, unless it is asked for more", async () => {
    const quiet = await startProcess();
    const talkative = await startProcess({ LOG_LEVEL: "debug" });
    for (const { url } of [quiet, talkative]) {
      for (const path of ["/healthz", "/readyz", "/images/nothing.png", "/v1/models"]) {
        await fetch(url + path);
      }
    }
    const paths = (drawbridge: typeof quiet) =>
      drawbridge.logs().flatMap(({ path }) => (typeof path === "string" ? [path] : []));
    await talkative.stop();
    await quiet.stop();
    expect(paths(quiet)).toEqual(["/models"]);
    expect(paths(talkative)).toEqual(["/healthz", "/readyz", "/images/nothing.png", "/models"]);
  });
});
