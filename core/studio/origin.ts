import type { Brief } from "../brief.ts";
import { ImageError, invalidRequest } from "../errors.ts";
import type { Imaging } from "../imaging.ts";
import { canBeTransparent } from "../imaging.ts";
import { type Job, parsePictureCode, type Sent } from "../job.ts";
import { findSource, isSentId, keepSource, type SourceTools } from "../sources.ts";
import type { KeptPictures } from "./kept-pictures.ts";

/** A brief whose pictures are here. */
export interface Origin {
  readonly brief: Brief;
  /** The code of the job that made the first of them, where one did. */
  readonly parent: string | null;
  /** Those that were sent, each once; absent where none was. */
  readonly sent?: readonly Sent[];
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
 * to is fetched and kept. Throws `not-found`, and `invalid-request` for a mask that marks nothing.
 */
export async function originOf(brief: Brief, tools: OriginTools): Promise<Origin> {
  const { sources, mask } = brief;
  if (!sources) return { brief, parent: null };
  const found = await Promise.all(sources.map((name) => settle(name, tools)));
  const masked = mask === undefined ? undefined : await settle(mask, tools);
  if (masked) await checkMask(masked, tools);
  const job = found[0]?.job;
  const sent = sentAmong(masked ? [...found, masked] : found);
  return {
    brief: {
      ...brief,
      sources: found.map(({ id }) => id),
      ...(masked && { mask: masked.id }),
      ...(job && { version: (job.brief.version ?? 1) + 1 }),
    },
    parent: job?.code ?? null,
    ...(sent.length > 0 && { sent }),
  };
}

/** What a mask marks is transparent; a service would refuse one without, or paint all of it anew. */
async function checkMask({ id }: Settled, tools: OriginTools): Promise<void> {
  const found = await findSource(id, tools);
  if (!found) throw new ImageError("not-found", { code: id });
  if (canBeTransparent(found.bytes, found.format)) return;
  const problem =
    "A mask is a PNG or WebP whose transparent parts say where the picture may change; this one has none.";
  throw invalidRequest("mask", problem);
}

function sentAmong(settled: readonly Settled[]): Sent[] {
  const byHash = new Map(settled.flatMap(({ sent }) => (sent ? [[sent.hash, sent]] : [])));
  return [...byHash.values()];
}

interface Settled {
  readonly id: string;
  /** Absent where it was made here and is kept with its own job. */
  readonly sent?: Sent;
  /** That made it; absent where it was sent. */
  readonly job?: Job;
}

async function settle(name: string, tools: OriginTools): Promise<Settled> {
  const gone = () => new ImageError("not-found", { code: name });
  if (isSentId(name)) {
    const kept = await tools.images.open(name);
    if (!kept) throw gone();
    return { id: name, sent: { hash: name, bytes: kept.size } };
  }
  const made = await madeHere(name, tools);
  if (!made) throw gone();
  const { picture, job } = made;
  if (picture.hash && (await tools.images.open(picture.hash))) return { id: picture.id, job };
  const { signal } = new AbortController();
  const bytes = picture.link ? await tools.kept.bytesOf(picture, job, signal) : undefined;
  if (!bytes) throw gone();
  const kept = await keepSource(bytes, tools);
  return { id: kept.id, job, sent: { hash: kept.id, bytes: kept.bytes } };
}

/** The picture of an id, or of a code for those who may see it. */
async function madeHere(name: string, { pictures, find }: OriginTools) {
  const code = parsePictureCode(name);
  if (!code) return pictures.find(name);
  const job = await find(code.job);
  const picture = job.pictures.find(({ number }) => number === code.number);
  return picture && { picture, job };
}
