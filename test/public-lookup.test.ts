import { once } from "node:events";
import { lookup } from "node:dns/promises";
import { createServer } from "node:http";
import type { LookupAddress } from "node:dns";
import type { AddressInfo } from "node:net";
import { hostname } from "node:os";
import { Agent, fetch } from "undici";
import { describe, expect, onTestFinished, test } from "vitest";
import { causesOf } from "../core/wire/causes.ts";
import { isPublicAddress, PrivateAddress } from "../core/wire/download.ts";
import { publicLookup } from "../src/fetches/undici.ts";

function resolve(name: string, options: { all?: boolean; family?: number } = {}) {
  return new Promise<{ address: string | LookupAddress[]; family: number | undefined }>(
    (done, fail) => {
      publicLookup(name, options, (error, address, family) =>
        error ? fail(error) : done({ address, family }),
      );
    },
  );
}

describe("publicLookup", () => {
  test.each(["localhost", "127.0.0.1", "::1", "10.1.2.3", "169.254.169.254", "0.0.0.0"])(
    "refuses %s, whose address is not public",
    async (name) => {
      for (const all of [true, false]) {
        await expect(resolve(name, { all })).rejects.toBeInstanceOf(PrivateAddress);
      }
    },
  );

  test("refuses this machine's own name where that leads inside", async ({ skip }) => {
    const addresses = await lookup(hostname(), { all: true }).catch(() => []);
    const inside = addresses.some(({ address }) => !isPublicAddress(address));
    skip(!inside, "this machine's name has no private address");
    await expect(resolve(hostname())).rejects.toBeInstanceOf(PrivateAddress);
  });

  test("answers a public address as it was asked to: the first one, or all of them", async () => {
    expect(await resolve("9.9.9.9")).toEqual({ address: "9.9.9.9", family: 4 });
    expect(await resolve("2620:fe::fe", { family: 6 })).toEqual({
      address: "2620:fe::fe",
      family: 6,
    });
    expect(await resolve("9.9.9.9", { all: true })).toMatchObject({
      address: [{ address: "9.9.9.9", family: 4 }],
    });
  });

  test("hands on the system's error for a name that does not exist", async () => {
    await expect(resolve("nothing.invalid")).rejects.toMatchObject({
      code: expect.stringMatching(/^(ENOTFOUND|EAI_AGAIN)$/),
    });
  });

  test("keeps undici from connecting to a name that leads inside", async () => {
    let visits = 0;
    const server = createServer((_, response) => {
      visits++;
      response.end("inside");
    }).listen(0, "localhost");
    await once(server, "listening");
    const dispatcher = new Agent({ connect: { lookup: publicLookup } });
    onTestFinished(async () => {
      await dispatcher.close();
      server.close();
    });
    const url = `http://localhost:${(server.address() as AddressInfo).port}/`;
    const failure = await fetch(url, { dispatcher }).catch((error: unknown) => error);
    expect(causesOf(failure).some((cause) => cause instanceof PrivateAddress)).toBe(true);
    expect(visits).toBe(0);
  });
});
