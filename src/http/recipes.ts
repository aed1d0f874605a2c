import { z } from "zod";
import type { Changes } from "../../core/studio/again.ts";
import { ImageError, invalidRequest } from "../../core/errors.ts";
import { type Job, parseCode, type Recipe } from "../../core/job.ts";
import { fields } from "../../core/request.ts";
import type { Answer } from "./answer.ts";
import { parseBody, readJson } from "./body.ts";
import { askForWish, type Wish } from "./clients.ts";
import { type Door, type RequestContext, viewerOf } from "./context.ts";
import { given } from "./fields.ts";
import { withOurNames } from "./names.ts";
import { noticeText } from "./notices.ts";
import { finishedJob } from "./progress.ts";

/** `GET /v1/images/{code}`: how a picture was made, at any door. */
export async function showRecipe(door: Door, context: RequestContext): Promise<Answer> {
  const job = await door.studio.find(codeOf(context), viewerOf(door, context));
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

/** `POST /v1/images/{code}/again`: makes the picture again, with the changes in the body. */
export async function makeAgain(door: Door, context: RequestContext): Promise<Answer> {
  const body = parseBody(againBody, withOurNames(await readJson(context)));
  const code = codeOf(context);
  const changes = toChanges(body);
  const { address } = viewerOf(door, context);
  const wish: Wish = {
    identity: { code, changes },
    submit: (submission) => door.studio.again(code, changes, { ...submission, address }),
  };
  const hold = await askForWish(door, context, wish, { endpoint: "again" });
  const done = await finishedJob(door, hold);
  return { json: recipeAnswer(door, context, done) };
}

/** `POST /v1/images/cancel`: its client does not want any more what it asked for with this Idempotency-Key. */
export async function cancelImage(door: Door, context: RequestContext): Promise<Answer> {
  const key = context.req.header("idempotency-key");
  if (!key) {
    throw invalidRequest(null, "Send the Idempotency-Key of the request that is to be cancelled.");
  }
  const job = await door.clients.cancel(context.get("requester"), key);
  return { json: recipeAnswer(door, context, job) };
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
