import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { isImageError, storedError } from "../../core/errors.ts";
import type { Order } from "../../core/provider.ts";
import type { Bot } from "../bots/bot.ts";
import {
  type EaselFailure,
  type HouseName,
  houseHeader,
  type InsideCall,
  insidePath,
} from "./inside.ts";
import { secrets } from "./drawbridge.ts";
import type { Environment } from "./process.ts";
import { type Easel, easel, type Stores } from "./studio.ts";
import { startWorkerd } from "./workerd.ts";

/**
 * A house whose insides a test can call, and whose pictures an easel of the test paints. It dies as an object does, without
 * a word, and wakes at the same address.
 */
export interface OpenHouse extends Bot {
  readonly url: string;
}

/** A runtime with a house for each test. */
export interface OpenHouses {
  /** Opens a house with these variables that is as new as the test. Whoever opens it ends it. */
  open(environment: Environment): Promise<OpenHouse>;
  close(): Promise<void>;
}

const entry = join(import.meta.dirname, "../worker/open-house.ts");

const sizes = { "1:1": "64x64", "16:9": "128x72", "3:4": "96x128" };
const models = [{ id: "Z-Image", provider: "exacg", index: 5, quality: {}, sizes }];

/** Starts the runtime. */
export async function openHouses(): Promise<OpenHouses> {
  const workerd = await startWorkerd({
    file: entry as `/${string}`,
    environment: {
      ...{ GATEWAY_API_KEY: secrets.gateway, SD_API_KEY: "sk-easel", LOG_LEVEL: "silent" },
      MODELS_FILE: JSON.stringify({ models }),
    },
  });
  return {
    open: (environment) => open(workerd.url, environment),
    close: () => workerd.close(),
  };
}

async function open(runtime: string, environment: Environment): Promise<OpenHouse> {
  const painter = await servedEasel();
  const variables = { ...environment, SD_API_BASE_URL: painter.url };
  const name = JSON.stringify({ id: randomUUID(), variables } satisfies HouseName);
  const front = await servedHouse(runtime, name);
  const inside = insideOf(runtime, name) as Inside;
  let lives = true;
  const crash = async () => {
    if (!lives) return;
    lives = false;
    front.close();
    await inside.object.die();
    painter.close();
  };
  const wake = () => fetch(`${front.url}/healthz`);
  await wake();
  return {
    url: front.url,
    studio: inside.studio,
    people: inside.people,
    settings: inside.settings,
    stores: inside,
    get easel() {
      return painter.easel;
    },
    crash,
    end: crash,
    async restart() {
      await painter.open();
      await front.open();
      lives = true;
      await wake();
    },
  };
}

// === Its address

/** A server at an address of its own that can be closed, and be opened there again. */
async function reopening(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer(answer);
  const listening = async (port: number) => {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  };
  const port = await listening(0);
  return {
    url: `http://127.0.0.1:${port}`,
    open: () => listening(port),
    /** Cuts every connection. */
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Hands what comes to the house of this name. */
function servedHouse(runtime: string, name: string) {
  return reopening((incoming, outgoing) => {
    const { method = "GET", url = "/" } = incoming;
    const headers = { ...incoming.headers, [houseHeader]: name };
    const further = request(new URL(url, runtime), { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    further.on("error", () => outgoing.destroy());
    outgoing.on("close", () => further.destroy());
    incoming.pipe(further);
  });
}

// === Its insides

type Inside = Stores &
  Pick<OpenHouse, "studio" | "people" | "settings"> & {
    readonly object: { die(): Promise<void> };
  };

/** Calls every method at the house, whatever it is called. */
function insideOf(runtime: string, name: string): object {
  const call = async (path: readonly string[], args: readonly unknown[]) => {
    const body = JSON.stringify({ path, args } satisfies InsideCall);
    const headers = { [houseHeader]: name };
    const response = await fetch(runtime + insidePath, { method: "POST", body, headers });
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

/** An easel behind a socket: each order is a request. There is a new one whenever it is opened again. */
async function servedEasel() {
  let painter = easel();
  const server = await reopening((request, response) => void paint(painter, request, response));
  return {
    ...server,
    get easel() {
      return painter;
    },
    open() {
      painter = easel();
      return server.open();
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
