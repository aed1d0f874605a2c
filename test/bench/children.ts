import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

/** What a server has used since it started. */
export interface Usage {
  /** Microseconds of all its threads. */
  readonly cpu: number;
  /** Bytes, the most there ever were. */
  readonly peakMemory: number;
  /** Bytes after a collection of garbage: the heap, and what lies outside of it. */
  readonly heldMemory: number;
}

/** A server in a process of its own. */
export interface Server {
  readonly url: string;
  usage(): Promise<Usage>;
  stop(): Promise<void>;
}

/** Starts one of the programs beside this file, with this environment and no other. */
export async function startServer(
  program: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Server> {
  const child = fork(join(import.meta.dirname, program), {
    execArgv: ["--expose-gc"],
    env: { PATH: process.env.PATH, ...environment },
    serialization: "advanced",
  });
  const ended = once(child, "close");
  const url = await answer<string>(child);
  return {
    url,
    usage() {
      child.send("usage");
      return answer<Usage>(child);
    },
    async stop() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

async function answer<T>(child: ChildProcess): Promise<T> {
  const answered = new AbortController();
  const { signal } = answered;
  const ended = once(child, "exit", { signal }).then(() => {
    throw new Error("a server of the benchmark ended");
  });
  try {
    const [message] = (await Promise.race([once(child, "message", { signal }), ended])) as [T];
    return message;
  } finally {
    answered.abort();
    // A child that did not answer is no longer listened to.
    ended.catch(() => {});
  }
}

/** In the child: tells where it listens, and answers what it has used whenever it is asked. */
export function serve(url: string): void {
  process.on("message", () => {
    globalThis.gc?.();
    const { heapUsed, external } = process.memoryUsage();
    const { user, system } = process.cpuUsage();
    const usage: Usage = {
      cpu: user + system,
      peakMemory: process.resourceUsage().maxRSS * 1024,
      heldMemory: heapUsed + external,
    };
    process.send?.(usage);
  });
  process.send?.(url);
}
