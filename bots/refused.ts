import type { Action } from "./button-data.ts";
import type { TextKey, Values } from "./i18n.ts";

/** The button that answers a question; its label has the values of the question. */
interface Answer {
  readonly key: TextKey;
  readonly data: Action;
}

/** What a door refuses itself, in words of its own, which may be a question. */
export class Refused extends Error {
  override readonly name = "Refused";
  readonly key: TextKey;
  readonly values: Values;
  readonly retry: boolean;
  readonly answer: Answer | undefined;

  /** `cause` is for the log alone. */
  constructor(
    key: TextKey,
    more: { values?: Values; retry?: boolean; answer?: Answer; cause?: unknown } = {},
  ) {
    super(key, { cause: more.cause });
    this.key = key;
    this.values = more.values ?? {};
    this.retry = more.retry ?? false;
    this.answer = more.answer;
  }
}
