import { z } from "zod";

// === The kinds of values

const text = z.string();
const secret = z
  .string()
  .regex(/^[\x21-\x7e]+$/, "holds characters that no key has: copy it again, without spaces");

function whole(low: number, high: number, standard: number) {
  const message = `must be a whole number from ${low} to ${high}`;
  return z.coerce
    .number(message)
    .int(message)
    .min(low, message)
    .max(high, message)
    .default(standard);
}

const webAddress = z
  .url({ protocol: /^https?$/, error: "must be an address that begins with http:// or https://" })
  .refine((address) => !/^https?:\/\/[^/]*@/i.test(address), "must hold no user name or password")
  .transform((address) => address.replace(/\/+$/, ""));

const yesOrNo = z
  .enum(["true", "false", "1", "0", "yes", "no"], "must be true or false")
  .transform((word) => ["true", "1", "yes"].includes(word));

const list = z.string().transform((words) =>
  words
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== ""),
);

/** Ids of people as the core names them. */
const people = list.refine(
  (ids) => ids.every((id) => /^(?:http|discord|telegram):\S/.test(id)),
  "must be a list of door:id, such as discord:123,telegram:456,http:anna",
);

// === The variables

/** One field for each variable; what is absent or empty takes its default. */
export const variables = z.object({
  HOST: text.default("127.0.0.1"),
  PORT: whole(0, 65_535, 8787),
  PUBLIC_URL: webAddress
    .refine((address) => !/[?#]/.test(address), "must end before any ? or #")
    .optional(),
  TRUST_PROXY: yesOrNo.default(false),
  GATEWAY_API_KEY: text.optional(),
  SD_API_KEY: secret.optional(),
  SD_API_BASE_URL: webAddress.default("https://sd.exacg.cc"),
  SD_MODEL_INDEX: whole(0, 10_000, 5),
  SD_EXPECT_MODEL: text.default("z-image"),
  SD_TIMEOUT_MS: whole(100, 3_600_000, 180_000),
  SD_CONCURRENCY: whole(1, 1000, 2),
  ENHANCE_OPENAI_API_KEY: secret.optional(),
  ENHANCE_OPENAI_BASE_URL: webAddress.default("https://api.openai.com/v1"),
  ENHANCE_OPENAI_MODEL: text.default("gpt-4o-mini"),
  ENHANCE_TIMEOUT_MS: whole(100, 600_000, 10_000),
  ENHANCE_SYSTEM_PROMPT_FILE: text.optional(),
  IMAGES_OPENAI_API_KEY: secret.optional(),
  IMAGES_OPENAI_BASE_URL: webAddress.optional(),
  IMAGES_OPENAI_MODEL: text.optional(),
  MODELS_FILE: text.optional(),
  DISCORD_TOKEN: secret.optional(),
  DISCORD_API_URL: webAddress.default("https://discord.com/api"),
  DISCORD_GUILD_ID: text.optional(),
  DISCORD_ALLOWED_GUILDS: list.prefault(""),
  DISCORD_ALLOWED_USERS: list.prefault(""),
  TELEGRAM_BOT_TOKEN: secret.optional(),
  TELEGRAM_API_URL: webAddress.default("https://api.telegram.org"),
  TELEGRAM_WEBHOOK_URL: webAddress.optional(),
  TELEGRAM_WEBHOOK_SECRET: z
    .string()
    // https://core.telegram.org/bots/api#setwebhook
    .regex(/^[\w-]{1,256}$/, "must be 1 to 256 letters, digits, _ or -")
    .optional(),
  TELEGRAM_ALLOWED_CHATS: list.prefault(""),
  TELEGRAM_STORAGE_CHAT: text.optional(),
  IMAGE_LINKS: z.enum(["kept", "upstream"], "must be kept or upstream").default("kept"),
  IMAGE_RETENTION_DAYS: whole(0, 100_000, 0),
  IMAGE_MAX_BYTES: whole(0, Number.MAX_SAFE_INTEGER, 0),
  JOB_TTL_MINUTES: whole(1, 100_000, 60),
  MAX_QUEUED: whole(1, 1_000_000, 500),
  MAX_QUEUED_PER_USER: whole(1, 1_000_000, 5),
  HANGUP_GRACE_MS: whole(0, 3_600_000, 10_000),
  ANSWER_AUXILIARY: yesOrNo.default(true),
  STREAM_PROGRESS: yesOrNo.default(false),
  IMAGES_KEEP_ALIVE: yesOrNo.default(false),
  QUOTA_IMAGES_PER_DAY: whole(0, 1_000_000_000, 0),
  QUOTA_IMAGES_PER_MINUTE: whole(0, 1_000_000_000, 0),
  OPERATORS: people.prefault(""),
  BLOCKED_WORDS_FILE: text.optional(),
  DATA_DIR: text.default("./data"),
  DATABASE_URL: text.optional(),
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"]).default("info"),
});

export type Variables = z.output<typeof variables>;
