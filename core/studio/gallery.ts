import type { Archive, HistoryPage, PictureIndex } from "../archive.ts";
import { ImageError } from "../errors.ts";
import type { ImageStore } from "../images.ts";
import type { Job } from "../job.ts";
import type { Requester } from "../request.ts";

/** What a gallery needs of its studio. */
export interface GalleryTools {
  readonly archive: Archive;
  readonly pictures: PictureIndex;
  readonly images: ImageStore;
  /** The job with this code. Throws `not-found`, and `not-yours` where it is another's. */
  readonly owned: (code: string, by: Requester) => Promise<Job>;
  /** Ends a job of its owner's, so that it can be removed. Throws like `owned`. */
  readonly cancel: (code: string, by: Requester) => Promise<Job>;
}

/** What a person has made: looked through, with favourites, and to be removed. */
export class Gallery {
  readonly #tools: GalleryTools;

  constructor(tools: GalleryTools) {
    this.#tools = tools;
  }

  /** A requester's own jobs, newest first. */
  page(requester: Requester, page: HistoryPage): Promise<readonly Job[]> {
    return this.#tools.archive.history(requester.id, page);
  }

  /** The ids of the favourites among the pictures of these jobs. */
  favorites(jobs: readonly Job[]): Promise<ReadonlySet<string>> {
    return this.#tools.pictures.favorites(jobs.map(({ code }) => code));
  }

  /** Marks the picture with this number as a favourite, or no more. Throws `not-found` and `not-yours`. */
  async favor(
    code: string,
    { number, favorite }: { readonly number: number; readonly favorite: boolean },
    by: Requester,
  ): Promise<Job> {
    const job = await this.#tools.owned(code, by);
    const picture = job.pictures.find((one) => one.number === number);
    if (!picture) throw new ImageError("not-found", { code: `${code}.${number}` });
    await this.#tools.pictures.favor(picture.id, favorite);
    return job;
  }

  /**
   * Removes a job with its pictures here, not at the service; one that is unfinished is cancelled before. Charges stay.
   * Throws `not-found` and `not-yours`.
   */
  async remove(code: string, by: Requester): Promise<void> {
    await this.#tools.cancel(code, by);
    await this.#forget([code]);
  }

  /** Erases all jobs and pictures of a requester, unfinished jobs included. Charges stay. */
  async forget(requester: Requester): Promise<void> {
    for (;;) {
      const page = await this.page(requester, { limit: 100 });
      if (page.length === 0) return;
      const codes = page.map(({ code }) => code);
      await Promise.allSettled(codes.map((code) => this.#tools.cancel(code, requester)));
      await this.#forget(codes);
    }
  }

  async #forget(codes: readonly string[]): Promise<void> {
    const { archive, images } = this.#tools;
    await images.remove(await archive.forget(codes));
  }
}
