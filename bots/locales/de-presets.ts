import type { Locale } from "../i18n.ts";

/** What is said about linked accounts in German. */
export const link: Locale["link"] = {
  this: "Du bist {{name}}.",
  linked: "Mit dir verknüpft:",
  keyName: "API-Schlüssel {{key}}…",
  invitation:
    "Um ein Konto von dir auf einer anderen Plattform zu verknüpfen, schicke mir dort innerhalb von zehn Minuten /link {{code}}. Verlauf, Vorlagen und Kontingent sind von da an eins.",
  joined: "Verknüpft. Verlauf, Vorlagen und Kontingent sind jetzt eins.",
  key: "Dein API-Schlüssel: {{key}}\nEr wird nur dieses Mal gezeigt. Schicke ihn als Authorization: Bearer … an die Adresse dieses Servers; /link nimmt ihn zurück.",
  unlinked: "{{name}} ist nicht mehr verknüpft.",
};

/** What is said about presets in German. */
export const presets: Locale["presets"] = {
  own: "Deine Vorlagen:",
  place: "Vorlagen dieses Ortes:",
  builtIn: "Eingebaut: {{names}}.",
  and: ", ",
  menu: "{{name}} hieraus",
  use: "Füge deinen Worten --preset und einen Namen hinzu.",
  saved: "Als {{name}} gespeichert. Füge deinen Worten --preset {{name}} hinzu.",
  deleted: "{{name}} ist gelöscht.",
  shared: "Der Code von {{name}} ist {{code}}. Damit speichern andere eine eigene Kopie.",
  builtInShared: "{{name}} ist eingebaut, also haben es alle.",
  pictures_one: "{{count}} Vorlagenbild",
  pictures_other: "{{count}} Vorlagenbilder",
  telegram:
    "/presets save Name Worte – speichert die Worte um {prompt}; Anweisungen darin, Codes von Bildern und mitgeschickte Bilder zählen auch\n/presets show Name · delete Name · share Name\n/presets zp-… – speichert, was dieser Code teilt\nAdministratoren: /presets save here Name Worte, delete here Name, für die ganze Gruppe",
};

/** The names and descriptions of what people do with presets, in German. */
export const presetVerbs: Locale["presetVerbs"] = {
  list: { name: "liste", description: "Die Vorlagen, die du hier verwenden kannst" },
  save: { name: "speichern", description: "Worte und Wünsche unter einem Namen speichern" },
  show: { name: "zeigen", description: "Was eine Vorlage deinen Worten hinzufügt" },
  delete: { name: "löschen", description: "Eine Vorlage löschen" },
  share: { name: "teilen", description: "Der Code, mit dem andere eine Vorlage bekommen" },
  take: { name: "holen", description: "Speichern, was ein Code teilt" },
};
