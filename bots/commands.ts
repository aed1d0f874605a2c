import { listedRatios, maxSeed, qualities } from "../core/request.ts";

/** What a command does, whatever a platform calls it. */
export type CommandId =
  | "draw"
  | "again"
  | "show"
  | "queue"
  | "history"
  | "settings"
  | "help"
  | "privacy"
  | "forgetme";

export type OptionId =
  | "prompt"
  | "ratio"
  | "model"
  | "seed"
  | "negative"
  | "steps"
  | "guidance"
  | "enhance"
  | "count"
  | "quality"
  | "private"
  | "code"
  | "originals"
  | "language"
  | "scope";

/** What an option takes; numbers with their limits, both included. */
export type OptionKind =
  | { readonly type: "text"; readonly maxLength: number }
  | { readonly type: "whole" | "number"; readonly min: number; readonly max: number }
  | { readonly type: "yes-no" }
  /** `auto` among the ratios leaves the choice to the enhancer. */
  | { readonly type: "choice"; readonly choices: readonly string[] }
  /** One of the catalogue's models, of which there may be many. */
  | { readonly type: "model" }
  /** One of the languages of the chat doors. */
  | { readonly type: "language" };

export interface CommandOption {
  readonly id: OptionId;
  readonly kind: OptionKind;
  readonly required?: boolean;
}

export interface Command {
  readonly id: CommandId;
  readonly options: readonly CommandOption[];
}

/** The longest words that a chat takes, in UTF-16 units. */
export const maxWords = 4000;

const code = { id: "code", kind: { type: "text", maxLength: 20 } } as const;
const ratio = {
  id: "ratio",
  kind: { type: "choice", choices: [...listedRatios, "auto"] },
} as const;
const model = { id: "model", kind: { type: "model" } } as const;
const quality = { id: "quality", kind: { type: "choice", choices: qualities } } as const;
const yesNo = (id: OptionId) => ({ id, kind: { type: "yes-no" } }) as const;

/** Every command of the chat doors, in the order in which they are offered: both platforms register from here. */
export const commands: readonly Command[] = [
  {
    id: "draw",
    options: [
      { id: "prompt", kind: { type: "text", maxLength: maxWords }, required: true },
      ratio,
      model,
      { id: "seed", kind: { type: "whole", min: 1, max: maxSeed } },
      { id: "negative", kind: { type: "text", maxLength: maxWords } },
      { id: "steps", kind: { type: "whole", min: 1, max: 100 } },
      { id: "guidance", kind: { type: "number", min: 0, max: 30 } },
      yesNo("enhance"),
      { id: "count", kind: { type: "whole", min: 1, max: 4 } },
      quality,
      yesNo("private"),
    ],
  },
  { id: "again", options: [code] },
  { id: "show", options: [{ ...code, required: true }] },
  { id: "queue", options: [] },
  { id: "history", options: [] },
  {
    id: "settings",
    options: [
      ratio,
      yesNo("enhance"),
      model,
      quality,
      yesNo("originals"),
      { id: "language", kind: { type: "language" } },
      yesNo("private"),
      { id: "scope", kind: { type: "choice", choices: ["own", "place"] } },
    ],
  },
  { id: "help", options: [] },
  { id: "privacy", options: [] },
  { id: "forgetme", options: [] },
];
