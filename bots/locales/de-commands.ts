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
