import { ConfigError, type Environment } from "./config.ts";
import { EnvFileError, readEnvFile } from "./env-file.ts";

/** The environment with what `.env` in this directory adds to it. Throws a ConfigError where that cannot be read. */
export function environmentWithFile(file = ".env"): Environment {
  try {
    for (const [name, value] of Object.entries(readEnvFile(file))) process.env[name] ??= value;
    return process.env;
  } catch (error) {
    throw error instanceof EnvFileError ? new ConfigError([error.message]) : error;
  }
}
