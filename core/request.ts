import { z } from "zod";

/** The largest seed that every known image service takes. */
export const maxSeed = 2_147_483_647;

/** Six sizes that are listed by name, width before height. */
export const listedRatios = ["1:1", "1:2", "3:2", "3:4", "16:9", "9:16"] as const;
/** One of `listedRatios`. */
export type ListedRatio = (typeof listedRatios)[number];

/** The qualities that OpenAI's clients send; providers without them give a notice. */
export const qualities = ["low", "medium", "high", "standard", "hd"] as const;
/** One of `qualities`. */
export type Quality = (typeof qualities)[number];

/** The most pictures of one request. */
export const maxPictures = 10;

/** The most pictures that a request may bring to be edited; models may take fewer. */
export const maxSources = 16;

/** The longest prompt, in UTF-16 units. */
export const maxPromptLength = 20_000;
/** Said of one that is longer, after the name of its field. */
export const promptTooLong = "ends at 20,000 characters, and this is longer";

/**
 * The limits of each field, shared by every door: a door builds its own schema from them, under its own names.
 * Lengths are in UTF-16 units.
 */
export const fields = {
  prompt: z.string().max(maxPromptLength, promptTooLong),
  negative: z.string().max(20_000),
  model: z.string().min(1).max(200),
  /** Pixels; more than a picture may have is made less. */
  side: z.int().min(64).max(16_384),
  /** `WxH`, the longest side as `2K`, a ratio, its name such as `landscape`, or `auto` for none. */
  size: z.string().max(40),
  /** `a:b`, its name such as `landscape`, or `auto` for none. */
  aspectRatio: z.string().max(40),
  /** 0 and negative numbers mean a random seed; up to 64 bits, as other pages and services count, it is brought into range. */
  seed: z
    .number()
    .multipleOf(1, "has to be a whole number")
    .max(2 ** 64),
  /** More than the model takes is made less. */
  steps: z.int().min(1).max(10_000),
  /** The same goes for this. */
  guidance: z.number().min(0).max(1000),
  quality: z.enum(qualities),
  count: z.int().min(1).max(maxPictures),
  /** The name of a preset, whose words go around the prompt. */
  preset: z.string().min(1).max(100),
} as const;

const { prompt: _, side, ...others } = fields;

const optionalFields = z.strictObject({
  width: side,
  height: side,
  ...others,
  /** false: paint the words as they are. */
  enhance: z.boolean(),
  /** Painted as it is in place of the prompt, which stays what the person typed. */
  finalPrompt: z.string(),
  /** Parameters that the catalogue may allow for a model, such as `sampler`. */
  extras: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  /**
   * The pictures to edit, in order: the id of one that `Studio.keepSource` took, the id of a kept picture, or its code
   * such as `zi-7K3Q8D2M4P.2`. An empty list is none.
   */
  sources: z.array(z.string()).max(maxSources).readonly(),
  /** A picture, named in the same ways, whose transparent parts say where the first source is to change. */
  mask: z.string(),
  /**
   * What was sent or shown before, and left out, because the model cannot take it, because it is `gone`, or because its
   * platform shows only a `part` of what was sent: a notice says so.
   */
  leftOut: z
    .strictObject({
      pictures: z.int().min(0),
      mask: z.boolean(),
      gone: z.boolean(),
      part: z.boolean(),
    })
    .partial(),
});

/** What a person asked for, in the same form from every door; `prompt` still holds its directives. */
export const imageRequest = optionalFields.partial().extend({
  /** Too long a one is refused where it is read, in words. */
  prompt: z.string(),
});

/** A request that `imageRequest` has checked. */
export type ImageRequest = z.output<typeof imageRequest>;

/** Who asks, and from where. `id` names one person across all doors, such as `telegram:456` or `http:default`. */
export interface Requester {
  readonly id: string;
  /** A BCP 47 language tag. */
  readonly locale?: string;
  /** Other ids of the same person: what was asked for under them is theirs, too. */
  readonly aliases?: readonly string[];
}

/** All ids of a requester, the present one first. */
export function idsOf({ id, aliases = [] }: Requester): readonly string[] {
  return [id, ...aliases];
}

/** Who looks up the job of a code. */
export interface Viewer extends Requester {
  /** The network address that the request came from, where several people may share an `id`. */
  readonly address?: string | undefined;
}
