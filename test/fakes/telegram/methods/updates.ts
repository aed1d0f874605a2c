import type { Arguments } from "../arguments.ts";
import type { Call } from "../call.ts";
import { BotApiError, badRequest } from "../errors.ts";
import { compact, seconds } from "../render.ts";
import type { UpdateQueue } from "../updates.ts";

const webhookActive =
  "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first";
/** Longer polls are shortened. */
const maxPollSeconds = 50;

export async function getUpdates({
  world,
  args,
  polling,
  webhook,
  hungUp,
}: Call): Promise<unknown> {
  if (webhook.target) throw new BotApiError(409, webhookActive);
  allowUpdates(world.updates, args);
  const updates = await polling.poll({
    offset: args.integer("offset"),
    limit: clamp(args.text("limit") === "" ? 100 : args.integer("limit"), 1, 100),
    timeoutSeconds: clamp(args.integer("timeout"), 0, maxPollSeconds),
    hungUp,
  });
  return updates.map(({ body }) => body);
}

export function setWebhook({ world, args, polling, webhook }: Call): true {
  const url = args.text("url");
  const secret = args.text("secret_token");
  if (url !== "" && !/^https?:$/.test(URL.parse(url)?.protocol ?? "")) {
    throw badRequest("invalid webhook URL specified");
  }
  if (secret.length > 256) throw badRequest("secret token is too long");
  if (!/^[\w-]*$/.test(secret)) throw badRequest("secret token contains unallowed characters");
  if (args.boolean("drop_pending_updates")) world.updates.keepNewest(0);
  allowUpdates(world.updates, args);
  if (url !== "") polling.interrupt("Conflict: terminated by setWebhook request");
  const asked = args.text("max_connections") === "" ? 40 : args.integer("max_connections");
  webhook.set(url === "" ? undefined : { url, secret, maxConnections: clamp(asked, 1, 100) });
  return true;
}

export function deleteWebhook({ world, args, webhook }: Call): true {
  if (args.boolean("drop_pending_updates")) world.updates.keepNewest(0);
  webhook.set(undefined);
  return true;
}

export function getWebhookInfo({ world, webhook }: Call): unknown {
  const { target, lastError } = webhook;
  return compact({
    url: target?.url ?? "",
    has_custom_certificate: false,
    pending_update_count: world.updates.pending.length,
    last_error_date: target && lastError && seconds(lastError.at),
    last_error_message: target && lastError?.problem,
    max_connections: target?.maxConnections,
    ip_address: target && "127.0.0.1",
    allowed_updates: world.updates.allowed.length > 0 ? world.updates.allowed : undefined,
  });
}

/** Without the argument, what was said before stays. */
function allowUpdates(updates: UpdateQueue, args: Arguments): void {
  const types = args.json("allowed_updates", "Can't parse allowed_updates JSON object");
  if (Array.isArray(types)) updates.allow(types.map(String));
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}
