import {
  type APIModalInteractionResponseCallbackData,
  type APIModalSubmission,
  type APISelectMenuOption,
  ComponentType,
  TextInputStyle,
} from "discord.js";
import type { Changes } from "../../core/studio/again.ts";
import { optional } from "../../core/optional.ts";
import { invalidRequest } from "../../core/errors.ts";
import type { Job } from "../../core/job.ts";
import { listedRatios, maxSeed } from "../../core/request.ts";
import { type Action, encodeAction } from "../actions.ts";
import type { OptionId } from "../commands.ts";
import type { Words } from "../words.ts";
import { limits } from "./limits.ts";
import { clipTo } from "./text.ts";

/** What the fields of the form hold, by the names of the options. */
export type Filled = Readonly<Record<"prompt" | "negative" | "ratio" | "seed", string>>;

/** What the form holds when it is opened. */
export function filledWith({ brief, recipe }: Job, picture?: number): Filled {
  const seed = picture === undefined ? brief.seed : brief.seed + picture - 1;
  return {
    prompt: brief.prompt.slice(0, limits.modalText).toWellFormed(),
    negative: brief.negative.slice(0, limits.modalText).toWellFormed(),
    ratio: recipe?.ratio ?? "",
    seed: `${seed}`,
  };
}

/** The form behind Edit, filled in as the job was asked for. */
export function editForm(
  job: Job,
  { code, picture }: Pick<Action, "code" | "picture">,
  words: Words,
): APIModalInteractionResponseCallbackData {
  const filled = filledWith(job, picture);
  const about = optional({ code, picture });
  return {
    custom_id: encodeAction({ action: "edit", ...about }),
    title: clipTo(limits.modalTitle, `${words.say("buttons.edit")} ${job.code}`),
    components: [
      labelled("prompt", words, paragraph("prompt", filled.prompt, true)),
      labelled("negative", words, paragraph("negative", filled.negative, false)),
      labelled("ratio", words, ratios(filled.ratio)),
      labelled("seed", words, {
        type: ComponentType.TextInput,
        custom_id: "seed",
        style: TextInputStyle.Short,
        value: filled.seed,
        required: false,
        max_length: `${maxSeed}`.length,
      }),
    ],
  };
}

type Field = APIModalInteractionResponseCallbackData["components"][number] & {
  type: ComponentType.Label;
};

function labelled(id: OptionId, words: Words, component: Field["component"]): Field {
  const label = clipTo(limits.modalTitle, words.say(`options.${id}.description`));
  return { type: ComponentType.Label, label, component };
}

function paragraph(custom_id: string, value: string, required: boolean): Field["component"] {
  return {
    type: ComponentType.TextInput,
    custom_id,
    style: TextInputStyle.Paragraph,
    max_length: limits.modalText,
    required,
    ...(value === "" ? {} : { value }),
  };
}

/** The six ratios, and the job's own where it is another one. */
function ratios(current: string): Field["component"] {
  const own = current === "" ? [] : [current];
  const options = [...new Set([...listedRatios, ...own])].map(
    (ratio): APISelectMenuOption => ({ label: ratio, value: ratio, default: ratio === current }),
  );
  return { type: ComponentType.StringSelect, custom_id: "ratio", options, required: false };
}

/** What a sent form says. */
export function readForm({ components }: Pick<APIModalSubmission, "components">): Partial<Filled> {
  const fields = components.flatMap((shown) => {
    if (shown.type !== ComponentType.Label) return [];
    const { component } = shown;
    if ("value" in component) return [[component.custom_id, String(component.value ?? "")]];
    return "values" in component ? [[component.custom_id, component.values[0] ?? ""]] : [];
  });
  return Object.fromEntries(fields) as Partial<Filled>;
}

/** What a person changed in the form, and nothing else. Throws `invalid-request` for a seed that is none. */
export function changesIn(given: Partial<Filled>, before: Filled, picture?: number): Changes {
  const differs = (field: keyof Filled) =>
    given[field] !== undefined && given[field].trim() !== before[field].trim();
  const ratio = differs("ratio") && given.ratio !== "" ? given.ratio : undefined;
  return optional({
    picture,
    prompt: differs("prompt") ? given.prompt : undefined,
    negative: differs("negative") ? given.negative : undefined,
    ratio,
    seed: differs("seed") ? seedIn(given.seed ?? "") : undefined,
  });
}

/** An empty field wants a new one. */
function seedIn(text: string): number | "new" {
  if (text.trim() === "") return "new";
  const seed = Number(text);
  if (Number.isInteger(seed) && seed >= 1 && seed <= maxSeed) return seed;
  throw invalidRequest("seed", `A seed is a whole number from 1 to ${maxSeed}.`);
}
