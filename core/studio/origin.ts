import type { Brief } from "../brief.ts";
import { ImageError } from "../errors.ts";
import type { Imaging } from "../imaging.ts";
import { type Job, parsePictureCode } from "../job.ts";
import { isSentId, keepSource, type SourceTools } from "../sources.ts";
import type { KeptPictures } from "./kept-pictures.ts";

/** A brief whose pictures are here, and the code of the job that made the first of them, where one did. */
export interface Origin {
  readonly brief: Brief;
  readonly parent: string | null;
}

/** How the pictures are found that an edit is made from. */
export interface OriginTools extends SourceTools {
  /** The job of a code, for the person who asks. Throws `not-found`. */
  readonly find: (code: string) => Promise<Job>;
  /** Gets pictures that are only linked to. */
  readonly kept: Pick<KeptPictures, "bytesOf">;
  readonly imaging: Pick<Imaging, "inspect" | "keepable" | "bare">;
}

/**
 * Finds everything that a brief is made from, before anything is paid: codes become ids, and what a service only linked
 * to is fetched and kept. Throws `not-found`.
 */
export async function originOf(brief: Brief, tools: OriginTools): Promise<Origin> {
  const { sources, mask } = brief;
  if (!sources) return { brief, parent: null };
  const found = await Promise.all(sources.map((name) => settle(name, tools)));
  const masked = mask === undefined ? undefined : await settle(mask, tools);
  const job = found[0]?.job;
  return {
    brief: {
      ...brief,
      sources: found.map(({ id }) => id),
      ...(masked && { mask: masked.id }),
      ...(job && { version: (job.brief.version ?? 1) + 1 }),
    },
    parent: job?.code ?? null,
  };
}

interface Settled {
  readonly id: string;
  /** That made it; absent where it was sent. */
  readonly job?: Job;
}

async function settle(name: string, tools: OriginTools): Promise<Settled> {
  const gone = () => new ImageError("not-found", { code: name });
  if (isSentId(name)) {
    if (!(await tools.images.open(name))) throw gone();
    return { id: name };
  }
  const made = await madeHere(name, tools);
  if (!made) throw gone();
  const { picture, job } = made;
  if (picture.hash && (await tools.images.open(picture.hash))) return { id: picture.id, job };
  const { signal } = new AbortController();
  const bytes = picture.link ? await tools.kept.bytesOf(picture, job, signal) : undefined;
  if (!bytes) throw gone();
  return { id: (await keepSource(bytes, tools)).id, job };
}

/** The picture of an id, or of a code for those who may see it. */
async function madeHere(name: string, { pictures, find }: OriginTools) {
  const code = parsePictureCode(name);
  if (!code) return pictures.find(name);
  const job = await find(code.job);
  const picture = job.pictures.find(({ number }) => number === code.number);
  return picture && { picture, job };
}
