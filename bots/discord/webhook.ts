import {
  type APIInteraction,
  InteractionResponseType,
  InteractionType,
} from "discord-api-types/v10";
import { z } from "zod";
import { within } from "../../core/deadline.ts";
import { readCapped } from "../../core/wire/fetch.ts";
import { limits } from "./limits.ts";
import { jsonIn } from "./rest.ts";

/** What taking interactions over HTTP needs. */
export interface WebhookOptions {
  /** The application's public key in hexadecimal digits; undefined until it is known. */
  readonly publicKey: () => string | undefined;
  /** Resolves once what the interaction asks for is on disk; must not reject. */
  readonly handle: (payload: APIInteraction) => Promise<void>;
}

const maxBodyBytes = 1024 * 1024;

const interactionBody = z.looseObject({ id: z.string(), type: z.int() });

/**
 * Takes interactions by POST, as Discord signs them. The response says only that one was taken: its first answer goes by
 * REST, which tells the id of its message, and whether there was an answer already.
 */
export function createWebhook({ publicKey, handle }: WebhookOptions) {
  return async (request: Request): Promise<Response> => {
    const key = publicKey();
    if (key === undefined) return new Response(null, { status: 503 });
    const body = await readCapped(request, maxBodyBytes).catch(() => undefined);
    if (!body) return new Response(null, { status: 400 });
    if (!(await isSigned(body, request.headers, key))) return new Response(null, { status: 401 });
    const payload = interactionBody.safeParse(jsonIn(new TextDecoder().decode(body))).data;
    if (!payload) return new Response(null, { status: 400 });
    if (payload.type === (InteractionType.Ping as number)) {
      return Response.json({ type: InteractionResponseType.Pong });
    }
    await within(limits.webhookMs, handle(payload as unknown as APIInteraction));
    return new Response(null, { status: 202 });
  };
}

/** Whether Discord signed this body: https://docs.discord.com/developers/interactions/overview#setting-up-an-endpoint */
async function isSigned(body: Uint8Array, headers: Headers, key: string): Promise<boolean> {
  const [publicKey, signature] = [key, headers.get("x-signature-ed25519") ?? ""].map(bytesIn);
  if (publicKey?.length !== 32 || signature?.length !== 64) return false;
  const timestamp = new TextEncoder().encode(headers.get("x-signature-timestamp") ?? "");
  const signed = new Uint8Array([...timestamp, ...body]);
  const verifier = await crypto.subtle.importKey("raw", publicKey, "Ed25519", false, ["verify"]);
  return crypto.subtle.verify("Ed25519", verifier, signature, signed);
}

function bytesIn(digits: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(digits.match(/[0-9a-f]{2}/gi) ?? [], (pair) => Number.parseInt(pair, 16));
}
