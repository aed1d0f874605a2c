import { z } from "zod";
import { openaiAddress, secret, webAddress, whole } from "../core/providers/dialect.ts";
import { providerVariables } from "./providers.ts";

// === The kinds of values

const text = z.string();
const yesOrNo = z
  .enum(["true", "false", "1", "0", "yes", "no"], "must be true or false")
  .transform((word) => ["true", "1", "yes"].includes(word));

const list = z.string().transform((entries) =>
  entries
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== ""),
);

/** Ids of people as the core names them. */
const people = list.refine(
  (ids) => ids.every((id) => /^(?:http|discord|telegram):\S/.test(id)),
  "must be a list of door:id, such as discord:123,telegram:456,http:anna",
);

// === The variables

/** The parts that a process may play. */
export const roles = ["http", "discord", "telegram", "worker"] as const;

/** A part that a process may play. */
export type Role = (typeof roles)[number];

/** Jobs of one person that may wait, where nothing was set. */
export const standardPerPerson = 5;

/** Where everything is kept, where nothing was set. */
export const standardDirectory = "./data";

/** One field for each variable; what is absent or empty takes its default. */
export const variables = z.object({
  HOST: text.default("127.0.0.1"),
  PORT: whole(0, 65_535).default(8787),
  PUBLIC_URL: webAddress
    .refine((address) => !/[?#]/.test(address), "must end before any ? or #")
    .optional(),
  FETCH_SOURCES: yesOrNo.default(false),
  LABELS: z.enum(["on", "off"], "must be on or off").default("on"),
  TRUST_PROXY: yesOrNo.default(false),
  GATEWAY_API_KEY: text.optional(),
  ...providerVariables,
  ENHANCE_OPENAI_API_KEY: secret.optional(),
  ENHANCE_OPENAI_BASE_URL: openaiAddress.default("https://api.openai.com/v1"),
  ENHANCE_OPENAI_MODEL: text.default("gpt-4o-mini"),
  ENHANCE_TIMEOUT_MS: whole(100, 600_000).default(10_000),
  ENHANCE_SYSTEM_PROMPT_FILE: text.optional(),
  MODELS_FILE: text.optional(),
  DISCORD_TOKEN: secret.optional(),
  DISCORD_PUBLIC_KEY: z
    .string()
    .regex(/^[0-9a-f]{64}$/i, "must be the 64 digits and letters a to f that Discord shows")
    .optional(),
  DISCORD_SHARDS: whole(1, 10_000).optional(),
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
  TELEGRAM_DRAFTS: yesOrNo.default(false),
  QUIET_GROUPS: yesOrNo.default(false),
  IMAGE_LINKS: z
    .enum(["kept", "upstream", "presigned"], "must be kept, upstream or presigned")
    .default("kept"),
  IMAGE_RETENTION_DAYS: whole(0, 100_000).default(0),
  IMAGE_MAX_BYTES: whole(0, Number.MAX_SAFE_INTEGER).default(0),
  MIN_FREE_MB: whole(0, 1_000_000_000).default(200),
  JOB_TTL_MINUTES: whole(1, 100_000).default(60),
  MAX_QUEUED: whole(1, 1_000_000).default(500),
  MAX_QUEUED_PER_USER: whole(1, 1_000_000).default(standardPerPerson),
  HANGUP_GRACE_MS: whole(0, 3_600_000).default(10_000),
  ANSWER_AUXILIARY: yesOrNo.default(true),
  STREAM_PROGRESS: yesOrNo.default(false),
  IMAGES_KEEP_ALIVE: yesOrNo.default(false),
  QUOTA_IMAGES_PER_DAY: whole(0, 1_000_000_000).default(0),
  QUOTA_IMAGES_PER_MINUTE: whole(0, 1_000_000_000).default(0),
  OPERATORS: people.prefault(""),
  BLOCKED_WORDS_FILE: text.optional(),
  DATA_DIR: text.default(standardDirectory),
  DATABASE_URL: secret
    .refine((url) => /^postgres(?:ql)?:\/\/./.test(url), "must begin with postgres://")
    .optional(),
  ROLES: list
    .refine(
      (names) => names.every((name) => roles.some((role) => role === name)),
      `must be a list of ${roles.join(", ")}`,
    )
    .transform((names) => new Set<Role>(names.length === 0 ? roles : (names as Role[])))
    .prefault(""),
  S3_ENDPOINT: webAddress.optional(),
  S3_BUCKET: text.optional(),
  S3_REGION: text.default("auto"),
  S3_ACCESS_KEY_ID: secret.optional(),
  S3_SECRET_ACCESS_KEY: secret.optional(),
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"]).default("info"),
});

/** The values of all variables, checked and with their defaults. */
export type Variables = z.output<typeof variables>;
