import { parseCode } from "../core/job.ts";

/** What a button does, with the letter that stands for it in the button's data; letters are never given away again. */
const letters = {
  again: "a",
  vary: "v",
  own: "w",
  ratio: "r",
  edit: "e",
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
} as const;

export type ActionName = keyof typeof letters;

/** A button's whole meaning: everything else is on disk under the code. */
export interface Action {
  readonly action: ActionName;
  /** The job that it is about. */
  readonly code?: string;
  /** Only the picture with this number, from 1. */
  readonly picture?: number;
  /** Such as a ratio, a page, or whose button it is. */
  readonly argument?: string;
}

/** What Telegram takes, the narrower of the platforms. */
export const maxActionBytes = 64;

const pattern = /^([a-z]);((?:zi-[0-9A-Z]{10})?)(?:\.([1-9]\d?))?;(.*)$/s;

/** The data of a button. Throws a RangeError where it would be longer than 64 bytes of UTF-8. */
export function encodeAction({ action, code = "", picture, argument = "" }: Action): string {
  const number = picture === undefined ? "" : `.${picture}`;
  const data = `${letters[action]};${code}${number};${argument}`;
  const bytes = new TextEncoder().encode(data).length;
  if (bytes > maxActionBytes) throw new RangeError(`A button's data is ${bytes} bytes long.`);
  return data;
}

/** Reads a button's data; undefined for anything that `encodeAction` did not make. */
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
