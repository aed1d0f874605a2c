import { z } from "zod";
import { qualities } from "./request.ts";

/** What a person, or a place such as a group or server, wants by default. Absent: as the next wider scope says. */
export const settingsSchema = z.object({
  /** `a:b`, or `auto` for the enhancer's choice. */
  ratio: z.string().optional(),
  enhance: z.boolean().optional(),
  model: z.string().optional(),
  quality: z.enum(qualities).optional(),
  /** Also get the untouched file with each picture. */
  originals: z.boolean().optional(),
  /** A locale of the chat doors, whatever the platform says. */
  language: z.string().optional(),
  /** Show pictures to oneself alone where the platform can. */
  private: z.boolean().optional(),
  /** Bytes of the largest file that a place was seen to take, where that is less than it says; not for people to set. */
  uploadLimit: z.int().min(1).optional(),
});

export type Settings = Readonly<z.output<typeof settingsSchema>>;

/** Where settings live. A scope is a requester's id (`telegram:456`) or a place's (`telegram:chat:-100123`). */
export interface SettingsStore {
  /** Empty where nothing was ever set. */
  get(scope: string): Promise<Settings>;
  /** Sets what is given; `undefined` takes a value back. */
  set(
    scope: string,
    changes: { readonly [Key in keyof Settings]?: Settings[Key] | undefined },
  ): Promise<void>;
  forget(scope: string): Promise<void>;
}
