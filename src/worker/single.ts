import { base64Of } from "#runtime";
import type { Model } from "../../core/catalogue.ts";
import { createDoor, createStudio } from "../composition.ts";
import type { Config } from "../config.ts";
import { createApp } from "../http/app.ts";
import type { Links } from "../http/context.ts";
import { createKeyCheck, type KeyCheck } from "../http/keys.ts";
import { routes } from "../http/routes.ts";
import { fetchesSources } from "../providers.ts";
import { carry } from "./carrier.ts";
import { consoleLog } from "./log.ts";
import { largeBodiesInMemory, machine } from "./machine.ts";
import { createCounters } from "./metrics.ts";
import { closedResponse, openingOf, type WorkerEnvironment } from "./opening.ts";
import { type Memory, memory } from "./single/memory.ts";

/** These need nothing that outlives a request. */
const stateless = new Set([
  "createChatCompletion",
  "createImage",
  "createImageEdit",
  "createImageVariation",
  "createResponse",
  "previewPrompt",
  "listModels",
  "retrieveModel",
  "showBill",
  "showHealth",
  "showReadiness",
]);

/**
 * A Worker without any binding, as one file for the dashboard. Each request has a studio of its own: in a plain Worker
 * nothing may be shared between requests, and nothing is kept.
 */
const single = {
  async fetch(request: Request, environment: WorkerEnvironment): Promise<Response> {
    const opening = openingOf(environment);
    if ("closed" in opening) return closedResponse(request, opening.closed);
    const app = await appFor(opening.config);
    const carried = carry(request);
    return carried.watched(await app.fetch(answeredNow(request), carried.bindings));
  },
};
export default single;

/** The request without a preference for a later answer (RFC 7240): there is no later. */
function answeredNow(request: Request): Request {
  if (!request.headers.has("prefer")) return request;
  const headers = new Headers(request.headers);
  headers.delete("prefer");
  return new Request(request, { headers, signal: request.signal });
}

async function appFor(configured: Config) {
  const config: Config = {
    ...configured,
    IMAGE_LINKS: "upstream",
    models: configured.models.map(asServedHere),
  };
  const log = consoleLog(config.LOG_LEVEL);
  const kept = memory();
  const made = await createStudio(config, { ...machine, ...kept, log }, createCounters);
  const { studio, catalogue, counters } = made;
  const { imaging } = machine;
  const observe = counters.observeHttp;
  const largeBodies = largeBodiesInMemory();
  const door = createDoor(config, { studio, catalogue, imaging, log, largeBodies, observe });
  return createApp({
    door: { ...door, links: linksTo(kept) },
    checkKey: keyCheckOf(configured),
    files: [],
    routes: routes.filter(({ id }) => stateless.has(id)),
    doors: () => ({ http: "connected" }),
    metrics: () => counters.text(),
  });
}

/** No service can fetch what it edits from a Worker that keeps nothing. */
function asServedHere(model: Model): Model {
  return fetchesSources(model) ? { ...model, edits: undefined } : model;
}

/** The service's own link, or the picture itself where it came without one. */
function linksTo(kept: Memory): Links {
  const picture: Links["picture"] = (_, { link, hash, format }) => {
    const bytes = hash === null ? undefined : kept.bytesOf(hash);
    return link?.url ?? `data:image/${format};base64,${base64Of(bytes ?? new Uint8Array())}`;
  };
  return { picture, thumbnail: picture };
}

const checks = new WeakMap<Config, KeyCheck>();

function keyCheckOf(config: Config): KeyCheck {
  const check = checks.get(config) ?? createKeyCheck(config.gatewayKeys ?? []);
  checks.set(config, check);
  return check;
}
