import type { Settings } from "../../core/settings.ts";
import type { CommandId, OptionId } from "../commands.ts";
import type { PresetVerb } from "../screens/presets.ts";

interface Described {
  readonly name: string;
  readonly description: string;
}

/** The names and descriptions of the commands in English. */
export const commands = {
  draw: { name: "imagine", description: "Paint a picture from words" },
  again: {
    name: "again",
    description: "Make your last picture, or this one, again with another seed",
  },
  show: { name: "show", description: "Show a picture and its recipe by its code" },
  queue: { name: "queue", description: "What of yours is waiting, to cancel it" },
  history: { name: "history", description: "Your pictures, newest first" },
  presets: { name: "preset", description: "Words and wishes to use again, under a name" },
  usage: { name: "usage", description: "What you have used, and what is left of your quota" },
  link: { name: "link", description: "One history, presets and quota on several platforms" },
  settings: { name: "settings", description: "What your pictures are like by default" },
  help: { name: "help", description: "What this bot can do" },
  privacy: { name: "privacy", description: "What is kept about you" },
  forgetme: { name: "forgetme", description: "Erase your jobs, pictures, presets and settings" },
} as const satisfies { readonly [Id in CommandId]: Described };

/** The names and descriptions of their options in English. */
export const options = {
  prompt: { name: "prompt", description: "What the picture should show, in any language" },
  ratio: { name: "ratio", description: "Width to height" },
  model: { name: "model", description: "Which model paints" },
  seed: { name: "seed", description: "The same seed and prompt give the same picture" },
  negative: { name: "negative", description: "What the picture should not show" },
  steps: { name: "steps", description: "More steps take longer and show more detail" },
  guidance: { name: "guidance", description: "How closely the model follows the words" },
  enhance: { name: "enhance", description: "Let a language model enrich the words" },
  count: { name: "count", description: "How many pictures" },
  quality: { name: "quality", description: "Smaller is faster" },
  preset: { name: "preset", description: "Words and wishes that were saved under this name" },
  name: { name: "name", description: "The name of the preset" },
  words: { name: "words", description: "They go around {prompt}; codes of pictures count, too" },
  share: { name: "share", description: "The code of a preset, like zp-7K3QF9X2WM" },
  linkCode: { name: "link-code", description: "The code that /link showed you elsewhere" },
  private: { name: "private", description: "Show the picture to you alone" },
  image: { name: "image", description: "A picture to change as the words say" },
  image2: { name: "image2", description: "One more picture" },
  image3: { name: "image3", description: "One more picture" },
  image4: { name: "image4", description: "One more picture" },
  code: { name: "code", description: "The code of a picture, like zi-7K3QF9X2WM" },
  originals: { name: "originals", description: "Also send the untouched files" },
  language: { name: "language", description: "The language of this bot" },
  scope: { name: "for", description: "Whose settings: yours or this place’s" },
} as const satisfies { readonly [Id in OptionId]: Described };

/** What is said about settings in English. */
export const settings = {
  own: "Your settings",
  place: "The settings of this chat, for everybody who has none of their own",
  choose: "{{setting}}: choose",
  unset: "as usual",
  saved: "Saved.",
  row: "{{setting}}: {{value}}",
  names: {
    ratio: "Ratio",
    enhance: "Enhance my words",
    model: "Model",
    quality: "Quality",
    originals: "Send original files too",
    language: "Language",
    private: "Show pictures to me alone",
  } satisfies {
    readonly [Name in Exclude<keyof Settings, "uploadLimit" | "asked" | "taken">]: string;
  },
} as const;

/** What is said about linked accounts in English. */
export const link = {
  this: "This account is {{name}}.",
  linked: "Linked to you:",
  keyName: "API key {{key}}",
  invitation:
    "To link an account of yours on another platform, send /link {{code}} to me there within ten minutes. History, presets and quota are one from then on.",
  joined: "Linked. History, presets and quota are one now.",
  key: "Your API key: {{key}}\nIt is shown this once. Send it as Authorization: Bearer … to the address of this server; /link takes it back.",
  unlinked: "{{name}} is not linked any more.",
} as const;

/** What is said about presets in English. */
export const presets = {
  own: "Your presets:",
  place: "Presets of this place:",
  builtIn: "Built in: {{names}}.",
  and: ", ",
  menu: "{{name}} this",
  use: "Add --preset and a name to your words.",
  saved: "Saved as {{name}}. Add --preset {{name}} to your words.",
  deleted: "{{name}} is deleted.",
  shared: "The code of {{name}} is {{code}}. With it others save a copy of their own.",
  builtInShared: "{{name}} is built in, so everybody has it.",
  pictures_one: "{{count}} reference picture",
  pictures_other: "{{count}} reference pictures",
  telegram:
    "/presets save name words – save the words around {prompt}; directives in them, codes of pictures and pictures sent with it count too\n/presets show name · delete name · share name\n/presets zp-… – save what is shared by this code\nAdministrators: /presets save here name words, delete here name, for the whole group",
} as const;

/** The names and descriptions of what people do with presets, in English. */
export const presetVerbs = {
  list: { name: "list", description: "The presets that you can use here" },
  save: { name: "save", description: "Save words and wishes under a name" },
  show: { name: "show", description: "What a preset adds to your words" },
  delete: { name: "delete", description: "Delete a preset" },
  share: { name: "share", description: "The code by which others get a preset" },
  take: { name: "take", description: "Save what is shared by a code" },
} as const satisfies {
  readonly [Verb in PresetVerb]: { readonly name: string; readonly description: string };
};
