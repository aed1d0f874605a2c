import { z } from "zod";
import { ImageError, type ProviderFault } from "../errors.ts";
import type { FetchResponse } from "../wire/fetch.ts";

/** What a service answered, read to its end. */
export interface Reply {
  readonly status: number;
  readonly headers: FetchResponse["headers"];
  readonly text: string;
  /** undefined when the text is no JSON. */
  readonly json: unknown;
}

/** What translating a refusal needs beside the reply. */
export interface RefusalContext {
  readonly provider: string;
  /** Texts that are removed from our messages if the service repeats them. */
  readonly hidden: readonly string[];
}

type Verdict = ProviderFault | "busy" | "refused";

/** For each fault: whether a retry is safe, and whether the work may have been charged for. */
const consequences: Record<ProviderFault, { readonly transient: boolean; readonly paid: boolean }> =
  {
    unreachable: { transient: true, paid: false },
    challenge: { transient: true, paid: false },
    "bad-key": { transient: false, paid: false },
    "no-points": { transient: false, paid: false },
    rejected: { transient: false, paid: false },
    "server-error": { transient: false, paid: true },
    "bad-reply": { transient: false, paid: true },
    "bad-image": { transient: false, paid: true },
    "other-format": { transient: false, paid: true },
    "unsafe-link": { transient: false, paid: true },
  };

/** The codes and types of OpenAI's error object, and of services that copy it. */
const codes: ReadonlyMap<unknown, Verdict> = new Map([
  ["moderation_blocked", "refused"],
  ["content_policy_violation", "refused"],
  ["content_filter", "refused"],
  ["contentFilter", "refused"],
  ["data_inspection_failed", "refused"],
  ["DataInspectionFailed", "refused"],
  ["insufficient_quota", "no-points"],
  ["billing_hard_limit_reached", "no-points"],
  ["billing_not_active", "no-points"],
  ["invalid_api_key", "bad-key"],
  ["rate_limit_exceeded", "busy"],
]);

/**
 * Statuses that are enough for a verdict. With 521, 523, 525 and 526 Cloudflare says that it never got a connection to the service.
 * https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-5xx-errors/
 */
const statuses: ReadonlyMap<number, Verdict> = new Map([
  [401, "bad-key"],
  [402, "no-points"],
  [429, "busy"],
  [521, "unreachable"],
  [523, "unreachable"],
  [525, "unreachable"],
  [526, "unreachable"],
]);

/** Phrases in the text of a refusal that has no telling status or code. The first row that matches counts. */
const phrases: readonly (readonly [Verdict, RegExp])[] = [
  ["refused", /违规|违禁|敏感|审核|nsfw|safety|moderation|content[ _-]?policy/i],
  ["no-points", /积分|余额|点数|额度|\bpoints?\b|\bcredits?\b|\bbalance\b|quota|billing/i],
  ["bad-key", /密钥|令牌|未授权|api[ _-]?key|\btoken\b|unauthori[sz]ed/i],
  ["busy", /频繁|限流|并发|rate[ _-]?limit|too many requests/i],
];

const standardPauseMs = 5_000;
const dayMs = 24 * 60 * 60 * 1000;
const reason = "The image service does not paint this.";

/** Translates an answer without a picture to an ImageError: by its code and status first, then by its text. */
export function refusalOf(reply: Reply, { provider, hidden }: RefusalContext): ImageError {
  const account = accountOf(reply);
  const said = excerpt(account?.text ?? reply.text, hidden);
  const verdict = plainVerdict(reply, account) ?? wordedVerdict(reply.status, account && said);
  const message = `${provider} answered ${reply.status}: ${said}`;
  switch (verdict) {
    case "busy": {
      const retryAfterMs = retryAfterOf(reply.headers) ?? standardPauseMs;
      return new ImageError("provider-busy", { provider, retryAfterMs }, { message });
    }
    case "refused":
      return new ImageError("content-refused", { by: "provider", reason }, { message });
    default: {
      const { transient, paid } = consequences[verdict];
      // An unexplained failure with status 200 may have been charged for.
      const charged = paid || (verdict === "rejected" && reply.status < 300);
      const details = { provider, fault: verdict, transient, paid: charged };
      return new ImageError("provider-failed", details, { message });
    }
  }
}

function plainVerdict({ status, headers, json }: Reply, account?: Account): Verdict | undefined {
  if (headers.get("cf-mitigated") === "challenge") return "challenge";
  if (status === 403 && json === undefined) return "challenge";
  if (status === 503 && retryAfterOf(headers) !== undefined) return "busy";
  return account?.codes.map((code) => codes.get(code)).find(Boolean) ?? statuses.get(status);
}

function wordedVerdict(status: number, said: string | undefined): Verdict {
  const row = phrases.find(([, pattern]) => said !== undefined && pattern.test(said));
  if (row) return row[0];
  if (status >= 500) return "server-error";
  if (status === 403) return "bad-key";
  return status >= 300 || said !== undefined ? "rejected" : "bad-reply";
}

interface Account {
  readonly text: string;
  readonly codes: readonly unknown[];
}

const text = z.string().catch("");
const anything = z.unknown().optional();
const failure = z.object({
  success: anything,
  error: z
    .union([
      z.string().transform((message) => ({ message, code: undefined, type: undefined })),
      z.object({ message: text, code: anything, type: anything }),
    ])
    .optional()
    .catch(undefined),
  message: text,
  msg: text,
  detail: text,
});

/** The service's own description of its failure; undefined when it has none, or reports a success. */
function accountOf({ status, json }: Reply): Account | undefined {
  const parsed = failure.safeParse(json);
  if (!parsed.success) return undefined;
  const { success, error, message, msg, detail } = parsed.data;
  if (status < 300 && error === undefined && success !== false) return undefined;
  const texts = [error?.message, message, msg, detail];
  return { text: texts.filter(Boolean).join(" "), codes: [error?.code, error?.type] };
}

/** Milliseconds, at most a day; undefined when the header is absent or makes no sense. */
function retryAfterOf(headers: Reply["headers"]): number | undefined {
  const after = headers.get("retry-after")?.trim();
  if (!after) return undefined;
  const sentAt = Date.parse(headers.get("date") ?? "") || Date.now();
  const ms = after.endsWith("GMT") ? Date.parse(after) - sentAt : Number(after) * 1000;
  return Number.isFinite(ms) ? Math.min(Math.max(0, Math.round(ms)), dayMs) : undefined;
}

/** A word that is safe to show, such as the name of a model. */
const plainName = /^\w[\w.-]{1,60}$/;

/**
 * One short line of a service's text for the operator: without secrets, links, tags and control characters. Secrets
 * go before anything is cut, so that no half of one remains.
 */
export function excerpt(text: string, hidden: readonly string[]): string {
  const shortest = 4;
  if (plainName.test(text) && !hidden.some((secret) => text.includes(secret))) return text;
  const shown = hidden
    .filter((secret) => secret.length >= shortest)
    .reduce((rest, secret) => rest.replaceAll(secret, "[…]"), text.replaceAll("\\/", "/"));
  return shown
    .slice(0, 4_000)
    .replace(/https?:\/\/[^\s"'<>]+/gi, "[link]")
    .replace(/<[^<>]*>/g, " ")
    .replace(/[\p{C}\s]+/gu, " ")
    .trim()
    .slice(0, 300)
    .toWellFormed();
}
