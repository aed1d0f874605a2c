import { InputFile } from "grammy";
import type { Imaging, ReencodeOptions } from "../../core/imaging.ts";
import { isSpoiler, type Job, type Picture } from "../../core/job.ts";
import type { PlatformFiles } from "../../core/platform-files.ts";
import type { Studio } from "../../core/studio.ts";
import { NotSent } from "../../core/studio/outbox.ts";
import { madeToFit } from "../use-cases.ts";
import { problemOf } from "./errors.ts";
import { limits } from "./limits.ts";
import type { Sendable } from "./messenger.ts";

/** What reading pictures needs. */
export interface PicturesOptions {
  readonly studio: Pick<Studio, "kept">;
  readonly imaging: Imaging;
  readonly files: PlatformFiles;
  /** Telegram's ids of files are valid for one bot only. */
  readonly botId: string;
}

/** The longest time to read a picture, which may still have to be downloaded from its service. */
const fetchMs = 60_000;

/** JPEG qualities to try until a photo is small enough. */
const qualities = [92, 75, 50];

/** A picture was swept or erased, and Telegram does not have it either. */
export class PictureGone extends NotSent {
  constructor() {
    super("the picture is not kept any more");
  }
}

/** The pictures of jobs in forms that Telegram takes, with Telegram's ids of those that it already has. */
export class Pictures {
  readonly #options: PicturesOptions;

  constructor(options: PicturesOptions) {
    this.#options = options;
  }

  /** The picture as a photo if Telegram takes it as one, otherwise as a document; undefined if it was swept. */
  async preview(job: Job, picture: Picture): Promise<Sendable | undefined> {
    const spoiler = isSpoiler(job);
    const known = await this.#known(picture, "photo");
    if (known !== undefined) return { kind: "photo", media: known, spoiler };
    const bytes = await this.#bytesOf(job, picture);
    const photo =
      bytes && fitsAsPhoto(picture) ? await this.#toPhoto(bytes, job, picture) : undefined;
    if (!photo) return bytes && this.original(job, picture, bytes);
    const name = fileName(job, picture, photo === bytes ? picture.format : "jpg");
    return { kind: "photo", media: new InputFile(photo, name), spoiler };
  }

  /** The original file; a WebP becomes a PNG, because Telegram shows it as a sticker. undefined if it was swept. */
  async original(job: Job, picture: Picture, read?: Uint8Array): Promise<Sendable | undefined> {
    const known = await this.#known(picture, "document");
    if (known !== undefined) return { kind: "document", media: known };
    const bytes = read ?? (await this.#bytesOf(job, picture));
    if (!bytes) return undefined;
    const { format } = picture;
    const label = job.code;
    const png =
      format === "webp" ? await this.#reencode(bytes, { format: "png", label }) : undefined;
    const kept = png ?? bytes;
    const small =
      kept.length > limits.documentBytes && (await this.#reencode(bytes, { ...smaller, label }));
    const media = small || kept;
    const extension = small
      ? "jpg"
      : { png: "png", jpeg: "jpg", webp: png ? "png" : "webp" }[format];
    const name = fileName(job, picture, extension);
    return { kind: "document", media: new InputFile(media, name) };
  }

  /**
   * Calls `use` with the first picture of a job, and once more with another form if Telegram refuses the first one. Remembers
   * the id of the file, which `use` answers; empty where it is not told. Throws PictureGone if the picture was swept, and
   * what `use` throws.
   */
  async showing(
    job: Job,
    use: (file: Sendable) => Promise<string>,
    picture: Picture | undefined = job.pictures[0],
  ): Promise<string> {
    const file = picture && (await this.preview(job, picture));
    if (!file) throw new PictureGone();
    const used = async (one: Sendable) => this.remember(picture, one.kind, await use(one));
    return used(file).catch(async (error: unknown) => {
      const instead = await this.#otherForm(error, job, picture);
      if (!instead) throw error;
      return used(instead);
    });
  }

  /** Every picture of the job that is kept, all as photos or all as documents: an album cannot mix them. */
  async album(job: Job): Promise<readonly { picture: Picture; file: Sendable }[]> {
    const previews = await this.#all(job, (picture) => this.preview(job, picture));
    if (previews.every(({ file }) => file.kind === "photo")) return previews;
    return this.#all(job, (picture) => this.original(job, picture));
  }

  async #all(job: Job, open: (picture: Picture) => Promise<Sendable | undefined>) {
    const album: { picture: Picture; file: Sendable }[] = [];
    for (const picture of job.pictures.slice(0, limits.albumSize)) {
      const file = await open(picture);
      if (file) album.push({ picture, file });
    }
    return album;
  }

  /** Another form of a picture that Telegram refused; undefined where another form does not help. */
  async #otherForm(error: unknown, job: Job, picture: Picture): Promise<Sendable | undefined> {
    const problem = problemOf(error);
    if (problem === "bad-photo") return this.original(job, picture);
    if (problem !== "bad-file-id") return undefined;
    await this.#forget(picture);
    return this.preview(job, picture);
  }

  /** Remembers Telegram's id of a picture that was sent, and answers it; nothing where it is empty. */
  async remember(picture: Picture, kind: Sendable["kind"], file: string): Promise<string> {
    if (file !== "") await this.#options.files.keep(picture.id, this.#use(kind), file);
    return file;
  }

  /** Telegram's id of a photo; undefined if it has none. */
  photoId(picture: Picture): Promise<string | undefined> {
    return this.#known(picture, "photo");
  }

  /** Forgets ids that Telegram no longer accepts. */
  async #forget(picture: Picture): Promise<void> {
    for (const kind of ["photo", "document"] as const) {
      await this.#options.files.keep(picture.id, this.#use(kind), "");
    }
  }

  async #known(picture: Picture, kind: Sendable["kind"]): Promise<string | undefined> {
    const found = await this.#options.files.find(picture.id, this.#use(kind));
    return found === "" ? undefined : found;
  }

  #use(kind: Sendable["kind"]): string {
    return `telegram:${this.#options.botId}:${kind}`;
  }

  /** A JPEG that is small enough, or where nothing can be decoded the picture as it is; undefined where neither can be had. */
  async #toPhoto(
    bytes: Uint8Array,
    { code: label }: Job,
    { format }: Picture,
  ): Promise<Uint8Array | undefined> {
    const { decodes } = this.#options.imaging;
    const isPhoto = format === "jpeg" || (!decodes && format === "png");
    if (isPhoto && bytes.length <= limits.photoBytes) return bytes;
    if (!decodes) return undefined;
    const forms = qualities.map((quality) => ({ format: "jpeg", quality, label }) as const);
    const photo = await madeToFit(bytes, limits.photoBytes, forms, this.#options.imaging);
    return photo && photo.length <= limits.photoBytes ? photo : undefined;
  }

  /** undefined for a picture that cannot be decoded. */
  #reencode(bytes: Uint8Array, form: ReencodeOptions): Promise<Uint8Array | undefined> {
    return madeToFit(bytes, Infinity, [form], this.#options.imaging);
  }

  #bytesOf(job: Job, picture: Picture): Promise<Uint8Array | undefined> {
    return this.#options.studio.kept.bytesOf(picture, job, AbortSignal.timeout(fetchMs));
  }
}

const smaller = { format: "jpeg", quality: 90 } as const;

function fileName({ code }: Job, { number }: Picture, extension: string): string {
  return `${code}.${number}.${extension}`;
}

function fitsAsPhoto({ width, height }: Picture): boolean {
  const ratio = Math.max(width, height) / Math.min(width, height);
  return width + height <= limits.photoSides && ratio <= limits.photoRatio;
}
