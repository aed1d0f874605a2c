import { type Brief, seedOf } from "./brief.ts";
import type { Model } from "./catalogue.ts";
import type { Enhancement, Enhancer, Wording } from "./enhance.ts";
import { type AnyImageError, ImageError, isImageError } from "./errors.ts";
import { finalPrompt, type Job, missingPictures, type Picture, type Recipe } from "./job.ts";
import type { Notice } from "./notices.ts";
import { optional } from "./optional.ts";
import { type Made, type MakeTools, makePicture, type Run } from "./pipeline/make-picture.ts";
import { type Plan, planRecipe, type RouteTools } from "./pipeline/plan.ts";
import type { Policy } from "./policy.ts";
import type { Order, SourceImage } from "./provider.ts";
import { findSource, type SourceTools } from "./sources.ts";

/** What making the pictures of a job needs. */
export interface PipelineTools extends MakeTools, RouteTools, SourceTools {
  /** Absent where no enhancer is configured. */
  readonly enhance?: Enhancer;
  /** Absent where everything is allowed. */
  readonly policy?: Policy;
  /** Where a service can fetch a picture to edit, without metadata; undefined where it cannot. */
  readonly sourceUrl: (picture: Pick<Picture, "id" | "format">) => string | undefined;
}

/** The result of the work. The pictures were added to their job one by one before. */
export interface Outcome {
  readonly recipe: Recipe;
  readonly notices: readonly Notice[];
}

/** From what a person asked to pictures on disk. Throws ImageError; everything else is a bug. */
export async function makePictures(run: Run, tools: PipelineTools): Promise<Outcome> {
  const { job } = run;
  const { brief } = job;
  const plan = run.start?.plan ?? (await planFor(run, tools));
  const sources = brief.sources ? await sourcesOf(brief, brief.sources, tools) : {};
  const make = (number: number, index: number) => {
    const order = orderOf(plan.recipe, run.route.model, { number, brief, sources });
    const lease = index === 0 ? run.start?.lease : undefined;
    return makePicture({ number, order, plan, lease }, run, tools);
  };
  const results = await Promise.allSettled(missingPictures(job).map(make));
  const made = sumUp(results, job.pictures.length);
  return {
    recipe: { ...plan.recipe, ...made.facts },
    notices: [...plan.notices, ...made.notices],
  };
}

/**
 * The plan of a job whose final prompt needs no enhancer: it is settled already, or the enhancer is off or not wanted.
 * Otherwise undefined. Throws `content-refused`.
 */
export function planAtOnce(
  job: Pick<Job, "brief" | "recipe">,
  run: Pick<Run, "route">,
  tools: PipelineTools,
) {
  const wording = wordingAtOnce(job, tools);
  return wording && judgedPlan(job.brief, wording, run, tools);
}

async function planFor(run: Run, tools: PipelineTools): Promise<Plan> {
  const { job } = run;
  const wording = wordingAtOnce(job, tools) ?? (await enhancedIn(run, tools));
  return judgedPlan(job.brief, wording, run, tools);
}

/**
 * What a brief's words would be painted as, without painting. Throws `content-refused`, and the signal's reason.
 */
export async function wordingOf(
  brief: Brief,
  signal: AbortSignal,
  tools: PipelineTools,
): Promise<Wording> {
  tools.policy?.judge(`${brief.words}\n${brief.negative}`);
  const wording =
    wordingAtOnce({ brief, recipe: null }, tools) ?? (await enhanced(brief, signal, tools));
  tools.policy?.judge(wording.prompt);
  return wording;
}

function wordingAtOnce({ brief, recipe }: Pick<Job, "brief" | "recipe">, tools: PipelineTools) {
  // A job that an earlier process began keeps its final prompt.
  const settled = brief.wording ?? recipe?.wording;
  if (settled) return settled;
  if (!brief.enhance) return ownWords(brief, { status: "declined" });
  if (tools.enhance) return undefined;
  tools.observe.wordsEnhanced("off");
  return ownWords(brief, { status: "off" });
}

async function enhancedIn(run: Run, tools: PipelineTools) {
  run.onEnhancing(true);
  return enhanced(run.job.brief, run.signal, tools).finally(() => run.onEnhancing(false));
}

async function enhanced(brief: Brief, signal: AbortSignal, tools: PipelineTools): Promise<Wording> {
  const { prompt, variants = [prompt], size } = brief;
  const { enhance } = tools;
  if (!enhance) throw new Error("Without an enhancer every wording is there at once.");
  const ratio = size.kind === "ratio" ? { ratio: size.ratio } : {};
  const asked = variants.map((words) => enhance({ words, signal, ...ratio }));
  const wording = together(brief, await Promise.all(asked));
  const { enhancement } = wording;
  tools.observe.wordsEnhanced(
    enhancement.status === "failed" ? enhancement.reason : enhancement.status,
  );
  return wording;
}

/** The words as they are, for each picture. */
function ownWords({ prompt, variants }: Brief, enhancement: Enhancement): Wording {
  return { prompt, enhancement, ...optional({ prompts: variants }) };
}

/** One wording of those of all variants: all are enhanced, or none. */
function together(brief: Brief, wordings: readonly Wording[]): Wording {
  const [first, ...others] = wordings;
  if (!first) throw new Error("A prompt stands for one text at least.");
  if (others.length === 0) return first;
  const failed = wordings.find(({ enhancement }) => enhancement.status !== "enhanced");
  if (failed) return ownWords(brief, failed.enhancement);
  const enhancement = others.reduce((sum, next) => added(sum, next.enhancement), first.enhancement);
  return { ...first, enhancement, prompts: wordings.map(({ prompt }) => prompt) };
}

/** The first with the tokens of both. */
function added(first: Enhancement, second: Enhancement): Enhancement {
  if (first.status !== "enhanced" || second.status !== "enhanced") return first;
  const usage = {
    promptTokens: first.usage.promptTokens + second.usage.promptTokens,
    completionTokens: first.usage.completionTokens + second.usage.completionTokens,
  };
  return { ...first, usage };
}

/** Applies the policy to the enhanced prompt, as it was applied to the person's own words. */
function judgedPlan(
  brief: Brief,
  wording: Wording,
  { route }: Pick<Run, "route">,
  { policy }: PipelineTools,
): Plan {
  const { recipe, notices } = planRecipe(brief, wording, route);
  if (!policy || wording.prompt === brief.words) return { recipe, notices };
  const { spoiler } = policy.judge([wording.prompt, ...(wording.prompts ?? [])].join("\n"));
  return { recipe: spoiler ? { ...recipe, spoiler } : recipe, notices };
}

type Sources = Pick<Order, "sources" | "mask">;

async function sourcesOf(
  { mask }: Brief,
  sources: readonly string[],
  tools: PipelineTools,
): Promise<Sources> {
  return {
    sources: await Promise.all(sources.map((id) => sourceOf(id, tools))),
    ...(mask !== undefined && { mask: await sourceOf(mask, tools) }),
  };
}

async function sourceOf(id: string, tools: PipelineTools): Promise<SourceImage> {
  const found = await findSource(id, tools);
  if (!found) throw new ImageError("not-found", { code: id });
  const bytes = await tools.imaging.bare(found.bytes);
  const { format } = tools.imaging.inspect(bytes);
  return { bytes, format, url: tools.sourceUrl(found) };
}

function orderOf(
  recipe: Recipe,
  model: Model,
  { number, brief, sources }: { number: number; brief: Brief; sources: Sources },
): Order {
  const { negative, width, height, steps, guidance, extras } = recipe;
  const prompt = finalPrompt(recipe, number);
  const seed = seedOf(brief.seed, number);
  return {
    ...{ model, prompt, negative, width, height, seed, steps, guidance, extras },
    ...sources,
  };
}

/** Throws where all pictures failed, or one was cancelled or hit a bug. Otherwise a notice counts the failed ones. */
function sumUp(results: readonly PromiseSettledResult<Made>[], kept: number) {
  const made = results.filter((result) => result.status === "fulfilled").map(({ value }) => value);
  const errors = results
    .filter((result) => result.status === "rejected")
    .map(({ reason }): unknown => reason);
  const fatal = errors.find((error) => !isImageError(error) || isEnd(error));
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

/** The whole job has ended, and not this picture alone. */
function isEnd({ code }: AnyImageError): boolean {
  return code === "cancelled" || code === "restarting";
}

function unique(notices: readonly Notice[]): readonly Notice[] {
  if (notices.length < 2) return notices;
  return [...new Map(notices.map((notice) => [JSON.stringify(notice), notice])).values()];
}
