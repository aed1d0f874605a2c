import { createServer } from "node:net";
import { cautionsFor } from "./cautions.ts";
import { type Line, toLine } from "./findings.ts";
import { type Config, ConfigError, type Environment, readConfig } from "./config.ts";
import { askServices, examineProxies, type ProbeTools } from "./probes.ts";
import { environmentWithFile } from "./environment.ts";
import { isImageError } from "../core/errors.ts";
import { editingLine, findModels } from "./providers.ts";
import { createFetches } from "./fetches.ts";
import { examineFile, examineNames } from "./names.ts";
import { addressProblems, explain, isEntryPoint } from "./process.ts";
import { proxiesIn, proxyProblems } from "./proxies.ts";
import { keptIn } from "./storage/kept.ts";
import {
  DataDirError,
  type DirectoryState,
  inspectDirectory,
  inspectKey,
  inUse,
} from "./storage/data-dir.ts";
import { inspectDatabase } from "./storage/sqlite.ts";

/**
 * Looks at everything that a start would need, and at what would cost its owner later. Changes nothing, spends no more
 * than a few tokens of the enhancer, and its findings hold no secret.
 */
export async function examine(
  environment: Environment,
  tools: ProbeTools,
): Promise<readonly Line[]> {
  const config = configOf(environment);
  const names = [...examineFile(), ...examineNames(environment)];
  if (config instanceof ConfigError) return [...config.problems.map(problemLine), ...names];
  const { finding, state } = await examineDirectory(config);
  return [
    finding,
    await examineAddress(config, state),
    ...(await sharedStores(config, tools)),
    ...(await examineProxies(config.proxies, tools.timeoutMs)),
    ...(await askServices(config, tools)).map(toLine),
    { about: "Editing", ...fine(`${editingLine(config.models)}.`) },
    ...cautionsFor(config).map((caution): Line => ({ level: "warning", ...caution })),
    ...names,
  ];
}

function configOf(environment: Environment): Config | ConfigError {
  try {
    return readConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
}

const fine = (text: string) => ({ level: "fine", text }) as const;
const problem = (text: string) => ({ level: "problem", text }) as const;

function problemLine(problem: string): Line {
  const [, about = "Configuration", text = problem] = /^(\w+): (.*)$/s.exec(problem) ?? [];
  return { level: "problem", about, text };
}

// === This machine

const directoryTexts: Readonly<Record<DirectoryState, string>> = {
  new: "is not there yet: the first start makes it.",
  free: "can be used.",
  "in-use": "is in use: a Drawbridge is running.",
};

/** By the checks of a start, and in its words. The one that is running in the directory is ours if it is at our address. */
async function examineDirectory(
  config: Config,
): Promise<{ readonly finding: Line; readonly state?: DirectoryState }> {
  const { DATA_DIR: directory, gatewayKeys } = config;
  const about = "DATA_DIR";
  try {
    const state = inspectDirectory(directory);
    if (state === "free") {
      inspectDatabase(directory);
      if (!gatewayKeys) inspectKey(directory);
    }
    if (state === "in-use" && !(await isAnswering(config))) throw inUse(directory);
    return { finding: { about, ...fine(directoryTexts[state]) }, state };
  } catch (error) {
    if (!(error instanceof DataDirError)) throw error;
    return { finding: { about, ...problem(error.message) } };
  }
}

/** Whether a Drawbridge answers at the address of this configuration. */
async function isAnswering({ HOST, PORT }: Config): Promise<boolean> {
  const host = HOST.includes(":") ? `[${HOST}]` : HOST;
  try {
    const signal = AbortSignal.timeout(3_000);
    const response = await fetch(`http://${host}:${PORT}/healthz`, { signal });
    return ((await response.json()) as { status?: unknown }).status === "ok";
  } catch {
    return false;
  }
}

/** While Drawbridge is running, its address is in use by itself. */
async function examineAddress(config: Config, state?: DirectoryState): Promise<Line> {
  const { HOST: host, PORT: port } = config;
  const about = "HOST and PORT";
  if (state === "in-use") return { about, ...fine("belong to the running Drawbridge.") };
  const code = await tryListening(host, port);
  if (code === undefined) return { about, ...fine("can be listened at.") };
  const reason = code === "EADDRINUSE" ? "something else listens there already. It" : "the address";
  const text = addressProblems[code] ?? `fails with ${code}.`;
  return { about, ...problem(`cannot be listened at: ${reason} ${text}`) };
}

/** Listens for a moment; answers the system's error code where that fails. */
function tryListening(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "unknown"));
    server.listen(port, host, () => server.close(() => resolve(undefined)));
  });
}

/** What it takes to look at them is loaded where they are set. */
async function sharedStores(config: Config, { timeoutMs }: ProbeTools): Promise<readonly Line[]> {
  if (config.DATABASE_URL === undefined && config.S3_BUCKET === undefined) return [];
  const { examineShared } = await import("./shared-stores.ts");
  return examineShared(config, { fetch: createFetches(config.proxies).web, timeoutMs });
}

// === The command

interface DoctorTools extends ProbeTools {
  readonly print: (line: string) => void;
}

const marks = { fine: "✓", warning: "!", problem: "✗" } as const;

/** `npm run doctor`: prints what it finds, the problems last. Answers the exit code. */
export async function doctor(environment: Environment, tools: DoctorTools): Promise<number> {
  const findings = await examine(environment, tools);
  const count = (level: Line["level"]) =>
    findings.filter((finding) => finding.level === level).length;
  for (const level of ["fine", "warning", "problem"] as const) {
    for (const finding of findings) {
      if (finding.level === level) tools.print(`${marks[level]} ${finding.about}: ${finding.text}`);
    }
  }
  const isRunning = findings.some(({ text }) => text === directoryTexts["in-use"]);
  const [problems, warnings] = [count("problem"), count("warning")];
  tools.print(
    problems > 0
      ? `\nNot ready: ${problems} to put right, ${warnings} to think about.`
      : `\n${isRunning ? "A Drawbridge is running with this configuration" : "Ready to start"}; ${warnings} to think about.`,
  );
  return problems > 0 ? 1 : 0;
}

/** `npm run doctor -- --find-model`: finds what the image service calls the model, which spends. Answers the exit code. */
async function findModel(environment: Environment, { fetch, print }: DoctorTools) {
  const config = readConfig(environment);
  // What is found for points has to be kept.
  inspectDirectory(config.DATA_DIR);
  const keep = keptIn(config.DATA_DIR);
  const signal = AbortSignal.timeout(3_600_000);
  try {
    const found = await findModels(config, { fetch, keep, signal, tell: print });
    if (found === undefined) print("There is nothing to find: SD_API_KEY is not set.");
    if (found && environment["MODELS_FILE"]?.trim()) {
      print('In MODELS_FILE it counts for models with "index": "found" or "auto".');
    }
    return found ? 0 : 1;
  } catch (error) {
    if (!isImageError(error)) throw error;
    print(`It cannot be found: ${error.message}.`);
    return 1;
  }
}

/** The process of the command. */
async function main(): Promise<void> {
  const environment = environmentWithFile();
  const proxies = proxiesIn(environment);
  const { any: fetch } = createFetches(proxyProblems(proxies).length > 0 ? undefined : proxies);
  const tools = { fetch, timeoutMs: 5_000, print: (line: string) => console.log(line) };
  // `npm run doctor --find-model` without the other two hyphens is what npm makes a setting of its own of.
  const isNpms = environment["npm_config_find_model"] === "true";
  const run = isNpms || process.argv.includes("--find-model") ? findModel : doctor;
  process.exitCode = await run(environment, tools);
}

if (isEntryPoint(import.meta.filename)) await main().catch(explain);
