import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";

/** The variables that a `.env` file sets; none where there is no such file. Throws EnvFileError. */
export function readEnvFile(file: string): Readonly<Record<string, string | undefined>> {
  const bytes = bytesIn(file);
  return bytes ? parseEnv(textOf(bytes, file)) : {};
}

/** A line of a `.env` file that names a variable and does not set it, as `NAME: value` does. */
export interface IdleLine {
  readonly name: string;
  /** Of the line, from 1. */
  readonly number: number;
}

/** The lines of a file that begin with one of these names and do not set it; none where there is no such file. Throws EnvFileError. */
export function idleLines(file: string, names: readonly string[]): readonly IdleLine[] {
  const bytes = bytesIn(file);
  const lines = bytes ? textOf(bytes, file).split(/\r\n|\r|\n/) : [];
  const set = readEnvFile(file);
  return lines.flatMap((line, index) => {
    const [, name = ""] = beginning.exec(line) ?? [];
    const isIdle = names.includes(name) && set[name] === undefined;
    return isIdle ? [{ name, number: index + 1 }] : [];
  });
}

/** A name at the start of a line, also behind what shells of other systems put there. */
const beginning = /^\s*(?:set\s+|export\s+|-\s*|\$env:)?["']?([A-Z][A-Z\d_]+)\b/i;

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
  try {
    return new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes);
  } catch (cause) {
    const message = `${file}: is neither in UTF-8 nor in UTF-16; save it in UTF-8`;
    throw new EnvFileError(message, { cause });
  }
}

/** By its mark, or by the zeros that UTF-16 puts beside the letters of names. */
function encodingOf([first, second]: Buffer): "utf-8" | "utf-16le" | "utf-16be" {
  if ((first === 0xff && second === 0xfe) || second === 0) return "utf-16le";
  if ((first === 0xfe && second === 0xff) || first === 0) return "utf-16be";
  return "utf-8";
}
