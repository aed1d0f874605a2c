import type { Log } from "../../core/observe.ts";

const levels = ["debug", "info", "warn", "error"] as const;

/** A log of one JSON line each, as Workers Logs index them; lines below `level` are left out. */
export function consoleLog(level: string): Log {
  const least = level === "trace" ? 0 : levels.findIndex((one) => one === level);
  const [debug, info, warn, error] = levels.map((one, rank) => {
    const isShown = least !== -1 && rank >= least;
    return (facts: object, message: string) => {
      if (isShown) console[one](JSON.stringify({ level: one, message, ...facts }, withErrors));
    };
  }) as [Log["debug"], Log["info"], Log["warn"], Log["error"]];
  return { debug, info, warn, error };
}

/** Errors have no fields that JSON would show. */
function withErrors(_: string, value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  const { name, message, stack, cause } = value;
  return { name, message, stack, cause };
}
