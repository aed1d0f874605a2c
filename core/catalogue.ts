import { z } from "zod";
import { ImageError } from "./errors.ts";
import { fields, type ListedRatio, maxPromptLength, maxSources, qualities } from "./request.ts";

const sizeText = z
  .string()
  .regex(/^\d{2,5}x\d{2,5}$/, 'a size is written like "2048x1152"')
  .transform((text) => {
    const [width = 0, height = 0] = text.split("x").map(Number);
    return { width, height };
  })
  .refine(({ width, height }) => Math.min(width, height) >= 64 && Math.max(width, height) <= 4096, {
    message: "both sides are between 64 and 4096 pixels",
  });

const ratioText = z.string().regex(/^\d{1,4}:\d{1,4}$/, 'a ratio is written like "16:9"');

/** The sizes of Z-Image, whose sides are multiples of 16. */
const zImageSizes = {
  "1:1": "2048x2048",
  "1:2": "1024x2048",
  "3:2": "1920x1280",
  "3:4": "1536x2048",
  "16:9": "2048x1152",
  "9:16": "1152x2048",
} satisfies Record<ListedRatio, string>;

const quality = z.strictObject({
  /** Pixels of the longest side, for sizes that follow from a ratio. */
  longestSide: z.int().min(64).max(4096).optional(),
  steps: fields.steps.optional(),
});

/** What a model takes to be edited. */
const editing = z.strictObject({
  /** So many at once, at most. */
  pictures: z.int().min(1).max(maxSources).default(1),
  /** Also one that says which part of the first may change. */
  mask: z.boolean().default(false),
});

const onePicture = { pictures: 1, mask: false } satisfies z.output<typeof editing>;

function range(low: number, high: number, standard: number) {
  const number = z.number().min(0).max(100);
  return z
    .strictObject({
      default: number.default(standard),
      min: number.default(low),
      max: number.default(high),
    })
    .refine(({ default: standard, min, max }) => !(min > standard || standard > max), {
      message: 'must have its "default" between its "min" and its "max"',
      // Also beside other problems, so that all are told at once.
      when: ({ value }) => value instanceof Object,
    })
    .prefault({});
}

/** The fields of every model, independent of its provider. */
const modelFields = {
  id: fields.model,
  aliases: z.array(fields.model).default([]),
  /** Show the aliases in the list of models, too. */
  listAliases: z.boolean().default(false),
  /** The id of the provider that serves it. */
  provider: z.string().min(1),
  steps: range(1, 50, 8),
  guidance: range(1, 10, 7),
  sizes: z.record(ratioText, sizeText).prefault(zImageSizes),
  /** false: only the sizes above, and the nearest one is taken. */
  anySize: z.boolean().default(true),
  quality: z.partialRecord(z.enum(qualities), quality).prefault({
    low: { longestSide: 1024, steps: 6 },
    medium: { longestSide: 1536 },
    high: { longestSide: 2048 },
    standard: { longestSide: 1536 },
    hd: { longestSide: 2048 },
  }),
  /** The longest prompt that it takes, in UTF-16 units; longer ones are cut at a word. Absent: as long as any may be. */
  maxPrompt: z.int().min(1).max(maxPromptLength).optional(),
  /** Extra parameters that are handed on to the service, such as `sampler`. */
  parameters: z.array(z.string().min(1)).default([]),
  /** Makes pictures from pictures: `true` from one at a time, otherwise how many it takes, and whether a mask. */
  edits: z
    .union(
      [z.boolean(), editing],
      'must be true, false or such as { "pictures": 16, "mask": true }',
    )
    .default(false)
    .transform((edits) => (edits === true ? onePicture : edits || undefined)),
  /** Unix seconds, shown in the list of models. */
  created: z.int().default(1_730_800_000),
};

type ModelFields = z.output<z.ZodObject<typeof modelFields>>;

/** One model of the catalogue. */
export interface Model extends Readonly<ModelFields> {
  /** The fields that only its provider's dialect reads, as that dialect's own schema describes them. */
  readonly wire: Readonly<Record<string, unknown>>;
}

/** A model as the program itself writes it; fields that are not listed here become `wire`. */
export const modelSchema = z.looseObject(modelFields).transform(toModel);
/** What `modelSchema` takes: only `id` and `provider` are needed. */
export type ModelInput = z.input<typeof modelSchema>;

/** The names of the fields that every model has. */
export const modelFieldNames: readonly string[] = Object.keys(modelFields);

/** `MODELS_FILE`: only the fields of every model and those of `wire`, the dialects' own, are allowed. */
export function catalogueSchema(wire: z.ZodRawShape) {
  const model = z.strictObject({ ...wire, ...modelFields }).transform(toModel);
  return z.strictObject({ models: z.array(model).min(1) });
}

/** The names that two models of a list have, each with the place of the second of them. */
export function repeatedNames(models: readonly Pick<Model, "id" | "aliases">[]) {
  const names = models.flatMap(({ id, aliases }, index) =>
    [id, ...aliases].map((name) => ({ name, index })),
  );
  const firstOf = (name: string) => names.findIndex((one) => one.name === name);
  return names.filter(({ name }, at) => firstOf(name) < at);
}

function toModel(given: ModelFields): Model {
  const own = Object.entries(given).filter(([name]) => name in modelFields);
  const wire = Object.entries(given).filter(([name]) => !(name in modelFields));
  return { ...(Object.fromEntries(own) as ModelFields), wire: Object.fromEntries(wire) };
}

/** The models that are served; the first is the default one. */
export interface Catalogue {
  readonly models: readonly Model[];
  /**
   * The model of this name or alias, the first without a name; otherwise throws `unknown-model`. Where no name fits
   * exactly, capitals, spaces and hyphens do not count, nor what clients put around a name: `openai/`, `models/`, `:latest`, `:free`.
   */
  find(name?: string): Model;
  /** The same, or undefined where `find` throws; undefined without a name, too. */
  served(name: string | undefined): Model | undefined;
}

/** Throws where there is no model at all. */
export function createCatalogue(models: readonly Model[]): Catalogue {
  const named = models.flatMap((model) =>
    [model.id, ...model.aliases].map((name) => [name, model] as const),
  );
  const byName = new Map(named);
  // Of two that look alike the first counts.
  const byLook = new Map(named.toReversed().map(([name, model]) => [lookOf(name), model]));
  const first = models[0];
  if (!first) throw new Error("A catalogue needs at least one model.");
  const served = (name: string) => byName.get(name) ?? lookalike(name, byLook);
  return {
    models,
    find(name) {
      const model = name === undefined ? first : served(name);
      if (!model) throw new ImageError("unknown-model", { model: name ?? "" });
      return model;
    },
    served: (name) => (name === undefined ? undefined : served(name)),
  };
}

/** The longest end of the name that is one of ours, at a slash. */
function lookalike(name: string, byLook: ReadonlyMap<string, Model>): Model | undefined {
  const parts = name
    .trim()
    .replace(/:(?:latest|image|free)$|\/+$/i, "")
    .split("/");
  const ends = parts.map((_, at) => lookOf(parts.slice(at).join("/")));
  return ends.map((end) => byLook.get(end)).find((model) => model !== undefined);
}

function lookOf(name: string): string {
  return name
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[\p{Pd}_\s]+/gu, "");
}
