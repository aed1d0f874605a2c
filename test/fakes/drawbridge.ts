import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { readConfig } from "../../src/config.ts";
import { start } from "../../src/main.ts";
import { type ImageService, type ImageServiceOptions, startImageService } from "./image-service.ts";
import { type Llm, startLlm } from "./llm.ts";
import type { Environment } from "./process.ts";

/** Keys that a search finds wherever they leak to. */
export const secrets = {
  gateway: "gateway-key-8Xw2",
  image: "sk-image-service-5Tq9",
  llm: "sk-llm-3Rz7",
} as const;

export const anySecret = new RegExp(Object.values(secrets).join("|"));

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The text as JSON; undefined when it is none. */
  readonly json: unknown;
}

/** Posts JSON with the right key, and looks for secrets in everything that comes back. */
export async function post(
  url: string,
  path: string,
  body: object,
  init: RequestInit = {},
): Promise<Answered> {
  const headers = new Headers(init.headers);
  headers.set("authorization", `Bearer ${secrets.gateway}`);
  headers.set("content-type", "application/json");
  const response = await fetch(url + path, {
    method: "POST",
    body: JSON.stringify(body),
    ...init,
    headers,
  });
  const text = await response.text();
  const said = [response.statusText, ...[...response.headers].flat(), text].join("\n");
  if (anySecret.test(said)) throw new Error(`A secret is in this answer: ${said}`);
  return { status: response.status, headers: response.headers, text, json: jsonOf(text) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A whole Drawbridge in this process, on a socket, between a stand-in of the image service and one of the LLM. */
export interface Drawbridge {
  readonly url: string;
  readonly service: ImageService;
  readonly llm: Llm;
  close(): Promise<void>;
}

export interface DrawbridgeOptions {
  readonly environment?: Environment;
  readonly service?: ImageServiceOptions;
  /** false: no enhancer is configured. */
  readonly enhancer?: boolean;
}

/** The stand-ins, and the environment of a Drawbridge that uses them. */
export async function startStandIns({ service: options, enhancer = true }: DrawbridgeOptions = {}) {
  const paints = { width: 16, height: 16 };
  const service = await startImageService({ apiKey: secrets.image, paints, ...options });
  const llm = await startLlm({ apiKey: secrets.llm });
  const environment: Environment = {
    PORT: "0",
    GATEWAY_API_KEY: secrets.gateway,
    SD_API_KEY: secrets.image,
    SD_API_BASE_URL: service.url,
    ...(enhancer ? { ENHANCE_OPENAI_API_KEY: secrets.llm, ENHANCE_OPENAI_BASE_URL: llm.url } : {}),
  };
  const close = async () => {
    await Promise.all([service.close(), llm.close()]);
  };
  return { service, llm, environment, close };
}

/** One for the test that runs, which its end closes; without an enhancer, unless one is wanted. */
export async function ownDrawbridge(options: DrawbridgeOptions = {}): Promise<Drawbridge> {
  const drawbridge = await startDrawbridge({ enhancer: false, ...options });
  onTestFinished(() => drawbridge.close());
  return drawbridge;
}

/** Starts all three. Whoever starts them closes them. */
export async function startDrawbridge(options: DrawbridgeOptions = {}): Promise<Drawbridge> {
  const standIns = await startStandIns(options);
  const directory = mkdtempSync(join(tmpdir(), "drawbridge-"));
  const environment = { DATA_DIR: directory, LOG_LEVEL: "silent", ...standIns.environment };
  const running = await start(readConfig({ ...environment, ...options.environment }));
  return {
    url: running.url,
    service: standIns.service,
    llm: standIns.llm,
    async close() {
      await running.stop();
      await standIns.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
