import { z } from "zod";
import type { HistoryPage } from "../../core/archive.ts";
import type { Job } from "../../core/job.ts";
import type { Answer } from "./answer.ts";
import { parseBody, readJson } from "./body.ts";
import type { Door, RequestContext } from "./context.ts";
import { given } from "./fields.ts";
import { codeOf, recipeAnswer } from "./recipe-answer.ts";

/** `after` is what an earlier page gave as `next`: when its last job was created, and its code. */
const cursor = z
  .string()
  .regex(/^\d{1,15}\.zi-[0-9A-Z]{10}$/, "has to be the next of an earlier page")
  .transform((text) => {
    const [createdAt = "", code = ""] = text.split(".");
    return { createdAt: Number(createdAt), code };
  });

const flag = z.enum(["true", "false", "1", "0"]).transform((word) => /^(?:true|1)$/.test(word));

/** The query of `GET /v1/images`. */
const listQuery = z.object({
  after: cursor.optional(),
  limit: z.coerce.number().int().min(1).max(100).default(30),
  q: z.string().trim().max(500).optional(),
  favorite: flag.optional(),
  model: z.string().max(200).optional(),
  state: z.enum(["done", "open"]).default("done"),
  hash: z
    .string()
    .regex(/^[0-9a-f]{64}$/, "has to be a SHA-256 in hexadecimal digits")
    .optional(),
});

/** `GET /v1/images`: the requester's own pictures, newest first. */
export async function listImages(door: Door, context: RequestContext): Promise<Answer> {
  const query = parseBody(listQuery, nonEmpty(context.req.query()));
  const { gallery } = door.studio;
  const requester = context.get("requester");
  if (query.hash !== undefined) {
    const found = await door.studio.findByHash(query.hash, requester);
    return listAnswer(door, context, found ? [found] : [], false);
  }
  const page = toPage(query, door);
  // One more than was asked for says whether there are more.
  const jobs = await gallery.page(requester, { ...page, limit: page.limit + 1 });
  const shown = fitting(jobs.slice(0, page.limit));
  return listAnswer(door, context, shown, jobs.length > shown.length);
}

/** Characters of the words on a page: with more of them it ends before its limit. */
const mostWords = 200_000;

/** As many of the first as fit on a page; at least one. */
function fitting(jobs: readonly Job[]): readonly Job[] {
  let length = 0;
  const end = jobs.findIndex(({ brief, recipe }, index) => {
    length += brief.words.length + brief.negative.length + (recipe?.prompt.length ?? 0);
    return index > 0 && length > mostWords;
  });
  return end === -1 ? jobs : jobs.slice(0, end);
}

function nonEmpty(query: Readonly<Record<string, string>>) {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value.trim() !== ""));
}

function toPage(
  { after, limit, q, favorite, model, state }: z.output<typeof listQuery>,
  { catalogue }: Door,
): HistoryPage {
  const known = model === undefined ? undefined : (catalogue.served(model)?.id ?? model);
  const narrowed = { limit, ...given({ after, words: q, favorite, model: known }) };
  return state === "open"
    ? { ...narrowed, states: ["queued", "running"] }
    : { ...narrowed, pictured: true };
}

async function listAnswer(
  door: Door,
  context: RequestContext,
  jobs: readonly Job[],
  isMore: boolean,
): Promise<Answer> {
  const favorites = await door.studio.gallery.favorites(jobs);
  const last = jobs.at(-1);
  const data = jobs.map((job) => recipeAnswer(door, context, job, favorites));
  const next = isMore && last ? `${last.createdAt}.${last.code}` : null;
  return { json: { object: "list", data, has_more: isMore, next } };
}

/** The body of `PUT /v1/images/{code}/favorite`. */
export const favorBody = z.object({
  favorite: z.boolean(),
  /** Which picture of the job, from 1. */
  picture: z.int().min(1).max(10).default(1),
});

/** `PUT /v1/images/{code}/favorite`. */
export async function favorImage(door: Door, context: RequestContext): Promise<Answer> {
  const { favorite, picture: number } = parseBody(favorBody, await readJson(context));
  const { gallery } = door.studio;
  const job = await gallery.favor(codeOf(context), { number, favorite }, context.get("requester"));
  return { json: recipeAnswer(door, context, job, await gallery.favorites([job])) };
}

/** `DELETE /v1/images/{code}`. */
export async function removeImage(door: Door, context: RequestContext): Promise<Answer> {
  const code = codeOf(context);
  await door.studio.gallery.remove(code, context.get("requester"));
  return { json: { object: "image.deleted", code, deleted: true } };
}
