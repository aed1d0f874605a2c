import { homedir } from "node:os";
import { join } from "node:path";
import { ConfigError, type Environment } from "./config.ts";
import { EnvFileError, readEnvFile } from "./env-file.ts";
import { readSettings } from "./settings-file.ts";
import { standardDirectory } from "./variables.ts";

/** Variables that lead to a file or a directory: no shell was there to make a home of their `~`. */
const paths = [
  "DATA_DIR",
  "MODELS_FILE",
  "ENHANCE_SYSTEM_PROMPT_FILE",
  "BLOCKED_WORDS_FILE",
] as const;

/**
 * The environment with what `.env` in this directory adds to it, and with `settings` what was set in the browser, which
 * both win over. Throws a ConfigError where a file cannot be read.
 */
export function environmentWithFile(file = ".env", { settings = true } = {}): Environment {
  try {
    for (const [name, value] of Object.entries(readEnvFile(file))) process.env[name] ??= value;
    for (const name of paths) expandHome(name);
    if (!settings) return process.env;
    const given = Object.entries(process.env).filter(([, value]) => value?.trim());
    const kept = readSettings(process.env["DATA_DIR"]?.trim() || standardDirectory);
    return { ...process.env, ...kept, ...Object.fromEntries(given) };
  } catch (error) {
    throw error instanceof EnvFileError ? new ConfigError([error.message]) : error;
  }
}

function expandHome(name: string): void {
  const value = process.env[name]?.trim();
  if (value?.startsWith("~/")) process.env[name] = join(homedir(), value.slice(2));
}
