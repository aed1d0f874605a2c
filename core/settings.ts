import { z } from "zod";
import { imageRequest, qualities } from "./request.ts";

/** The defaults of a person, or of a place such as a group or server. Absent: the next wider scope decides. */
export const settingsSchema = z.object({
  /** `a:b`, or `auto` for the enhancer's choice. */
  ratio: z.string().optional(),
  enhance: z.boolean().optional(),
  model: z.string().optional(),
  quality: z.enum(qualities).optional(),
  /** Also get the untouched file with each picture. */
  originals: z.boolean().optional(),
  /** A locale of the chat doors; it replaces the platform's. */
  language: z.string().optional(),
  /** Show pictures to oneself alone where the platform can. */
  private: z.boolean().optional(),
  /** Bytes of the largest upload that a place accepts, where that is less than it reports. Set by the program. */
  uploadLimit: z.int().min(1).optional(),
  /** A request that waits for its person to confirm it, under the key that it will have. Set by the program. */
  asked: z
    .object({
      key: z.string(),
      request: imageRequest,
      private: z.boolean().optional(),
      defaults: z
        .array(z.object({ ratio: z.string().optional() }))
        .readonly()
        .optional(),
    })
    .optional(),
  /** Messages of a chat platform that were taken and not answered yet. Set by the program. */
  taken: z.array(z.record(z.string(), z.unknown())).optional(),
});

/** Settings that `settingsSchema` has checked. */
export type Settings = Readonly<z.output<typeof settingsSchema>>;

/** Settings from a store's JSON; empty for what another version wrote and this one cannot read. */
export function settingsIn(text = "{}"): Settings {
  return settingsSchema.safeParse(JSON.parse(text)).data ?? {};
}

/** Where settings live. A scope is a requester's id (`telegram:456`) or a place's (`telegram:chat:-100123`). */
export interface SettingsStore {
  /** Empty where nothing was ever set. */
  get(scope: string): Promise<Settings>;
  /** Sets what is given; `undefined` removes a value. */
  set(
    scope: string,
    changes: { readonly [Key in keyof Settings]?: Settings[Key] | undefined },
  ): Promise<void>;
  forget(scope: string): Promise<void>;
}
