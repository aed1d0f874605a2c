import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";

const root = join(import.meta.dirname, "../..");
const dockerfile = readFileSync(join(root, "Dockerfile"), "utf8").replaceAll("\\\n", " ");
const stages = dockerfile.split(/^FROM /m);
const lines = (instruction: string, text = stages.at(-1) ?? "") =>
  Array.from(text.matchAll(new RegExp(`^${instruction} (.*)$`, "gm")), ([, rest]) => rest ?? "");

/** What the last stage copies out of the project, as pairs of source and target. */
const copied = lines("COPY")
  .filter((line) => !line.startsWith("--from"))
  .flatMap((line) => {
    const names = line.split(" ");
    const target = names.pop() ?? "";
    return names.map((name) => [name, join(target, target.endsWith("/") ? name : "")] as const);
  });

/** A directory that holds what the image does, beside Node and the packages. */
function unpack(): string {
  const directory = mkdtempSync(join(tmpdir(), "drawbridge-image-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  for (const [source, target] of copied) {
    cpSync(join(root, source), join(directory, "app", target), { recursive: true });
  }
  symlinkSync(join(root, "node_modules"), join(directory, "app/node_modules"));
  mkdirSync(join(directory, "data"));
  return directory;
}

describe("the Docker image", () => {
  test("holds all that it starts with, answers its own check, and ends at its signal", async () => {
    const directory = unpack();
    const set = lines("ENV").flatMap((line) => line.split(" ").map((pair) => pair.split("=")));
    const variables = Object.fromEntries(set) as Record<string, string>;
    const [, ...args] = JSON.parse(lines("CMD")[0] ?? "[]") as string[];
    const child = spawn(process.execPath, args, {
      cwd: join(directory, "app"),
      env: { ...variables, PORT: "0", DATA_DIR: join(directory, "data") },
      stdio: ["ignore", "pipe", "pipe"],
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (piece: string) => (output += piece));
    }
    const opened = () => /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0] ?? child.exitCode ?? "";
    await expect.poll(opened).toMatch(/^http/);
    const path = /\$\{PORT\}(\/\w+)/.exec(lines("HEALTHCHECK")[0] ?? "")?.[1] ?? "/?";
    expect((await fetch(`${opened()}${path}`)).status).toBe(200);
    child.kill(lines("STOPSIGNAL")[0] as NodeJS.Signals);
    expect(await once(child, "exit")).toEqual([0, null]);
  });

  test("is built from nothing that its build does not see", () => {
    const seen = readFileSync(join(root, ".dockerignore"), "utf8").split("\n");
    const wanted = lines("COPY", stages[1]).flatMap((line) => line.split(" ").slice(0, -1));
    for (const name of [...wanted, ...copied.map(([source]) => source)]) {
      expect(seen).toContain(`!${name}`);
    }
  });

  test("runs as another user than root, with its data alone outside of it", () => {
    expect(lines("USER")).toEqual(["node"]);
    expect(lines("VOLUME")).toEqual(["/data"]);
  });
});
