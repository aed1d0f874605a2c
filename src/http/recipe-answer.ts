import { ImageError } from "../../core/errors.ts";
import { type Job, type Picture, parseCode, type Recipe } from "../../core/job.ts";
import type { Door, RequestContext } from "./context.ts";
import { noticeText } from "./notices.ts";

/** The code in a path. Throws `not-found` where it is none. */
export function codeOf(context: RequestContext): string {
  return readCode(context.req.param("code") ?? "");
}

/** The codes in a path, each once, with commas between them. Throws `not-found` where one is none. */
export function codesOf(context: RequestContext): readonly string[] {
  const texts = (context.req.param("code") ?? "").split(",");
  return [...new Set(texts.map(readCode))];
}

function readCode(text: string): string {
  const code = parseCode(text);
  if (!code) throw new ImageError("not-found", { code: text.slice(0, 40) });
  return code;
}

/** How a job stands, and how its pictures were made; `favorites` are the ids of those that its owner likes best. */
export function recipeAnswer(
  door: Pick<Door, "links">,
  context: RequestContext,
  job: Job,
  favorites: ReadonlySet<string> = new Set(),
) {
  const { code, state, brief, parent, createdAt, startedAt, finishedAt, delivery, error } = job;
  return {
    object: "image.recipe",
    code,
    state,
    parent,
    version: brief.version ?? 1,
    sources: brief.sources?.length ?? 0,
    door: delivery.door,
    created: toSeconds(createdAt),
    started: startedAt === null ? null : toSeconds(startedAt),
    finished: finishedAt === null ? null : toSeconds(finishedAt),
    took_ms: finishedAt === null ? null : finishedAt - createdAt,
    model: brief.model,
    original_prompt: brief.words,
    negative_prompt: brief.negative,
    seed: brief.seed,
    n: brief.count,
    quality: brief.quality ?? null,
    ...settled(job.recipe),
    notices: job.notices.map(noticeText),
    notice_details: job.notices,
    error: error?.code ?? null,
    error_details: error && { kind: error.code, ...error.details },
    data: job.pictures.map((picture) => pictureAnswer(door, context, picture, favorites)),
  };
}

function toSeconds(ms: number): number {
  return Math.floor(ms / 1000);
}

function pictureAnswer(
  { links }: Pick<Door, "links">,
  context: RequestContext,
  picture: Picture,
  favorites: ReadonlySet<string>,
) {
  const { id, number, seed, width, height, format, bytes } = picture;
  return {
    url: links.picture(context, picture),
    thumbnail_url: links.thumbnail(context, picture),
    number,
    seed,
    width,
    height,
    format,
    bytes,
    favorite: favorites.has(id),
  };
}

/** The fields that are known only after the job's first turn began. */
function settled(recipe: Recipe | null) {
  if (!recipe) return { prompt: null };
  const { prompt, provider, ratio, width, height, steps, guidance, wording, madeBy } = recipe;
  return {
    prompt,
    provider,
    made_by: madeBy ?? null,
    enhancement: wording.enhancement.status,
    aspect_ratio: ratio,
    width,
    height,
    steps,
    cfg: guidance,
  };
}
