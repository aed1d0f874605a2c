import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { aDirectory } from "../builders.ts";
import { post, startStandIns } from "../fakes/drawbridge.ts";
import { runProcess, startProcess } from "../fakes/process.ts";

const project = join(import.meta.dirname, "../..");

/** A Node on this machine that is too old, outside of the project's own packages. */
const oldNode = ["/usr/bin/node", "/usr/local/bin/node"].find((file) => {
  if (!existsSync(file)) return false;
  const [major = 0, minor = 0] = execFileSync(file, ["--version"], { encoding: "utf8" })
    .slice(1)
    .split(".")
    .map(Number);
  return major < 22 || (major === 22 && minor < 19);
});

describe("an installation", () => {
  test.skipIf(!oldNode).each(["start", "doctor"])(
    "without development packages says in one sentence that Node is too old (npm run %s; needs an old Node)",
    (script) => {
      const directory = aDirectory();
      for (const name of ["src", "package.json", ".npmrc"]) {
        cpSync(join(project, name), join(directory, name), { recursive: true });
      }
      const { status, stderr } = spawnSync("npm", ["run", "--silent", script], {
        cwd: directory,
        env: { PATH: `${join(oldNode ?? "", "..")}:/usr/bin:/bin` },
        encoding: "utf8",
      });
      expect(status).toBe(1);
      expect(stderr).toMatch(
        /^Drawbridge needs Node\.js 22\.19 or newer, and this is v\d+\.\d+\.\d+: .+\.\n$/,
      );
    },
  );

  test("runs when it is started through a link to its directory", async () => {
    const directory = aDirectory();
    symlinkSync(project, join(directory, "current"));
    const script = join(directory, "current/src/main.ts");
    const drawbridge = await startProcess({}, { script });
    expect((await fetch(`${drawbridge.url}/healthz`)).status).toBe(200);
    const doctor = join(directory, "current/src/doctor.ts");
    expect((await runProcess({}, { script: doctor })).output).toContain("Ready to start");
  });

  test("says in a sentence that its data directory cannot be made", async () => {
    const sentence =
      "The data directory /proc/nope cannot be made: ENOENT: no such file or directory, mkdir '/proc/nope'. Set DATA_DIR to a directory that this user may write to.\n";
    expect(await runProcess({ DATA_DIR: "/proc/nope" })).toMatchObject({
      code: 1,
      output: sentence,
    });
  });
});

describe("a .env file", () => {
  const text = "SD_MODEL_INDEX=15\nIMAGE_LINKS=kept\n";
  const utf16 = Buffer.from(text, "utf16le");

  test.each([
    ["begins with the mark of UTF-8", Buffer.from(`\ufeff${text}`)],
    ["is in UTF-16, as PowerShell writes it", Buffer.concat([Buffer.from([0xff, 0xfe]), utf16])],
    ["is in UTF-16 without a mark", utf16],
    [
      "is in big-endian UTF-16",
      Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(utf16).swap16()]),
    ],
  ])("is read when it %s", async (_, bytes) => {
    const directory = aDirectory();
    writeFileSync(join(directory, ".env"), bytes);
    const script = join(project, "src/doctor.ts");
    const { output } = await runProcess({ SD_API_KEY: "" }, { directory, script });
    expect(output).toContain("! SD_MODEL_INDEX: means nothing without SD_API_KEY.");
  });

  test.each([
    [
      "is in another encoding",
      (file: string) => writeFileSync(file, Buffer.from([0x41, 0xc4, 0x3d])),
      /neither in UTF-8 nor in UTF-16; save it in UTF-8/,
    ],
    [
      "is in UTF-32",
      (file: string) =>
        writeFileSync(
          file,
          Buffer.from("\ufeffA=b", "utf16le").toString("latin1").replace(/../gs, "$&\0\0"),
          "latin1",
        ),
      /neither in UTF-8 nor in UTF-16/,
    ],
    [
      "is a directory",
      (file: string) => {
        mkdirSync(file);
      },
      /cannot be read: EISDIR/,
    ],
  ])("is refused by its name when it %s", async (_, spoil, problem) => {
    const directory = aDirectory();
    spoil(join(directory, ".env"));
    for (const script of ["main", "doctor"]) {
      const options = { directory, script: join(project, `src/${script}.ts`) };
      const { code, output } = await runProcess({}, options);
      expect([code, output]).toEqual([
        1,
        expect.stringMatching(/^The configuration has a problem:\n {2}\.env: .+\n$/),
      ]);
      expect(output).toMatch(problem);
    }
  });
});

describe("a signal", () => {
  const cat = { prompt: "a cat", size: "64x64" };

  async function painting() {
    const standIns = await startStandIns({ enhancer: false });
    onTestFinished(() => standIns.close());
    return standIns;
  }

  test.each(["SIGINT", "SIGTERM"] as const)(
    "%s that a terminal and npm pass on twice lets a picture under way end",
    async (signal) => {
      const { service, environment } = await painting();
      const drawbridge = await startProcess(environment, { byNpm: true, ownGroup: true });
      const release = service.hold();
      const asked = post(drawbridge.url, "/v1/images/generations", cat);
      await service.arrived(1);
      process.kill(-drawbridge.pid, signal);
      process.kill(-drawbridge.pid, signal);
      await drawbridge.printed(/stopping: pictures under way are finished/);
      release();
      expect((await asked).status).toBe(200);
      expect(await drawbridge.ended).toMatchObject({ code: 0, signal: null });
    },
  );

  test("that comes again after more than three seconds ends at once, with a word", async () => {
    const { service, environment } = await painting();
    const drawbridge = await startProcess(environment);
    const release = service.hold();
    onTestFinished(release);
    const asked = post(drawbridge.url, "/v1/images/generations", cat).catch(() => undefined);
    await service.arrived(1);
    process.kill(drawbridge.pid, "SIGINT");
    await drawbridge.printed(/stopping: pictures/);
    await new Promise((resolve) => setTimeout(resolve, 3_200));
    process.kill(drawbridge.pid, "SIGINT");
    const { code, output } = await drawbridge.ended;
    expect(code).toBe(130);
    expect(output).toMatch(/Ended at once\. What was under way is taken up by the next start\.\n$/);
    await asked;
  });
});
