import type { IncomingMessage, ServerResponse } from "node:http";
import type { Context } from "hono";
import type { Catalogue } from "../../core/catalogue.ts";
import type { Job, Picture } from "../../core/job.ts";
import type { Log } from "../../core/observe.ts";
import type { Requester } from "../../core/request.ts";
import type { Studio } from "../../core/studio.ts";
import type { Clients } from "./clients.ts";

/** What every request knows once it was let in. */
export interface Env {
  Bindings: { incoming?: IncomingMessage; outgoing?: ServerResponse };
  Variables: { requestId: string; requester: Requester };
}

export type RequestContext = Context<Env>;

/** Node's own request and response; empty where the app is called without a socket. */
export function nodeOf(context: RequestContext): Env["Bindings"] {
  return (context.env as Env["Bindings"] | undefined) ?? {};
}

/** What the routes work with. */
export interface Door {
  readonly studio: Studio;
  readonly clients: Clients;
  readonly catalogue: Catalogue;
  readonly links: Links;
  readonly log: Log;
  readonly now: () => number;
}

/** Where a picture can be fetched, as the asking client sees this server. */
export interface Links {
  picture(context: RequestContext, picture: Picture, ending?: string): string;
}

export interface LinkOptions {
  readonly publicUrl: string | undefined;
  /** Believe the forwarded headers that a reverse proxy sets. */
  readonly trustProxy: boolean;
}

export function createLinks({ publicUrl, trustProxy }: LinkOptions): Links {
  return {
    picture(context, picture, ending = picture.format) {
      if (picture.link) return picture.link.url;
      return `${publicUrl ?? originOf(context, trustProxy)}/images/${picture.id}.${ending}`;
    },
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

/** The pictures of a job with the links that the asking client can follow. */
export function linksOf(door: Door, context: RequestContext, job: Job): string[] {
  return job.pictures.map((picture) => door.links.picture(context, picture));
}

/** Calls back once when the client is gone; `answered` when all of the answer went out before. */
export function onGone(context: RequestContext, callback: (answered: boolean) => void): void {
  const { outgoing } = nodeOf(context);
  if (outgoing) outgoing.once("close", () => callback(outgoing.writableFinished));
  else context.req.raw.signal.addEventListener("abort", () => callback(false), { once: true });
}
