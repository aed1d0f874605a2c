import type { Job } from "../core/job.ts";
import type { Log } from "../core/observe.ts";
import type { Given } from "./edits.ts";
import type { Translator } from "./i18n.ts";
import type { Platform } from "./platform.ts";
import { type Screen, said } from "./screen.ts";
import type { Actor, ChatTools, Submitter } from "./use-cases.ts";

/** What the conversation needs beside the use cases. */
export interface ConversationTools extends ChatTools {
  readonly now: () => number;
  readonly log: Log;
}

/** One thing that a person did on a platform: who, where, with which rights. */
export interface Conversing {
  readonly actor: Actor;
  readonly t: Translator;
  readonly platform: Platform;
  /** The platform's id of the person, where others see the buttons that only this person may press. */
  readonly owner: string | undefined;
  /** What is answered is seen by this person alone. */
  readonly isSecret: boolean;
  /** The person acts in the name of the place itself, which has no other settings than its own. */
  readonly isPlace: boolean;
  /** The base of addresses to hand out; undefined for none. */
  readonly publicUrl: string | undefined;
  /** The pictures that came with what the person did; absent where none can. */
  given?(): Promise<readonly Given[]>;
  /** The person as one who asks for pictures; `isPrivate` counts before their settings. */
  readonly submitter: (isPrivate?: boolean) => Submitter;
  /** Whether the person runs the place of this job, and is there; of the place where they are, for its settings. Throws Refused. */
  mayModerate(what: Job | "settings"): boolean | Promise<boolean>;
}

/** What a person sees of what they did. */
export type Outcome =
  /** The job that was made, which its delivery shows. */
  | { readonly is: "job" }
  /** Nothing but that it was done. */
  | { readonly is: "nothing" }
  /** A notice that only the person who pressed sees. */
  | { readonly is: "notice"; readonly text: string }
  /** A message, to this person alone where `hidden` and the platform can. */
  | { readonly is: "message"; readonly screen: Screen; readonly hidden: boolean }
  /** In place of the message with the button. */
  | { readonly is: "instead"; readonly screen: Screen }
  /** Other buttons, near the message with the pressed one. */
  | { readonly is: "buttons"; readonly screen: Screen }
  /** The message with the button shows this job as it now is. */
  | { readonly is: "changed"; readonly job: Job; readonly screen: Screen }
  /** The message of this job goes. */
  | { readonly is: "deleted"; readonly job: Job }
  /** The original files of a job, or of one of its pictures. */
  | { readonly is: "originals"; readonly job: Job; readonly picture: number | undefined }
  /** The question is answered: this job came of it. */
  | { readonly is: "painted"; readonly job: Job };

/** A notice for the person who pressed. */
export function notice(text: string): Outcome {
  return { is: "notice", text };
}

/** A message for this person. */
export function message(screen: Screen, { hidden = true } = {}): Outcome {
  return { is: "message", screen, hidden };
}

/** A sentence for this person. */
export function saying(text: string): Outcome {
  return message(said(text));
}

/** A screen in place of the message with the button. */
export function instead(screen: Screen): Outcome {
  return { is: "instead", screen };
}
