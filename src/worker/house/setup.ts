import { type KeyCheck, keyHeader } from "../../http/keys.ts";
import { refusals } from "../../http/refusals.ts";
import type { TelegramHouse } from "./telegram.ts";

/** What `POST /admin/setup` works with. */
export interface SetupTools {
  readonly checkKey: KeyCheck;
  readonly telegram: TelegramHouse | undefined;
  readonly publicUrl: string | undefined;
}

/** `POST /admin/setup`: connects the bots to this Worker, and says what it did and what remains to be done. */
export function setup({ checkKey, telegram, publicUrl }: SetupTools) {
  return {
    path: "/admin/setup",
    async handle(request: Request): Promise<Response> {
      if ("missing" in checkKey(keyHeader(request.headers))) {
        const { status, body, headers } = refusals["no-key"];
        return Response.json(body, { status, headers });
      }
      const origin = publicUrl ?? new URL(request.url).origin;
      return Response.json({ telegram: await told(telegram, origin), discord: noDiscord });
    },
  };
}

const noDiscord = "Discord needs the Node version.";

async function told(telegram: TelegramHouse | undefined, origin: string): Promise<string> {
  if (!telegram) return "TELEGRAM_BOT_TOKEN is not set, so there is no bot.";
  try {
    const name = await telegram.setUp(origin);
    return `@${name} sends its updates to ${origin}${telegram.path}. Nothing remains to be done.`;
  } catch (error) {
    return `Telegram refused: ${error instanceof Error ? error.message : "unknown"}`;
  }
}
