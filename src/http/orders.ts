import { z } from "zod";
import type { Job } from "../../core/job.ts";
import type { Progress } from "../../core/provider.ts";
import { fields } from "../../core/request.ts";
import type { JobStatus } from "../../core/studio/watch.ts";
import type { Answer } from "./answer.ts";
import { parseBody, readJson } from "./body.ts";
import { type Door, type RequestContext, viewerOf } from "./context.ts";
import { problemOf } from "./errors.ts";
import { eventStream, type EventWriter } from "./event-stream.ts";
import { given, withWordsFirst } from "./fields.ts";
import { withOurNames } from "./names.ts";
import { codeOf, codesOf, recipeAnswer } from "./recipe-answer.ts";

/** Whether the client wants its answer at once, and the picture later (RFC 7240). */
export function prefersAsync({ req }: RequestContext): boolean {
  return /(?:^|[\s,;])respond-async(?:$|[\s,;])/i.test(req.header("prefer") ?? "");
}

/** 202: the picture was accepted, and is made without its client. */
export function acceptedAnswer(door: Door, context: RequestContext, job: Job): Answer {
  const headers = { location: `/v1/images/${job.code}`, "preference-applied": "respond-async" };
  return { status: 202, headers, json: recipeAnswer(door, context, job) };
}

/** How often a job is told of at least, in milliseconds: the place in line changes without it. */
const everyMs = 1000;

/**
 * `GET /v1/images/{code}/events`: how a job stands, whenever that changes, and at last how it was made. Of several jobs, whose
 * codes have commas between them, one stream tells, until all have ended: browsers open few connections to one server.
 */
export async function watchImage(door: Door, context: RequestContext): Promise<Answer> {
  const codes = codesOf(context);
  const [only = "", ...others] = codes;
  if (others.length === 0) await door.studio.find(only, viewerOf(door, context));
  const write = async (writer: EventWriter) => {
    writer.begin();
    await Promise.all(codes.map((code) => tellAll(door, context, code, writer)));
  };
  return eventStream({ door, write });
}

async function tellAll(door: Door, context: RequestContext, code: string, writer: EventWriter) {
  const { signal } = context.req.raw;
  let said = "";
  try {
    await door.studio.find(code, viewerOf(door, context));
    for await (const status of door.studio.watch(code, everyMs)) {
      if (signal.aborted) return;
      if (status.state === "ended") writer.send(recipeAnswer(door, context, status.job), "ended");
      else said = tell({ code, ...statusAnswer(status, door.now()) }, said, writer);
    }
  } catch (error) {
    const { body, headers } = problemOf(error, door.log, { job: code });
    const details: unknown = JSON.parse(headers["x-drawbridge-problem"] ?? "null");
    writer.send({ code, ...body, details }, "error");
  }
}

/** Sends what differs from what was said last; answers what was said last. */
function tell(status: object, said: string, writer: EventWriter): string {
  const text = JSON.stringify(status);
  if (text !== said) writer.send(status, "status");
  return text;
}

function statusAnswer({ stage, position, startedAt, progress }: JobStatus, now: number) {
  return {
    stage,
    place: position?.place ?? null,
    eta_ms: position?.etaMs === undefined ? null : Math.round(position.etaMs / 1000) * 1000,
    painting_ms: startedAt === undefined ? null : Math.max(0, now - startedAt),
    ...progressAnswer(progress),
  };
}

function progressAnswer({ fraction, step, place, preview }: Progress = {}) {
  return {
    fraction: fraction ?? null,
    step: step ?? null,
    service_place: place ?? null,
    preview: preview ? Buffer.from(preview).toString("base64") : null,
  };
}

/** `POST /v1/images/{code}/cancel`. */
export async function cancelByCode(door: Door, context: RequestContext): Promise<Answer> {
  const job = await door.studio.cancel(codeOf(context), context.get("requester"));
  return { json: recipeAnswer(door, context, job) };
}

/** The body of `POST /v1/prompts`. */
export const promptBody = z.object({
  prompt: fields.prompt,
  negative_prompt: fields.negative.nullish(),
  aspect_ratio: fields.aspectRatio.nullish(),
  model: fields.model.nullish(),
  preset: fields.preset.nullish(),
  words_first: z.boolean().nullish(),
});

/** `POST /v1/prompts`: what the words would be painted as. */
export async function previewPrompt(door: Door, context: RequestContext): Promise<Answer> {
  const sent = parseBody(promptBody, withOurNames(await readJson(context)));
  const { prompt } = sent;
  const body = withWordsFirst(prompt, sent);
  const { negative_prompt: negative, aspect_ratio: aspectRatio, model, preset } = body;
  const request = { prompt, ...given({ negative, aspectRatio, model, preset }) };
  const wording = await door.studio.wordingOf(
    request,
    context.get("requester"),
    context.req.raw.signal,
  );
  const { status } = wording.enhancement;
  const aspect_ratio = wording.suggestedRatio ?? null;
  return { json: { object: "prompt", prompt: wording.prompt, aspect_ratio, enhancement: status } };
}
