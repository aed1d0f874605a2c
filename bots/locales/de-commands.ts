import type { Locale } from "../i18n.ts";

/** The names and descriptions of the commands in German. */
export const commands: Locale["commands"] = {
  draw: { name: "malen", description: "Male ein Bild aus Worten" },
  again: {
    name: "nochmal",
    description: "Mache dein letztes Bild, oder dieses, noch einmal mit anderem Seed",
  },
  show: { name: "zeigen", description: "Zeige ein Bild und sein Rezept zu einem Code" },
  queue: { name: "schlange", description: "Was von dir wartet, zum Abbrechen" },
  history: { name: "verlauf", description: "Deine Bilder, das neueste zuerst" },
  presets: {
    name: "vorlage",
    description: "Worte und Wünsche unter einem Namen, zum Wiederverwenden",
  },
  usage: {
    name: "verbrauch",
    description: "Was du verbraucht hast, und was von deinem Kontingent übrig ist",
  },
  link: {
    name: "verknüpfen",
    description: "Ein Verlauf, Vorlagen und Kontingent auf mehreren Plattformen",
  },
  settings: { name: "einstellungen", description: "Wie deine Bilder normalerweise sind" },
  help: { name: "hilfe", description: "Was dieser Bot kann" },
  privacy: { name: "datenschutz", description: "Was über dich aufgehoben wird" },
  forgetme: {
    name: "vergissmich",
    description: "Lösche deine Aufträge, Bilder, Vorlagen und Einstellungen",
  },
};

/** The names and descriptions of their options in German. */
export const options: Locale["options"] = {
  prompt: { name: "prompt", description: "Was das Bild zeigen soll, in jeder Sprache" },
  ratio: { name: "format", description: "Breite zu Höhe" },
  model: { name: "modell", description: "Welches Modell malt" },
  seed: { name: "seed", description: "Gleicher Seed und gleicher Prompt ergeben dasselbe Bild" },
  negative: { name: "ohne", description: "Was das Bild nicht zeigen soll" },
  steps: {
    name: "schritte",
    description: "Mehr Schritte dauern länger und zeigen mehr Einzelheiten",
  },
  guidance: { name: "führung", description: "Wie eng das Modell den Worten folgt" },
  enhance: { name: "ausarbeiten", description: "Ein Sprachmodell reichert die Worte an" },
  count: { name: "anzahl", description: "Wie viele Bilder" },
  quality: { name: "qualität", description: "Kleiner geht schneller" },
  preset: {
    name: "vorlage",
    description: "Worte und Wünsche, die unter diesem Namen gespeichert sind",
  },
  name: { name: "name", description: "Der Name der Vorlage" },
  words: { name: "worte", description: "Sie stehen um {prompt}; Codes von Bildern zählen auch" },
  share: { name: "freigabe", description: "Der Code einer Vorlage, etwa zp-7K3QF9X2WM" },
  linkCode: {
    name: "verknüpfungscode",
    description: "Der Code, den /link dir woanders gezeigt hat",
  },
  private: { name: "privat", description: "Das Bild nur dir zeigen" },
  image: { name: "bild", description: "Ein Bild, das geändert wird, wie die Worte sagen" },
  image2: { name: "bild2", description: "Noch ein Bild" },
  image3: { name: "bild3", description: "Noch ein Bild" },
  image4: { name: "bild4", description: "Noch ein Bild" },
  code: { name: "code", description: "Der Code eines Bildes, etwa zi-7K3QF9X2WM" },
  originals: { name: "originale", description: "Auch die unveränderten Dateien schicken" },
  language: { name: "sprache", description: "Die Sprache dieses Bots" },
  scope: { name: "für", description: "Wessen Einstellungen: deine oder die dieses Ortes" },
};

/** What is said about settings in German. */
export const settings: Locale["settings"] = {
  own: "Deine Einstellungen",
  place: "Die Einstellungen dieses Chats, für alle ohne eigene",
  choose: "{{setting}}: auswählen",
  unset: "wie üblich",
  saved: "Gespeichert.",
  row: "{{setting}}: {{value}}",
  names: {
    ratio: "Format",
    enhance: "Meine Worte ausarbeiten",
    model: "Modell",
    quality: "Qualität",
    originals: "Auch Originaldateien schicken",
    language: "Sprache",
    private: "Bilder nur mir zeigen",
  },
};

/** What is said about linked accounts in German. */
export const link: Locale["link"] = {
  this: "Du bist {{name}}.",
  linked: "Mit dir verknüpft:",
  keyName: "API-Schlüssel {{key}}",
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
