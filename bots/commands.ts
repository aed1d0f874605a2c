import type { PresetVerb } from "./screens/presets.ts";
import { listedRatios, maxSeed, qualities } from "../core/request.ts";

/** The options that take a picture, in the order in which the pictures count. */
export const pictureOptions = ["image", "image2", "image3", "image4"] as const;

/** The values that an option accepts; `min` and `max` are included. */
export type OptionKind =
  | { readonly type: "text"; readonly maxLength: number }
  | { readonly type: "whole" | "number"; readonly min: number; readonly max: number }
  | { readonly type: "yes-no" }
  /** The ratio `auto` leaves the choice to the enhancer. */
  | { readonly type: "choice"; readonly choices: readonly string[] }
  /** A model of the catalogue. */
  | { readonly type: "model" }
  /** A picture that is sent with the command. */
  | { readonly type: "picture" }
  /** The name of a preset. */
  | { readonly type: "preset" }
  /** A language of the chat doors. */
  | { readonly type: "language" };

interface Option<Id extends string> {
  readonly id: Id;
  readonly kind: OptionKind;
  readonly required?: boolean;
}

/** The longest prompt that a chat command accepts, in UTF-16 units. */
export const maxPromptLength = 4000;

const code = { id: "code", kind: { type: "text", maxLength: 20 } } as const;
const ratio = {
  id: "ratio",
  kind: { type: "choice", choices: [...listedRatios, "auto"] },
} as const;
const model = { id: "model", kind: { type: "model" } } as const;
const quality = { id: "quality", kind: { type: "choice", choices: qualities } } as const;
const preset = { id: "preset", kind: { type: "preset" } } as const;
const named = { id: "name", kind: { type: "preset" }, required: true } as const;
const negative = { id: "negative", kind: { type: "text", maxLength: maxPromptLength } } as const;
const scope = { id: "scope", kind: { type: "choice", choices: ["own", "place"] } } as const;
const words = { id: "words", kind: { type: "text", maxLength: maxPromptLength } } as const;
const pictures = pictureOptions.map((id) => ({ id, kind: { type: "picture" } }) as const);
const yesNo = <Id extends string>(id: Id) => ({ id, kind: { type: "yes-no" } }) as const;

const table = [
  {
    id: "draw",
    options: [
      { id: "prompt", kind: { type: "text", maxLength: maxPromptLength }, required: true },
      ratio,
      model,
      { id: "seed", kind: { type: "whole", min: 1, max: maxSeed } },
      negative,
      { id: "steps", kind: { type: "whole", min: 1, max: 100 } },
      { id: "guidance", kind: { type: "number", min: 0, max: 30 } },
      yesNo("enhance"),
      { id: "count", kind: { type: "whole", min: 1, max: 4 } },
      quality,
      preset,
      yesNo("private"),
      ...pictures,
    ],
  },
  { id: "again", options: [code] },
  { id: "show", options: [{ ...code, required: true }] },
  { id: "queue", options: [] },
  { id: "history", options: [] },
  {
    id: "presets",
    options: [],
    verbs: [
      { id: "list", options: [] },
      {
        id: "save",
        options: [
          { id: "name", kind: { type: "text", maxLength: 40 }, required: true },
          { ...words, required: true },
          negative,
          ratio,
          model,
          quality,
          scope,
          ...pictures,
        ],
      },
      { id: "show", options: [named] },
      { id: "delete", options: [named, scope] },
      { id: "share", options: [named, scope] },
      {
        id: "take",
        options: [{ id: "share", kind: { type: "text", maxLength: 20 }, required: true }, scope],
      },
    ],
  },
  { id: "usage", options: [] },
  { id: "link", options: [{ id: "linkCode", kind: { type: "text", maxLength: 20 } }] },
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
      scope,
    ],
  },
  { id: "help", options: [] },
  { id: "privacy", options: [] },
  { id: "forgetme", options: [] },
] as const satisfies readonly {
  readonly id: string;
  readonly options: readonly Option<string>[];
  readonly verbs?: readonly {
    readonly id: PresetVerb;
    readonly options: readonly Option<string>[];
  }[];
}[];

type Row = (typeof table)[number];
type Verb = Extract<Row, { readonly verbs: unknown }>["verbs"][number];

/** The commands by what they do; each platform and language has its own name for one. */
export type CommandId = Row["id"];
/** What an option of a command sets. */
export type OptionId = (Row | Verb)["options"][number]["id"];
/** One option of a command. */
export type CommandOption = Option<OptionId>;

/** A command with its options; where it has verbs, each of these has its own, and the command none. */
export interface Command {
  readonly id: CommandId;
  readonly options: readonly CommandOption[];
  readonly verbs?: readonly {
    readonly id: PresetVerb;
    readonly options: readonly CommandOption[];
  }[];
}

/** Every command of the chat doors in the order of the menus; both platforms register from this list. */
export const commands: readonly Command[] = table;

/** The options that a person filled in, and the `verb` of a command that has some. */
export type OptionValues = ReadonlyMap<OptionId | "verb", string | number | boolean>;
