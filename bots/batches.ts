import { picturesIn } from "../core/brief.ts";
import type { Job } from "../core/job.ts";
import { optional } from "../core/optional.ts";
import type { ImageRequest } from "../core/request.ts";
import type { Button } from "./conversation.ts";
import type { Translator } from "./i18n.ts";
import { askedScope, type ChatTools, imagine, type Submitter } from "./use-cases.ts";

/** A request for more pictures than this is painted only once a button was pressed. */
export const askedAbove = 4;

/** A question before many pictures are painted. */
export interface Question {
  readonly text: string;
  readonly buttons: readonly Button[];
}

/**
 * How many pictures a request is for. Throws what `readBrief` throws for its words, and `unknown-preset`.
 */
export async function picturesOf(
  request: ImageRequest,
  submitter: Submitter,
  { studio }: Pick<ChatTools, "studio">,
): Promise<number> {
  const preset = await studio.presets.namedIn(request, submitter);
  const mayBeMany = request.prompt.includes("{") || preset?.words.includes("{");
  return mayBeMany ? picturesIn(request, preset) : 1;
}

/**
 * The question whether so many pictures are meant; undefined where they are few, or more than are left of a quota, which
 * the studio refuses. The request is kept until its person presses the button or asks for something else.
 */
export async function questionFor(
  request: ImageRequest,
  submitter: Submitter,
  t: Translator,
  tools: ChatTools,
): Promise<Question | undefined> {
  const count = await picturesOf(request, submitter, tools);
  if (count <= askedAbove) return undefined;
  const { requester, key, private: hidden, defaults } = submitter;
  const quotas = await tools.studio.quotaOf(requester);
  const left = Math.min(...quotas.map((quota) => quota.left));
  if (left < count) return undefined;
  const asked = { key, request, ...optional({ private: hidden, defaults }) };
  await tools.settings.set(askedScope(requester.id), { asked });
  const about = { action: "paint", argument: key } as const;
  return {
    text: left === Infinity ? t("ask.batch", { count }) : t("ask.batchOfQuota", { count, left }),
    buttons: [{ label: t("buttons.paint", { count }), data: about }],
  };
}

/**
 * Paints what this person was asked about under this key, however often it is pressed; undefined where that was somebody
 * else, or something newer was asked for. Throws what `imagine` throws.
 */
export async function paintAsked(
  key: string,
  submitter: Submitter,
  tools: ChatTools,
): Promise<Job | undefined> {
  const scope = askedScope(submitter.requester.id);
  const { asked } = await tools.settings.get(scope);
  if (asked?.key !== key) return undefined;
  const { request, private: hidden, defaults } = asked;
  const own = { ...submitter, key, ...optional({ private: hidden, defaults }) };
  const job = await imagine(request, own, tools);
  await tools.settings.set(scope, { asked: undefined });
  return job;
}
