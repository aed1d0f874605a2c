import type { StoredError } from "../../core/errors.ts";

// What houses that are open to tests and the process of the tests say to each other, as JSON.

/** The name of a house says what differs from others: houses that share a runtime share all other variables. */
export interface HouseName {
  /** So that no house meets what another one left. */
  readonly id: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** The header with the name of the house that is meant. */
export const houseHeader = "x-house";

/** A call of what is inside: `path` leads to a method, such as `["studio", "presets", "of"]`. */
export interface InsideCall {
  readonly path: readonly string[];
  readonly args: readonly unknown[];
}

/** Where such calls are sent by POST. */
export const insidePath = "/inside";

/** What the easel answers in place of a picture: an expected failure, or a bug. */
export type EaselFailure = StoredError | { readonly bug: string };
