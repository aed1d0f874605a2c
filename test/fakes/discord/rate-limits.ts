import type { Clock } from "./clock.ts";
import { type Refusal, tooManyRequests } from "./errors.ts";
import type { Match } from "./router.ts";

/** Which limits hold; both may be switched at any time. */
export interface RateLimits {
  /** Buckets for each route and channel or token, told in headers. */
  perRoute: boolean;
  /** Fifty requests in a second, interactions not counted. */
  global: boolean;
}

interface Bucket {
  readonly name: string;
  readonly limit: number;
  readonly windowMs: number;
}

const SENDING = { name: "send", limit: 5, windowMs: 5_000 };
const EDITING = { name: "edit", limit: 5, windowMs: 5_000 };
const WEBHOOK = { name: "webhook", limit: 5, windowMs: 2_000 };

/** As they have been observed; Discord publishes none: https://docs.discord.com/developers/topics/rate-limits */
const BUCKETS: Readonly<Record<string, Bucket>> = {
  "POST /channels/:channel/messages": SENDING,
  "PATCH /channels/:channel/messages/:message": EDITING,
  "DELETE /channels/:channel/messages/:message": { name: "delete", limit: 5, windowMs: 1_000 },
  "POST /webhooks/:application/:token": WEBHOOK,
  "PATCH /webhooks/:application/:token/messages/:message": WEBHOOK,
  "DELETE /webhooks/:application/:token/messages/:message": WEBHOOK,
};

const GLOBAL: Bucket = { name: "global", limit: 50, windowMs: 1_000 };

/** What the limits say of one request. */
export interface Verdict {
  readonly refusal?: Refusal;
  readonly headers: Readonly<Record<string, string>>;
}

/** Counts requests in windows that begin with their first request. */
export function createRateLimiter(clock: Clock, limits: RateLimits): (match: Match) => Verdict {
  const windows = new Map<string, { readonly endsAt: number; used: number }>();

  function use(key: string, { limit, windowMs }: Bucket) {
    const now = clock.now();
    const open = windows.get(key);
    const window = open && open.endsAt > now ? open : { endsAt: now + windowMs, used: 0 };
    windows.set(key, window);
    window.used += 1;
    return {
      isOver: window.used > limit,
      left: Math.max(0, limit - window.used),
      resetMs: window.endsAt - now,
    };
  }

  function globally({ route }: Match): Verdict | undefined {
    if (!limits.global || !route.needsToken) return undefined;
    const { isOver, resetMs } = use("global", GLOBAL);
    if (!isOver) return undefined;
    const headers = { "x-ratelimit-scope": "global" };
    return { refusal: tooManyRequests(resetMs, { global: true }), headers };
  }

  return (match) => {
    const over = globally(match);
    if (over) return over;
    const bucket = limits.perRoute ? BUCKETS[match.route.name] : undefined;
    if (!bucket) return { headers: {} };
    const { channel, application, token } = match.parameters;
    const { isOver, left, resetMs } = use(
      [bucket.name, channel ?? `${application}/${token}`].join(" "),
      bucket,
    );
    const headers = {
      "x-ratelimit-limit": String(bucket.limit),
      "x-ratelimit-remaining": String(left),
      "x-ratelimit-reset": String((clock.now() + resetMs) / 1000),
      "x-ratelimit-reset-after": String(resetMs / 1000),
      "x-ratelimit-bucket": `bucket-${bucket.name}`,
      ...(isOver ? { "x-ratelimit-scope": "user" } : {}),
    };
    return isOver ? { refusal: tooManyRequests(resetMs), headers } : { headers };
  };
}
