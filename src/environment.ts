import { homedir } from "node:os";
import { join } from "node:path";
import { ConfigError, type Environment } from "./config.ts";
import { EnvFileError, readEnvFile } from "./env-file.ts";
import { readSettings } from "./settings-file.ts";
import { standardDirectory, variables } from "./variables.ts";

/**
 * The environment with what `.env` in this directory adds to it, and with `settings` what was set in the browser, which
 * both win over. Throws a ConfigError where a file cannot be read.
 */
export function environmentWithFile(file = ".env", { settings = true } = {}): Environment {
  try {
    for (const [name, value] of Object.entries(readEnvFile(file))) process.env[name] ??= value;
    for (const name of Object.keys(variables.shape)) tidy(name);
    if (!settings) return process.env;
    const given = Object.entries(process.env).filter(([, value]) => value?.trim());
    const kept = readSettings(process.env["DATA_DIR"]?.trim() || standardDirectory);
    return { ...process.env, ...kept, ...Object.fromEntries(given) };
  } catch (error) {
    throw error instanceof EnvFileError ? new ConfigError([error.message]) : error;
  }
}

/** Takes away what only a shell understands, where there was none: quotation marks around a value, and `~` for the home. */
function tidy(name: string): void {
  const value = process.env[name];
  if (value === undefined) return;
  const bare = value.trim().replace(/^(["'])(.*)\1$/, "$2");
  const isPath = name === "DATA_DIR" || name.endsWith("_FILE");
  process.env[name] = isPath && bare.startsWith("~/") ? join(homedir(), bare.slice(2)) : bare;
}
