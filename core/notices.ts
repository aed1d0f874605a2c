import type { ErrorCode, NoDetails } from "./errors.ts";

/** Hints that a model or its provider may be unable to honour. */
export type Hint = "seed" | "negative" | "steps" | "guidance" | "quality";

/** Everything that changes a picture without preventing it, with what a reader needs to know about it. */
export interface NoticeDetails {
  "enhancement-failed": { reason: string };
  /** The words are longer than the enhancer's limit. */
  "enhancement-skipped": { characters: number; limit: number };
  /** The model takes no more than so many characters; the rest was left out. */
  "prompt-cut": { model: string; characters: number; limit: number };
  "size-adjusted": { asked: string; made: string };
  /** The service answered with a picture of another size than ordered. */
  "size-differs": { ordered: string; made: string };
  "value-adjusted": { hint: "seed" | "steps" | "guidance"; asked: number; made: number };
  "unknown-flag": { flag: string };
  /** A known `--flag` whose value cannot be used; it stays in the words. */
  "flag-not-understood": { flag: string; value: string };
  /** The words ask for a shape beyond 3:1; not used. */
  "ratio-out-of-range": { ratio: string };
  "hint-ignored": { hint: Hint; model: string };
  "parameter-ignored": { parameter: string; model: string };
  /** A picture was sent with the words, or is to be changed by them, and the model cannot edit. */
  "picture-ignored": { model: string };
  /** The model takes fewer pictures than were sent: the first ones were used. */
  "pictures-left-out": { model: string; used: number; of: number };
  /** The words ask to change an earlier picture, and it is not here (any more): they were painted alone. */
  "picture-gone": NoDetails;
  /** Of an album that was sent, its platform showed one picture alone. */
  "album-part": NoDetails;
  /** A mask was sent, and the model cannot change a part alone. */
  "mask-ignored": { model: string };
  /** The service says that another model than the expected one made the picture. */
  "other-model": { expected: string; made: string };
  /** The process died during the paid call, so the call was made again. */
  "asked-twice": NoDetails;
  "pictures-failed": { failed: number; of: number; error: ErrorCode };
  /** The embedded renderer drew only what it recognised: these words, as the person wrote them, in their order. */
  sketched: { recognised: readonly string[] };
}

/** The code of a notice. Each door has a sentence for every code. */
export type NoticeCode = keyof NoticeDetails;

/** One line for the person who asked. Each door has a total table from code to sentence. */
export type Notice = { [Code in NoticeCode]: { code: Code } & NoticeDetails[Code] }[NoticeCode];
