import type { Catalogue, Model } from "./catalogue.ts";
import { type ErrorDetails, ImageError } from "./errors.ts";
import { readDirectives } from "./prompt.ts";

/** How many pictures a request brings to be edited, and whether a mask. */
export interface Brings {
  readonly pictures: number;
  readonly mask?: boolean;
}

/** What was asked of which model: the words may name one, too. */
export interface Asked {
  readonly prompt: string;
  readonly model?: string | undefined;
}

/**
 * The model that edits what is brought: the one that the request or its words name, otherwise the first that takes all of
 * it. Throws `unknown-model`, and `unsupported`, with a model that could where there is one.
 */
export function editingModel(asked: Asked, brings: Brings, catalogue: Catalogue): Model {
  const { model, able } = candidates(asked, brings, catalogue);
  const lack = lackOf(model, brings);
  if (lack === undefined) return model;
  // Where none takes all of it, one that edits at all is better than one that does not.
  const best = bestEditor(catalogue);
  const better = able ?? (!model.edits && best.edits ? best : undefined);
  const details = { ...lack, model: model.id, ...(better && { able: better.id }) };
  throw new ImageError("unsupported", details);
}

/** The model that goes on with what it can of a picture, and what it leaves out. */
export interface Fit {
  readonly model: Model;
  /** Of the pictures, from the first: 0 where it edits none. */
  readonly pictures: number;
  readonly mask: boolean;
}

/**
 * For doors whose custom is to go on rather than to refuse: the model that `editingModel` would answer or refuse, and
 * what it takes of what is brought. What is left out goes into `ImageRequest.leftOut`. Throws `unknown-model`.
 */
export function fitting(asked: Asked, brings: Brings, catalogue: Catalogue): Fit {
  const { model } = candidates(asked, brings, catalogue);
  const pictures = Math.min(brings.pictures, model.edits?.pictures ?? 0);
  return { model, pictures, mask: brings.mask === true && model.edits?.mask === true };
}

/** The model that is asked, and the first that could. */
function candidates({ prompt, model: named }: Asked, brings: Brings, catalogue: Catalogue) {
  const name = named ?? readDirectives(prompt).model;
  const able = catalogue.models.find((one) => lackOf(one, brings) === undefined);
  const model = name === undefined ? (able ?? bestEditor(catalogue)) : catalogue.find(name);
  return { model, able };
}

type Lack = Omit<ErrorDetails["unsupported"], "model" | "able">;

/** What a model cannot do of it. */
function lackOf({ edits }: Model, { pictures, mask = false }: Brings): Lack | undefined {
  if (!edits) return { feature: "edit" };
  if (pictures > edits.pictures) return { feature: "pictures", limit: edits.pictures };
  return mask && !edits.mask ? { feature: "mask" } : undefined;
}

/** The first of the models that take the most pictures; the default one where none takes any. */
function bestEditor(catalogue: Catalogue): Model {
  const most = (model: Model) => model.edits?.pictures ?? 0;
  return catalogue.models.reduce(
    (best, one) => (most(one) > most(best) ? one : best),
    catalogue.find(),
  );
}
