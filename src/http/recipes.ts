import { z } from "zod";
import type { Changes } from "../../core/studio/again.ts";
import { invalidRequest } from "../../core/errors.ts";
import { fields, idsOf } from "../../core/request.ts";
import type { Answer } from "./answer.ts";
import { parseBody, readJson } from "./body.ts";
import { askForWish, type Wish } from "./clients.ts";
import { type Door, type RequestContext, viewerOf } from "./context.ts";
import { given } from "./fields.ts";
import { withOurNames } from "./names.ts";
import { acceptedAnswer, prefersAsync } from "./orders.ts";
import { finishedJob } from "./progress.ts";
import { codeOf, recipeAnswer } from "./recipe-answer.ts";

/** `GET /v1/images/{code}`: how a picture was made, at any door. */
export async function showRecipe(door: Door, context: RequestContext): Promise<Answer> {
  const viewer = viewerOf(door, context);
  const job = await door.studio.find(codeOf(context), viewer);
  // What its owner likes best concerns no other person.
  const isOwn = idsOf(viewer).includes(job.requester.id);
  const favorites = isOwn ? await door.studio.gallery.favorites([job]) : undefined;
  return { json: recipeAnswer(door, context, job, favorites) };
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
  /** Only the picture with this number, from 1. */
  picture: z.int().min(1).max(10).nullish(),
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
  if (prefersAsync(context)) return acceptedAnswer(door, context, hold.job);
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

function toChanges(body: z.output<typeof againBody>): Changes {
  const seed = typeof body.seed === "number" && body.seed < 1 ? "new" : body.seed;
  return given({
    seed,
    wording: body.wording,
    ratio: body.aspect_ratio,
    prompt: body.prompt,
    negative: body.negative_prompt,
    count: body.n,
    picture: body.picture,
  });
}
