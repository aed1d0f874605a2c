import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { builtIn, bundle } from "../../src/worker/bundle.ts";
import { aDirectory } from "../builders.ts";
import { bundleOf, startWorkerd } from "../fakes/workerd.ts";

describe.each([
  ["worker.js", ["cloudflare:workers", ...builtIn], 350],
  ["worker-single.js", [], 220],
] as const)("%s", (file, imports, mostKilobytes) => {
  test("needs of its runtime only what is there", async () => {
    expect((await bundleOf(file)).imports.toSorted()).toEqual(imports.toSorted());
  });

  test(`has at most ${mostKilobytes} KB with gzip`, async () => {
    const { code } = await bundleOf(file);
    expect(gzipSync(code).byteLength).toBeLessThanOrEqual(mostKilobytes * 1000);
  });
});

describe("a bundle", () => {
  function entry(code: string): string {
    const file = join(aDirectory(), "entry.ts");
    writeFileSync(file, code);
    return file;
  }

  test("tells of a module of Node's that slips in", async () => {
    const { imports } = await bundle(
      entry('import { readFileSync } from "node:fs"; export default readFileSync;'),
    );
    expect(imports).toEqual(["node:fs"]);
  });

  test("is not made of what only Node can load", async () => {
    const sharp = import.meta.resolve("sharp");
    const file = entry(`import sharp from ${JSON.stringify(new URL(sharp).pathname)}; sharp();`);
    await expect(bundle(file)).rejects.toThrow(/Could not resolve/);
  });
});

describe.each(["worker.js", "worker-single.js"] as const)("%s, not set up,", (file) => {
  test("answers 401 to everything, and says what to set, until there is a key", async () => {
    const workerd = await startWorkerd({ file, environment: { SD_API_KEY: "sk-1" } });
    try {
      for (const path of ["/", "/healthz", "/v1/models", "/images/a.png"]) {
        const headers = { authorization: "Bearer sk-1" };
        const response = await fetch(workerd.url + path, { headers });
        expect(response.status).toBe(401);
        expect(await response.text()).toMatch(/GATEWAY_API_KEY is not set/);
      }
    } finally {
      await workerd.close();
    }
  });

  test.each([
    [{}, /SD_API_KEY: is needed/],
    [{ SD_API_KEY: "sk-secret", SD_CONCURRENCY: "5" }, /SD_CONCURRENCY: must be at most 4/],
    [{ SD_API_KEY: "sk-secret", SD_TIMEOUT_MS: "soon" }, /SD_TIMEOUT_MS/],
  ])("says what is wrong with its variables: %j", async (environment, problem) => {
    const workerd = await startWorkerd({
      file,
      environment: { GATEWAY_API_KEY: "key", ...environment },
    });
    try {
      const response = await fetch(`${workerd.url}/v1/models`);
      const text = await response.text();
      expect(response.status).toBe(503);
      expect(text).toMatch(problem);
      expect(text).not.toMatch(/sk-secret/);
    } finally {
      await workerd.close();
    }
  });
});
