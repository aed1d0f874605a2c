import { readdirSync, readFileSync } from "node:fs";

/** Of `/proc/<pid>/stat`, in its own units: a hundredth of a second on every Linux. */
const tickMs = 10;

interface Stat {
  readonly parent: number;
  readonly ms: number;
}

/** undefined where the process has ended, or this is no Linux. */
function statOf(pid: number): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in parentheses may hold anything. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return { parent: Number(fields[1]), ms: (Number(fields[11]) + Number(fields[12])) * tickMs };
  } catch {
    return undefined;
  }
}

/** Milliseconds of processor time that a process and its children have used so far. */
export function processorMs(pid: number): number {
  const own = statOf(pid)?.ms ?? Number.NaN;
  const pids = readdirSync("/proc").map(Number).filter(Number.isInteger);
  const children = pids.map(statOf).filter((stat) => stat?.parent === pid);
  return children.reduce((sum, stat) => sum + (stat?.ms ?? 0), own);
}
