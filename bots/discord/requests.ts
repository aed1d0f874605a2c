import type { Job } from "../../core/job.ts";
import { optional } from "../../core/optional.ts";
import type { ImageRequest, Quality } from "../../core/request.ts";
import { type OptionValues, pictureOptions } from "../commands.ts";
import { type Given, type GivenPictures, imagineFrom } from "../edits.ts";
import { settingsFor } from "../use-cases.ts";
import type { Interaction } from "./interaction.ts";
import type { Reply } from "./reply.ts";
import { pictureIn } from "./sent-files.ts";

/** Asks for a picture; its delivery answers the interaction. Throws what `imagineFrom` throws. */
export function draw(values: OptionValues, interaction: Interaction): Promise<Job> {
  const hidden = values.get("private");
  const isPrivate = typeof hidden === "boolean" ? hidden : undefined;
  const pictures = picturesIn(values, interaction);
  return drawFrom(requestOf(values), pictures, interaction, { hidden: isPrivate });
}

/** The pictures that were sent with a command, in order. Throws Refused for what is no picture, before anything is fetched. */
export function picturesIn(
  values: OptionValues,
  { attachments, tools }: Interaction,
): readonly Given[] {
  const sent = pictureOptions.flatMap((id) => attachments[`${values.get(id)}`] ?? []);
  return sent.map((file) => pictureIn(file, tools.files));
}

/** The same pictures, which are fetched only once an answer has begun, if need be by `defer`: Discord waits three seconds for one. */
export function fetchedLater(
  given: readonly Given[],
  reply: Pick<Reply, "started">,
  defer: () => Promise<void>,
): readonly Given[] {
  let begun: Promise<void> | undefined;
  const fetchLater = async (fetchPicture: () => Promise<Uint8Array>) => {
    await (begun ??= reply.started ? Promise.resolve() : defer());
    return fetchPicture();
  };
  return given.map((one) => (typeof one === "function" ? () => fetchLater(one) : one));
}

/** How a picture is asked for. */
export interface DrawOptions extends Pick<GivenPictures, "wordsAlone"> {
  /** For this person's eyes alone; counts before the settings. */
  readonly hidden?: boolean | undefined;
}

/** Asks for a picture made from these. Throws what `imagineFrom` throws. */
export async function drawFrom(
  request: ImageRequest,
  given: readonly Given[],
  { actor, reply, tools, submitter }: Interaction,
  { hidden, wordsAlone = false }: DrawOptions = {},
): Promise<Job> {
  const defer = async () => {
    const usual = hidden ?? (await settingsFor(actor, tools.settings)).private;
    await reply.defer({ hidden: usual ?? false });
  };
  const pictures = fetchedLater(given, reply, defer);
  return imagineFrom(request, { pictures, wordsAlone }, submitter(hidden), tools);
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
