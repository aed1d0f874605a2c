import { join } from "node:path";
import type { Budget } from "../../core/budget.ts";
import { createCatalogue, type ModelInput, modelSchema } from "../../core/catalogue.ts";
import { aboutCatalogue } from "../../src/http/about.ts";
import { createApp } from "../../src/http/app.ts";
import { Clients } from "../../src/http/clients.ts";
import {
  answersUnderWay,
  createLinks,
  type Door,
  type DoorSettings,
  type ProviderState,
  sourceLinks,
  standardSettings,
} from "../../src/http/context.ts";
import { docsFiles } from "../../src/http/docs.ts";
import { createKeyCheck } from "../../src/http/keys.ts";
import { LargeBodies } from "../../src/http/large-bodies.ts";
import { pageFiles } from "../../src/http/page.ts";
import { imaging } from "../../src/imaging.ts";
import { overviewOf } from "../../src/storage/sqlite-archive.ts";
import { fileSpool } from "../../src/storage/spool.ts";
import { silentLog } from "../builders.ts";
import { aStudio, type TestStudioOptions } from "./studio.ts";

export interface TestDoorOptions extends TestStudioOptions {
  readonly graceMs?: number;
  readonly publicUrl?: string;
  readonly trustProxy?: boolean;
  readonly settings?: Partial<DoorSettings>;
  readonly underWay?: Budget;
  /** How long a large body waits for room. */
  readonly roomMs?: number;
  /** How the providers fare. */
  readonly providers?: readonly ProviderState[];
  /** More models, behind the usual one. */
  readonly models?: readonly ModelInput[];
}

/** The HTTP door before a studio whose pictures an easel paints; its keys are `key` (anna), `ben-key` (ben) and `team-key`, which is shared. */
export function aDoor(options: TestDoorOptions = {}) {
  const {
    graceMs = 10_000,
    publicUrl,
    trustProxy = false,
    models = [],
    settings,
    underWay = answersUnderWay(),
    roomMs = 10_000,
    providers = [],
    ...others
  } = options;
  const model = modelSchema.parse({
    id: "Z-Image",
    aliases: ["dall-e-3"],
    provider: "easel",
    sizes: { "1:1": "64x64", "16:9": "128x72", "3:4": "96x128" },
  });
  const catalogue = createCatalogue([model, ...models.map((more) => modelSchema.parse(more))]);
  const test = aStudio({
    catalogue,
    sourceUrl: sourceLinks(publicUrl),
    ...others,
  });
  /** What clients asked on their own, as `client kind`. */
  const tasks: string[] = [];
  const door: Door = {
    studio: test.studio,
    clients: new Clients(test.studio, { graceMs, now: Date.now }),
    catalogue,
    imaging,
    links: createLinks({ publicUrl, trustProxy }),
    underWay,
    largeBodies: new LargeBodies(fileSpool(join(test.directory, "uploads")), { waitMs: roomMs }),
    settings: { ...standardSettings, trustProxy, ...settings },
    observe: { taskAnswered: (client, kind) => void tasks.push(`${client} ${kind}`) },
    // A bug is to be seen where a test fails.
    log: { ...silentLog, error: console.error },
    now: Date.now,
  };
  const app = createApp({
    door,
    people: test.people,
    checkKey: createKeyCheck([
      { name: "anna", key: "key" },
      { name: "ben", key: "ben-key" },
      { name: "team", key: "team-key", shared: true },
    ]),
    files: [...docsFiles(), ...pageFiles()],
    doors: () => ({ http: "connected" }),
    about: ({ id }) => ({
      ...aboutCatalogue(catalogue),
      enhancer: others.enhance ? "an LLM" : null,
      doors: { http: "connected" },
      operator: others.operators?.has(id) ?? false,
    }),
    overview: () => overviewOf(test.database, null),
    providers: () => providers,
    metrics: async () => "",
  });
  const send = (
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ) =>
    app.request(path, {
      method,
      headers: { authorization: "Bearer key", ...headers },
      ...(body === undefined ? {} : { body: isSent(body) ? body : JSON.stringify(body) }),
    });
  return {
    ...test,
    tasks,
    app,
    door,
    get: (path: string, headers?: Readonly<Record<string, string>>) =>
      send("GET", path, undefined, headers),
    post: (path: string, body: unknown, headers?: Readonly<Record<string, string>>) =>
      send("POST", path, body, headers),
    send,
  };
}

/** A chat request for these words. */
export function chat(words: unknown, more: object = {}) {
  return { model: "Z-Image", messages: [{ role: "user", content: words }], ...more };
}

function isSent(body: unknown): body is string | FormData {
  return typeof body === "string" || body instanceof FormData;
}
