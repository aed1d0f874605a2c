import { invalidRequest, isImageError } from "../../../core/errors.ts";
import { type Job, parseCode } from "../../../core/job.ts";
import { type Door, type RequestContext, viewerOf } from "../context.ts";
import { ignoresEarlier, shownLast, withEarlier, withShown } from "../earlier.ts";
import type { Brought, Reference } from "../pictures.ts";
import { Refusal } from "../refusals.ts";

/** The job that an earlier response showed to the same person. Throws a `Refusal` in OpenAI's words where there is none. */
export async function jobOfResponse(door: Door, context: RequestContext, id: string): Promise<Job> {
  const code = id.startsWith("resp_") ? parseCode(`zi-${id.slice(5)}`) : undefined;
  try {
    if (code) return await door.studio.own(code, viewerOf(door, context));
  } catch (error) {
    if (!isImageError(error) || !/^not-(?:found|yours)$/.test(error.code)) throw error;
  }
  throw new Refusal({
    status: 400,
    headers: {},
    body: {
      error: {
        message: `previous_response_id: there is no response "${id.slice(0, 100)}" here (any more).`,
        type: "invalid_request_error",
        param: "previous_response_id",
        code: "previous_response_not_found",
      },
    },
  });
}

/** What decides whether an earlier picture is changed. */
export interface Wish {
  readonly words: string;
  readonly input: unknown;
  readonly action: "auto" | "generate" | "edit" | null | undefined;
  /** Of the response that this one follows. */
  readonly previous: Job | undefined;
}

/**
 * What is brought, or the picture that was shown last, where the words or the action ask for an edit. Throws
 * `invalid-request` for an edit of nothing.
 */
export function broughtToResponse(context: RequestContext, brought: Brought, wish: Wish): Brought {
  const { words, input, action, previous } = wish;
  const find = () => shownLast(input, "input") ?? shownBy(previous);
  if (action === "edit") {
    const all = withShown(brought, find());
    if (all.pictures.length > 0) return all;
    throw invalidRequest("action", "action: edit needs a picture in the input, or an earlier one.");
  }
  if (action === "generate" || ignoresEarlier(context)) return brought;
  return withEarlier(brought, words, find);
}

function shownBy(job: Job | undefined): Reference | undefined {
  const picture = job?.pictures.at(-1);
  return picture && { field: "previous_response_id", content: picture.id };
}
