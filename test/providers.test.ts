import { rasterize } from "../src/imaging.ts";
import { describe, expect, test } from "vitest";
import { createFetches } from "../src/fetches.ts";
import { readConfig } from "../src/config.ts";
import { createProviders, dependentVariables, providerVariables } from "../src/providers.ts";

const { any: fetch } = createFetches();
const second = {
  IMAGES_OPENAI_API_KEY: "k",
  IMAGES_OPENAI_BASE_URL: "https://images.example/v1",
  IMAGES_OPENAI_MODEL: "painter-2",
};

function providersOf(environment: Record<string, string>) {
  return createProviders(readConfig(environment), { fetch, rasterize });
}

describe("the providers", () => {
  test("are those that the configuration turns on", async () => {
    const providers = await providersOf({ SD_API_KEY: "k", ...second });
    for (const id of ["exacg", "sketch", "openai-images"]) {
      expect(providers.get(id).provider.id).toBe(id);
    }
  });

  test("have the embedded renderer stand in for the service that has no key, and no other", async () => {
    const providers = await providersOf({});
    expect(providers.get("exacg").provider.id).toBe("sketch");
    for (const id of ["openai-images", "dalle", ""]) {
      expect(() => providers.get(id)).toThrow(`There is no provider "${id}".`);
    }
  });

  test("share slots and deadline where they have none of their own", async () => {
    const shared = { SD_API_KEY: "k", SD_CONCURRENCY: "7", SD_TIMEOUT_MS: "70000", ...second };
    const own = { IMAGES_OPENAI_CONCURRENCY: "3", IMAGES_OPENAI_TIMEOUT_MS: "30000" };
    const [sharing, apart] = [await providersOf(shared), await providersOf({ ...shared, ...own })];
    for (const id of ["exacg", "sketch", "openai-images"]) {
      expect(sharing.get(id)).toMatchObject({ slots: 7, timeoutMs: 70_000 });
    }
    expect(apart.get("sketch")).toMatchObject({ slots: 7, timeoutMs: 70_000 });
    expect(apart.get("openai-images")).toMatchObject({ slots: 3, timeoutMs: 30_000 });
  });
});

test("each variable of a provider tells by its beginning without which one it means nothing", () => {
  const beginnings = dependentVariables.map(([beginning]) => beginning);
  for (const name of Object.keys(providerVariables)) {
    expect(beginnings.filter((beginning) => name.startsWith(beginning))).toHaveLength(1);
  }
});
