import { z } from "zod";
import type { Job } from "../../../core/job.ts";
import type { MessageImage } from "./wire.ts";
import type { Door, RequestContext } from "../context.ts";
import { base64Reader } from "../images/answer.ts";

const wish = z.object({ modalities: z.array(z.unknown()) });

/** True when a client asks for pictures beside the text of a message, as OpenRouter's clients do. */
export function wantsImages(json: unknown): boolean {
  return wish.safeParse(json).data?.modalities.includes("image") ?? false;
}

/** A job's pictures inside the answer: these clients load no links. Throws `not-found` when one was swept. */
export function messageImages(
  door: Door,
  context: RequestContext,
  job: Job,
): Promise<MessageImage[]> {
  const read = base64Reader(door, context, job, {});
  return Promise.all(
    job.pictures.map(async (picture, index) => {
      const { base64, format } = await read(picture);
      const url = `data:image/${format};base64,${base64}`;
      return { type: "image_url", image_url: { url }, index } as const;
    }),
  );
}
