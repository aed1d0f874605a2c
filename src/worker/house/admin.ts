import type { Config } from "../../config.ts";
import { type KeyCheck, keyHeader } from "../../http/keys.ts";
import { refusals } from "../../http/refusals.ts";
import type { Database } from "../../storage/database.ts";
import { linesOf } from "../../storage/moving.ts";
import type { DiscordHouse } from "./discord.ts";
import type { TelegramHouse } from "./telegram.ts";

/** What the routes under `/admin/` work with. */
export interface AdminTools {
  readonly config: Pick<Config, "gatewayKeys" | "operators" | "PUBLIC_URL">;
  readonly checkKey: KeyCheck;
  readonly database: Database;
  readonly bots: {
    readonly telegram: TelegramHouse | undefined;
    readonly discord: DiscordHouse | undefined;
  };
}

/** For the owner of the house: who has its only key, or an operator's. */
export function adminRoutes(tools: AdminTools) {
  const guarded = (work: (request: Request) => Response | Promise<Response>) => {
    return async (request: Request) => {
      if (isOwner(request, tools)) return work(request);
      const { status, body, headers } = refusals["bad-key"];
      return Response.json(body, { status, headers });
    };
  };
  return [
    { path: "/admin/setup", handle: guarded((request) => setup(request, tools)) },
    { path: "/admin/export", method: "GET", handle: guarded(() => exported(tools)) },
  ] as const;
}

function isOwner(request: Request, { config, checkKey }: AdminTools): boolean {
  const checked = checkKey(keyHeader(request.headers));
  if ("missing" in checked) return false;
  return config.gatewayKeys?.length === 1 || config.operators.has(`http:${checked.name}`);
}

/** `POST /admin/setup`: connects the bots to this Worker, and says what it did and what remains to be done. */
async function setup(request: Request, { bots, config }: AdminTools): Promise<Response> {
  const origin = config.PUBLIC_URL ?? new URL(request.url).origin;
  return Response.json({
    telegram: bots.telegram
      ? await setUp("Telegram", bots.telegram, origin)
      : "TELEGRAM_BOT_TOKEN is not set, so there is no bot.",
    discord: bots.discord
      ? await setUp("Discord", bots.discord, origin)
      : "DISCORD_TOKEN is not set, so there is no bot.",
  });
}

async function setUp(
  platform: string,
  bot: Pick<TelegramHouse | DiscordHouse, "setUp">,
  origin: string,
): Promise<string> {
  try {
    return await bot.setUp(origin);
  } catch (error) {
    return `${platform} refused: ${error instanceof Error ? error.message : "unknown"}`;
  }
}

/** `GET /admin/export`: everything but the pictures' bytes, which have their links, for `npm run import`. */
function exported({ database }: AdminTools): Response {
  const lines = linesOf(database);
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const next = lines.next();
      if (next.done) controller.close();
      else controller.enqueue(encoder.encode(next.value));
    },
  });
  return new Response(body, { headers: { "content-type": "application/x-ndjson" } });
}
