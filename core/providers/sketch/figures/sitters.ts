import type { Colour } from "../colour.ts";

export type Ears = "pointed" | "tall" | "floppy" | "long" | "round" | "small" | "big" | "horned";
export type Tail =
  | "curl"
  | "wag"
  | "brush"
  | "puff"
  | "string"
  | "tuft"
  | "ringed"
  | "spade"
  | "none";
export type Face =
  | "cat"
  | "dog"
  | "fox"
  | "rabbit"
  | "bear"
  | "mouse"
  | "pig"
  | "koala"
  | "monkey"
  | "dragon";
export type Marking = "tabby" | "tiger" | "panda" | "mane" | "patch" | "mask" | "wings" | "spots";

/** An animal that sits and looks at us: what tells it from the others. */
export interface Sitter {
  readonly coat: Colour;
  /** Chest, paws and muzzle. */
  readonly belly: Colour;
  /** Limbs and ears, where they differ from the coat. */
  readonly limbs?: Colour;
  readonly ears: Ears;
  readonly tail: Tail;
  readonly face: Face;
  readonly markings: readonly Marking[];
}

/** The sitting animals. */
export const sitters = {
  cat: {
    coat: "#e8974a",
    belly: "#fdebd2",
    ears: "pointed",
    tail: "curl",
    face: "cat",
    markings: ["tabby"],
  },
  dog: {
    coat: "#d9a066",
    belly: "#fff1dc",
    limbs: "#a86b3c",
    ears: "floppy",
    tail: "wag",
    face: "dog",
    markings: ["patch"],
  },
  rabbit: {
    coat: "#efe3d8",
    belly: "#ffffff",
    ears: "long",
    tail: "puff",
    face: "rabbit",
    markings: [],
  },
  fox: {
    coat: "#e2683a",
    belly: "#fff4e6",
    limbs: "#4a2b2b",
    ears: "tall",
    tail: "brush",
    face: "fox",
    markings: [],
  },
  wolf: {
    coat: "#7d8799",
    belly: "#e9edf2",
    limbs: "#565f70",
    ears: "tall",
    tail: "brush",
    face: "fox",
    markings: [],
  },
  bear: {
    coat: "#9a6a45",
    belly: "#e3c49a",
    ears: "round",
    tail: "none",
    face: "bear",
    markings: [],
  },
  panda: {
    coat: "#fbf7ef",
    belly: "#ffffff",
    limbs: "#33303d",
    ears: "round",
    tail: "none",
    face: "bear",
    markings: ["panda"],
  },
  tiger: {
    coat: "#f0963a",
    belly: "#fff3df",
    ears: "small",
    tail: "ringed",
    face: "bear",
    markings: ["tiger"],
  },
  lion: {
    coat: "#e9b25c",
    belly: "#fbe6bd",
    ears: "small",
    tail: "tuft",
    face: "bear",
    markings: ["mane"],
  },
  mouse: {
    coat: "#b9b3bd",
    belly: "#f4eeee",
    ears: "big",
    tail: "string",
    face: "mouse",
    markings: [],
  },
  hamster: {
    coat: "#e6b478",
    belly: "#fff6e6",
    ears: "small",
    tail: "none",
    face: "mouse",
    markings: [],
  },
  pig: {
    coat: "#f4aeb4",
    belly: "#fbd0d2",
    ears: "small",
    tail: "none",
    face: "pig",
    markings: [],
  },
  koala: {
    coat: "#9fa8b2",
    belly: "#e6e9ec",
    ears: "big",
    tail: "none",
    face: "koala",
    markings: [],
  },
  monkey: {
    coat: "#8a5a3c",
    belly: "#efc9a0",
    ears: "round",
    tail: "string",
    face: "monkey",
    markings: [],
  },
  raccoon: {
    coat: "#8b8f98",
    belly: "#e4e4e6",
    limbs: "#4b4a55",
    ears: "pointed",
    tail: "ringed",
    face: "fox",
    markings: ["mask"],
  },
  cow: {
    coat: "#f7f2ea",
    belly: "#f3c9c0",
    ears: "horned",
    tail: "tuft",
    face: "pig",
    markings: ["spots"],
  },
  dragon: {
    coat: "#5fae7b",
    belly: "#f3dd9a",
    ears: "horned",
    tail: "spade",
    face: "dragon",
    markings: ["wings"],
  },
} as const satisfies Record<string, Sitter>;
