import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { onTestFinished } from "vitest";

export type Environment = Readonly<Record<string, string>>;

/** How a process ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Everything that it printed. */
  readonly output: string;
}

/** A line of its log. */
export type LogLine = Readonly<Record<string, unknown>> & { readonly msg: string };

/** A Drawbridge in a process of its own, as `npm start` runs it. */
export interface DrawbridgeProcess {
  /** The address that it printed, without what follows the host. */
  readonly url: string;
  /** The key in the address that it printed, if there is one. */
  readonly key: string | undefined;
  readonly pid: number;
  readonly directory: string;
  /** What it printed up to now. */
  output(): string;
  logs(): readonly LogLine[];
  /** Resolves when it has printed this. */
  printed(what: RegExp): Promise<void>;
  readonly ended: Promise<Ended>;
  /** SIGTERM, and then its end. */
  stop(): Promise<Ended>;
  /** `kill -9`, and then its end. */
  kill(): Promise<Ended>;
  /** The same again in the same directory, after its end. */
  restart(changes?: Environment): Promise<DrawbridgeProcess>;
}

export interface ProcessOptions {
  /** Where it is started, with its data in `data`. */
  readonly directory?: string;
  /** Start it as people do, with `npm start` in the project's own directory. */
  readonly byNpm?: boolean;
  /** How many files it may have open. */
  readonly openFiles?: number;
  /** The file that Node is told to run, where it is not the project's own `src/main.ts`. */
  readonly script?: string;
  /** What stands behind it on the command line. */
  readonly args?: readonly string[];
  /** In a group of its own, which `process.kill(-pid, …)` signals as a terminal does. */
  readonly ownGroup?: boolean;
  /** On a terminal, which `script` makes. */
  readonly onTerminal?: boolean;
  /** Takes what is to be done in the end: that of the test, unless it is started outside of one. */
  readonly cleanUp?: (task: () => void) => void;
}

const main = join(import.meta.dirname, "../../src/main.ts");
const before = join(main, "../before.cjs");

/** Only these of our own variables: no secret of whoever runs the tests, and nothing that could change the outcome. */
const inherited = ["PATH", "HOME", "TMPDIR", "LANG"];

/**
 * Starts it on a free port with this environment and nothing else but a data directory of its own, and waits until it
 * listens. Rejects with what it printed when it ends before that. It is gone when the test ends.
 */
export async function startProcess(
  environment: Environment = {},
  options: ProcessOptions = {},
): Promise<DrawbridgeProcess> {
  const { child, directory, ended, output, printed } = launch(environment, options);
  await printed(/^Drawbridge is open: \S+$/m);
  const opened = /^Drawbridge is open: (http\S+?)(?:\/#key=(\S+))?$/m.exec(output());
  if (!opened?.[1]) throw new Error(`It did not start:\n${output()}`);
  const end = (signal: NodeJS.Signals) => {
    child.kill(signal);
    return ended;
  };
  return {
    url: opened[1],
    key: opened[2],
    pid: child.pid ?? 0,
    directory,
    output,
    logs: () => logLines(output()),
    printed,
    ended,
    stop: () => end("SIGTERM"),
    kill: () => end("SIGKILL"),
    restart: (changes = {}) =>
      startProcess({ ...environment, ...changes }, { ...options, directory }),
  };
}

/** Starts it and waits for its end: for what is not to start at all. */
export function runProcess(environment: Environment, options: ProcessOptions = {}): Promise<Ended> {
  return launch(environment, options).ended;
}

function launch(environment: Environment, options: ProcessOptions) {
  const { cleanUp = onTestFinished } = options;
  const directory = options.directory ?? mkdtempSync(join(tmpdir(), "drawbridge-"));
  const own = inherited.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  // In the test's directory, so that no `.env` is read.
  const bare = options.byNpm
    ? ["npm", "start"]
    : [process.execPath, "--require", before, options.script ?? main, ...(options.args ?? [])];
  const started = options.openFiles
    ? ["sh", "-c", `ulimit -n ${options.openFiles}; exec "$0" "$@"`, ...bare]
    : bare;
  const [command = "", ...args] = options.onTerminal
    ? ["script", "-qefc", started.join(" "), "/dev/null"]
    : started;
  const child = spawn(command, args, {
    cwd: options.byNpm ? join(main, "../..") : directory,
    env: {
      ...Object.fromEntries(own),
      PORT: "0",
      DATA_DIR: join(directory, "data"),
      ...environment,
    },
    stdio: ["ignore", "pipe", "pipe"],
    detached: options.ownGroup ?? false,
  });
  cleanUp(() => {
    child.kill("SIGKILL");
    rmSync(directory, { recursive: true, force: true });
  });
  return { child, directory, ...listen(child) };
}

function listen(child: ChildProcess) {
  let text = "";
  const watchers = new Set<() => void>();
  const tell = () => {
    for (const watcher of watchers) watcher();
  };
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (piece: string) => {
      text += piece;
      tell();
    });
  }
  let over = false;
  const ended = once(child, "close").then(([code, signal]): Ended => {
    over = true;
    tell();
    return { code: code as number | null, signal: signal as NodeJS.Signals | null, output: text };
  });

  function printed(what: RegExp): Promise<void> {
    return new Promise((resolve, reject) => {
      const watch = () => {
        if (what.test(text)) resolve();
        else if (over) reject(new Error(`It ended before it printed ${what}:\n${text}`));
        else return;
        watchers.delete(watch);
      };
      watchers.add(watch);
      watch();
    });
  }

  return { ended, printed, output: () => text };
}

function logLines(text: string): readonly LogLine[] {
  return text
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as LogLine);
}
