import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startWorkerd } from "../fakes/workerd.ts";

/** How long the first answer of a new house takes, and a later one, in milliseconds. */
export interface HouseStart {
  readonly firstMs: number;
  readonly laterMs: number;
}

/** Starts a house of these many lives, one after the other; the first of them makes its tables. */
export async function houseStarts(lives: number): Promise<readonly HouseStart[]> {
  const directory = mkdtempSync(join(tmpdir(), "drawbridge-house-"));
  const environment = {
    SD_API_KEY: "sk-house",
    GATEWAY_API_KEY: "gateway-key-of-the-house",
    LOG_LEVEL: "error",
    TELEGRAM_BOT_TOKEN: "123456:of-the-house",
  };
  const starts: HouseStart[] = [];
  try {
    for (let life = 0; life < lives; life++) {
      const house = await startWorkerd({ file: "worker.js", directory, environment });
      const firstMs = await answerMs(house.url);
      const later = [
        await answerMs(house.url),
        await answerMs(house.url),
        await answerMs(house.url),
      ];
      starts.push({ firstMs, laterMs: Math.min(...later) });
      await house.close();
    }
    return starts;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function answerMs(url: string): Promise<number> {
  const begun = performance.now();
  const response = await fetch(`${url}/healthz`);
  if (!response.ok) throw new Error(`The house answered ${response.status}.`);
  return performance.now() - begun;
}

// `node test/bench/house-start.ts`: the start of the object, with what its runtime does for it.
if (import.meta.main) {
  for (const { firstMs, laterMs } of await houseStarts(6)) {
    console.log(`${Math.round(firstMs - laterMs)} ms to start (${Math.round(laterMs)} ms later)`);
  }
}
