import { readFileSync } from "node:fs";

/** How many files this process may have open at once, connections included; undefined where the system tells nothing. */
export function openFilesLimit(): number | undefined {
  try {
    const limits = readFileSync("/proc/self/limits", "utf8");
    const [, soft] = /^Max open files +(\d+)/m.exec(limits) ?? [];
    return soft === undefined ? undefined : Number(soft);
  } catch {
    return undefined;
  }
}

/** What is open without any connection, and calls of services and platforms. */
const reserved = 128;
/** A connection, and the picture that is read or written for it. */
const filesPerConnection = 2;
/** Each connection costs memory, too. */
const mostConnections = 10_000;

/** How many connections may be open at once, so that calls of image services still find a file to open. */
export function connectionsFor(openFiles: number | undefined): number {
  if (openFiles === undefined) return 1_000;
  const left = Math.floor((openFiles - reserved) / filesPerConnection);
  return Math.min(mostConnections, Math.max(16, left));
}

/** Fewer connections than this are soon used up by people who leave the page open. */
const fewConnections = 1_000;

/** What to do about a limit that is low; undefined for one that is not. */
export function openFilesCaution(openFiles: number | undefined): string | undefined {
  const connections = connectionsFor(openFiles);
  if (openFiles === undefined || connections >= fewConnections) return undefined;
  return `This process may have ${openFiles} files open at once, so it takes ${connections} connections and drops others. Raise the limit (ulimit -n, or LimitNOFILE= of systemd) to 4096 at least.`;
}
