import { createHash, timingSafeEqual } from "node:crypto";
import type { Update } from "grammy/types";
import { z } from "zod";
import { readCapped } from "../../core/wire/fetch.ts";

/** What the webhook needs. */
export interface WebhookOptions {
  /** The value of Telegram's header X-Telegram-Bot-Api-Secret-Token. */
  readonly secret: string;
  /** Resolves once what the update asks for is on disk. Rejects when it was not taken. */
  readonly handle: (update: Update) => Promise<void>;
  /** false until the bot knows its own name. */
  readonly ready: () => boolean;
}

const maxBodyBytes = 1024 * 1024;

/** The number of updates that are remembered, to recognise repeated ones. */
const remembered = 2000;

const updateBody = z.looseObject({ update_id: z.int() });

/** Takes updates by POST. Status 200 means that the update is on disk; after any other status Telegram repeats it. */
export function createWebhook(options: WebhookOptions): (request: Request) => Promise<Response> {
  const known = new Map<number, Promise<void>>();

  /** Handles an update once, even if it comes again while it is being handled. */
  function once(update: Update): Promise<void> {
    const { update_id: id } = update;
    const before = known.get(id);
    if (before) return before;
    const handling = options.handle(update);
    known.set(id, handling);
    handling.catch(() => known.delete(id));
    const [oldest] = known.keys();
    if (known.size > remembered && oldest !== undefined) known.delete(oldest);
    return handling;
  }

  return async (request) => {
    const given = request.headers.get("x-telegram-bot-api-secret-token") ?? "";
    if (!sameSecret(given, options.secret)) return new Response(null, { status: 401 });
    if (!options.ready()) return new Response(null, { status: 503 });
    const update = await readUpdate(request);
    if (!update) return new Response(null, { status: 400 });
    try {
      await once(update);
      return new Response(null, { status: 200 });
    } catch {
      return new Response(null, { status: 503 });
    }
  };
}

/** Compares in constant time. */
function sameSecret(given: string, secret: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(secret));
}

/** Reads an update; undefined for anything else. */
async function readUpdate(request: Request): Promise<Update | undefined> {
  try {
    const bytes = await readCapped(request, maxBodyBytes);
    const parsed = updateBody.safeParse(JSON.parse(new TextDecoder().decode(bytes)));
    return parsed.data;
  } catch {
    return undefined;
  }
}
