import { ImageError, invalidRequest } from "../errors.ts";
import { type Job, parsePictureCode } from "../job.ts";

/** The most pictures of one preset. */
const most = 4;

/**
 * The ids of pictures for a preset to keep: of those that codes name, and of those that were sent, which are stored only
 * now. `find` looks up the job of a code for the person who saves. Throws `invalid-request` for too many, and `not-found`.
 */
export async function presetPictures(
  pictures: readonly (string | (() => Promise<string>))[],
  find: (code: string) => Promise<Job>,
): Promise<readonly string[]> {
  if (pictures.length > most) {
    throw invalidRequest("pictures", `A preset has ${most} pictures at most.`);
  }
  return Promise.all(
    pictures.map(async (text) => {
      if (typeof text !== "string") return text();
      const code = parsePictureCode(text);
      const job = code && (await find(code.job));
      const picture = job?.pictures.find(({ number }) => number === code?.number);
      if (!picture) throw new ImageError("not-found", { code: text.slice(0, 40) });
      return picture.id;
    }),
  );
}
