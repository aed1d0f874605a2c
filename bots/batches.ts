import { picturesIn } from "../core/brief.ts";
import { optional } from "../core/optional.ts";
import type { ImageRequest } from "../core/request.ts";
import { Refused } from "./refused.ts";
import type { ChatTools, Submitter } from "./use-cases.ts";

/** A request for more pictures than this is painted only once a button was pressed. */
export const askedAbove = 4;

/** How many pictures a request is for. Throws what `readBrief` throws for its words, and `unknown-preset`. */
export async function picturesOf(
  request: ImageRequest,
  submitter: Submitter,
  { studio }: Pick<ChatTools, "studio">,
): Promise<number> {
  const preset = await studio.presets.namedIn(request, submitter);
  const mayBeMany = request.prompt.includes("{") || preset?.words.includes("{");
  return mayBeMany ? picturesIn(request, preset) : (request.count ?? 1);
}

/**
 * Throws `Refused` with a question and the button that answers it, where many pictures are asked for; of more than are
 * left of a quota the studio says so itself. The request is kept until its person presses the button or asks for something
 * else.
 */
export async function askBeforeMany(
  request: ImageRequest,
  submitter: Submitter,
  tools: ChatTools,
): Promise<void> {
  const count = await picturesOf(request, submitter, tools);
  if (count <= askedAbove) return;
  const { requester, key, private: hidden, defaults } = submitter;
  const quotas = await tools.studio.quotaOf(requester);
  const left = Math.min(...quotas.map((quota) => quota.left));
  if (left < count || (await tools.studio.findByKey(requester, key))) return;
  const asked = { key, request, ...optional({ private: hidden, defaults }) };
  await tools.settings.set(askedScope(requester.id), { asked });
  const values = { count, ...(left < Infinity && { left }) };
  throw new Refused(left < Infinity ? "ask.batchOfQuota" : "ask.batch", {
    values,
    answer: { key: "buttons.paint", data: { action: "paint", argument: key } },
  });
}

/** The settings scope in which a person's request waits for its answer. */
export function askedScope(requester: string): string {
  return `asked:${requester}`;
}
