import { isFinished } from "../../core/job.ts";
import type { QuotaState } from "../../core/quota.ts";
import type { Translator } from "../i18n.ts";
import { plain, type Screen } from "../screen.ts";
import type { Actor, ChatTools } from "../use-cases.ts";

const dayMs = 86_400_000;

/** What a person has used. */
export interface Usage {
  /** Pictures of jobs of this UTC day, made or under way. */
  readonly today: number;
  /** What is left of each quota; nothing where there is none. */
  readonly quotas: readonly QuotaState[];
}

/** What a person has used, and what is left. */
export async function usageOf(
  { requester }: Actor,
  now: number,
  { studio }: Pick<ChatTools, "studio">,
): Promise<Usage> {
  const midnight = now - (now % dayMs);
  const limit = 100;
  let today = 0;
  for (let before = Number.MAX_SAFE_INTEGER; ; ) {
    const jobs = await studio.history(requester, { limit, before });
    const recent = jobs.filter(({ createdAt }) => createdAt >= midnight);
    for (const job of recent) today += isFinished(job) ? job.pictures.length : job.brief.count;
    const last = recent.at(-1);
    if (recent.length < limit || !last) break;
    before = last.createdAt;
  }
  return { today, quotas: await studio.quotaOf(requester) };
}

/** What a person has used, and what is left of each quota. */
export function usageScreen({ today, quotas }: Usage, t: Translator, now: number): Screen {
  const lines = quotas.map(({ window, limit, left, resetsAt }) => {
    const when = { wait: t.wait(resetsAt - now), time: t.timeOfDay(resetsAt) };
    return t("usage.quota", { used: limit - left, limit, left, ...when, context: window });
  });
  const all = [
    t("usage.today", { count: today }),
    ...(lines.length > 0 ? lines : [t("usage.none")]),
  ];
  return { lines: all.map((text) => [plain(text)]) };
}
