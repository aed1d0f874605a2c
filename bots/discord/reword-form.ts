import type {
  APIModalInteractionResponseCallbackData,
  APIModalSubmission,
} from "discord-api-types/v10";
import { invalidRequest } from "../../core/errors.ts";
import type { Job } from "../../core/job.ts";
import { optional } from "../../core/optional.ts";
import { listedRatios, maxSeed } from "../../core/request.ts";
import type { Changes } from "../../core/studio/again.ts";
import { type Action, encodeAction } from "../button-data.ts";
import type { Translator } from "../i18n.ts";
import { limits } from "./limits.ts";
import { box, labelled, radios, text, valuesIn } from "./modals.ts";
import { clipTo } from "./text.ts";

/** The contents of the form's fields, by option. */
export type Filled = Readonly<Record<"prompt" | "negative" | "ratio" | "seed" | "enhance", string>>;

/** The contents of the form when it opens: what the job, or the picture with this number, was made from. */
export function filledWith({ brief, recipe }: Job, picture?: number): Filled {
  const seed = picture === undefined ? brief.seed : brief.seed + picture - 1;
  return {
    prompt: brief.prompt.slice(0, limits.modalText).toWellFormed(),
    negative: brief.negative.slice(0, limits.modalText).toWellFormed(),
    ratio: recipe?.ratio ?? "",
    seed: `${seed}`,
    enhance: `${brief.enhance}`,
  };
}

/** The form that Reword opens, filled in from the job. */
export function rewordForm(
  job: Job,
  { code, picture }: Pick<Action, "code" | "picture">,
  t: Translator,
): APIModalInteractionResponseCallbackData {
  const filled = filledWith(job, picture);
  const { ratio } = filled;
  // The listed ones, and the job's own if it is another one.
  const ratios = [...new Set([...listedRatios, ...(ratio === "" ? [] : [ratio])])];
  const about = optional({ code, picture });
  return {
    custom_id: encodeAction({ action: "reword", ...about }),
    title: clipTo(limits.modalTitle, `${t("buttons.reword")} ${job.code}`),
    components: [
      labelled(
        t("options.prompt.description"),
        text("prompt", { value: filled.prompt, required: true }),
      ),
      labelled(t("options.negative.description"), text("negative", { value: filled.negative })),
      labelled(t("options.ratio.description"), radios("ratio", ratios, { chosen: ratio })),
      labelled(
        t("options.seed.description"),
        text("seed", { value: filled.seed, length: `${maxSeed}`.length }),
      ),
      labelled(t("options.enhance.description"), box("enhance", filled.enhance === "true")),
    ],
  };
}

/** Reads a submitted form. */
export function readForm(form: Pick<APIModalSubmission, "components">): Partial<Filled> {
  const fields = [...valuesIn(form)].map(([name, [value = ""]]) => [name, value]);
  return Object.fromEntries(fields) as Partial<Filled>;
}

/** Only what the person changed in the form. Throws `invalid-request` for an invalid seed. */
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
    wording: differs("enhance") || differs("prompt") ? wordingIn(given) : undefined,
  });
}

/** Where the form had no box, what is usual counts. */
function wordingIn({ enhance }: Partial<Filled>): Changes["wording"] {
  if (enhance === undefined) return undefined;
  return enhance === "true" ? "anew" : "own";
}

/** An empty field asks for a new seed. */
function seedIn(typed: string): number | "new" {
  if (typed.trim() === "") return "new";
  const seed = Number(typed);
  if (Number.isInteger(seed) && seed >= 1 && seed <= maxSeed) return seed;
  throw invalidRequest("seed", `A seed is a whole number from 1 to ${maxSeed}.`);
}
