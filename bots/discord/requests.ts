import type { Job } from "../../core/job.ts";
import { optional } from "../../core/optional.ts";
import type { ImageRequest, Quality } from "../../core/request.ts";
import type { Changes } from "../../core/studio/again.ts";
import type { OptionId } from "../commands.ts";
import { type ChatTools, imagine, remake } from "../use-cases.ts";
import { type Interaction, submitterOf } from "./interaction.ts";

/** The options that a person filled in, and the `verb` of a command that has some. */
export type OptionValues = ReadonlyMap<OptionId | "verb", string | number | boolean>;

/** Asks for a picture; its delivery answers the interaction. Throws what `imagine` throws. */
export function draw(
  values: OptionValues,
  interaction: Interaction,
  tools: ChatTools,
): Promise<Job> {
  const hidden = values.get("private");
  const isPrivate = typeof hidden === "boolean" ? hidden : undefined;
  return imagine(requestOf(values), submitterOf(interaction, isPrivate), tools);
}

/** Discord has checked types and ranges; the studio checks them again. */
function requestOf(values: OptionValues): ImageRequest {
  const wishes = {
    aspectRatio: values.get("ratio"),
    model: values.get("model"),
    seed: values.get("seed"),
    negative: values.get("negative"),
    steps: values.get("steps"),
    guidance: values.get("guidance"),
    enhance: values.get("enhance"),
    count: values.get("count"),
    quality: values.get("quality") as Quality | undefined,
    preset: values.get("preset"),
  };
  return { prompt: String(values.get("prompt") ?? ""), ...optional(wishes) } as ImageRequest;
}

/** Makes a job again; the new job of a private one is private, too. Throws what `remake` throws. */
export async function drawAgain(
  code: string,
  changes: Changes,
  interaction: Interaction,
  tools: ChatTools,
): Promise<Job> {
  const parent = await tools.studio.find(code, interaction.actor.requester);
  return remake(code, changes, submitterOf(interaction, parent.private || undefined), tools);
}
