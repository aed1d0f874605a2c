import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { isImageError, storedError } from "../../core/errors.ts";
import type { Order } from "../../core/provider.ts";
import type { Bot } from "../bots/bot.ts";
import { aDirectory } from "../builders.ts";
import { type EaselFailure, type InsideCall, insidePath } from "./inside.ts";
import type { Environment } from "./process.ts";
import { type Easel, easel, type Stores } from "./studio.ts";
import { startWorkerd } from "./workerd.ts";

/**
 * A house in a runtime of its own whose insides a test can call, and whose pictures an easel of the test paints. A restart
 * wakes it, at the same address.
 */
export interface OpenHouse extends Bot {
  readonly url: string;
}

const entry = join(import.meta.dirname, "../worker/open-house.ts");

const sizes = { "1:1": "64x64", "16:9": "128x72", "3:4": "96x128" };
const models = [{ id: "Z-Image", provider: "exacg", index: 5, quality: {}, sizes }];

/** Starts one with these variables. Who starts it ends it. */
export async function openHouse(environment: Environment): Promise<OpenHouse> {
  const directory = aDirectory();
  const open = async (port = 0) => {
    const painter = await servedEasel();
    const house = await startWorkerd({
      file: entry as `/${string}`,
      directory,
      port,
      environment: {
        ...{ GATEWAY_API_KEY: "owner", SD_API_KEY: "sk-easel", SD_API_BASE_URL: painter.url },
        ...{ MODELS_FILE: JSON.stringify({ models }), LOG_LEVEL: "silent" },
        ...environment,
      },
    });
    await fetch(`${house.url}/readyz`, { headers: { authorization: "Bearer owner" } });
    return { house, painter };
  };
  let life = await open();
  const { url } = life.house;
  const inside = insideOf(url) as Stores & Pick<OpenHouse, "studio" | "people" | "settings">;
  const crash = async () => {
    await life.house.close();
    life.painter.close();
  };
  return {
    url,
    studio: inside.studio,
    people: inside.people,
    settings: inside.settings,
    stores: inside,
    get easel() {
      return life.painter.easel;
    },
    crash,
    end: crash,
    async restart() {
      life = await open(Number(new URL(url).port));
    },
  };
}

// === Its insides

/** Calls every method at the house, whatever it is called. */
function insideOf(url: string): object {
  const call = async (path: readonly string[], args: readonly unknown[]) => {
    const body = JSON.stringify({ path, args } satisfies InsideCall);
    const response = await fetch(url + insidePath, { method: "POST", body });
    if (!response.ok) throw new Error(`${path.join(".")}: ${await response.text()}`);
    return ((await response.json()) as { value?: unknown }).value;
  };
  const at = (path: readonly string[]): object =>
    new Proxy(() => undefined, {
      get: (_, name) => (typeof name === "string" ? at([...path, name]) : undefined),
      apply: (_, _this, args: readonly unknown[]) => call(path, args),
    });
  return at([]);
}

// === Its image service

/** An easel behind a socket: each order is a request. */
async function servedEasel() {
  const painter = easel();
  const server = createServer((request, response) => void paint(painter, request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    easel: painter,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function paint(
  painter: Easel,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  response.once("close", () => gone.abort(new Error("The house hung up.")));
  const context = { signal: gone.signal, onProgress: () => undefined };
  try {
    const order = (await json(request)) as Order;
    const onAccepted = async () => undefined;
    const { image } = await painter.generate(order, { ...context, onAccepted });
    response.end(image);
  } catch (error) {
    const bug = error instanceof Error ? error.message : "unknown";
    const failure: EaselFailure = isImageError(error) ? storedError(error) : { bug };
    response.writeHead(500).end(JSON.stringify(failure));
  }
}
