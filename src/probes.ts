import { optional } from "../core/optional.ts";
import { orUnderV1 } from "../core/wire/base.ts";
import { causesOf } from "../core/wire/causes.ts";
import { type Fetch, type FetchResponse, readCapped } from "../core/wire/fetch.ts";
import {
  type Finding,
  fine,
  openaiProbe,
  type Probe,
  problem,
  type UnreachableReason,
  warning,
} from "../core/wire/probe.ts";
import { type EnhanceFailure, openaiEnhancer } from "../core/enhance.ts";
import type { Config } from "./config.ts";
import { providerProbes } from "./providers.ts";
import { connect } from "node:net";
import type { Line } from "./findings.ts";
import { type Proxies, shownProxies } from "./proxies.ts";

/** Everything that the configured services can be asked without making a picture. Never rejects. */
export function askServices(config: Config, tools: ProbeTools): Promise<readonly Finding[]> {
  const asked = probesOf(config).map((one) => probe(one, tools));
  return Promise.all([...asked, examineEnhancer(config, tools)]).then((found) => found.flat());
}

function probesOf(config: Config): Probe[] {
  const { DISCORD_TOKEN, TELEGRAM_BOT_TOKEN, PUBLIC_URL } = config;
  return [
    ...providerProbes(config),
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

/** Makes the request and says what came of it; never throws. */
async function probe(
  { about, address, url, base, judge, instead, unreachable: level, ...request }: Probe,
  tools: ProbeTools,
): Promise<Finding> {
  const { fetch, timeoutMs } = tools;
  try {
    const { method = "GET", headers, body } = request;
    const signal = AbortSignal.timeout(timeoutMs);
    const init = { method, headers, signal, redirect: "manual", ...optional({ body }) } as const;
    const ask = base === undefined ? fetch : orUnderV1(fetch, base);
    const response = await ask(url, init);
    const { status } = response;
    const json = await jsonOf(response);
    if (instead && isNoAnswer(status)) return await probe(instead, tools);
    return { about, ...judge({ status, json }) };
  } catch (error) {
    const details = { reason: reasonFor(error), timeoutMs };
    return { about: address, level, code: "unreachable", details };
  }
}

/** A refusal that says nothing about the key. */
function isNoAnswer(status: number): boolean {
  return status >= 400 && status < 500 && ![401, 403, 429].includes(status);
}

async function jsonOf(response: FetchResponse): Promise<unknown> {
  const bytes = await readCapped(response, maxBytes);
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

// === The enhancer

/** A key and a model in a list say little: what counts is whether it makes a prompt. That costs a few tokens. */
async function examineEnhancer(config: Config, tools: ProbeTools): Promise<Finding[]> {
  const { enhancer, instruction, ENHANCE_TIMEOUT_MS: timeoutMs } = config;
  if (!enhancer) return [];
  const asked = openaiProbe("ENHANCE_OPENAI_", enhancer);
  const answers: number[] = [];
  const judge: Probe["judge"] = (answer) => {
    answers.push(answer.status);
    return asked.judge(answer);
  };
  const listed = await probe({ ...asked, judge }, tools);
  const isDown = answers.some((status) => status >= 500);
  if (isDown || listed.level === "problem") return [listed];
  const options = { ...enhancer, timeoutMs, fetch: tools.fetch, ...optional({ instruction }) };
  const { signal } = new AbortController();
  const { enhancement } = await openaiEnhancer(options)({ words: "a cat", signal });
  const about = "ENHANCE_OPENAI_MODEL";
  if (enhancement.status !== "failed") {
    return [listed, { about, ...fine("enhances", { model: enhancer.model }) }];
  }
  const { reason } = enhancement;
  const judged = passing.has(reason) ? warning : problem;
  return [listed, { about, ...judged("does-not-enhance", { model: enhancer.model, reason }) }];
}

const passing: ReadonlySet<EnhanceFailure> = new Set(["timed-out", "rate-limited", "unwilling"]);

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
      if (status === 401) return problem("token-refused", { platform: "Discord" });
      const name = (json as { username?: unknown } | undefined)?.username;
      if (status === 200 && typeof name === "string") return fine("token-of", { bot: name });
      return warning("answers-wrongly", { status });
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
        return problem("token-refused", { platform: "Telegram" });
      }
      const result = (json as { result?: { username?: unknown } } | undefined)?.result;
      if (status === 200 && typeof result?.username === "string") {
        return fine("token-of", { bot: `@${result.username}` });
      }
      return warning("answers-wrongly", { status });
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
      if (status === 200 && health === "ok") return fine("leads-here", {});
      return warning("leads-elsewhere", { status });
    },
  };
}

// === Why something cannot be reached

const reasons: Readonly<Record<string, UnreachableReason>> = {
  ENOTFOUND: "unknown-name",
  EAI_AGAIN: "name-lookup",
  ECONNREFUSED: "refused",
  ECONNRESET: "broken",
  EHOSTUNREACH: "no-way",
  ENETUNREACH: "no-way",
  PROXY_REFUSED: "proxy",
  UND_ERR_SOCKET: "broken",
};

/** A word of our own: the error's message may hold the address, and a key in it. */
function reasonFor(error: unknown): UnreachableReason {
  const causes = causesOf(error);
  if (causes.some(({ name }) => name === "TimeoutError")) return "silent";
  const codes = causes.map((cause) => String((cause as { code?: unknown }).code));
  const known = codes.map((code) => reasons[code]).find((reason) => reason !== undefined);
  if (known) return known;
  return codes.some((code) => /CERT|SSL|TLS/.test(code)) ? "certificate" : "other";
}

/** Whether the proxies can be connected to, in a finding for each. */
export function examineProxies(
  proxies: Proxies | undefined,
  timeoutMs: number,
): Promise<readonly Line[]> {
  const asked = shownProxies(proxies).map(async ([about, address]): Promise<Line> => {
    const code = await tryConnecting(new URL(address), timeoutMs);
    return code === undefined
      ? { level: "fine", about, text: `${address} is the proxy that services are reached through.` }
      : { level: "problem", about, text: `${address} cannot be reached: ${code}.` };
  });
  return Promise.all(asked);
}

/** The code of what goes wrong. */
function tryConnecting({ protocol, hostname, port }: URL, timeoutMs: number) {
  return new Promise<string | undefined>((resolve) => {
    const standard = protocol === "https:" ? 443 : 80;
    const host = hostname.replace(/^\[(.+)\]$/, "$1");
    const socket = connect({ host, port: Number(port) || standard, timeout: timeoutMs });
    const end = (code?: string) => {
      socket.destroy();
      resolve(code);
    };
    socket
      .once("connect", () => end())
      .once("timeout", () => end("no answer"))
      .once("error", (error: NodeJS.ErrnoException) => end(error.code ?? "unknown"));
  });
}
