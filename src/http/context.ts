import type { IncomingMessage, ServerResponse } from "node:http";
import type { Context } from "hono";
import { Budget } from "../../core/budget.ts";
import type { Catalogue } from "../../core/catalogue.ts";
import type { Imaging } from "../../core/imaging.ts";
import type { Job, Picture } from "../../core/job.ts";
import type { Log } from "../../core/observe.ts";
import type { Requester, Viewer } from "../../core/request.ts";
import type { Studio } from "../../core/studio.ts";
import type { Clients } from "./clients.ts";
import type { KeyPeople } from "./key-people.ts";
import { idOfPerson, type KnownKey, personIn } from "./keys.ts";
import type { LargeBodies } from "./large-bodies.ts";

/** What carries a request, as far as its runtime tells: Node's own request and response, or in a Worker its client. */
export interface Bindings {
  readonly incoming?: IncomingMessage;
  readonly outgoing?: ServerResponse;
  readonly client?: {
    readonly address: string | undefined;
    /** Calls back once as `onGone` does. */
    onGone(callback: (answered: boolean) => void): void;
  };
}

/** What a request's context holds. */
export interface Env {
  Bindings: Bindings;
  Variables: {
    /** Set once the request was let in with a key. */
    requester: Requester;
    /** The key of the configuration that it was let in with. */
    key?: KnownKey;
    /** The job that the answer is about; `replayed`: it had ended before this request came. */
    held?: { readonly code: string; readonly replayed: boolean };
  };
}

/** A request on its way to its answer. */
export type RequestContext = Context<Env>;

const nothing = {};

/** What carries the request; empty where the app is called by itself. */
export function carrierOf({ env }: { readonly env?: Bindings }): Bindings {
  return env ?? nothing;
}

/** A header by its name in lower case, however the runtime has it. */
export function headerOf({ env, req }: RequestContext, name: string): string | undefined {
  const { incoming } = carrierOf({ env });
  if (!incoming) return req.header(name);
  const value = incoming.headers[name];
  return typeof value === "string" ? value : value?.join(", ");
}

/** Where people share a key, makes the one that the headers or the body name the requester. */
export function identify(context: RequestContext, body: unknown): void {
  const key = context.get("key");
  if (!key?.shared) return;
  const person = personIn(context.req.raw.headers, body);
  if (person !== undefined) context.set("requester", { id: idOfPerson(key.name, person) });
}

/** What the routes work with. */
export interface Door {
  readonly studio: Studio;
  readonly clients: Clients;
  readonly catalogue: Catalogue;
  readonly imaging: Imaging;
  readonly links: Links;
  /** A link for a while to where a kept picture can be fetched without this process; absent where it serves them itself. */
  readonly presign?: ((hash: string, contentType: string) => Promise<string>) | undefined;
  /** The bytes of answers with pictures that are in memory at a time. */
  readonly underWay: Budget;
  readonly largeBodies: LargeBodies;
  readonly settings: DoorSettings;
  readonly observe: DoorObserver;
  readonly log: Log;
  readonly now: () => number;
}

/** The door as its routes get it. */
export interface ServedDoor extends Door {
  /** Whose keys they are; undefined where nothing of that is kept. */
  readonly people: KeyPeople | undefined;
  /** The state of each configured door, by name; all have to be "connected". */
  readonly doors: () => Readonly<Record<string, string>>;
  /** Why nothing new can be kept; resolves with undefined where it can. */
  readonly storage: () => Promise<string | undefined>;
  /** What a page tells its reader of this installation. */
  readonly about: (requester: Requester) => About;
  /** What an operator looks at. */
  readonly overview: () => Promise<Overview>;
  /** How the providers fare that this process calls. */
  readonly providers: () => readonly ProviderState[];
  /** The metrics in Prometheus' text format. */
  readonly metrics: () => Promise<string>;
}

/** Who paints here, and what else there is. */
export interface About {
  readonly models: readonly PaintedModel[];
  /** The LLM that enhances words; null where there is none. */
  readonly enhancer: string | null;
  readonly doors: Readonly<Record<string, string>>;
  /** Links by which people add the bots, by the names of their doors. */
  readonly invites: Readonly<Record<string, string>>;
  /** The address that clients are given; null where none is set. */
  readonly publicUrl: string | null;
  readonly operator: boolean;
}

/** A model, and who paints with it. */
export interface PaintedModel {
  readonly id: string;
  /** The id of its provider. */
  readonly provider: string;
  /** Reads on from "is painted by". */
  readonly painter: string;
  /** The embedded renderer stands in for a service. */
  readonly sketch: boolean;
  /** What it edits at once; null where it paints from words alone. */
  readonly edits: { readonly pictures: number; readonly mask: boolean } | null;
  readonly ratios: readonly string[];
}

/** Everything that is under way and was made, of everybody. */
export interface Overview {
  readonly open: readonly Job[];
  /** The newest failures. */
  readonly failed: readonly Job[];
  /** The requesters who asked last. */
  readonly people: readonly Person[];
  /** By their scopes and names. */
  readonly presets: readonly KeptPreset[];
  /** `freeBytes` is null where there is no limit. */
  readonly storage: { readonly keptBytes: number; readonly freeBytes: number | null };
  /** How many processes share all of this. */
  readonly processes: number;
}

/** How a provider fares, since the start of this process. Times are Unix milliseconds, null for never. */
export interface ProviderState {
  readonly id: string;
  /** Calls at once. */
  readonly slots: number;
  /** Calls that failed since the last one that brought a picture. */
  readonly failuresInRow: number;
  readonly lastFault: string | null;
  readonly lastFailedAt: number | null;
  readonly lastMadeAt: number | null;
}

/** A preset, and the requester or the place that it belongs to. */
export interface KeptPreset {
  readonly scope: string;
  readonly name: string;
}

/** A requester, and what was made for them. */
export interface Person {
  readonly id: string;
  readonly jobs: number;
  /** When they asked last, Unix milliseconds. */
  readonly lastAt: number;
}

/** The owner's settings for this door. */
export interface DoorSettings {
  /** Answer tasks of chat clients themselves (titles, tags …) instead of painting them. */
  readonly answerTasks: boolean;
  /** Send progress in every streamed chat, not only where a client asks for it. */
  readonly streamProgress: boolean;
  readonly progressEveryMs: number;
  /** Send white space while a picture that is not streamed is being made. */
  readonly keepImagesAlive: boolean;
  /** How long such an answer may be silent, in milliseconds. */
  readonly keepAliveEveryMs: number;
  /** Believe the forwarded headers that a reverse proxy sets. */
  readonly trustProxy: boolean;
}

/** The default settings. */
export const standardSettings: DoorSettings = {
  answerTasks: true,
  streamProgress: false,
  progressEveryMs: 5_000,
  keepImagesAlive: false,
  keepAliveEveryMs: 10_000,
  trustProxy: false,
};

/** Room for more than a hundred large answers at a time. Others wait a while. */
export function answersUnderWay(): Budget {
  return new Budget({ total: 128 * 1024 * 1024, mostWaiting: 1_000, waitMs: 10_000 });
}

/** What this door tells the metrics. */
export interface DoorObserver {
  /** A task of a chat client itself was answered without a picture. */
  taskAnswered(client: string, kind: string): void;
}

/** Where a picture can be fetched, as the asking client sees this server. */
export interface Links {
  picture(context: RequestContext, picture: Picture, ending?: string): string;
  /** The same small; the service's own link where the picture is not kept. */
  thumbnail(context: RequestContext, picture: Picture): string;
}

/** The path of a kept picture, under any address of this server. */
function pathTo({ id, format }: Pick<Picture, "id" | "format">, ending: string = format): string {
  return `/images/${id}.${ending}`;
}

/** The links to pictures for those who do not ask over HTTP; undefined without a public address. */
export function publicLinks(publicUrl: string | undefined) {
  return (picture: Pick<Picture, "id" | "format">) => publicUrl && publicUrl + pathTo(picture);
}

/** The links under which image services fetch what they edit; undefined without a public address. */
export function sourceLinks(publicUrl: string | undefined) {
  return ({ id, format }: Pick<Picture, "id" | "format">) =>
    publicUrl && `${publicUrl}/sources/${id}.${format}`;
}

/** How this server finds its own address. */
export interface LinkOptions {
  readonly publicUrl: string | undefined;
  /** Trust the forwarded headers that a reverse proxy sets. */
  readonly trustProxy: boolean;
}

/** Links to this server, under its public address or the one that the request was sent to. */
export function createLinks({ publicUrl, trustProxy }: LinkOptions): Links {
  const here = (context: RequestContext, { link }: Picture, path: string) =>
    link ? link.url : `${publicUrl ?? originOf(context, trustProxy)}${path}`;
  return {
    picture: (context, picture, ending) => here(context, picture, pathTo(picture, ending)),
    thumbnail: (context, picture) => here(context, picture, `/thumbnails/${picture.id}.webp`),
  };
}

function originOf(context: RequestContext, trustProxy: boolean): string {
  const { origin, protocol, host } = new URL(context.req.url);
  if (!trustProxy) return origin;
  const first = (name: string) => context.req.header(name)?.split(",")[0]?.trim();
  const scheme = first("x-forwarded-proto") ?? protocol.replace(":", "");
  const forwarded = `${scheme}://${first("x-forwarded-host") ?? host}`;
  return URL.canParse(forwarded) && /^https?$/.test(scheme) ? new URL(forwarded).origin : origin;
}

/** Who asks, with the address that tells those apart who share a key. */
export function viewerOf({ settings }: Door, context: RequestContext): Viewer {
  const forwarded = settings.trustProxy ? context.req.header("x-forwarded-for") : undefined;
  // The last one is the proxy's own word; the client may have sent those before it.
  const said = forwarded?.split(",").at(-1)?.trim();
  const { incoming, client } = carrierOf(context);
  const address = said || (client?.address ?? incoming?.socket.remoteAddress);
  return { ...context.get("requester"), address };
}

/** The pictures of a job with the links that the asking client can follow. */
export function linksOf(door: Door, context: RequestContext, job: Job): string[] {
  return job.pictures.map((picture) => door.links.picture(context, picture));
}

/** Calls back once when the client is gone; `answered` is true when the whole answer was sent before. */
export function onGone(context: RequestContext, callback: (answered: boolean) => void): void {
  const { outgoing, client } = carrierOf(context);
  if (client) client.onGone(callback);
  else if (!outgoing) {
    const { signal } = context.req.raw;
    if (signal.aborted) callback(false);
    else signal.addEventListener("abort", () => callback(false), { once: true });
  } else if (outgoing.closed) {
    callback(outgoing.writableFinished);
  } else {
    outgoing.once("close", () => callback(outgoing.writableFinished));
  }
}
