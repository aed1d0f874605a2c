import { start } from "../../src/main.ts";
import { readConfig } from "../../src/config.ts";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { httpDoorContract } from "../contract/http-door.ts";

httpDoorContract("in Node", {
  keeps: true,
  seesClosing: true,
  async start(environment) {
    const directory = mkdtempSync(join(tmpdir(), "drawbridge-"));
    const running = await start(readConfig({ ...environment, DATA_DIR: directory }));
    return {
      url: running.url,
      async close() {
        await running.stop();
        rmSync(directory, { recursive: true, force: true });
      },
    };
  },
});
