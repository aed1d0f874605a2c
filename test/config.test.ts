import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { ConfigError, readConfig } from "../src/config.ts";
import { environmentWithFile } from "../src/environment.ts";
import { providerVariables } from "../src/providers.ts";
import { variables } from "../src/variables.ts";
import { aDirectory } from "./builders.ts";

type Given = Record<string, string | undefined>;

/** The problems of an environment that has some. */
function problemsOf(environment: Given): readonly string[] {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

function aFile(content: string): string {
  const path = join(aDirectory(), "file");
  writeFileSync(path, content);
  return path;
}

/** Text as comment lines of at most 120 characters. */
function comment(text: string): string {
  return text.replace(/(.{1,118})(?: |$)/g, "# $1\n").trimEnd();
}

const example = join(import.meta.dirname, "../.env.example");

describe("the configuration", () => {
  test("is complete without any variable", () => {
    expect(readConfig({})).toMatchObject({
      HOST: "127.0.0.1",
      PORT: 8787,
      SD_CONCURRENCY: 2,
      MAX_QUEUED_PER_USER: 5,
      IMAGE_LINKS: "kept",
      DATA_DIR: "./data",
      gatewayKeys: undefined,
      enhancer: undefined,
      operators: new Set(),
      policyRules: [],
    });
    expect(readConfig({}).IMAGES_OPENAI_API_KEY).toBeUndefined();
    expect(readConfig({}).models.map(({ id, provider }) => [id, provider])).toEqual([
      ["Z-Image", "sketch"],
    ]);
  });

  test("wants one key for all processes that share a database, and all of a bucket's variables", () => {
    const DATABASE_URL = "postgres://localhost/drawbridge";
    const S3_BUCKET = "pictures";
    expect(problemsOf({ DATABASE_URL, S3_BUCKET })).toEqual([
      expect.stringMatching(/^GATEWAY_API_KEY: is needed with DATABASE_URL/),
      expect.stringMatching(/^S3_ENDPOINT: is needed/),
      expect.stringMatching(/^S3_ACCESS_KEY_ID: is needed/),
      expect.stringMatching(/^S3_SECRET_ACCESS_KEY: is needed/),
    ]);
    const config = readConfig({ DATABASE_URL, GATEWAY_API_KEY: "k", ROLES: "http, worker" });
    expect([...config.ROLES]).toEqual(["http", "worker"]);
    expect([...readConfig({}).ROLES]).toEqual(["http", "discord", "telegram", "worker"]);
  });

  test("takes empty and blank values for none, and trims the others", () => {
    expect(readConfig({ PORT: "", SD_API_KEY: "  ", LOG_LEVEL: undefined })).toEqual(
      readConfig({}),
    );
    expect(readConfig({ PORT: " 80 ", SD_API_KEY: "key\r" })).toMatchObject({
      PORT: 80,
      SD_API_KEY: "key",
    });
  });

  test("cannot be changed", () => {
    expect(Object.isFrozen(readConfig({}))).toBe(true);
  });

  test("is explained in the example file, every variable with its default", () => {
    const shown = parseEnv(readFileSync(example, "utf8"));
    const offered = Object.keys(variables.shape);
    expect(Object.keys(shown).toSorted()).toEqual(offered.toSorted());
    expect(readConfig(shown)).toEqual(readConfig({}));
  });

  test("is explained in the example file as the providers explain their variables", () => {
    const text = readFileSync(example, "utf8");
    const shown = parseEnv(text);
    const lines = Object.entries(providerVariables).map(([name, { description }]) => {
      const explanation = description === undefined ? "" : `\n${comment(description)}\n`;
      return `${explanation}${name}=${shown[name]}\n`;
    });
    const blocks = lines.join("").trim().split("\n\n");
    expect(blocks.length).toBeGreaterThan(5);
    for (const block of blocks) expect(text).toContain(`\n\n${block}\n\n`);
  });

  test("names every problem at once, those in files too", () => {
    const problems = problemsOf({
      PORT: "eighty",
      SD_CONCURRENCY: "0",
      LOG_LEVEL: "loud",
      PUBLIC_URL: "draw.example.org",
      GATEWAY_API_KEY: "a:1,a:2",
      MODELS_FILE: "/nowhere/models.json",
      BLOCKED_WORDS_FILE: aFile('[{"pattern":"(?=a)","action":"refuse"}]'),
      IMAGES_OPENAI_API_KEY: "sk-images",
      TELEGRAM_WEBHOOK_URL: "https://draw.example.org/telegram",
    });
    expect(problems.map((problem) => problem.split(":")[0]).toSorted()).toEqual([
      "BLOCKED_WORDS_FILE",
      "GATEWAY_API_KEY",
      "IMAGES_OPENAI_BASE_URL",
      "IMAGES_OPENAI_MODEL",
      "LOG_LEVEL",
      "MODELS_FILE",
      "PORT",
      "PUBLIC_URL",
      "SD_CONCURRENCY",
      "TELEGRAM_WEBHOOK_SECRET",
    ]);
    expect(problems).toContain("PORT: must be a whole number from 0 to 65535");
  });

  test.each([
    ["PORT", "65536"],
    ["PORT", "1.5"],
    ["PORT", "80px"],
    ["SD_TIMEOUT_MS", "-1"],
    ["QUOTA_IMAGES_PER_DAY", "many"],
    ["TRUST_PROXY", "maybe"],
    ["IMAGE_LINKS", "both"],
    ["SD_API_BASE_URL", "ftp://sd.example"],
    ["SD_API_BASE_URL", "https://anna:secret@sd.example"],
    ["PUBLIC_URL", "https://draw.example.org/?a=b"],
    ["SD_API_KEY", "two words"],
    ["DISCORD_TOKEN", "“quoted”"],
    ["GATEWAY_API_KEY", "anna:"],
    ["GATEWAY_API_KEY", ":key"],
    ["GATEWAY_API_KEY", "team::shared"],
    ["GATEWAY_API_KEY", "one,,two"],
    ["GATEWAY_API_KEY", "钥匙"],
    ["OPERATORS", "anna"],
    ["DATABASE_URL", "mysql://localhost/drawbridge"],
    ["DISCORD_SHARDS", "2"],
    ["ROLES", "http,painter"],
    ["ROLES", "http"],
    ["IMAGE_LINKS", "presigned"],
    ["TELEGRAM_WEBHOOK_SECRET", "with spaces"],
  ])("refuses %s=%s and names it", (name, value) => {
    expect(problemsOf({ [name]: value })).toEqual([expect.stringMatching(`^${name}: `)]);
  });

  test("shows no secret in its problems, not even a wrong one", () => {
    const secret = "s3cr3t-Zx81 with a space";
    const secrets = Object.keys(variables.shape).filter((name) => /KEY|TOKEN|SECRET/.test(name));
    expect(secrets.length).toBeGreaterThan(5);
    const problems = problemsOf({
      ...Object.fromEntries(secrets.map((name) => [name, secret])),
      SD_API_BASE_URL: "https://anna:s3cr3t-Zx81@sd.example",
      MODELS_FILE: aFile("SD_API_KEY=s3cr3t-Zx81"),
      BLOCKED_WORDS_FILE: aFile("s3cr3t-Zx81"),
    });
    expect(problems.length).toBeGreaterThan(secrets.length);
    expect(problems.join("\n")).not.toContain("s3cr");
  });

  test("removes the slashes at the end of addresses", () => {
    const config = readConfig({
      PUBLIC_URL: "https://a.example//",
      SD_API_BASE_URL: "http://b:1/c/",
    });
    expect([config.PUBLIC_URL, config.SD_API_BASE_URL]).toEqual([
      "https://a.example",
      "http://b:1/c",
    ]);
  });

  test.each([
    ["secret", [{ name: "default", key: "secret" }]],
    [
      " anna : k1 , ben:k2:with:colons ",
      [
        { name: "anna", key: "k1" },
        { name: "ben", key: "k2:with:colons" },
      ],
    ],
    [
      "team:k1:shared, ben:k2:with:colons:shared ,carl:shared,dora:shared:k3,k4",
      [
        { name: "team", key: "k1", shared: true },
        { name: "ben", key: "k2:with:colons", shared: true },
        { name: "carl", key: "shared" },
        { name: "dora", key: "shared:k3" },
        { name: "key5", key: "k4" },
      ],
    ],
    [
      "one,two",
      [
        { name: "default", key: "one" },
        { name: "key2", key: "two" },
      ],
    ],
  ])("reads the keys %j", (GATEWAY_API_KEY, keys) => {
    expect(readConfig({ GATEWAY_API_KEY }).gatewayKeys).toEqual(keys);
  });

  test("reads lists with spaces and loose commas", () => {
    const { operators, DISCORD_ALLOWED_USERS: users } = readConfig({
      OPERATORS: "discord:123, telegram:456 ,",
      DISCORD_ALLOWED_USERS: "1 ,2",
    });
    expect([...operators]).toEqual(["discord:123", "telegram:456"]);
    expect(users).toEqual(["1", "2"]);
  });

  test("serves Z-Image from the service once there is a key for it", () => {
    const { models } = readConfig({ SD_API_KEY: "k", SD_MODEL_INDEX: "15", SD_EXPECT_MODEL: "zi" });
    expect(models).toMatchObject([
      { id: "Z-Image", provider: "exacg", wire: { index: 15, expect: "zi" } },
    ]);
  });

  test("adds the other image service as a second model", () => {
    const { models, ...config } = readConfig({
      IMAGES_OPENAI_API_KEY: "k",
      IMAGES_OPENAI_BASE_URL: "https://images.example/v1/",
      IMAGES_OPENAI_MODEL: "painter-2",
    });
    expect(models.map(({ id }) => id)).toEqual(["Z-Image", "painter-2"]);
    expect(config).toMatchObject({
      IMAGES_OPENAI_API_KEY: "k",
      IMAGES_OPENAI_BASE_URL: "https://images.example/v1",
      IMAGES_OPENAI_MODEL: "painter-2",
    });
  });

  describe("with a catalogue of its own", () => {
    const catalogue = (...models: object[]) => aFile(JSON.stringify({ models }));

    test("serves its models instead of the built-in ones", () => {
      const file = catalogue(
        { id: "A", provider: "sketch" },
        { id: "B", provider: "exacg", index: 3 },
      );
      expect(readConfig({ MODELS_FILE: file }).models.map(({ id }) => id)).toEqual(["A", "B"]);
    });

    test.each([
      ["is empty", "", /is empty$/],
      ["is no JSON", '{"models":[', /is not JSON/],
      ["has no models", '{"models":[]}', /models/],
      [
        "names a provider that nobody knows",
        '{"models":[{"id":"A","provider":"dalle"}]}',
        /known are/,
      ],
      [
        "needs a key that is missing",
        '{"models":[{"id":"A","provider":"openai-images"}]}',
        /needs IMAGES_/,
      ],
      [
        "gives a name twice",
        '{"models":[{"id":"A","provider":"sketch"},{"id":"B","aliases":["A"],"provider":"sketch"}]}',
        /given to two models/,
      ],
      [
        "has a key that nobody reads",
        '{"models":[{"id":"A","provider":"sketch","stesp":8}]}',
        /stesp/,
      ],
    ])("says so when it %s", (_, content, problem) => {
      const problems = problemsOf({ MODELS_FILE: aFile(content) });
      expect(problems).toEqual([expect.stringMatching(/^MODELS_FILE: /)]);
      expect(problems[0]).toMatch(problem);
    });
  });

  test("names everything that is wrong with a catalogue at once, each with its line and the name that is meant", () => {
    const file = aFile(`{
  "models": [
    {
      "id": "A",
      "provider": "sketsh",
      "steps": { "defualt": 8, "max": "many" },
      "aliases": "a"
    },
    { "provider": "exacg",
      "expekt": "z-image", "guidance": { "min": -1 } },
    { "id": "C", "provider": "openai-images" },
    { "id": "D", "aliases": ["C"], "provider": "sketch", "edits": true,
      "steps": { "min": 10, "mox": 5 } }
  ]
}`);
    const line = (number: number, text: string) => `MODELS_FILE: ${text} (${file}, line ${number})`;
    expect(problemsOf({ MODELS_FILE: file })).toEqual([
      line(7, '"aliases" of the 1st model must be a list in square brackets'),
      line(6, '"steps.max" of the 1st model must be a number'),
      line(6, '"defualt" is no field of "steps" of the 1st model: is "default" meant?'),
      line(9, '"id" of the 2nd model is missing: text in quotation marks'),
      line(10, '"guidance.min" of the 2nd model must be at least 0'),
      line(10, '"expekt" is no field of the 2nd model: is "expect" meant?'),
      line(13, '"mox" is no field of "steps" of the 4th model'),
      line(13, '"steps" of the 4th model must have its "default" between its "min" and its "max"'),
      line(12, 'the name "C" is given to two models'),
      line(
        5,
        '"A" names the provider "sketsh"; known are exacg, openai-images and sketch: is "sketch" meant?',
      ),
      line(9, '"model 2" needs an index: the service counts its models'),
      line(11, '"C" needs IMAGES_OPENAI_API_KEY'),
      line(12, '"D" cannot edit: of the providers only exacg and openai-images can'),
    ]);
  });

  test.each([
    ["it is something else", "\n\nSD_API_KEY=secret\n", 3],
    ["a bracket is missing", '{\n  "models": []\n', 2],
  ])("names the line of a catalogue where %s", (_, content, line) => {
    const file = aFile(content);
    expect(problemsOf({ MODELS_FILE: file })).toEqual([
      `MODELS_FILE: is not JSON (${file}, line ${line})`,
    ]);
  });

  test.each([
    [
      "a comma stands at the end of a list",
      '{\n  "models": [{ "id": "A" },]\n}',
      2,
      "no comma stands",
    ],
    [
      "there is a comment",
      '{ "models":\n // mine\n [{ "id": "http://A" }] }',
      2,
      "has no comments",
    ],
    [
      "there are other quotation marks",
      '{ “models”: [{ "id": "A" }] }',
      1,
      "straight double quotes",
    ],
    ["a comma is missing", '{\n "models": [\n { "id": "A" "provider": "sketch" }] }', 3, "a comma"],
    ["names have no quotation marks", '{\n models: [{ id: "A" }] }', 2, "its names"],
    ["a word has capitals", '{ "models": [{\n "listAliases": True }] }', 2, "small letters"],
    ["it ends too early", '{\n  "models": [\n', 2, "ends too early"],
  ])("says in words that %s", (_, content, line, fault) => {
    const [problem] = problemsOf({ MODELS_FILE: aFile(content) });
    expect(problem).toMatch(new RegExp(`is not JSON: .*${fault}.*, line ${line}\\)$`));
  });

  test("says that a catalogue is not in UTF-8", () => {
    const file = aFile("");
    writeFileSync(file, Buffer.from('\ufeff{ "models": [] }', "utf16le"));
    expect(problemsOf({ MODELS_FILE: file })).toEqual([
      `MODELS_FILE: ${file} is not in UTF-8: save it so`,
    ]);
  });

  test("says in words what a field of a model is to be, and that a name is repeated, whatever else is wrong", () => {
    const file = aFile(`{ "models": [
  { "id": "A", "provider": "exacg", "index": "x", "edits": "yes", "sizes": { "16-9": "big" } },
  { "id": "A", "provdier": "sketch" }
] }`);
    expect(problemsOf({ MODELS_FILE: file }).map((one) => one.split(" (/")[0])).toEqual([
      'MODELS_FILE: "index" of the 1st model must be a whole number, "found" or "auto"',
      expect.stringContaining('a ratio is written like "16:9"'),
      'MODELS_FILE: "edits" of the 1st model must be true, false or such as { "pictures": 16, "mask": true }',
      'MODELS_FILE: "provider" of the 2nd model is missing: text in quotation marks',
      'MODELS_FILE: "provdier" is no field of the 2nd model: is "provider" meant?',
      'MODELS_FILE: the name "A" is given to two models',
    ]);
  });

  test("reads the rules of the policy and the words of the enhancer from their files", () => {
    const config = readConfig({
      BLOCKED_WORDS_FILE: aFile('[{"word":"gun","action":"spoiler"}]'),
      ENHANCE_SYSTEM_PROMPT_FILE: aFile("Be brief.\n"),
    });
    expect(config.policyRules).toHaveLength(1);
    expect(config.instruction).toBe("Be brief.");
  });

  test.each(["MODELS_FILE", "BLOCKED_WORDS_FILE", "ENHANCE_SYSTEM_PROMPT_FILE"])(
    "has one problem with a %s that cannot be read, or is empty",
    (name) => {
      expect(problemsOf({ [name]: "/nowhere/file" })).toEqual([
        expect.stringMatching(`^${name}: cannot be read: ENOENT`),
      ]);
      expect(problemsOf({ [name]: aFile(" \n") })).toEqual([
        expect.stringMatching(`^${name}: .* is empty$`),
      ]);
    },
  );

  test("adds what .env says to the environment, which wins", () => {
    const file = aFile("DRAWBRIDGE_TEST_A=from the file\nDRAWBRIDGE_TEST_B=from the file\n");
    vi.stubEnv("DRAWBRIDGE_TEST_A", "from outside");
    vi.stubEnv("DRAWBRIDGE_TEST_B", undefined);
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(environmentWithFile(file)).toMatchObject({
      DRAWBRIDGE_TEST_A: "from outside",
      DRAWBRIDGE_TEST_B: "from the file",
    });
    expect(() => environmentWithFile("/nowhere/.env")).not.toThrow();
  });

  test("reads values as a shell would where none was there", () => {
    vi.stubEnv("SD_API_KEY", '"abc"');
    vi.stubEnv("DATA_DIR", "'~/kept'");
    vi.stubEnv("SD_EXPECT_MODEL", "a 'b'");
    vi.stubEnv("HOME", "/home/anna");
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(environmentWithFile("/nowhere/.env")).toMatchObject({
      SD_API_KEY: "abc",
      DATA_DIR: "/home/anna/kept",
      SD_EXPECT_MODEL: "a 'b'",
    });
  });
});
