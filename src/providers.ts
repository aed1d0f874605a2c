import type { z } from "zod";
import { drawing } from "#runtime";
import { type Model, modelSchema } from "../core/catalogue.ts";
import type { ServedProvider } from "../core/pipeline/plan.ts";
import type { Dialect, DialectTools, FindTools, Keep } from "../core/providers/dialect.ts";
import { exacgDialect } from "../core/providers/exacg.ts";
import { openaiImagesDialect } from "../core/providers/openai-images.ts";
import { retrying } from "../core/providers/retrying.ts";
import type { Probe } from "../core/wire/probe.ts";
import { nearest } from "./nearest.ts";

interface Row {
  readonly dialect: Dialect;
  /** The provider that serves its models while it is off. Absent: such models are a configuration error. */
  readonly standIn?: string;
}

/**
 * Every provider: a row here adds one. The built-in catalogue has their models in this order, so the first row brings
 * the default model; the first row's slots and deadline are those of every provider that has none of its own.
 */
const rows = [
  { dialect: exacgDialect, ...(drawing && { standIn: drawing.id }) },
  ...(drawing ? [{ dialect: drawing }] : []),
  { dialect: openaiImagesDialect },
] as const satisfies readonly Row[];

const dialects: readonly Dialect[] = rows.map(({ dialect }) => dialect);
const [{ dialect: first }] = rows;

function rowOf(provider: string): Row | undefined {
  return rows.find(({ dialect }): boolean => dialect.id === provider);
}

// === Variables

type Shape = Intersection<(typeof rows)[number]["dialect"]["settings"]>;
type Intersection<Union> = (Union extends unknown ? (part: Union) => void : never) extends (
  whole: infer Whole,
) => void
  ? Whole
  : never;

/** The variables of all dialects. */
export const providerVariables = Object.assign(
  {},
  ...dialects.map(({ settings }) => settings),
) as Shape;

/** The values of the providers' variables, among others. */
export type ProviderSettings = Readonly<z.output<z.ZodObject<Shape>>>;

/** The prefix of a provider's variables, and the variable without which they have no effect. */
export const dependentVariables = dialects.flatMap(({ prefix, needs: [needed] = [] }) =>
  prefix && needed ? [[prefix, needed] as const] : [],
);

/** What is to be said of variables that are not set although models of the built-in catalogue depend on them. */
export function unsetVariables(isSet: (name: string) => boolean, keep: Keep) {
  return dialects
    .filter(({ needs = [] }) => needs.every(isSet))
    .flatMap((dialect) => Object.entries(dialect.unset?.(keep) ?? {}))
    .filter(([name]) => !isSet(name));
}

/** Whether pictures can cost the owner money or points. */
export function spends(settings: ProviderSettings): boolean {
  return dialectsOn(settings).some((dialect) => dialect.spends);
}

/** Who paints a model of the catalogue, and what would let a better one do it: reads on from "is painted by". */
export function painterOf(model: Model, settings: ProviderSettings, keep: Keep): string {
  const row = rowOf(model.provider);
  const isServed = row !== undefined && isOn(row.dialect, settings);
  const dialect = isServed ? row.dialect : rowOf(row?.standIn ?? "")?.dialect;
  if (!dialect) return "nothing";
  const painter = dialect.painter(ownOf(dialect, settings), model, keep);
  const better = dialects.find(({ id }) => rowOf(id)?.standIn === dialect.id);
  const isOff = better && !isOn(better, settings);
  return isOff ? `${painter}: ${better.needs?.[0] ?? "it"} is not set` : painter;
}

/** Whether the embedded renderer paints with this model, because its service is not set up. */
export function isSketch(model: Model, settings: ProviderSettings): boolean {
  const row = rowOf(model.provider);
  const isServed = row !== undefined && isOn(row.dialect, settings);
  return (isServed ? model.provider : row?.standIn) === "sketch";
}

/** What every image service that is configured can be asked for nothing. */
export function providerProbes(settings: ProviderSettings): Probe[] {
  return dialectsOn(settings).flatMap((dialect) => dialect.probe?.(ownOf(dialect, settings)) ?? []);
}

/**
 * Has the services that are on find out what their owners would have to look up. It spends. Resolves with whether all of
 * it was found, undefined where there is nothing to find; rejects with ImageError.
 */
export async function findModels(
  settings: ProviderSettings,
  tools: FindTools,
): Promise<boolean | undefined> {
  const finding = dialectsOn(settings).filter((dialect) => dialect.find !== undefined);
  if (finding.length === 0) return undefined;
  const found: (boolean | undefined)[] = [];
  for (const dialect of finding) found.push(await dialect.find?.(ownOf(dialect, settings), tools));
  return found.every(Boolean);
}

type Values = Readonly<Record<string, unknown>>;

function dialectsOn(settings: Values): Dialect[] {
  return dialects.filter((dialect) => isOn(dialect, settings));
}

function isOn({ needs: [needed] = [] }: Dialect, settings: Values): boolean {
  return needed === undefined || settings[needed] !== undefined;
}

function ownOf(dialect: Dialect, settings: Values): Values {
  return Object.fromEntries(Object.keys(dialect.settings).map((name) => [name, settings[name]]));
}

// === Models

/** The fields of a model that dialects read, all optional; where two read the same one, either's values are allowed. */
export const wireFields = dialects
  .flatMap(({ wire }) => Object.entries(wire.partial().shape))
  .reduce<Record<string, z.ZodType>>(
    (fields, [name, field]) => ({ ...fields, [name]: fields[name]?.or(field) ?? field }),
    {},
  );

/** The catalogue without `MODELS_FILE`. The first model also answers to the names that clients cannot change. */
export function builtInModels(settings: ProviderSettings): Model[] {
  const models = rows.flatMap(({ dialect, ...row }: Row) => {
    const on = isOn(dialect, settings);
    const brought = on || row.standIn ? (dialect.models?.(ownOf(dialect, settings)) ?? []) : [];
    const provider = on ? dialect.id : row.standIn;
    return brought.map((model) => ({ ...model, provider }));
  });
  const ids = models.map(({ id }) => id);
  const aliases = hardWiredIds.filter((id) => !ids.includes(id));
  return models.map((model, at) => modelSchema.parse(at === 0 ? { aliases, ...model } : model));
}

/** Model names that some clients send without letting the person choose. */
const hardWiredIds = [
  "dall-e-2",
  "dall-e-3",
  "gpt-image-1",
  "gpt-image-1-mini",
  "gpt-image-1.5",
  "gpt-image-2",
  "chatgpt-image-latest",
];

// === Problems

/** A variable and what is wrong with it; for a model of `MODELS_FILE` also the field that it is about. */
type Problem = readonly [variable: string, problem: string, field?: string];

/** Problems with variables that an active provider requires. */
export function settingProblems(settings: ProviderSettings): Problem[] {
  const given: Values = settings;
  return dialectsOn(settings).flatMap(({ needs: [on, ...needed] = [] }) =>
    needed
      .filter((name) => given[name] === undefined)
      .map((name): Problem => [name, `is needed when ${on} is set`]),
  );
}

/** Why a model of `MODELS_FILE` cannot be served. */
export function modelProblems(model: Model, settings: Surroundings): Problem[] {
  const row = rowOf(model.provider);
  const issues = row?.dialect.wire.safeParse(model.wire).error?.issues ?? [];
  return [
    ...absence(model, row, settings),
    ...issues.map(({ message, path: [field] }) => inFile(model, message, String(field))),
    ...(model.edits ? editorProblems(model, row, settings) : []),
  ];
}

/** What a model of `MODELS_FILE` may depend on. */
export type Surroundings = ProviderSettings & { readonly PUBLIC_URL?: string | undefined };

function absence(model: Model, row: Row | undefined, settings: Values): Problem[] {
  const { provider } = model;
  if (!row) {
    const meant = nearest(
      provider,
      dialects.map(({ id }) => id),
    );
    const known = `names the provider "${provider}"; known are ${listed(dialects)}`;
    const problem = meant === undefined ? known : `${known}: is "${meant}" meant?`;
    return [inFile(model, problem, "provider")];
  }
  const { standIn, dialect } = row;
  return standIn || isOn(dialect, settings)
    ? []
    : [inFile(model, `needs ${dialect.needs?.[0]}`, "provider")];
}

function editorProblems(model: Model, row: Row | undefined, settings: Surroundings): Problem[] {
  const edits = row?.dialect.edits;
  if (!edits) {
    const editors = listed(dialects.filter((dialect) => dialect.edits));
    return [inFile(model, `cannot edit: of the providers only ${editors} can`, "edits")];
  }
  const { pictures = 0 } = model.edits ?? {};
  const most = edits.pictures === 1 ? "one picture" : `${edits.pictures} pictures`;
  const problems: Problem[] = [];
  if (pictures > edits.pictures) {
    problems.push(
      inFile(model, `cannot edit so many: its provider takes ${most} at most`, "edits"),
    );
  }
  problems.push(...maskProblems(model, row.dialect));
  if (edits.by === "bytes" || settings.PUBLIC_URL !== undefined) return problems;
  return [
    ...problems,
    ["PUBLIC_URL", `is needed by "${model.id}": the service fetches what it edits`],
  ];
}

function maskProblems(model: Model, { edits, takesMask }: Dialect): Problem[] {
  if (!model.edits?.mask) return [];
  if (!edits?.mask) return [inFile(model, "cannot have a mask: its provider takes none", "edits")];
  const isTaken = takesMask?.(model.wire) !== false;
  return isTaken ? [] : [inFile(model, "cannot have a mask: in a chat there is none", "edits")];
}

/** The model as it is served: what stands in for its provider may not edit. */
export function asServed(model: Model, settings: ProviderSettings): Model {
  const row = rowOf(model.provider);
  const isStoodIn = row?.standIn !== undefined && !isOn(row.dialect, settings);
  return isStoodIn && !rowOf(row.standIn)?.dialect.edits ? { ...model, edits: undefined } : model;
}

/** Whether the service of a model fetches what it edits from here. */
export function fetchesSources({ provider }: Model): boolean {
  return rowOf(provider)?.dialect.edits?.by === "links";
}

/** What the owner has to know of editing: reads on from nothing. */
export function editingLine(models: readonly Model[]): string {
  const editors = models.flatMap(({ id, edits }) =>
    edits ? [`${id} (${edits.pictures} at a time)`] : [],
  );
  if (editors.length > 0) return `pictures are edited by ${editors.join(", ")}`;
  return "no model edits pictures: set IMAGES_OPENAI_EDITS for the service of IMAGES_OPENAI_MODEL, or give a model of MODELS_FILE its edits";
}

function inFile({ id }: Model, problem: string, field: string): Problem {
  return ["MODELS_FILE", `"${id}" ${problem}`, field];
}

function listed(some: readonly Dialect[]): string {
  const ids = some.map(({ id }) => id).toSorted();
  return new Intl.ListFormat("en-GB").format(ids);
}

// === Providers

/** A provider that is on, with what belongs to it alone. */
export interface ActiveProvider extends ServedProvider {
  /** Calls at once. */
  readonly slots: number;
}

/** The providers that are on, by their ids. */
export interface Providers {
  /** The provider with this id, or its stand-in. Throws where the configuration has neither. */
  readonly get: (id: string) => ActiveProvider;
}

/** Makes every provider that the configuration turns on. */
export async function createProviders(
  settings: ProviderSettings,
  tools: DialectTools,
): Promise<Providers> {
  const standard = first.limits(settings);
  const active = new Map<string, ActiveProvider>();
  for (const dialect of dialectsOn(settings)) {
    const own = ownOf(dialect, settings);
    const { slots = standard.slots, timeoutMs = standard.timeoutMs } = dialect.limits?.(own) ?? {};
    const provider = retrying(await dialect.create(own, tools));
    active.set(dialect.id, { provider, slots, timeoutMs });
  }
  const find = (id: string) => active.get(id) ?? active.get(rowOf(id)?.standIn ?? "");
  return {
    get(id) {
      const found = find(id);
      if (!found) throw new Error(`There is no provider "${id}".`);
      return found;
    },
  };
}
