import type { StoredError } from "../../core/errors.ts";

// What a house that is open to tests and the process of the tests say to each other, as JSON.

/** A call of what is inside: `path` leads to a method, such as `["studio", "presets", "of"]`. */
export interface InsideCall {
  readonly path: readonly string[];
  readonly args: readonly unknown[];
}

/** Where such calls are sent by POST. */
export const insidePath = "/inside";

/** What the easel answers in place of a picture: an expected failure, or a bug. */
export type EaselFailure = StoredError | { readonly bug: string };
