import { existsSync, readFileSync } from "node:fs";
import { parseEnv } from "node:util";

/** The variables that a `.env` file sets; none where there is no such file. Throws EnvFileError. */
export function readEnvFile(file: string): Readonly<Record<string, string | undefined>> {
  const bytes = bytesIn(file);
  return bytes ? parseEnv(textOf(bytes, file)) : {};
}

/** A line of a `.env` file that names a variable, and why that does not have the value that the line seems to give it. */
export interface DoubtfulLine {
  readonly name: string;
  /** Of the line, from 1. */
  readonly number: number;
  /** `unset`: it is no assignment, as `NAME: value`. `cut`: the value holds a `#`, and what follows that is a comment. */
  readonly fault: "unset" | "cut";
}

/** The doubtful lines of a file for variables with these names; none where there is no such file. Throws EnvFileError. */
export function doubtfulLines(file: string, names: readonly string[]): readonly DoubtfulLine[] {
  const bytes = bytesIn(file);
  const lines = bytes ? textOf(bytes, file).split(/\r\n|\r|\n/) : [];
  const set = readEnvFile(file);
  return lines.flatMap((line, index) => {
    const [, name = ""] = beginning.exec(line) ?? [];
    const fault = set[name] === undefined ? "unset" : cutOff.test(line) ? "cut" : undefined;
    return fault && names.includes(name) ? [{ name, number: index + 1, fault }] : [];
  });
}

/** Where there is a file that an editor has given the ending of texts: its name. */
export function misnamedFile(file: string): string | undefined {
  const misnamed = `${file}.txt`;
  return existsSync(misnamed) ? misnamed : undefined;
}

/** A name at the start of a line, also behind what shells of other systems put there. */
const beginning = /^\s*(?:set\s+|export\s+|-\s*|\$env:)?["']?([A-Z][A-Z\d_]+)\b/i;

/** A value without quotation marks that has a `#` in it. */
const cutOff = /^[^=]*=\s*[^\s"'`#][^#]*(?<!\s)#/;

/** The file is there and cannot be read; `message` names it and says why. */
export class EnvFileError extends Error {
  override readonly name = "EnvFileError";
}

function bytesIn(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new EnvFileError(`${file}: cannot be read: ${code ?? "unknown"}`, { cause });
  }
}

/** Editors put a mark before UTF-8, and PowerShell writes UTF-16: each is read, and its mark dropped. */
function textOf(bytes: Buffer, file: string): string {
  const text = decoded(bytes);
  // UTF-32 passes for UTF-16 with a zero behind each letter.
  if (text !== undefined && !text.includes("\0")) return text;
  throw new EnvFileError(`${file}: is neither in UTF-8 nor in UTF-16; save it in UTF-8`);
}

function decoded(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** By its mark, or by the zeros that UTF-16 puts beside the letters of names. */
function encodingOf([first, second]: Buffer): "utf-8" | "utf-16le" | "utf-16be" {
  if ((first === 0xff && second === 0xfe) || second === 0) return "utf-16le";
  if ((first === 0xfe && second === 0xff) || first === 0) return "utf-16be";
  return "utf-8";
}
