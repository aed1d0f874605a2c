import { createHash } from "node:crypto";
import { join } from "node:path";
import sharp from "sharp";
import { expect, onTestFinished, test } from "vitest";
import { importFrom } from "../../src/import.ts";
import { proxiesIn } from "../../src/proxies.ts";
import { fileImages } from "../../src/storage/files.ts";
import { sqliteLinks } from "../../src/storage/sqlite-people.ts";
import { aDirectory } from "../builders.ts";
import { post, secrets, startStandIns } from "../fakes/drawbridge.ts";
import { startProxy } from "../fakes/proxy.ts";
import { openStores } from "../fakes/studio.ts";
import { startTelegram } from "../fakes/telegram.ts";
import { startWorkerd } from "../fakes/workerd.ts";

async function aHouse(more: Readonly<Record<string, string>> = {}) {
  const standIns = await startStandIns({ enhancer: false });
  onTestFinished(standIns.close);
  const environment = { ...standIns.environment, LOG_LEVEL: "error", ...more };
  const house = await startWorkerd({
    file: "worker.js",
    environment: {
      ...environment,
      IMAGES_OPENAI_API_KEY: secrets.image,
      IMAGES_OPENAI_BASE_URL: standIns.service.openaiUrl,
      IMAGES_OPENAI_MODEL: "gpt-image-2",
      IMAGES_OPENAI_EDITS: "2",
    },
  });
  onTestFinished(() => house.close());
  return { url: house.url, key: secrets.gateway };
}

/** Everything that is kept in a data directory. */
function keptIn(directory: string) {
  const { database, ...stores } = openStores(directory);
  const close = () => database.close();
  const images = fileImages(join(directory, "images"));
  return { ...stores, images, links: sqliteLinks(database), close };
}

test("a house moves to a server with its records and pictures, and twice is once", async () => {
  const origin = await aHouse();
  const made = await post(origin.url, "/v1/images/generations", { prompt: "a cat", n: 2 });
  const code = made.headers.get("x-drawbridge-code") ?? "";

  const config = { DATA_DIR: aDirectory(), proxies: undefined };
  expect(await importFrom(origin, config)).toMatchObject({ job: 1, known: 0 });
  expect(await importFrom(origin, config)).toMatchObject({ job: 0, known: 1 });
  const nothing = [
    [{ ...origin, key: "wrong" }, /answered 401\. This takes its only key, or an operator's/],
    [{ ...origin, url: "http://127.0.0.1:1" }, /cannot be reached\.$/],
  ] as const;
  for (const [from, why] of nothing) {
    await expect(importFrom(from, config)).rejects.toThrow(why);
  }

  const { archive, ledger, images, close } = keptIn(config.DATA_DIR);
  onTestFinished(close);
  const job = await archive.find(code);
  expect(job).toMatchObject({ state: "done", brief: { words: "a cat" } });
  expect(await ledger.open()).toEqual([]);
  for (const { hash, bytes } of job?.pictures ?? []) {
    expect(await images.read(hash ?? "")).toHaveLength(bytes);
  }
  expect(job?.pictures).toHaveLength(2);
});

test("what was sent to be edited moves along, through a proxy where one leads out", async () => {
  const origin = await aHouse();
  const create = { width: 40, height: 30, channels: 3 as const, background: "teal" };
  const sent = await sharp({ create }).png().toBuffer();
  const image = `data:image/png;base64,${sent.toString("base64")}`;
  const made = await post(origin.url, "/v1/images/edits", { prompt: "at night", image });
  expect(made.status).toBe(200);

  const proxy = await startProxy({ "house.invalid": origin.url });
  onTestFinished(() => proxy.close());
  const config = { DATA_DIR: aDirectory(), proxies: proxiesIn({ HTTP_PROXY: proxy.url }) };
  const behind = { ...origin, url: "http://house.invalid" };
  for (const expected of [
    { job: 1, known: 0 },
    { job: 0, known: 1 },
  ]) {
    expect(await importFrom(behind, config)).toMatchObject(expected);
  }
  expect(proxy.asked.length).toBeGreaterThan(0);

  const { archive, pictures, images, close } = keptIn(config.DATA_DIR);
  onTestFinished(close);
  const job = await archive.find(made.headers.get("x-drawbridge-code") ?? "");
  const hash = createHash("sha256").update(sent).digest("hex");
  expect(job?.sent).toEqual([{ hash, bytes: sent.byteLength }]);
  expect(Buffer.from((await images.read(hash)) ?? []).equals(sent)).toBe(true);
  expect(await pictures.known([hash])).toEqual(new Set([hash]));
});

test("accounts stay linked, and a link that was made at the new place stays as it is", async () => {
  const telegram = await startTelegram({ lengthUnit: "utf-16", webhookRetryScale: 0.05 });
  onTestFinished(() => telegram.close());
  const origin = await aHouse({
    TELEGRAM_BOT_TOKEN: telegram.token,
    TELEGRAM_API_URL: telegram.url,
  });
  await post(origin.url, "/admin/setup", {});
  const anna = telegram.addUser();
  const said = (words: RegExp) => {
    const isIt = ({ text = "" }) => words.test(text);
    return telegram.until(() => telegram.chat(anna.id).ofBot.find(isIt));
  };
  await telegram.userSays(anna.id, { text: "/link" });
  telegram.userPresses(await said(/zl-/), "Make an API key", anna);
  await said(/zk-[0-9A-Z]{26}/);

  const config = { DATA_DIR: aDirectory(), proxies: undefined };
  await importFrom(origin, config);
  const first = keptIn(config.DATA_DIR);
  const [account = ""] = await first.links.list(`telegram:${anna.id}`, 0);
  expect(account).toMatch(/^key:/);
  await first.links.link(account, "telegram:another");
  first.close();
  await importFrom(origin, config);
  const second = keptIn(config.DATA_DIR);
  onTestFinished(second.close);
  expect(await second.links.find(account, 0)).toBe("telegram:another");
});
