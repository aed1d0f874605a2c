import { causesOf } from "../core/wire/causes.ts";
import { type Fetch, type FetchResponse, readCapped } from "../core/wire/fetch.ts";
import {
  fine,
  type Finding,
  openaiProbe,
  type Probe,
  problem,
  warning,
} from "../core/wire/probe.ts";
import type { Config } from "./config.ts";
import { providerProbes } from "./providers.ts";

/** A free request to each service that is configured. */
export function probesOf(config: Config): Probe[] {
  const { enhancer, DISCORD_TOKEN, TELEGRAM_BOT_TOKEN, PUBLIC_URL } = config;
  return [
    ...providerProbes(config),
    ...(enhancer ? [openaiProbe("ENHANCE_OPENAI_", enhancer)] : []),
    ...(DISCORD_TOKEN === undefined ? [] : [discord(config.DISCORD_API_URL, DISCORD_TOKEN)]),
    ...(TELEGRAM_BOT_TOKEN === undefined
      ? []
      : [telegram(config.TELEGRAM_API_URL, TELEGRAM_BOT_TOKEN)]),
    ...(PUBLIC_URL === undefined ? [] : [ourselves(PUBLIC_URL)]),
  ];
}

const maxBytes = 4 * 1024 * 1024;

/** What making a probe needs. */
export interface ProbeTools {
  readonly fetch: Fetch;
  readonly timeoutMs: number;
}

/** Makes the request and reports its result. Never throws. */
export async function probe(
  { about, address, url, headers, unreachable: level, judge }: Probe,
  { fetch, timeoutMs }: ProbeTools,
): Promise<Finding> {
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const response = await fetch(url, { headers, signal, redirect: "manual" });
    return { about, ...judge({ status: response.status, json: await jsonOf(response) }) };
  } catch (error) {
    const text = `cannot be reached: ${reasonFor(error, timeoutMs)}.`;
    return { about: address, level, text };
  }
}

async function jsonOf(response: FetchResponse): Promise<unknown> {
  const bytes = await readCapped(response, maxBytes);
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

// === The services

/** https://discord.com/developers/docs/resources/user#get-current-user */
function discord(apiUrl: string, token: string): Probe {
  return {
    about: "DISCORD_TOKEN",
    address: "DISCORD_API_URL",
    url: `${apiUrl}/v10/users/@me`,
    headers: { authorization: `Bot ${token}`, "user-agent": "DiscordBot (drawbridge, doctor)" },
    unreachable: "problem",
    judge({ status, json }) {
      if (status === 401) return problem("is not accepted by Discord: make a new one and set it.");
      const name = (json as { username?: unknown } | undefined)?.username;
      if (status === 200 && typeof name === "string") return fine(`belongs to the bot ${name}.`);
      return warning(`cannot be tried: Discord answers ${status}.`);
    },
  };
}

/** https://core.telegram.org/bots/api#getme */
function telegram(apiUrl: string, token: string): Probe {
  return {
    about: "TELEGRAM_BOT_TOKEN",
    address: "TELEGRAM_API_URL",
    url: `${apiUrl}/bot${token}/getMe`,
    headers: {},
    unreachable: "problem",
    judge({ status, json }) {
      if (status === 401 || status === 404) {
        return problem("is not accepted by Telegram: ask @BotFather for it.");
      }
      const result = (json as { result?: { username?: unknown } } | undefined)?.result;
      if (status === 200 && typeof result?.username === "string") {
        return fine(`belongs to the bot @${result.username}.`);
      }
      return warning(`cannot be tried: Telegram answers ${status}.`);
    },
  };
}

function ourselves(publicUrl: string): Probe {
  return {
    about: "PUBLIC_URL",
    address: "PUBLIC_URL",
    url: `${publicUrl}/healthz`,
    headers: {},
    unreachable: "warning",
    judge({ status, json }) {
      const health = (json as { status?: unknown } | undefined)?.status;
      if (status === 200 && health === "ok") return fine("leads to a running Drawbridge.");
      return warning(`does not lead to a running Drawbridge: it answers ${status}.`);
    },
  };
}

// === Why something cannot be reached

const reasons: Readonly<Record<string, string>> = {
  ENOTFOUND: "nobody knows its name",
  EAI_AGAIN: "its name cannot be looked up now",
  ECONNREFUSED: "nothing listens there",
  ECONNRESET: "it broke the connection",
  EHOSTUNREACH: "there is no way to it",
  ENETUNREACH: "there is no way to it",
  UND_ERR_SOCKET: "it broke the connection",
};

/** Our own text: the error's message may hold the address, and a key in it. */
function reasonFor(error: unknown, timeoutMs: number): string {
  const causes = causesOf(error);
  if (causes.some(({ name }) => name === "TimeoutError")) {
    return `no answer within ${timeoutMs / 1000} seconds`;
  }
  const codes = causes.map((cause) => String((cause as { code?: unknown }).code));
  const known = codes.map((code) => reasons[code]).find((reason) => reason !== undefined);
  if (known) return known;
  if (codes.some((code) => /CERT|SSL|TLS/.test(code))) return "its certificate is not trusted";
  return "the connection fails";
}
