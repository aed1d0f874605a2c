import type { Archive, PictureIndex } from "../core/archive.ts";
import { randomSeed } from "../core/brief.ts";
import { createCatalogue } from "../core/catalogue.ts";
import { openaiEnhancer } from "../core/enhance.ts";
import type { ImageStore } from "../core/images.ts";
import type { Imaging } from "../core/imaging.ts";
import { keyTtlMs, type Ledger } from "../core/ledger.ts";
import type { Log, Observer } from "../core/observe.ts";
import { optional } from "../core/optional.ts";
import { createPolicy } from "../core/policy.ts";
import { People, type PeopleTools } from "../core/people.ts";
import { CodeGuard } from "../core/studio/code-guard.ts";
import type { PresetStore } from "../core/presets.ts";
import type { DialectTools } from "../core/providers/dialect.ts";
import { createEstimate, createFairQueue, type Dispatch, type Estimate } from "../core/queue.ts";
import { createQuota, type QuotaStore } from "../core/quota.ts";
import { Studio, type StudioOptions } from "../core/studio.ts";
import type { Digest } from "../core/studio/accept.ts";
import type { Deliverer } from "../core/studio/outbox.ts";
import { download } from "../core/wire/download.ts";
import type { Fetch } from "../core/wire/fetch.ts";
import type { Config } from "./config.ts";
import { watchHealth } from "./health.ts";
import { Clients, type ClientsOptions } from "./http/clients.ts";
import {
  answersUnderWay,
  createLinks,
  type Door,
  type DoorObserver,
  type DoorSettings,
  sourceLinks,
  standardSettings,
} from "./http/context.ts";
import { isOfKey } from "./http/keys.ts";
import type { LargeBodies } from "./http/large-bodies.ts";
import { createProviders, type Providers } from "./providers.ts";
import { standardPerPerson } from "./variables.ts";

// What is the same wherever Drawbridge runs: a studio and its HTTP door, as the configuration wants them.

/** What a studio stands on: where it keeps things, and what its runtime can do. */
export interface Ground {
  readonly ledger: Ledger;
  readonly archive: Archive;
  readonly pictures: PictureIndex;
  readonly images: ImageStore;
  readonly quotas: QuotaStore;
  readonly presets: PresetStore;
  readonly imaging: Imaging;
  /** `any` reaches every address, `public` no private one. */
  readonly fetches: { readonly any: Fetch; readonly public: Fetch };
  readonly dialects: Pick<DialectTools, "rasterize" | "keep">;
  readonly digest: Digest;
  /** In this process where it is absent. */
  readonly turns?: (tools: TurnTools) => Turns | Promise<Turns>;
  /** The largest picture that is fetched, in bytes; absent: as large as `download` allows. */
  readonly mostPictureBytes?: number;
  readonly log: Log;
}

/** Decides whose turn is next, and who works on jobs. */
export interface Turns {
  readonly queue: Dispatch;
  /** Jobs that wait for their first turn. */
  readonly waiting: () => number | Promise<number>;
  /** Where others work on accepted jobs. */
  readonly follow?: (tools: StudioOptions) => NonNullable<StudioOptions["work"]>;
}

/** What deciding that needs to know. */
export interface TurnTools {
  /** Calls at once, by provider. */
  readonly slots: (provider: string) => number;
  readonly providers: readonly string[];
  readonly maxWaiting: number;
  readonly maxWaitingPerRequester: (requester: string) => number;
  readonly estimate: Estimate;
}

/** Turns in this process, which works on its jobs itself. */
export function turnsHere(tools: TurnTools): Turns {
  const queue = createFairQueue(tools);
  return { queue, waiting: () => queue.waiting };
}

/** Who counts. */
export type Counting<Counters> = (turns: Pick<Turns, "waiting">) => Counters;

/** Makes the studio, and what its doors share with it. */
export async function createStudio<Counters extends { readonly observe: Observer }>(
  config: Config,
  ground: Ground,
  counting: Counting<Counters>,
) {
  const { fetches, dialects, quotas, mostPictureBytes, turns = turnsHere, ...own } = ground;
  const providers = await createProviders(config, {
    ...dialects,
    fetch: fetches.any,
    log: own.log,
  });
  const catalogue = createCatalogue(config.models);
  const estimate = createEstimate();
  const served = config.models.map(({ provider }) => providers.get(provider));
  const { queue, waiting, follow } = await turns({
    slots: (id) => providers.get(id).slots,
    providers: [...new Set(served.map(({ provider }) => provider.id))],
    maxWaiting: config.MAX_QUEUED,
    maxWaitingPerRequester: (requester) => maxWaitingOf(requester, config),
    estimate,
  });
  const counters = counting({ waiting });
  const health = healthOf(config, providers, counters.observe);
  const deliverers = new Map<string, Deliverer>();
  const size = optional({ maxBytes: mostPictureBytes });
  const tools: StudioOptions = {
    ...own,
    catalogue,
    provider: providers.get,
    ...createEnhancer(config, fetches.any),
    ...(config.policyRules.length > 0 && { policy: createPolicy(config.policyRules) }),
    estimate,
    queue,
    ...createQuotas(config, quotas),
    deliverers,
    firstRetryMs: 1000,
    operators: config.operators,
    fetchPicture: (link, provider, signal) => {
      const { any: fetch, public: publicFetch } = fetches;
      return download(link, { provider, fetch, publicFetch, signal, ...size });
    },
    // No service is waited for longer than for a picture that it makes.
    refetchMs: Math.max(...served.map(({ timeoutMs }) => timeoutMs)),
    fetchSources: config.FETCH_SOURCES,
    ...optional({ mostSourceBytes: mostPictureBytes }),
    handOnLinks: config.IMAGE_LINKS === "upstream",
    sourceUrl: sourceLinks(config.PUBLIC_URL),
    ttlMs: config.JOB_TTL_MINUTES * 60_000,
    keyTtlMs,
    newSeed: randomSeed,
    observe: health.observe,
    now: Date.now,
    elapsed: () => performance.now(),
  };
  const studio = new Studio({ ...tools, ...(follow && { work: follow(tools) }) });
  return { studio, tools, catalogue, counters, deliverers, providers: health.states };
}

function healthOf({ models }: Config, providers: Providers, observe: Observer) {
  const providerOf = (id: string) => {
    const { provider, slots } = providers.get(id);
    return { id: provider.id, slots };
  };
  return watchHealth({ models, providerOf, observe, now: Date.now });
}

/** The people behind accounts and personal keys. */
export function createPeople(
  { links, digest }: Pick<PeopleTools, "links" | "digest">,
  { presets }: Pick<Studio, "presets">,
): People {
  const codes = new CodeGuard(() => performance.now());
  return new People({ links, presets, codes, digest, now: Date.now });
}

/** Jobs of a key that may wait where it was not set how many of a person may: several people may sit behind it. */
const standardPerKey = 20;

function maxWaitingOf(requester: string, { MAX_QUEUED_PER_USER: perPerson }: Config): number {
  return perPerson === standardPerPerson && isOfKey(requester) ? standardPerKey : perPerson;
}

function createQuotas(config: Config, store: QuotaStore) {
  const { QUOTA_IMAGES_PER_DAY: perDay, QUOTA_IMAGES_PER_MINUTE: perMinute } = config;
  if (perDay === 0 && perMinute === 0) return {};
  return { quota: createQuota({ perDay, perMinute, store, now: Date.now }) };
}

function createEnhancer({ enhancer, instruction, ENHANCE_TIMEOUT_MS }: Config, fetch: Fetch) {
  if (!enhancer) return {};
  const timeoutMs = ENHANCE_TIMEOUT_MS;
  const options = { ...enhancer, timeoutMs, fetch, ...optional({ instruction }) };
  return { enhance: openaiEnhancer(options) };
}

// === The HTTP door

/** What an HTTP door needs beside its studio. */
export interface DoorGround
  extends Pick<Door, "studio" | "catalogue" | "imaging" | "log" | "presign"> {
  readonly largeBodies: LargeBodies;
  /** Where clients may be at other processes. */
  readonly elsewhere?: ClientsOptions["elsewhere"];
  readonly observe: DoorObserver;
}

/** Makes the door that the routes work with. */
export function createDoor(config: Config, { elsewhere, ...ground }: DoorGround): Door {
  const waiting = { graceMs: config.HANGUP_GRACE_MS, now: Date.now, ...optional({ elsewhere }) };
  return {
    ...ground,
    clients: new Clients(ground.studio, waiting),
    links: createLinks({ publicUrl: config.PUBLIC_URL, trustProxy: config.TRUST_PROXY }),
    underWay: answersUnderWay(),
    settings: doorSettings(config),
    now: Date.now,
  };
}

function doorSettings(config: Config): DoorSettings {
  return {
    ...standardSettings,
    answerTasks: config.ANSWER_AUXILIARY,
    streamProgress: config.STREAM_PROGRESS,
    keepImagesAlive: config.IMAGES_KEEP_ALIVE,
    trustProxy: config.TRUST_PROXY,
  };
}
