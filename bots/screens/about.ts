import { commands } from "../commands.ts";
import type { Translator } from "../i18n.ts";
import type { Platform } from "../platform.ts";
import { type Button, type Line, plain, type Screen } from "../screen.ts";
import { isFinished } from "../../core/job.ts";
import type { QuotaState } from "../../core/quota.ts";
import type { Actor, ChatTools } from "../use-cases.ts";

/** What the bot and its commands do; `edits` where a model edits pictures. */
export function helpScreen(
  t: Translator,
  { nameOf }: Platform,
  { edits, url }: { readonly edits: boolean; readonly url: string | undefined },
): Screen {
  const paragraphs = [
    t("help.intro", { command: nameOf("draw", t) }),
    t("help.flags"),
    t("help.buttons"),
    ...(edits ? [t("help.edits")] : []),
  ];
  const list = commands.map(
    ({ id }): Line => [plain(`/${nameOf(id, t)} — ${t(`commands.${id}.description`)}`)],
  );
  return {
    lines: [
      ...paragraphs.flatMap((text): Line[] => [[plain(text)], []]),
      [plain(t("help.commands"))],
      ...list,
      ...(url === undefined ? [] : [[], [plain(t("help.links", { url }))]]),
    ],
  };
}

/** What is kept about a person. */
export function privacyScreen(t: Translator): Screen {
  return { lines: [[plain(t("privacy.text"))]] };
}

/** Asks whether to erase everything of a person, whom alone the answer is taken from. */
export function forgetScreen(t: Translator, owner: string | undefined): Screen {
  const answer = (argument: "yes" | "no") => ({ action: "forget", argument, owner }) as const;
  const yes: Button = { label: t("buttons.confirmForget"), data: answer("yes"), style: "danger" };
  const no: Button = { label: t("buttons.keep"), data: answer("no") };
  return { lines: [[plain(t("privacy.confirm"))]], buttons: [[yes], [no]] };
}

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
