import { describe, expect, test } from "vitest";
import type { PlatformFiles } from "../../core/platform-files.ts";
import { aJob, aPicture, store } from "../builders.ts";
import type { Stores } from "./ledger.ts";

type FileStores = Pick<Stores, "ledger" | "pictures"> & { readonly files: PlatformFiles };

/** What every PlatformFiles does. `create` answers empty stores. */
export function platformFilesContract(
  name: string,
  create: () => FileStores | Promise<FileStores>,
): void {
  async function aStore() {
    const stores = await create();
    const picture = aPicture();
    const job = await store(aJob({ pictures: [picture] }), stores.ledger);
    return { ...stores, job, picture };
  }

  describe(`${name}: references to files at chat platforms`, () => {
    test("are kept by picture and use, the newest alone", async () => {
      const { files, picture } = await aStore();
      await files.keep(picture.id, "telegram:1:photo", "old");
      await files.keep(picture.id, "telegram:1:photo", "new");
      expect(await files.find(picture.id, "telegram:1:photo")).toBe("new");
      expect(await files.find(picture.id, "telegram:2:photo")).toBeUndefined();
    });

    test("go when their picture goes", async () => {
      const { files, pictures, job, picture } = await aStore();
      await files.keep(picture.id, "telegram:1:photo", "file");
      await pictures.remove(job.code);
      expect(await files.find(picture.id, "telegram:1:photo")).toBeUndefined();
    });

    test("stay when their picture's job is settled", async () => {
      const { files, ledger, job, picture } = await aStore();
      await files.keep(picture.id, "telegram:1:photo", "file");
      await ledger.settle({ ...job, state: "done", finishedAt: 1 });
      expect(await files.find(picture.id, "telegram:1:photo")).toBe("file");
    });

    test("are not kept for a picture that is gone", async () => {
      const { files } = await aStore();
      await files.keep("gone", "telegram:1:photo", "file");
      expect(await files.find("gone", "telegram:1:photo")).toBeUndefined();
    });
  });
}
