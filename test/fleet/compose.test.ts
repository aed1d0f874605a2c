import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { aDirectory } from "../builders.ts";
import { startBalancer } from "../fakes/balancer.ts";
import { asMap, environmentOf } from "../fakes/compose.ts";
import { startDiscord } from "../fakes/discord.ts";
import { ask, clear, key, linksIn } from "../fakes/fleet.ts";
import { startImageService } from "../fakes/image-service.ts";
import { aCluster } from "../fakes/postgres.ts";
import { type DrawbridgeProcess, startProcess } from "../fakes/process.ts";
import { startTelegram } from "../fakes/telegram.ts";
import { readYaml } from "../fakes/yaml.ts";

const cluster = aCluster();
const soon = { timeout: 240_000, interval: 100 };

const file = readFileSync(join(import.meta.dirname, "../../compose.scale.yaml"), "utf8");
const services = Object.entries(asMap(readYaml(file)["services"]));
const ours = new Map(services.filter(([, service]) => "build" in asMap(service)));

/** A service as its container would start it: only where things are differs on this machine. */
function processOf(name: string, directory: string, own: Readonly<Record<string, string>>) {
  const { DATABASE_URL: _, HOST, PORT, DATA_DIR, ...same } = environmentOf(ours.get(name));
  expect({ HOST, PORT, DATA_DIR }).toEqual({ HOST: "0.0.0.0", PORT: "8787", DATA_DIR: "/data" });
  const here = { HOST: "127.0.0.1", PORT: "0", DATA_DIR: directory, DATABASE_URL: cluster.url };
  return startProcess({ ...own, ...same, ...here });
}

test("the processes of compose.scale.yaml serve all doors behind their balancer, and are renewed one by one", {
  timeout: 600_000,
}, async () => {
  await clear(cluster.url);
  const service = await startImageService({ paints: { width: 16, height: 16 } });
  const discord = await startDiscord();
  const telegram = await startTelegram({ lengthUnit: "utf-16" });
  const balancer = await startBalancer();
  for (const each of [service, discord, telegram, balancer]) onTestFinished(() => each.close());
  // What a person has in `.env`.
  const own = {
    GATEWAY_API_KEY: key,
    SD_API_KEY: "sk-image-service",
    SD_API_BASE_URL: service.url,
    DISCORD_TOKEN: discord.token,
    DISCORD_API_URL: discord.apiUrl,
    TELEGRAM_BOT_TOKEN: telegram.token,
    TELEGRAM_API_URL: telegram.url,
  };
  const directory = aDirectory();
  const running = new Map<string, DrawbridgeProcess>();
  const up = async (name: string) => void running.set(name, await processOf(name, directory, own));
  const https = () => ["http-1", "http-2"].map((name) => running.get(name)?.url ?? "");
  // All at once, on a database that nobody has prepared.
  await Promise.all([...ours.keys()].map(up));
  balancer.send(...https());
  for (const [name, { url }] of running) {
    const ready = async () => expect((await fetch(`${url}/readyz`)).status, name).toBe(200);
    await vi.waitFor(ready, soon);
  }

  // Every door, and a link that either HTTP process serves.
  const [link = ""] = await linksIn(await ask(balancer, { prompt: "a cat" }));
  const path = new URL(link).pathname;
  for (const url of https()) expect((await fetch(url + path)).status).toBe(200);
  const guild = discord.guild({ name: "Studio" });
  const anna = discord.user({ username: "anna" });
  discord.member(guild, anna);
  await discord.until(() => discord.commands().length > 0, { timeoutMs: soon.timeout });
  const asked = discord.slash(anna, discord.channel(guild), "imagine", { prompt: "a fox" });
  await discord.until(() => asked.message?.files.length === 1, { timeoutMs: soon.timeout });
  const tina = telegram.addUser({ first_name: "Tina" });
  await telegram.userSays(tina.id, { from: tina, text: "/draw an owl" });
  const photos = () => telegram.chat(tina.id).ofBot.filter(({ photo }) => photo);
  await telegram.until(() => photos().length === 1, soon.timeout);

  // `up -d --no-deps` of one of each kind, while people ask.
  service.setDelay(100);
  let isOver = false;
  const wishes: string[] = [];
  const client = async () => {
    while (!isOver) {
      const prompt = `wish ${wishes.length}`;
      wishes.push(prompt);
      expect(await linksIn(await ask(balancer, { prompt }))).toHaveLength(1);
    }
  };
  const clients = Promise.all([client(), client(), client()]);
  for (const name of ["http-1", "worker-1", "bots"]) {
    expect((await running.get(name)?.stop())?.code, name).toBe(0);
    await up(name);
    balancer.send(...https());
  }
  isOver = true;
  await clients;
  // All were answered, and each was paid once.
  for (const prompt of wishes) expect(service.ordersOf({ prompt }), prompt).toBe(1);
  expect(wishes.length).toBeGreaterThan(3);
});
