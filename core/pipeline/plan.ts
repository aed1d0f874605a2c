import type { Brief } from "../brief.ts";
import type { Catalogue, Model } from "../catalogue.ts";
import type { Wording } from "../enhance.ts";
import { ImageError } from "../errors.ts";
import { type Recipe, recipeOf } from "../job.ts";
import type { Notice } from "../notices.ts";
import type { Capabilities, ImageProvider } from "../provider.ts";
import { resolveSize } from "../size.ts";

/** A provider as this program uses it. */
export interface ServedProvider {
  readonly provider: ImageProvider;
  /** One deadline for call, retries and download, in milliseconds. */
  readonly timeoutMs: number;
}

/** Which model makes a picture, and who serves it. */
export interface Route extends ServedProvider {
  readonly model: Model;
}

/** What finding the route of a job needs. */
export interface RouteTools {
  readonly catalogue: Catalogue;
  /** The provider with this id; the composition root has made sure that there is one for each model. */
  readonly provider: (id: string) => ServedProvider;
}

/** Throws `unknown-model` when the brief's model has left the catalogue since. */
export function routeOf({ model: id }: Pick<Brief, "model">, tools: RouteTools): Route {
  const model = tools.catalogue.served(id);
  if (!model) throw new ImageError("unknown-model", { model: id });
  return { model, ...tools.provider(model.provider) };
}

/** The recipe of a run, and the notices about it. */
export interface Plan {
  readonly recipe: Recipe;
  readonly notices: readonly Notice[];
}

/** Turns wishes into a recipe that the model can follow, with a notice for each wish that it cannot follow. */
export function planRecipe(brief: Brief, wording: Wording, { model, provider }: Route): Plan {
  const size = resolveSize(brief.size, wording.suggestedRatio, model, brief.quality);
  const steps = within("steps", brief.steps ?? qualitySteps(brief, model), model.steps);
  const guidance = within("guidance", brief.guidance ?? model.guidance.default, model.guidance);
  const cut = (text: string) => cutAtWord(text, model.maxPrompt);
  const prompt = cut(wording.prompt);
  const { prompts } = wording;
  const recipe = recipeOf(brief, {
    prompt,
    provider: provider.id,
    width: size.width,
    height: size.height,
    ratio: size.ratio,
    steps: steps.value,
    guidance: guidance.value,
    extras: allowedExtras(brief, model),
    wording: prompts ? { ...wording, prompts: prompts.map(cut) } : wording,
  });
  const notices = [
    ...brief.notices,
    ...wordingNotices(wording),
    ...cutNotices(wording, model),
    ...size.notices,
    ...steps.notices,
    ...guidance.notices,
    ...ignoredHints(brief, model, provider.capabilities),
    ...ignoredParameters(brief, model),
  ];
  return { recipe, notices };
}

/** The text, without its last words where it is longer than that; never half a character. */
function cutAtWord(text: string, limit = Infinity): string {
  if (text.length <= limit) return text;
  const end = text.slice(0, limit + 1).search(/\s\S*$/);
  // A text without blanks has no word to end at.
  const cut = text.slice(0, end > 0 ? end : limit);
  return cut.replace(/[\ud800-\udbff]$/, "").trimEnd();
}

function cutNotices(
  { prompt, prompts = [prompt] }: Wording,
  { id, maxPrompt = Infinity }: Model,
): Notice[] {
  const characters = Math.max(...prompts.map(({ length }) => length));
  return characters > maxPrompt
    ? [{ code: "prompt-cut", model: id, characters, limit: maxPrompt }]
    : [];
}

function allowedExtras({ extras }: Brief, { parameters }: Model): Recipe["extras"] {
  if (Object.keys(extras).length === 0) return extras;
  const allowed = Object.entries(extras).filter(([name]) => parameters.includes(name));
  return Object.fromEntries(allowed);
}

function qualitySteps(brief: Brief, model: Model): number {
  const tier = brief.quality && model.quality[brief.quality];
  return tier?.steps ?? model.steps.default;
}

function within(
  hint: "steps" | "guidance",
  asked: number,
  { min, max }: { min: number; max: number },
): { value: number; notices: Notice[] } {
  const made = Math.min(max, Math.max(min, asked));
  return {
    value: made,
    notices: made === asked ? [] : [{ code: "value-adjusted", hint, asked, made }],
  };
}

function wordingNotices({ enhancement }: Wording): Notice[] {
  switch (enhancement.status) {
    case "failed":
      return [{ code: "enhancement-failed", reason: enhancement.reason }];
    case "skipped":
      return [
        {
          code: "enhancement-skipped",
          characters: enhancement.characters,
          limit: enhancement.limit,
        },
      ];
    case "off":
    case "declined":
    case "enhanced":
    case "edited":
      return [];
  }
}

function ignoredHints(brief: Brief, model: Model, capabilities: Capabilities): Notice[] {
  const lost = brief.sources === undefined ? [] : (capabilities.ignoredInEdits ?? []);
  const notices: Notice[] = brief.given
    .filter((hint) => hint !== "quality" && (!capabilities[hint] || lost.includes(hint)))
    .map((hint) => ({ code: "hint-ignored", hint, model: model.id }));
  if (brief.quality && !model.quality[brief.quality]) {
    notices.push({ code: "hint-ignored", hint: "quality", model: model.id });
  }
  return notices;
}

function ignoredParameters(brief: Brief, model: Model): Notice[] {
  return Object.keys(brief.extras)
    .filter((name) => !model.parameters.includes(name))
    .map((parameter) => ({ code: "parameter-ignored", parameter, model: model.id }));
}
