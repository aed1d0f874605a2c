import type { AsyncLocalStorage } from "node:async_hooks";
import { styleText } from "node:util";
import { levels, type Logger, type LoggerOptions, pino, stdSerializers } from "pino";
import type { Config } from "./config.ts";

/** The log of the process: JSON where it is piped, lines for people on a terminal. Each line of a request names it. */
export function createLog(
  { LOG_LEVEL }: Pick<Config, "LOG_LEVEL">,
  requests: AsyncLocalStorage<string>,
): Logger {
  const options: LoggerOptions = {
    level: LOG_LEVEL,
    serializers: { error: stdSerializers.err },
    mixin() {
      const request = requests.getStore();
      return request === undefined ? {} : { request };
    },
  };
  if (!process.stdout.isTTY) return pino(options);
  return pino(options, { write: (line) => void process.stdout.write(readable(line)) });
}

interface LogLine {
  readonly level: number;
  readonly time: number;
  readonly msg?: string;
  readonly error?: { readonly stack?: string };
  readonly [fact: string]: unknown;
}

const shades = { warn: "yellow", error: "red", fatal: "red" } as const;

/** A line of pino's JSON for a person: the time of day, what is wrong with it, the words, then the facts. */
function readable(json: string): string {
  const { level, time, msg = "", error, ...rest } = JSON.parse(json) as LogLine;
  const { pid: _pid, hostname: _hostname, request: _request, ...facts } = rest;
  const label = levels.labels[level] ?? String(level);
  const clock = styleText("dim", new Date(time).toTimeString().slice(0, 8));
  const shade = shades[label as keyof typeof shades] as "yellow" | "red" | undefined;
  const said = plain(label === "info" ? msg : `${label}: ${msg}`);
  const shown = Object.entries(facts).map(([name, value]) => `${name}=${factOf(value)}`);
  const details = shown.length > 0 ? styleText("dim", `  ${shown.join(" ")}`) : "";
  const stack = error?.stack === undefined ? "" : `\n${error.stack.replace(/^/gm, "  ")}`;
  return `${clock} ${shade ? styleText(shade, said) : said}${details}${stack}\n`;
}

function factOf(value: unknown): string {
  const json = plain(JSON.stringify(value));
  return /^"[\w./:@-]+"$/.test(json) ? json.slice(1, -1) : json;
}

/** Some of it comes from outside: what would steer the terminal does not reach it. */
function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]+/gu, " ");
}
