import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { ownDrawbridge, secrets } from "../fakes/drawbridge.ts";

const folder = join(import.meta.dirname, "../../examples");
const has = (command: string) => spawnSync(command, ["--version"]).status === 0;

/** Runs an example in a directory of its own, and answers what it printed and the picture that it saved. */
async function run(command: string, file: string, environment: Readonly<Record<string, string>>) {
  const cwd = mkdtempSync(join(tmpdir(), "drawbridge-example-"));
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }));
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn(command, [join(folder, file)], {
    cwd,
    env: { PATH, HOME, ...environment },
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (piece: string) => (printed += piece));
  }
  const code = await new Promise((resolve) => child.once("close", resolve));
  return { code, printed, picture: () => readFileSync(join(cwd, "fox.png")) };
}

describe("the example", () => {
  test.for([
    ["curl.sh", "sh", "curl"],
    ["node.mjs", process.execPath, process.execPath],
    ["python.py", "python3", "python3"],
  ] as const)("%s makes a picture and saves it", async ([file, command, needed], { skip }) => {
    skip(!has(needed), `There is no ${needed} here to run ${file} with.`);
    const { url, service } = await ownDrawbridge();
    const environment = { DRAWBRIDGE_URL: url, DRAWBRIDGE_KEY: secrets.gateway };
    const { code, printed, picture } = await run(command, file, environment);
    expect(printed).toContain("fox.png");
    expect(code).toBe(0);
    expect(picture().subarray(1, 4).toString()).toBe("PNG");
    expect(service.requests[0]?.body).toMatchObject({ prompt: "a fox in the snow" });
  });
});
