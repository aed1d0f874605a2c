import type { PictureIndex } from "../archive.ts";
import { Budget } from "../budget.ts";
import { createDeadline, orAborted } from "../deadline.ts";
import { ImageError, invalidRequest } from "../errors.ts";
import {
  BadImage,
  badImage,
  formatOf,
  type ImageFormat,
  type Imaging,
  type ReencodeOptions,
} from "../imaging.ts";
import { type ImageStore, inMemory, type KeptBytes } from "../images.ts";
import type { Job, Picture } from "../job.ts";
import type { MakeTools } from "../pipeline/make-picture.ts";
import { sourceHash } from "../sources.ts";

/** A picture that is ready to be read. */
export interface OpenPicture {
  /** As its bytes say: the ending of a service's link may be wrong. */
  readonly format: ImageFormat;
  readonly kept: KeptBytes;
}

/** In which form a picture is wanted. */
export interface PictureWish {
  /** The picture's own form where it is absent, no more than its own format, or where no pixels can be decoded. */
  readonly form?: Partial<ReencodeOptions> | undefined;
  /** Of the client: what is made for those that are gone is given up. */
  readonly signal: AbortSignal;
}

/** What pictures are read with. */
export interface KeptPicturesTools extends Pick<MakeTools, "fetchPicture"> {
  readonly pictures: PictureIndex;
  readonly images: ImageStore;
  readonly imaging: Pick<Imaging, "decodes" | "inspect" | "keepable" | "bare" | "reencode">;
  /** How long getting a picture from its service once more may take; never more than a minute. */
  readonly refetchMs?: number;
}

const longestRefetchMs = 60_000;

/** Enough for a tile of a gallery on a dense screen. */
const thumbnail = { format: "webp", maxSide: 400, quality: 60, maxBytes: 30_000 } as const;

/** Pictures that are converted at the same time; how many more may wait for that, and for how long. */
const conversions = { total: 2, mostWaiting: 100, waitMs: 10_000 } as const;

interface Conversion {
  readonly end: Promise<KeptBytes | undefined>;
  /** Ends it where it still waits for its turn. */
  readonly giveUp: () => void;
  clients: number;
}

/**
 * The pictures of finished jobs, read in pieces. Another form of a picture is made once, for all who want it, and kept
 * beside it.
 */
export class KeptPictures {
  readonly #tools: KeptPicturesTools;
  readonly #atWork = new Budget(conversions);
  /** Those under way, by hash and form. */
  readonly #conversions = new Map<string, Conversion>();

  constructor(tools: KeptPicturesTools) {
    this.#tools = tools;
  }

  /** The whole bytes, within a minute; undefined when they were swept or deleted. */
  async bytesOf(picture: Picture, job: Job, signal: AbortSignal): Promise<Uint8Array | undefined> {
    const { images, fetchPicture, refetchMs = longestRefetchMs } = this.#tools;
    if (picture.hash) return images.read(picture.hash);
    if (!picture.link) return undefined;
    const deadline = createDeadline(Math.min(refetchMs, longestRefetchMs));
    deadline.follow(signal);
    const bytes = fetchPicture(picture.link, job.recipe?.provider ?? "", deadline.signal);
    return bytes.finally(() => deadline.clear());
  }

  /**
   * Throws `not-found` when the picture was deleted or swept; `provider-failed` where its pixels cannot be decoded;
   * `invalid-request` where decoding it would cost too much; `overloaded`; `cancelled` when the client is gone; and
   * where only a service's link is known, what fetching it throws: its bytes are then kept like those that are sent.
   */
  async open(picture: Picture, job: Job, wish: PictureWish): Promise<OpenPicture> {
    const opened = await told(wish, job.recipe?.provider, async () =>
      this.#openForm(await this.#stored(picture, job, wish.signal), wish),
    );
    if (opened) return opened;
    throw new ImageError("not-found", { code: `${job.code}.${picture.number}` });
  }

  /** A small WebP of a picture, made once. Throws like `open`. */
  openThumbnail(picture: Picture, job: Job, signal: AbortSignal): Promise<OpenPicture> {
    return this.open(picture, job, { form: thumbnail, signal });
  }

  /**
   * A picture to edit by its id, without metadata and upright, as it may be given to others; made once. undefined when
   * there is none (any more). Throws like `open`.
   */
  async openSource(id: string, signal: AbortSignal): Promise<OpenPicture | undefined> {
    const { imaging } = this.#tools;
    const hash = await sourceHash(id, this.#tools);
    if (hash === undefined) return undefined;
    const form: Form = { name: "bare", make: (bytes) => imaging.bare(bytes) };
    return told({ signal }, undefined, async () => {
      const kept = await this.#openOther(hash, form, signal);
      return kept && { format: await formatIn(kept), kept };
    });
  }

  async #stored(picture: Picture, job: Job, signal: AbortSignal): Promise<Stored> {
    const { images, imaging } = this.#tools;
    const { hash, format, number } = picture;
    const label = job.code;
    if (hash) return { hash, format, label };
    const sent = await this.bytesOf(picture, job, signal);
    if (!sent) throw new ImageError("not-found", { code: `${job.code}.${number}` });
    const bytes = await imaging.keepable(sent, label);
    return { format: imaging.inspect(bytes).format, hash: await images.put(bytes), label };
  }

  async #openForm({ hash, format, label }: Stored, wish: PictureWish) {
    const { images, imaging } = this.#tools;
    const form = imaging.decodes ? wish.form : undefined;
    const wanted = { ...form, format: form?.format ?? format };
    if (wanted.format === "png") delete wanted.quality;
    const kept =
      nameOf(wanted) === format
        ? await images.open(hash)
        : await this.#openOther(hash, this.#formOf({ ...wanted, label }), wish.signal);
    return kept && { format: wanted.format, kept };
  }

  #formOf(options: ReencodeOptions): Form {
    const { imaging } = this.#tools;
    return { name: nameOf(options), make: (bytes) => imaging.reencode(bytes, options) };
  }

  async #openOther(hash: string, form: Form, signal: AbortSignal) {
    return (await this.#tools.images.open(hash, form.name)) ?? this.#converted(hash, form, signal);
  }

  // === Conversions

  /** Joins a conversion that is under way, or begins it. The last client that goes ends one that still waits. */
  async #converted(hash: string, form: Form, signal: AbortSignal) {
    const key = `${hash} ${form.name}`;
    const conversion = this.#conversions.get(key) ?? this.#begin(key, hash, form);
    conversion.clients++;
    try {
      return await orAborted(conversion.end, signal);
    } finally {
      conversion.clients--;
      if (conversion.clients === 0) conversion.giveUp();
    }
  }

  #begin(key: string, hash: string, form: Form): Conversion {
    const controller = new AbortController();
    const turn = this.#atWork.take(1, controller.signal);
    let atWork = false;
    const forget = () => this.#conversions.delete(key);
    const end = turn.then(async (giveBack) => {
      atWork = true;
      return this.#convert(hash, form).finally(giveBack);
    });
    const giveUp = () => {
      if (!atWork && forget()) controller.abort();
    };
    const conversion: Conversion = { end, giveUp, clients: 0 };
    this.#conversions.set(key, conversion);
    end.finally(() => this.#conversions.get(key) === conversion && forget()).catch(() => undefined);
    return conversion;
  }

  async #convert(hash: string, { name, make }: Form): Promise<KeptBytes | undefined> {
    const { images } = this.#tools;
    const bytes = await images.read(hash);
    if (!bytes) return undefined;
    const converted = await make(bytes);
    // What cannot be kept is made anew next time.
    await images.putForm(hash, name, converted).catch(() => undefined);
    return (await images.open(hash, name)) ?? inMemory(converted);
  }
}

/** Another form of a picture, under the name that it is kept with. */
interface Form {
  readonly name: string;
  readonly make: (bytes: Uint8Array) => Promise<Uint8Array>;
}

interface Stored {
  readonly hash: string;
  readonly format: ImageFormat;
  /** The code of the job that made it. */
  readonly label: string;
}

/** Such as `webp-ai`, `jpeg-80` or `jpeg-256px`: of equal pictures of several jobs the label names one. */
function nameOf({ format, quality, maxSide, label }: ReencodeOptions): string {
  const side = maxSide === undefined ? "" : `${maxSide}px`;
  const parts = [format, quality ?? "", side, label === undefined ? "" : "ai"];
  return parts.filter((part) => part !== "").join("-");
}

/** As the first bytes say. Throws BadImage. */
async function formatIn({ read }: KeptBytes): Promise<ImageFormat> {
  for await (const piece of read()) return formatOf(piece);
  throw new BadImage("broken");
}

/** The work's own end, with failures in the core's words. */
async function told<T>(
  { signal }: PictureWish,
  provider: string | undefined,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (signal.aborted) throw new ImageError("cancelled", {}, { cause });
    if (!(cause instanceof BadImage)) throw cause;
    if (cause.reason === "too-costly") {
      const problem =
        "This picture is too large to be converted here. Ask for it in its own format.";
      throw invalidRequest(null, problem, cause);
    }
    throw badImage(cause, provider ?? "", true);
  }
}
