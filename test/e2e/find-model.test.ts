import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { aDirectory } from "../builders.ts";
import { post, secrets, startStandIns } from "../fakes/drawbridge.ts";
import { type Environment, runProcess, startProcess } from "../fakes/process.ts";

const doctor = join(import.meta.dirname, "../../src/doctor.ts");
const path = "/v1/images/generations";
const cat = { prompt: "a cat", size: "64x64" };

/** A service that has these models by their numbers. */
async function aService(modelNames: Readonly<Record<number, string>>) {
  const made = await startStandIns({ enhancer: false, service: { modelNames } });
  onTestFinished(() => made.close());
  const numbers = () => made.service.requests.map(({ body }) => body["model_index"]);
  return { ...made, numbers };
}

function find(environment: Environment, directory = aDirectory()) {
  return runProcess(environment, { directory, script: doctor, args: ["--find-model"] });
}

describe("npm run doctor -- --find-model", () => {
  test("asks for the smallest picture until the name fits, says what that cost, and keeps it", async () => {
    const { environment, service, numbers } = await aService({
      5: "one_obsession",
      7: "[文生图] Z Image (8步)",
    });
    const directory = aDirectory();
    const { code, output } = await find(environment, directory);
    expect(output.split("\n")).toEqual([
      "number 5 is one_obsession",
      "number 15 is no such model",
      "number 4 is no such model",
      ...[0, 1, 2, 3, 6].map((number) => `number ${number} is no such model`),
      "number 7 is [文生图] Z Image (8步)",
      "Points spent: 2, left: 998.",
      "z-image has the number 7, which is kept and used from now on.",
      "",
    ]);
    expect(code).toBe(0);
    expect(service.requests[0]?.body).toMatchObject({ width: 64, height: 64, steps: 1 });
    expect(output).not.toContain(secrets.image);

    const drawbridge = await startProcess(environment, { directory });
    expect(drawbridge.output()).toMatch(/Z-Image is painted by .* as number 7"/);
    const { json } = await post(drawbridge.url, path, cat);
    expect(JSON.stringify(json)).not.toContain("although z-image was expected");
    expect(numbers().at(-1)).toBe(7);
    await drawbridge.stop();
  });

  test("says that a number which is set goes before it", async () => {
    const { environment } = await aService({ 15: "Z-Image" });
    const { output } = await find({ ...environment, SD_MODEL_INDEX: "5" });
    expect(output).toContain("SD_MODEL_INDEX=5 goes before it: set it to 15, or to nothing.");
  });

  test("ends where no number has the model, no key is set, or the key is refused", async () => {
    const { environment, numbers } = await aService({ 5: "one_obsession" });
    const none = await find(environment);
    expect([none.code, none.output]).toEqual([
      1,
      expect.stringMatching(/Points spent: 1, left: 999\.\nNo number has z-image: look it up/),
    ]);
    expect(new Set(numbers()).size).toBe(31);
    const asNpmPassesIt = { SD_API_KEY: "", npm_config_find_model: "true" };
    expect((await runProcess(asNpmPassesIt, { script: doctor })).output).toBe(
      "There is nothing to find: SD_API_KEY is not set.\n",
    );
    const before = numbers().length;
    const lost = await find({ ...environment, DATA_DIR: "/proc/nope" });
    expect([lost.code, lost.output]).toEqual([
      1,
      expect.stringMatching(/^The data directory \/proc/),
    ]);
    const refused = await find({ ...environment, SD_API_KEY: "wrong" });
    expect([refused.code, refused.output]).toEqual([
      1,
      expect.stringMatching(/^It cannot be found: exacg answered 401: .+\.\n$/),
    ]);
    expect(numbers()).toHaveLength(before + 1);
  });
});

describe("SD_MODEL_INDEX=auto", () => {
  test("looks for the number once when another model painted, and tells the log", async () => {
    const { environment, numbers } = await aService({ 5: "one_obsession", 15: "Z-Image-Turbo" });
    const drawbridge = await startProcess({ ...environment, SD_MODEL_INDEX: "auto" });
    const first = await post(drawbridge.url, path, cat);
    expect(first.json).toMatchObject({
      notices: expect.arrayContaining([
        expect.stringMatching(
          /^The service painted with one_obsession although z-image was expected/,
        ),
      ]),
    });
    await drawbridge.printed(/the number of the model was found, and is used from now on/);
    expect(drawbridge.logs().findLast(({ msg }) => msg.includes("was found"))).toMatchObject({
      expected: "z-image",
      number: 15,
      name: "Z-Image-Turbo",
      pointsUsed: 2,
    });
    await post(drawbridge.url, path, cat);
    expect(numbers()).toEqual([5, 5, 15, 15]);
    await drawbridge.stop();
  });

  test("looks once a day at most", async () => {
    const { environment, numbers } = await aService({ 5: "one_obsession" });
    const drawbridge = await startProcess({ ...environment, SD_MODEL_INDEX: "auto" });
    await post(drawbridge.url, path, cat);
    await drawbridge.printed(/no number of the service has the model/);
    const before = numbers().length;
    await post(drawbridge.url, path, cat);
    await drawbridge.stop();
    expect(numbers()).toHaveLength(before + 1);
  });

  test("is not done for a number that was set", async () => {
    const { environment, numbers } = await aService({ 5: "one_obsession", 15: "Z-Image-Turbo" });
    const drawbridge = await startProcess({ ...environment, SD_MODEL_INDEX: "5" });
    await post(drawbridge.url, path, cat);
    await drawbridge.stop();
    expect(numbers()).toEqual([5]);
  });
});
