import { z } from "zod";
import type { AnyImageError } from "../../errors.ts";
import { isImageError } from "../../errors.ts";
import type { Log } from "../../observe.ts";
import type { Kept } from "../dialect.ts";

/** What is sent before a number was found: the one that Z-Image once had. */
const usualNumber = 5;

/** The numbers that Z-Image has had, newest first but for the usual one, and then all that the service may have. */
const candidates = [...new Set([usualNumber, 15, 4, ...Array.from({ length: 31 }, (_, at) => at)])];

/** Some numbers are models that cost many points: the search ends before they are all gone. */
const mostPoints = 60;

const dayMs = 86_400_000;

/** What the service answers about itself for one number. */
export interface Trial {
  readonly modelName?: string | undefined;
  readonly pointsUsed?: number | undefined;
  readonly pointsLeft?: number | undefined;
}

/** Has a number paint the smallest picture. Throws ImageError. */
export type Try = (number: number, signal: AbortSignal) => Promise<Trial>;

/** What a search came to. */
interface Search {
  /** undefined where no number has the model. */
  readonly found: { readonly number: number; readonly name: string } | undefined;
  readonly pointsUsed: number;
  readonly pointsLeft: number | undefined;
}

interface SearchOptions {
  readonly ask: Try;
  readonly signal: AbortSignal;
  /** Told of each number that was tried. */
  readonly tell: (number: number, trial: Trial) => void;
}

/**
 * Asks number after number until one answers with the expected name, at most until sixty points are gone. Throws the
 * ImageError of what would end every further try, too: a key that is refused, no points, no connection.
 */
async function searchNumber(
  expected: string,
  { ask, signal, tell }: SearchOptions,
): Promise<Search> {
  let [pointsUsed, pointsLeft]: [number, number | undefined] = [0, undefined];
  for (const number of candidates) {
    if (pointsUsed >= mostPoints) break;
    const trial = await ask(number, signal).catch(emptyIfRefused);
    tell(number, trial);
    pointsUsed += trial.pointsUsed ?? (trial.modelName === undefined ? 0 : 1);
    pointsLeft = trial.pointsLeft ?? pointsLeft;
    const name = trial.modelName;
    if (name !== undefined && isNamed(name, expected)) {
      return { found: { number, name }, pointsUsed, pointsLeft };
    }
  }
  return { found: undefined, pointsUsed, pointsLeft };
}

/** A number that no model has, or one whose model wants something else, is no reason to end. */
function emptyIfRefused(error: unknown): Trial {
  if (isImageError(error) && isOfThisNumber(error)) return {};
  throw error;
}

function isOfThisNumber(error: AnyImageError): boolean {
  if (error.code === "content-refused") return true;
  if (error.code !== "provider-failed") return false;
  return ["rejected", "server-error", "bad-reply"].includes(error.details.fault);
}

/** Case, spaces and hyphens do not count. */
export function isNamed(name: string, expected: string): boolean {
  return plain(name).includes(plain(expected));
}

function plain(name: string): string {
  return name
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[-_\s]/g, "");
}

// === What is kept

const entry = z.object({
  number: z.int().min(0).optional(),
  name: z.string().optional(),
  /** When it was looked for, in Unix milliseconds. */
  searchedAt: z.number(),
});
const file = z.record(z.string(), entry).catch({});

type Entry = z.output<typeof entry>;

/** What was found of a model, by the name that it should answer with. */
export function foundOf(expected: string | undefined, kept: Kept | undefined): Entry | undefined {
  const value = kept?.read();
  return value === undefined || expected === undefined
    ? undefined
    : file.parse(value)[plain(expected)];
}

/** The number that was found, or the one that it once had. */
export function numberOf(expected: string | undefined, kept: Kept | undefined): number {
  return foundOf(expected, kept)?.number ?? usualNumber;
}

/** Writes down what was found, or that it was looked for. */
function keepFound(expected: string, { found }: Partial<Search>, kept: Kept): void {
  const all = file.parse(kept.read());
  const before = all[plain(expected)];
  kept.write({ ...all, [plain(expected)]: { ...before, ...found, searchedAt: Date.now() } });
}

/** Looks for a number that has moved, at most once a day, and tells the log; never rejects. */
export async function searchAgain(
  expected: string,
  { ask, kept, log }: { readonly ask: Try; readonly kept: Kept; readonly log: Log | undefined },
): Promise<void> {
  const before = foundOf(expected, kept);
  if (before && Date.now() - before.searchedAt < dayMs) return;
  keepFound(expected, {}, kept);
  log?.warn({ expected }, "looking for the number of the model at the service, which costs points");
  try {
    const signal = AbortSignal.timeout(30 * 60_000);
    const search = await searchNumber(expected, { ask, signal, tell: () => {} });
    const facts = { expected, ...search.found, pointsUsed: search.pointsUsed };
    if (search.found) {
      keepFound(expected, search, kept);
      log?.warn(facts, "the number of the model was found, and is used from now on");
    } else {
      log?.error(
        facts,
        "no number of the service has the model; tried again in a day at the earliest",
      );
    }
  } catch (error) {
    log?.error({ error }, "the number of the model cannot be looked for now; tried again in a day");
  }
}

interface AloudOptions {
  readonly ask: Try;
  readonly kept: Kept;
  readonly signal: AbortSignal;
  readonly tell: (line: string) => void;
}

/** Looks for a number, tells its owner of each step and what it cost, and keeps it. Throws as `searchNumber` does. */
export async function searchAloud(
  expected: string,
  { ask, kept, signal, tell }: AloudOptions,
): Promise<number | undefined> {
  const { found, pointsUsed, pointsLeft } = await searchNumber(expected, {
    ask,
    signal,
    tell: (number, { modelName }) => tell(`number ${number} is ${modelName ?? "no such model"}`),
  });
  const left = pointsLeft === undefined ? "" : `, left: ${pointsLeft}`;
  tell(`Points spent: ${pointsUsed}${left}.`);
  if (!found) {
    tell(`No number has ${expected}: look it up at the service.`);
    return undefined;
  }
  keepFound(expected, { found }, kept);
  tell(`${expected} has the number ${found.number}, which is kept and used from now on.`);
  return found.number;
}
