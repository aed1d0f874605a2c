import type { Config } from "./config.ts";
import { spends } from "./providers.ts";

/** A setting that is allowed but risky. */
export interface Caution {
  readonly about: string;
  readonly text: string;
}

interface Rule extends Caution {
  readonly applies: (config: Config) => boolean;
}

const spending = "Anyone who finds the bot can spend your points: set QUOTA_IMAGES_PER_DAY, or";

const rules: readonly Rule[] = [
  {
    about: "DISCORD_TOKEN",
    text: `${spending} DISCORD_ALLOWED_GUILDS or DISCORD_ALLOWED_USERS.`,
    applies: (config) =>
      config.DISCORD_TOKEN !== undefined &&
      spendsFreely(config) &&
      config.DISCORD_ALLOWED_GUILDS.length + config.DISCORD_ALLOWED_USERS.length === 0,
  },
  {
    about: "TELEGRAM_BOT_TOKEN",
    text: `${spending} TELEGRAM_ALLOWED_CHATS.`,
    applies: (config) =>
      config.TELEGRAM_BOT_TOKEN !== undefined &&
      spendsFreely(config) &&
      config.TELEGRAM_ALLOWED_CHATS.length === 0,
  },
  {
    about: "TELEGRAM_WEBHOOK_URL",
    text: "Telegram sends updates to https addresses only.",
    applies: ({ TELEGRAM_WEBHOOK_URL, TELEGRAM_API_URL }) =>
      TELEGRAM_WEBHOOK_URL?.startsWith("http:") === true &&
      TELEGRAM_API_URL === "https://api.telegram.org",
  },
  {
    about: "GATEWAY_API_KEY",
    text: "One of the keys has fewer than 16 characters, and HOST lets other machines guess.",
    applies: (config) =>
      !isLocal(config.HOST) && (config.gatewayKeys ?? []).some(({ key }) => key.length < 16),
  },
  {
    about: "TRUST_PROXY",
    text: "Whoever reaches HOST without going through the proxy decides where links to pictures lead: set PUBLIC_URL, or let only the proxy through.",
    applies: ({ TRUST_PROXY, PUBLIC_URL, HOST }) =>
      TRUST_PROXY && PUBLIC_URL === undefined && !isLocal(HOST),
  },
];

/** Everything in a configuration that works but is risky. */
export function cautionsFor(config: Config): readonly Caution[] {
  return rules.filter(({ applies }) => applies(config)).map(({ about, text }) => ({ about, text }));
}

function spendsFreely(config: Config): boolean {
  const { QUOTA_IMAGES_PER_DAY: perDay, QUOTA_IMAGES_PER_MINUTE: perMinute } = config;
  return spends(config) && perDay === 0 && perMinute === 0;
}

/** Whether a `HOST` is reached from this machine alone. */
export function isLocal(host: string): boolean {
  return host === "localhost" || host === "::1" || host.startsWith("127.");
}
