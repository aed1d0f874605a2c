import { seedOf } from "./asked.ts";
import type { Catalogue, Model } from "./catalogue.ts";
import type { Enhancer, Wording } from "./enhance.ts";
import { type AnyImageError, ImageError, isImageError } from "./errors.ts";
import type { Asked, Job, Picture, Recipe } from "./job.ts";
import { type Made, type MakeTools, makePicture, type Run } from "./pipeline/make-picture.ts";
import type { Notice } from "./notices.ts";
import { planRecipe } from "./pipeline/order.ts";
import type { Policy } from "./policy.ts";
import type { ImageProvider, Order, SourceImage } from "./provider.ts";
import { findSource } from "./studio/source.ts";

export interface PipelineTools extends MakeTools {
  readonly catalogue: Catalogue;
  /** The provider with this id; the composition root has made sure that there is one for each model. */
  readonly provider: (id: string) => ImageProvider;
  readonly enhance: Enhancer;
  readonly policy: Policy;
  /** Where a kept picture can be fetched from outside, if anywhere. */
  readonly publicUrl: (picture: Pick<Picture, "id" | "format">) => string | undefined;
}

/** What the work came to; the pictures have reached their job one by one. */
export interface Outcome {
  readonly recipe: Recipe;
  readonly notices: readonly Notice[];
}

/** From what a person asked to pictures on disk. Throws ImageError; everything else is a bug. */
export async function makePictures(run: Run, tools: PipelineTools): Promise<Outcome> {
  const { asked, pictures: kept } = run.job;
  const model = tools.catalogue.find(asked.model);
  const provider = tools.provider(model.provider);
  const wording = await findWording(run.job, run.signal, tools);
  tools.policy.judge(wording.prompt);
  const plan = planRecipe(asked, wording, model, provider);
  const source = await sourceOf(asked, tools);
  const make = (number: number) => {
    const order = orderOf(plan.recipe, model, seedOf(asked.seed, number), source);
    return makePicture({ number, order, provider, plan }, run, tools);
  };
  const results = await Promise.allSettled(missingNumbers(run.job).map(make));
  const made = sortOut(results, kept.length);
  return {
    recipe: { ...plan.recipe, ...made.facts },
    notices: [...plan.notices, ...made.notices],
  };
}

async function findWording(
  { asked, recipe }: Job,
  signal: AbortSignal,
  tools: PipelineTools,
): Promise<Wording> {
  // A job that an earlier process has begun goes on with the words that it began with.
  const settled = asked.wording ?? recipe?.wording;
  if (settled) return settled;
  if (!asked.enhance) return { prompt: asked.prompt, enhancement: { status: "declined" } };
  const ratio = asked.size.kind === "ratio" ? { ratio: asked.size.ratio } : {};
  const wording = await tools.enhance({ words: asked.prompt, signal, ...ratio });
  const { enhancement } = wording;
  tools.observe.wordsEnhanced(
    enhancement.status === "failed" ? enhancement.reason : enhancement.status,
  );
  return wording;
}

async function sourceOf(asked: Asked, tools: PipelineTools): Promise<SourceImage | undefined> {
  if (asked.source === undefined) return undefined;
  const found = await findSource(asked.source, tools);
  if (!found) throw new ImageError("not-found", { code: asked.source });
  return { bytes: found.bytes, url: tools.publicUrl(found) };
}

function orderOf(
  recipe: Recipe,
  model: Model,
  seed: number,
  source: SourceImage | undefined,
): Order {
  const { prompt, negative, width, height, steps, guidance, extras } = recipe;
  const order = { model, prompt, negative, width, height, seed, steps, guidance, extras };
  return source ? { ...order, source } : order;
}

function missingNumbers({ asked, pictures }: Job): number[] {
  const numbers = Array.from({ length: asked.count }, (_, index) => index + 1);
  return numbers.filter((number) => !pictures.some((picture) => picture.number === number));
}

/** Where some pictures failed, the others count; where all failed, so does the job. */
function sortOut(results: readonly PromiseSettledResult<Made>[], kept: number) {
  const made = results.filter((result) => result.status === "fulfilled").map(({ value }) => value);
  const errors = results
    .filter((result) => result.status === "rejected")
    .map(({ reason }): unknown => reason);
  const fatal = errors.find((error) => !isImageError(error) || error.code === "cancelled");
  const first = errors[0] as AnyImageError | undefined;
  const got = kept + made.length;
  if (fatal ?? (first && got === 0)) throw (fatal ?? first) as Error;
  const failed: Notice[] = first
    ? [
        {
          code: "pictures-failed",
          failed: errors.length,
          of: errors.length + got,
          error: first.code,
        },
      ]
    : [];
  return {
    notices: [...unique(made.flatMap(({ notices }) => notices)), ...failed],
    facts: made.find(({ facts }) => facts.madeBy)?.facts ?? {},
  };
}

function unique(notices: readonly Notice[]): Notice[] {
  return [...new Map(notices.map((notice) => [JSON.stringify(notice), notice])).values()];
}
