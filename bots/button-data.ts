import { parseCode } from "../core/job.ts";

/** The letter of each action in a button's data. Buttons live long: a letter is never reused for another action. */
const letters = {
  again: "a",
  vary: "v",
  own: "w",
  ratio: "r",
  reword: "e",
  original: "o",
  delete: "d",
  cancel: "c",
  retry: "t",
  share: "s",
  show: "h",
  pick: "p",
  history: "l",
  forget: "f",
  settings: "g",
  back: "b",
  edit: "m",
  paint: "y",
  link: "n",
  hide: "i",
} as const;

/** What a button does. */
export type ActionName = keyof typeof letters;

/** All that a button means; everything else is on disk under the code. */
export interface Action {
  readonly action: ActionName;
  /** The job that the button is about. */
  readonly code?: string;
  /** The number of the one picture that the button is about, from 1. */
  readonly picture?: number;
  /** The platform's id of the person for whom alone the button works, where others see it. */
  readonly owner?: string | undefined;
  /** What else the action needs, such as a ratio or a page. */
  readonly argument?: string;
}

/** The action of a list once this value was chosen in it. */
export function chosen(action: Action, value: string): Action {
  switch (action.action) {
    case "show":
      return { ...action, code: value };
    case "pick":
      return { ...action, picture: Number(value) };
    default:
      return { ...action, argument: [action.argument, value].filter(Boolean).join(" ") };
  }
}

/** Telegram's limit of 64 bytes; Discord allows 100 characters. */
export const maxActionBytes = 64;

const pattern = /^([a-z]);((?:zi-[0-9A-Z]{10})?)(?:\.([1-9]\d?))?;(?:(-?\d+) )?(.*)$/s;

/** Encodes a button's data. Throws a RangeError if it is longer than 64 bytes of UTF-8. */
export function encodeAction(action: Action): string {
  const data = write(action);
  if (!fits(data)) throw new RangeError(`A button's data is too long: ${data}`);
  return data;
}

/** Whether an action can be encoded. */
export function isEncodable(action: Action): boolean {
  return fits(write(action));
}

function write({ action, code = "", picture, owner, argument = "" }: Action): string {
  const number = picture === undefined ? "" : `.${picture}`;
  return `${letters[action]};${code}${number};${owner === undefined ? "" : `${owner} `}${argument}`;
}

function fits(data: string): boolean {
  return new TextEncoder().encode(data).length <= maxActionBytes;
}

/** Decodes a button's data; undefined for anything that `encodeAction` does not produce. */
export function parseAction(data: string): Action | undefined {
  if (data.length > maxActionBytes) return undefined;
  const [, letter, code = "", picture, owner, argument = ""] = pattern.exec(data) ?? [];
  const action = actionOf(letter);
  if (!action || (code !== "" && parseCode(code) !== code)) return undefined;
  return {
    action,
    ...(code === "" ? {} : { code }),
    ...(picture === undefined ? {} : { picture: Number(picture) }),
    ...(owner === undefined ? {} : { owner }),
    ...(argument === "" ? {} : { argument }),
  };
}

function actionOf(letter: string | undefined): ActionName | undefined {
  const names = Object.keys(letters) as ActionName[];
  return names.find((name) => letters[name] === letter);
}
