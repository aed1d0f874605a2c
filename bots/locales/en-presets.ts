import type { PresetVerb } from "../screens/presets.ts";

/** What is said about linked accounts in English. */
export const link = {
  this: "This account is {{name}}.",
  linked: "Linked to you:",
  keyName: "API key {{key}}…",
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
