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
  /** What else the action needs, such as a ratio, a page, or the person the button is for. */
  readonly argument?: string;
}

/** Telegram's limit of 64 bytes; Discord allows 100 characters. */
export const maxActionBytes = 64;

const pattern = /^([a-z]);((?:zi-[0-9A-Z]{10})?)(?:\.([1-9]\d?))?;(.*)$/s;

/** Encodes a button's data. Throws a RangeError if it is longer than 64 bytes of UTF-8. */
export function encodeAction({ action, code = "", picture, argument = "" }: Action): string {
  const number = picture === undefined ? "" : `.${picture}`;
  const data = `${letters[action]};${code}${number};${argument}`;
  const bytes = new TextEncoder().encode(data).length;
  if (bytes > maxActionBytes) throw new RangeError(`A button's data is ${bytes} bytes long.`);
  return data;
}

/** Decodes a button's data; undefined for anything that `encodeAction` does not produce. */
export function parseAction(data: string): Action | undefined {
  if (data.length > maxActionBytes) return undefined;
  const [, letter, code = "", picture, argument = ""] = pattern.exec(data) ?? [];
  const action = actionOf(letter);
  if (!action || (code !== "" && parseCode(code) !== code)) return undefined;
  return {
    action,
    ...(code === "" ? {} : { code }),
    ...(picture === undefined ? {} : { picture: Number(picture) }),
    ...(argument === "" ? {} : { argument }),
  };
}

function actionOf(letter: string | undefined): ActionName | undefined {
  const names = Object.keys(letters) as ActionName[];
  return names.find((name) => letters[name] === letter);
}
