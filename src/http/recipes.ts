import { z } from "zod";
import type { Changes } from "../../core/studio/again.ts";
import { ImageError } from "../../core/errors.ts";
import { type Job, parseCode, type Recipe } from "../../core/job.ts";
import { fields } from "../../core/request.ts";
import type { Answer } from "./answer.ts";
import { parseBody, readJson } from "./body.ts";
import { holdFor, httpDoor } from "./clients.ts";
import type { Door, RequestContext } from "./context.ts";
import { given } from "./fields.ts";
import { withOurNames } from "./names.ts";
import { noticeText } from "./notices.ts";
import { finishedJob } from "./progress.ts";

/** `GET /v1/images/{code}`: how a picture was made, from whatever door it came. */
export async function showRecipe(door: Door, context: RequestContext): Promise<Answer> {
  const job = await door.studio.find(codeOf(context), context.get("requester"));
  return { json: recipeAnswer(door, context, job) };
}

/** The body of `POST /v1/images/{code}/again`. */
export const againBody = z.object({
  /** A seed, or "new"; the same one when absent. */
  seed: z.union([z.literal("new"), fields.seed]).nullish(),
  wording: z.enum(["kept", "anew", "own"]).nullish(),
  aspect_ratio: fields.aspectRatio.nullish(),
  prompt: fields.prompt.nullish(),
  negative_prompt: fields.negative.nullish(),
  n: z.int().min(1).max(10).nullish(),
});

/** `POST /v1/images/{code}/again`: the same picture again, or what changes in the body make of it. */
export async function makeAgain(door: Door, context: RequestContext): Promise<Answer> {
  const body = parseBody(againBody, withOurNames(await readJson(context)));
  const key = context.req.header("idempotency-key") || undefined;
  const job = await door.studio.again(codeOf(context), toChanges(body), {
    requester: context.get("requester"),
    ...(key === undefined ? {} : { key }),
    delivery: { door: httpDoor, place: { endpoint: "again" }, direct: true },
  });
  const done = await finishedJob(door, holdFor(context, door.clients.hold(job)));
  return { json: recipeAnswer(door, context, done) };
}

function codeOf(context: RequestContext): string {
  const text = context.req.param("code") ?? "";
  const code = parseCode(text);
  if (!code) throw new ImageError("not-found", { code: text.slice(0, 40) });
  return code;
}

function toChanges(body: z.output<typeof againBody>): Changes {
  const seed = typeof body.seed === "number" && body.seed < 1 ? "new" : body.seed;
  return given({
    seed,
    wording: body.wording,
    ratio: body.aspect_ratio,
    prompt: body.prompt,
    negative: body.negative_prompt,
    count: body.n,
  });
}

function recipeAnswer(door: Door, context: RequestContext, job: Job) {
  const { code, state, brief, parent, createdAt, finishedAt } = job;
  return {
    object: "image.recipe",
    code,
    state,
    parent,
    created: Math.floor(createdAt / 1000),
    finished: finishedAt === null ? null : Math.floor(finishedAt / 1000),
    model: brief.model,
    original_prompt: brief.words,
    negative_prompt: brief.negative,
    seed: brief.seed,
    n: brief.count,
    ...settled(job.recipe),
    notices: job.notices.map(noticeText),
    error: job.error?.code ?? null,
    data: job.pictures.map((picture) => ({
      url: door.links.picture(context, picture),
      seed: picture.seed,
      width: picture.width,
      height: picture.height,
    })),
  };
}

/** What is only known once the job came to its turn. */
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
