import type { Archive, HistoryPage, PictureIndex } from "../archive.ts";
import { ImageError } from "../errors.ts";
import type { ImageStore } from "../images.ts";
import { isFinished, type Job } from "../job.ts";
import type { Ledger } from "../ledger.ts";
import { idsOf, type Requester } from "../request.ts";

/** What a gallery needs of its studio. */
export interface GalleryTools {
  readonly archive: Archive;
  readonly ledger: Pick<Ledger, "settle">;
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
  async page(requester: Requester, page: HistoryPage): Promise<readonly Job[]> {
    const { archive } = this.#tools;
    const pages = await Promise.all(idsOf(requester).map((id) => archive.history(id, page)));
    const [only = [], ...others] = pages;
    if (others.length === 0) return only;
    return pages.flat().toSorted(newestFirst).slice(0, page.limit);
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

  /**
   * Puts the pictures of a finished job behind a spoiler, wherever they are shown from then on. Throws `not-found`,
   * `not-yours` and `storage-failed`.
   */
  async hide(code: string, by: Requester): Promise<Job> {
    const job = await this.#tools.owned(code, by);
    if (!isFinished(job)) throw new ImageError("not-found", { code });
    const hidden = { ...job, brief: { ...job.brief, spoiler: true } };
    await this.#tools.ledger.settle(hidden);
    return hidden;
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

function newestFirst(a: Job, b: Job): number {
  return b.createdAt - a.createdAt || (a.code < b.code ? 1 : -1);
}
