import type { PresetVerb } from "../presets.ts";

/** What is said about presets in English. */
export const presets = {
  own: "Your presets:",
  place: "Presets of this place:",
  builtIn: "Built in: {{names}}.",
  and: ", ",
  use: "Add --preset and a name to your words.",
  saved: "Saved as {{name}}. Add --preset {{name}} to your words.",
  deleted: "{{name}} is deleted.",
  shared: "The code of {{name}} is {{code}}. With it others save a copy of their own.",
  builtInShared: "{{name}} is built in, so everybody has it.",
  pictures_one: "{{count}} reference picture",
  pictures_other: "{{count}} reference pictures",
  telegram:
    "/presets save name words – save the words around {prompt}; directives in them and codes of pictures count too\n/presets show name · delete name · share name\n/presets zp-… – save what is shared by this code\nAdministrators: /presets save here name words, delete here name, for the whole group",
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
