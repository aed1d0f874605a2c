import {
  type APIMessage,
  type APIModalInteractionResponseCallbackData,
  type APIModalSubmission,
  ComponentType,
} from "discord-api-types/v10";
import { z } from "zod";
import { ImageError } from "../../core/errors.ts";
import type { Job } from "../../core/job.ts";
import { optional } from "../../core/optional.ts";
import { type ImageRequest, listedRatios } from "../../core/request.ts";
import { askedScope } from "../batches.ts";
import { type Action, encodeAction } from "../button-data.ts";
import { Refused } from "../refused.ts";
import { type Given, mostSources } from "../edits.ts";
import type { DoorTools, Interaction } from "./interaction.ts";
import { limits } from "./limits.ts";
import { picturesShown, type Part, partsOf } from "./message-words.ts";
import { boxes, type Field, labelled, openForm, radios, text, valuesIn } from "./modals.ts";
import { settingsFor } from "../use-cases.ts";
import { drawFrom } from "./requests.ts";
import { isPicture, pictureIn, type SentFile } from "./sent-files.ts";
import { clipTo } from "./text.ts";

/** What the form offers: further pictures up to `most`, one of these pictures, and whether it is `hidden` unless said otherwise. */
interface EditOffer {
  readonly most: number;
  readonly numbers?: readonly number[];
  readonly hidden: boolean;
}

/** The form in which a person says what to change: of a job's pictures, or of what was found in a message. */
function editForm(
  about: Pick<Action, "code" | "picture" | "argument">,
  { t }: Interaction,
  { most, numbers = [], hidden }: EditOffer,
): APIModalInteractionResponseCallbackData {
  const further = {
    type: ComponentType.FileUpload,
    custom_id: "image",
    min_values: 0,
    max_values: Math.min(most - 1, limits.modalFiles),
    file_types: ["image"],
    required: false,
  } as const satisfies Field["component"];
  const also = boxes("also", [
    { value: "enhance", label: t("options.enhance.description"), ticked: false },
    { value: "private", label: t("options.private.description"), ticked: hidden },
  ]);
  const which = radios("picture", numbers.map(String), { required: true });
  return {
    custom_id: encodeAction({ action: "edit", ...about }),
    title: clipTo(limits.modalTitle, `${t("buttons.edit")} ${about.code ?? ""}`.trim()),
    components: [
      ...(numbers.length > 1 ? [labelled(t("picture.choosePicture"), which)] : []),
      labelled(t("ask.changeWords"), text("prompt", { required: true })),
      ...(most > 1 ? [labelled(t("ask.morePictures"), further)] : []),
      labelled(t("options.ratio.description"), radios("ratio", listedRatios)),
      labelled(t("ask.also"), also),
    ],
  };
}

/** Opens the form for the pictures of a job, or for the one that the button is about. */
export async function openEdit(
  { code = "", picture }: Action,
  interaction: Interaction,
): Promise<void> {
  await openFor(await find(code, interaction), picture, interaction);
}

async function openFor(
  job: Job,
  picture: number | undefined,
  interaction: Interaction,
): Promise<void> {
  const most = mostSources(interaction.tools.catalogue);
  if (most === 0) throw new Refused("ask.nothingEdits");
  const about = { code: job.code, ...optional({ picture }) };
  const numbers = picture === undefined ? job.pictures.map(({ number }) => number) : [];
  const hidden = job.private || (await isUsuallyHidden(interaction));
  await openForm(editForm(about, interaction, { most, numbers, hidden }), interaction.reply);
}

async function isUsuallyHidden({ actor, tools }: Interaction): Promise<boolean> {
  return (await settingsFor(actor, tools.settings)).private ?? false;
}

/** Opens the form for the pictures of any message: for the job's own where the message shows one. */
export async function openEditOf(
  message: APIMessage,
  job: Job | undefined,
  interaction: Interaction,
): Promise<void> {
  if (job && job.pictures.length > 0) return openFor(job, undefined, interaction);
  const { tools } = interaction;
  const most = mostSources(tools.catalogue);
  const found = filesIn(message, tools);
  if (found.length === 0) throw new Refused("ask.noPictureHere");
  // What is wrong with them is said before a person writes words for nothing.
  for (const file of found) pictureIn(file, tools.files);
  const argument = interaction.place.interaction;
  await keepForForm(argument, found, interaction);
  const hidden = await isUsuallyHidden(interaction);
  await openForm(editForm({ argument }, interaction, { most, hidden }), interaction.reply);
}

/** Makes what was asked for in the form. */
export async function submitEdit(
  { code, picture, argument = "" }: Action,
  form: Pick<APIModalSubmission, "components">,
  interaction: Interaction,
): Promise<void> {
  const values = valuesIn(form);
  const uploads = values.get("image") ?? [];
  const sent = uploads.flatMap((id) => interaction.attachments[id] ?? []);
  const job = code === undefined ? undefined : await find(code, interaction);
  const [number = picture ?? 1] = values.get("picture") ?? [];
  const first = job ? [pictureOf(job, Number(number))] : await keptForForm(argument, interaction);
  const pictures = [...first, ...sent.map((file) => pictureIn(file, interaction.tools.files))];
  const hidden = values.get("also")?.includes("private") ?? (job?.private || undefined);
  await drawFrom(requestIn(values), pictures, interaction, { hidden });
}

function requestIn(values: ReadonlyMap<string, readonly string[]>): ImageRequest {
  const [prompt = ""] = values.get("prompt") ?? [];
  const [ratio = ""] = values.get("ratio") ?? [];
  const enhance = values.get("also")?.includes("enhance") || undefined;
  return { prompt, ...optional({ aspectRatio: ratio || undefined, enhance }) };
}

function find(code: string, { actor, tools }: Interaction): Promise<Job> {
  return tools.studio.find(code, actor.requester);
}

function pictureOf({ code, pictures }: Job, wanted: number): Given {
  const found = pictures.find(({ number }) => number === wanted);
  if (!found) throw new ImageError("not-found", { code: `${code}.${wanted}` });
  return found;
}

const keptForm = z.object({
  form: z.string(),
  pictures: z.array(
    z.object({
      filename: z.string(),
      size: z.number(),
      url: z.string(),
      content_type: z.string().exactOptional(),
    }),
  ),
});

/** Keeps the pictures of the form that this person opens: when it comes back, Discord tells no more of its message. */
async function keepForForm(
  form: string,
  pictures: readonly SentFile[],
  { actor, tools }: Interaction,
): Promise<void> {
  const kept = keptForm.parse({ form, pictures });
  await tools.settings.set(askedScope(actor.requester.id), { taken: [kept] });
}

/** Throws Refused where this person has opened another form since. */
async function keptForForm(form: string, { actor, tools }: Interaction): Promise<readonly Given[]> {
  const { taken = [] } = await tools.settings.get(askedScope(actor.requester.id));
  const found = keptForm.safeParse(taken[0]).data;
  if (found?.form !== form) throw new Refused("ask.formTooOld");
  return found.pictures.map((file) => pictureIn(file, tools.files));
}

// === Pictures of messages

/** The pictures of a message and of those that it forwards. */
export function filesIn(message: APIMessage, tools: Pick<DoorTools, "files">): readonly SentFile[] {
  return partsOf(message).flatMap((part) => picturesIn(part, tools));
}

/** The pictures of a message: files, what components show, and pictures of links, as far as Discord itself has them. */
function picturesIn(part: Part, { files }: Pick<DoorTools, "files">): readonly SentFile[] {
  const linked = part.embeds.flatMap(({ image, thumbnail }) => image ?? thumbnail ?? []);
  const media = [...picturesShown(part).map(({ media: one }) => one), ...linked];
  const addresses = media.flatMap(({ url, proxy_url: copy = "" }) =>
    [url, copy].filter((address) => files.isOwn(address)).slice(0, 1),
  );
  const unmeasured = addresses.map((url) => ({ filename: "picture.png", size: 0, url }));
  return [...part.attachments.filter(isPicture), ...unmeasured];
}
