import type { Model } from "../catalogue.ts";
import type { Wording } from "../enhance.ts";
import type { Asked, Recipe } from "../job.ts";
import type { Notice } from "../notices.ts";
import type { Capabilities, ImageProvider } from "../provider.ts";
import { resolveSize } from "../size.ts";

export interface Plan {
  readonly recipe: Recipe;
  readonly notices: readonly Notice[];
}

/** Turns wishes into a recipe that the model can follow, with a notice for each that it cannot. */
export function planRecipe(
  asked: Asked,
  wording: Wording,
  model: Model,
  provider: Pick<ImageProvider, "id" | "capabilities">,
): Plan {
  const size = resolveSize(asked.size, wording.suggestedRatio, model, asked.quality);
  const steps = within("steps", asked.steps ?? qualitySteps(asked, model), model.steps);
  const guidance = within("guidance", asked.guidance ?? model.guidance.default, model.guidance);
  const recipe: Recipe = {
    words: asked.words,
    prompt: wording.prompt,
    negative: asked.negative,
    model: model.id,
    provider: provider.id,
    width: size.width,
    height: size.height,
    ratio: size.ratio,
    ...(asked.quality ? { quality: asked.quality } : {}),
    seed: asked.seed,
    steps: steps.value,
    guidance: guidance.value,
    extras: Object.fromEntries(
      Object.entries(asked.extras).filter(([name]) => model.parameters.includes(name)),
    ),
    wording,
  };
  const notices = [
    ...asked.notices,
    ...wordingNotices(wording),
    ...size.notices,
    ...steps.notices,
    ...guidance.notices,
    ...ignoredHints(asked, model, provider.capabilities),
    ...ignoredParameters(asked, model),
  ];
  return { recipe, notices };
}

function qualitySteps(asked: Asked, model: Model): number {
  const tier = asked.quality && model.quality[asked.quality];
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
      return [];
  }
}

function ignoredHints(asked: Asked, model: Model, capabilities: Capabilities): Notice[] {
  const lost = asked.source === undefined ? [] : (capabilities.ignoredInEdits ?? []);
  const notices: Notice[] = asked.given
    .filter((hint) => hint !== "quality" && (!capabilities[hint] || lost.includes(hint)))
    .map((hint) => ({ code: "hint-ignored", hint, model: model.id }));
  if (asked.quality && !model.quality[asked.quality]) {
    notices.push({ code: "hint-ignored", hint: "quality", model: model.id });
  }
  return notices;
}

function ignoredParameters(asked: Asked, model: Model): Notice[] {
  return Object.keys(asked.extras)
    .filter((name) => !model.parameters.includes(name))
    .map((parameter) => ({ code: "parameter-ignored", parameter, model: model.id }));
}
