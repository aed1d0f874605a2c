import { networkInterfaces } from "node:os";
import type { Config } from "./config.ts";
import { isLocal } from "./cautions.ts";
import { editingLine, painterOf } from "./providers.ts";
import { keptIn } from "./storage/kept.ts";
import { shownProxies } from "./proxies.ts";

/** What an owner wants to know at each start, a sentence each: who paints, what is on, and where it listens. */
export function openingLines(config: Config, url: string): readonly string[] {
  const keep = keptIn(config.DATA_DIR);
  return [
    ...config.models.map((model) => `${model.id} is painted by ${painterOf(model, config, keep)}`),
    editingLine(config.models),
    enhancerLine(config),
    ...doorLines(config),
    ...shownProxies(config.proxies).map(([name, address]) => `${name} leads through ${address}`),
    addressLine(config, url),
  ];
}

function enhancerLine({ enhancer }: Config): string {
  if (!enhancer)
    return "the enhancer is off: ENHANCE_OPENAI_API_KEY is not set, so words stay as they are";
  return `the enhancer is ${enhancer.model} at ${new URL(enhancer.baseUrl).host}`;
}

function doorLines(config: Config): string[] {
  const { DISCORD_TOKEN, TELEGRAM_BOT_TOKEN, TELEGRAM_WEBHOOK_URL } = config;
  const polled = TELEGRAM_WEBHOOK_URL === undefined ? "long polling" : "a webhook";
  return [
    DISCORD_TOKEN === undefined
      ? "the door to Discord is off: DISCORD_TOKEN is not set"
      : "the door to Discord is on, and connects",
    TELEGRAM_BOT_TOKEN === undefined
      ? "the door to Telegram is off: TELEGRAM_BOT_TOKEN is not set"
      : `the door to Telegram is on, by ${polled}, and connects`,
  ];
}

function addressLine({ HOST, gatewayKeys }: Config, url: string): string {
  if (isLocal(HOST)) return `the HTTP door listens at ${url}, for this machine alone`;
  const { port } = new URL(url);
  const places = isEverywhere(HOST)
    ? [url, ...lanAddresses().map((ip) => `http://${ip}:${port}`)]
    : [url];
  const key = gatewayKeys ? "a key of GATEWAY_API_KEY" : "the generated key";
  return `the HTTP door listens at ${places.join(" and ")}: HOST=${HOST} lets other machines in, with ${key}; let the internet reach it only through https`;
}

function isEverywhere(host: string): boolean {
  return host === "0.0.0.0" || host === "::";
}

/** The addresses that other machines of the same network know this one by. */
function lanAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((addresses = []) =>
    addresses
      .filter(({ internal, family }) => !internal && family === "IPv4")
      .map(({ address }) => address),
  );
}
