import type { Changes } from "../../core/studio/again.ts";
import { optional } from "../../core/optional.ts";
import type { Job } from "../../core/job.ts";
import type { ImageRequest, Quality } from "../../core/request.ts";
import type { OptionId } from "../commands.ts";
import type { ChatTools, PictureAsker } from "../imagine.ts";
import { imagine, remake } from "../imagine.ts";
import type { Visit } from "./visit.ts";

/** What a person put into a command's options. */
export type OptionValues = ReadonlyMap<OptionId, string | number | boolean>;

/** Someone who asks for a picture; the same interaction is the same job however often it comes. */
export function pictureAsker(visit: Visit, isPrivate?: boolean): PictureAsker {
  return {
    ...visit.asker,
    key: visit.place.interaction,
    delivery: { door: "discord", place: visit.place },
    ...optional({ private: isPrivate }),
  };
}

/** Asks for a picture. Nothing is said here: the job is shown by its delivery. Throws what `imagine` throws. */
export function draw(values: OptionValues, visit: Visit, tools: ChatTools): Promise<Job> {
  const hidden = values.get("private");
  const asker = pictureAsker(visit, typeof hidden === "boolean" ? hidden : undefined);
  return imagine(requestOf(values), asker, tools);
}

/** Discord has checked kinds and ranges, and the studio checks them again. */
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
  };
  return { prompt: String(values.get("prompt") ?? ""), ...optional(wishes) } as ImageRequest;
}

/** Makes a job again; one of a private job is private, too. Throws what `remake` throws. */
export async function drawAgain(
  code: string,
  changes: Changes,
  visit: Visit,
  tools: ChatTools,
): Promise<Job> {
  const parent = await tools.studio.find(code, visit.asker.requester);
  return remake(code, changes, pictureAsker(visit, parent.private || undefined), tools);
}
