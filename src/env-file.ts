import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";

/** The variables that a `.env` file sets; none where there is no such file. Throws EnvFileError. */
export function readEnvFile(file: string): Readonly<Record<string, string | undefined>> {
  const bytes = bytesIn(file);
  return bytes ? parseEnv(textOf(bytes, file)) : {};
}

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
