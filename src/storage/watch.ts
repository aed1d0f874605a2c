import type { Log } from "../../core/observe.ts";
import { reasonOf } from "./errors.ts";

/** What jobs are kept in. Throws `storage-failed` where nothing can be written. */
interface Checked {
  check(): void | Promise<void>;
}

/** Looks at what jobs are kept in; answers why nothing new can be kept, undefined where it can. */
export type StorageLook = () => Promise<string | undefined>;

/** A look that says in the log when what it finds has changed. */
export function storageLook(images: Checked, database: Checked, log: Log): StorageLook {
  let known: string | undefined;
  return async () => {
    const error = await failureOf(images, database);
    const problem = error === undefined ? undefined : reasonOf(error);
    if (problem !== undefined && problem !== known) {
      log.error({ error }, `nothing new is taken: ${problem}`);
    } else if (problem === undefined && known !== undefined) {
      log.info({}, "jobs are taken again");
    }
    known = problem;
    return problem;
  };
}

async function failureOf(images: Checked, database: Checked): Promise<unknown> {
  try {
    await database.check();
    await images.check();
    return undefined;
  } catch (error) {
    return error;
  }
}
