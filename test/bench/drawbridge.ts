import { registerHooks } from "node:module";
import { serve } from "./children.ts";

/**
 * Drawbridge as `npm start` runs it, in a process that can be asked what it has used. With `JOBS=memory` its jobs are
 * on no disk, and all else is the same.
 */
if (process.env.JOBS === "memory") {
  const url = import.meta.resolve("./memory-stores.ts");
  registerHooks({
    resolve: (specifier, context, next) =>
      context.parentURL !== url && /\/sqlite-(?:ledger|archive)\.ts$/.test(specifier)
        ? { ...next(specifier, context), url }
        : next(specifier, context),
  });
}

const { readConfig } = await import("../../src/config.ts");
const { start } = await import("../../src/main.ts");
serve((await start(readConfig())).url);
