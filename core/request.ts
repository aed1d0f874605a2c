import { z } from "zod";

/** The largest seed that every known image service takes. */
export const maxSeed = 2_147_483_647;

/** Six sizes that are listed by name, width before height. */
export const listedRatios = ["1:1", "1:2", "3:2", "3:4", "16:9", "9:16"] as const;
export type ListedRatio = (typeof listedRatios)[number];

export const qualities = ["low", "medium", "high", "standard", "hd"] as const;
export type Quality = (typeof qualities)[number];

/** The longest prompt, in UTF-16 units. */
export const maxPromptLength = 20_000;
/** Said of one that is longer, after the name of its field. */
export const promptTooLong = "ends at 20,000 characters, and this is longer";

/**
 * The limits of each field, shared by every door: a door composes its own schema of these, under its own names.
 * Lengths are in UTF-16 units.
 */
export const fields = {
  prompt: z.string().max(maxPromptLength, promptTooLong),
  negative: z.string().max(20_000),
  model: z.string().min(1).max(200),
  /** Pixels. */
  side: z.int().min(64).max(2048),
  size: z.string().max(40),
  aspectRatio: z.string().max(40),
  /** 0 and negative numbers mean that we choose. */
  seed: z.number().multipleOf(1, "has to be a whole number").max(maxSeed),
  steps: z.int().min(1).max(100),
  guidance: z.number().min(0).max(30),
  quality: z.enum(qualities),
  count: z.int().min(1).max(10),
} as const;

/** What a person asked for, in the same form from every door; `prompt` still holds its directives. */
export const imageRequest = z.strictObject({
  /** Too long a one is refused where it is read, in words. */
  prompt: z.string(),
  negative: fields.negative.optional(),
  model: fields.model.optional(),
  width: fields.side.optional(),
  height: fields.side.optional(),
  /** `WxH`, or `auto` for none. */
  size: fields.size.optional(),
  /** `a:b`, or `auto` for none. */
  aspectRatio: fields.aspectRatio.optional(),
  seed: fields.seed.optional(),
  steps: fields.steps.optional(),
  guidance: fields.guidance.optional(),
  quality: fields.quality.optional(),
  count: fields.count.optional(),
  /** false: paint the words as they are. */
  enhance: z.boolean().optional(),
  /** Parameters that the catalogue may allow for a model, such as `sampler`. */
  extras: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  /** The id of a kept picture to edit. */
  source: z.string().optional(),
});

export type ImageRequest = z.output<typeof imageRequest>;

/** Who asks, and from where. `id` names one person across all doors, such as `telegram:456` or `http:default`. */
export interface Requester {
  readonly id: string;
  /** A BCP 47 language tag. */
  readonly locale?: string;
}
