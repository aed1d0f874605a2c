import type { Fetch } from "../../core/wire/fetch.ts";
import type { Picture } from "../../core/job.ts";
import type { ShowTools } from "./show.ts";

/** What the handlers of interactions need. */
export interface DoorTools extends ShowTools {
  /** Where anybody can see a picture; undefined where no address of our own is configured. */
  readonly publicUrl: (picture: Picture) => string | undefined;
  /** Reaches the files of messages. */
  readonly fetch: Fetch;
}
