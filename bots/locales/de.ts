import type { Locale } from "../i18n.ts";
import { commands, link, options, presets, presetVerbs, settings } from "./de-commands.ts";

/** Everything that the chat doors say, in German. */
export const de: Locale = {
  language: { tag: "de", name: "Deutsch" },

  progress: {
    taken: "In der Schlange",
    place: "In der Schlange, {{place}}",
    placeAndTime: "In der Schlange, {{place}} · {{duration}}",
    painting: "Wird gemalt …",
    elapsed: "Wird gemalt · {{duration}}",
    percent: "Wird gemalt · {{percent}} %",
    finishing: "Gleich fertig …",
    ordinal_ordinal_other: "{{count}}. Platz",
  },

  duration: {
    seconds: "{{count}} s",
    minutes: "{{count}} min",
    hours: "{{count}} h",
    about: "etwa {{duration}}",
    in: "in etwa {{duration}}",
  },

  buttons: {
    again: "Noch einmal",
    vary: "Abwandeln",
    own: "Meine Worte",
    ratio: "Format",
    edit: "Bearbeiten",
    original: "Original",
    hide: "Verdecken",
    delete: "Löschen",
    cancel: "Abbrechen",
    retry: "Neu versuchen",
    share: "Teilen",
    back: "Zurück",
    older: "Ältere",
    newer: "Neuere",
    show: "Zeigen",
    confirmForget: "Ja, alles löschen",
    keep: "Nein, behalten",
    mySettings: "Meine Einstellungen",
    placeSettings: "Für diesen Chat",
    unset: "Wie üblich",
    reset: "Zurück zum Üblichen",
    yes: "Ja",
    no: "Nein",
    auto: "Der Textverbesserer wählt",
    drawThis: "Das malen",
    howMade: "Wie entstand das?",
    reword: "Umformulieren",
    undo: "Rückgängig",
    paint: "{{count}} Bilder malen",
    editPicture: "Bild bearbeiten",
    makeKey: "API-Schlüssel machen",
    unlink: "Verknüpfung mit {{name}} lösen",
  },

  picture: {
    enhanced: "Ausgearbeiteter Prompt",
    facts: "{{ratio}} · {{size}} · Seed {{seed}} · {{code}}",
    factsWithoutSize: "Seed {{seed}} · {{code}}",
    seeds: "{{first}}–{{last}}",
    deleted: "Gelöscht.",
    swept: "Das Bild ist nicht mehr da, sein Rezept schon: Drücke „Noch einmal“.",
    expired: "Dieses Bild kam zu spät, um hier gezeigt zu werden. /show {{code}} holt es.",
    unsure: "Das Bild dieser Nachricht ist vielleicht nicht angekommen. /show {{code}} holt es.",
    unsureAlbum:
      "Die Bilder sind vielleicht nicht angekommen: Drücke „Original“ oder schreibe /show {{code}}.",
    unsureOriginals:
      "Die Originaldateien sind vielleicht nicht angekommen: Drücke „Original“ oder schreibe /show {{code}}.",
    unsureSend: "Die Bilder von {{code}} kamen vielleicht nicht an. /show {{code}} holt sie.",
    chooseRatio: "Welches Format? Der Seed bleibt gleich.",
    choosePicture: "Mit einem davon weiterarbeiten",
    noPicture: "Zu {{code}} ist kein Bild aufgehoben.",
    shared: "Das ist schon geteilt. /show {{code}} holt es überallhin.",
  },

  ask: {
    prompt: "Was soll das Bild zeigen? Antworte auf diese Nachricht mit deinen Worten.",
    placeholder: "eine lesende Katze, ratio 3:2",
    code: "Welcher Code? Schreibe ihn hinter den Befehl, etwa /show zi-7K3QF9X2WM.",
    nothingYet: "Du hast noch keine Bilder. Bestelle eines mit /{{command}}.",
    nothingWaiting: "Von dir wartet nichts.",
    queue: "Deine Aufträge, der nächste zuerst:",
    history_one: "Dein Bild",
    history_other: "Deine Bilder, das neueste zuerst",
    notForYou: "Dieser Knopf gehört nicht dir.",
    outdated: "Dieser Knopf funktioniert nicht mehr.",
    adminsOnly: "Das dürfen nur Administratoren.",
    notAllowed: "Dieser Bot ist nicht für alle offen, und du stehst nicht auf seiner Liste.",
    adminsUnknown:
      "Telegram sagt gerade nicht, wer diese Gruppe leitet. Drücke gleich noch einmal.",
    photoNotFetched: "Telegram gibt dieses Foto gerade nicht heraus.",
    startFirst: "Hier sähen es andere. Drücke privat bei mir auf Start und bitte noch einmal.",
    notHere: "Das lässt sich hier nicht zeigen.",
    unknownPicture: "In dieser Nachricht steht kein Code, und ihr Bild entstand nicht hier.",
    change: "Was soll sich ändern? Antworte auf das Bild selbst mit /draw und deinen Worten.",
    nothingEdits:
      "Kein Modell hier bearbeitet Bilder; wer diesen Bot betreibt, müsste eines einrichten. /draw malt aus Worten.",
    changeWords: "Was soll sich ändern?",
    morePictures: "Weitere Bilder als Vorlage",
    also: "Außerdem",
    noPictureHere: "In dieser Nachricht ist kein Bild, das sich ändern ließe.",
    notAPicture:
      "{{name}} lässt sich nicht ändern: Das geht nur mit Bildern in PNG, JPEG, WebP, AVIF, GIF und TIFF.",
    formTooOld: "Dieses Formular ist zu alt. Öffne es noch einmal.",
    fileNotFetched: "Discord gibt dieses Bild gerade nicht heraus.",
    onlyStill: "Nur Bilder, die sich nicht bewegen, lassen sich ändern.",
    tooLarge: "Ein Bild darf höchstens {{limit}} MB haben.",
    cannotWrite:
      "In der Gruppe, in der du ein Bild bestellt hast, darf ich nicht schreiben, darum wurde nichts gemalt. Wer die Gruppe leitet, kann es erlauben.",
    batch: "Diese Worte bestellen {{count}} Bilder. Willst du so viele?",
    batchOfQuota:
      "Diese Worte bestellen {{count}} Bilder, und du hast noch {{left}} übrig. Willst du so viele?",
    oneInline: "Hier nur ein Bild auf einmal. Für mehrere frage mich in einem Chat mit mir.",
    inPrivate: "Nur in einem privaten Chat mit mir: Andere dürfen das nicht sehen.",
  },

  inline: {
    draw: "Malen: {{prompt}}",
    drawDescription: "Ein neues Bild aus diesen Worten",
    placeholder: "Wird gemalt …",
  },

  settings,

  usage: {
    today_one: "Heute: {{count}} Bild.",
    today_other: "Heute: {{count}} Bilder.",
    none: "Hier gibt es kein Kontingent.",
    quota:
      "{{used}} von {{limit}} Bildern am Tag sind verbraucht, {{left}} sind übrig. Es beginnt {{wait}} neu, um {{time}}.",
    quota_minute:
      "{{used}} von {{limit}} Bildern in der Minute sind verbraucht, {{left}} sind übrig.",
  },

  qualities: {
    low: "Niedrig",
    medium: "Mittel",
    high: "Hoch",
    standard: "Standard",
    hd: "HD",
  },

  help: {
    intro:
      "Ich male Bilder aus Worten. Schreibe /{{command}} und was das Bild zeigen soll, in jeder Sprache.",
    flags:
      "In deinen Worten darf auch stehen: ratio 3:2, --seed 42, --n 4 (vier Bilder), --no Nebel, --raw (meine Worte unverändert), --model, --steps, --cfg, --quality, --preset watercolour; {red|blue} malt von jedem ein Bild.",
    buttons:
      "Noch einmal: derselbe Prompt, anderer Seed. Abwandeln: deine Worte neu ausgearbeitet. Meine Worte: ohne Ausarbeitung. Format: dasselbe in anderer Form. Original: die unveränderte Datei.",
    commands: "Befehle:",
    links: "Mehr: {{url}}",
    edits:
      "Auch Bilder lassen sich ändern: Schicke welche mit dem Befehl und sage, was sich ändern soll.",
  },

  privacy: {
    text: "Aufgehoben werden: deine Worte, die Rezepte und Bilder daraus, deine Vorlagen, Einstellungen und verknüpften Konten und wie viele Bilder du zuletzt bestellt hast. Was du bestellst, geht an einen Bilddienst und, wo die Ausarbeitung an ist, an ein Sprachmodell. Wer den Code eines Bildes hat, kann es sehen, außer es ist privat. /forgetme löscht deine Aufträge, Bilder, Vorlagen, Einstellungen, Verknüpfungen und API-Schlüssel; was du von deinem Kontingent verbraucht hast, bleibt gezählt.",
    confirm:
      "Alle deine Aufträge, Bilder, Vorlagen, Einstellungen, Verknüpfungen und API-Schlüssel löschen? Deine Codes führen dann nirgendwohin. Was du von deinem Kontingent verbraucht hast, bleibt gezählt.",
    forgotten:
      "Gelöscht. Von dir ist hier nichts mehr, außer wie viel deines Kontingents verbraucht ist.",
    kept: "Es wurde nichts gelöscht.",
  },

  errors: {
    "invalid-request": "Das geht nicht: {{problem}}",
    "invalid-request_prompt": "Sage in Worten, was das Bild zeigen soll.",
    "invalid-request_promptLength":
      "Ein Prompt endet bei {{limit}} Zeichen. Sage es mit weniger Worten.",
    "invalid-request_aspectRatio":
      "Ein Format schreibt man wie 16:9; es liegt zwischen 1:3 und 3:1.",
    "invalid-request_size":
      "Eine Größe schreibt man wie 1024x768, beide Seiten zwischen 64 und 2048.",
    "unknown-model": "Ein Modell „{{model}}“ gibt es hier nicht.",
    unsupported: "{{model}} kann das nicht.",
    unsupported_edit:
      "{{model}} kann Bilder nicht bearbeiten; es malt nur aus Worten. Wer diesen Bot betreibt, müsste ein Modell einrichten, das bearbeitet.",
    "content-refused": "Diese Worte wurden abgelehnt: {{reason}}",
    "content-refused_provider": "Der Bilddienst hat diese Worte abgelehnt: {{reason}}",
    "quota-exceeded":
      "Dein Kontingent von {{limit}} Bildern am Tag reicht nicht mehr (noch {{left}}). Es beginnt {{wait}} neu, um {{time}}.",
    "quota-exceeded_minute":
      "Das sind mehr als {{limit}} Bilder in der Minute (noch {{left}}). Versuche es {{wait}} wieder.",
    "queue-full": "Die Schlange ist voll: {{limit}} Aufträge warten. Versuche es {{wait}} wieder.",
    "queue-full_requester":
      "{{limit}} deiner Aufträge warten schon. Versuche es {{wait}} wieder, oder brich einen ab.",
    "provider-busy": "Der Bilddienst ist beschäftigt. Versuche es {{wait}} wieder.",
    "provider-failed": "Der Bilddienst ist gescheitert: {{fault}}.",
    "provider-failed_paid":
      "Der Bilddienst ist gescheitert: {{fault}}. Vielleicht hat er das Bild berechnet.",
    "timed-out": "Der Bilddienst brauchte länger als {{duration}}.",
    cancelled: "Abgebrochen.",
    restarting:
      "Der Server startet neu. Frage in einer Minute wieder; begonnene Bilder gehen von selbst weiter.",
    interrupted: "Der Server wurde zweimal unterbrochen, während dieses Bild entstand.",
    expired: "Das dauerte länger als {{duration}} und wurde aufgegeben.",
    "not-found": "Es gibt kein Bild mit dem Code {{code}}.",
    "not-found_link":
      "Dieser Code verknüpft nichts: Jeder gilt einmal, zehn Minuten lang. /link zeigt einen neuen.",
    "not-yours": "Das gehört jemand anderem.",
    "key-reused": "Das wurde schon bestellt.",
    overloaded: "Der Server hat zu viel auf einmal zu tun. Versuche es {{wait}} wieder.",
    "too-many-lookups": "Zu viele Codes, die es nicht gibt. Versuche es {{wait}} wieder.",
    "storage-failed": "Der Server kann nicht auf seine Platte schreiben, darum entstand nichts.",
    "storage-failed_paid":
      "Der Server kann nicht auf seine Platte schreiben, darum ist das Bild verloren.",
    "storage-failed_unreachable":
      "Der Server erreicht seine Datenbank gerade nicht, deshalb wurde nichts gemalt. Versuche es gleich noch einmal.",
    internal: "Hier ging etwas schief. Der Betreiber findet es im Protokoll.",
    "invalid-request_source":
      "Dieses Bild ist nicht zu gebrauchen. Schicke ein ganzes PNG, JPEG oder WebP mit höchstens 64 Megapixeln.",
    "invalid-request_batch":
      "Das sind mehr als {{most}} Bilder auf einmal. Schreibe \\{, wo eine Klammer gemeint ist.",
    "unknown-preset": "Eine Vorlage „{{preset}}“ gibt es hier nicht.",
    unsupported_edit_able:
      "{{model}} kann Bilder nicht bearbeiten. {{able}} kann es: Füge --model {{able}} hinzu.",
    unsupported_pictures: "{{model}} nimmt höchstens {{limit}} Bilder. Schicke weniger.",
    unsupported_pictures_able:
      "{{model}} nimmt höchstens {{limit}} Bilder. {{able}} nimmt mehr: Füge --model {{able}} hinzu.",
    unsupported_mask:
      "{{model}} kann nicht nur einen Teil eines Bildes ändern. Schicke es ohne Maske.",
    unsupported_mask_able:
      "{{model}} kann nicht nur einen Teil eines Bildes ändern. {{able}} kann es: Füge --model {{able}} hinzu.",
  },

  faults: {
    unreachable: "er ist nicht zu erreichen",
    challenge: "er antwortete mit einer Prüfung für Browser",
    "bad-key": "er nimmt den Schlüssel dieses Bots nicht an",
    "no-points": "das Konto dieses Bots ist dort leer",
    rejected: "er hat die Anfrage abgelehnt",
    "server-error": "er hat selbst eine Störung",
    "bad-reply": "seine Antwort ergab keinen Sinn",
    "bad-image": "was er schickte, ist kein Bild",
    "other-format": "er schickte ein Bild in einem Format, das hier nicht gelesen wird",
    "unsafe-link": "er verwies auf einen Ort, dem nicht zu trauen ist",
  },

  notices: {
    "enhancement-failed":
      "Die Ausarbeitung ist gescheitert ({{failure}}), darum wurden deine eigenen Worte gemalt.",
    "enhancement-skipped":
      "Deine Worte wurden nicht ausgearbeitet, weil sie länger als {{limit}} Zeichen sind.",
    "prompt-cut": "{{model}} nimmt {{limit}} Zeichen, darum fehlt das Ende des Prompts.",
    "size-adjusted": "Aus der Größe {{asked}} wurde {{made}}.",
    "size-differs": "Der Dienst malte {{made}}, obwohl {{ordered}} bestellt war.",
    "value-adjusted": "{{hintName}}: aus {{asked}} wurde {{made}}.",
    "unknown-flag": "{{flag}} ist hier nicht bekannt und blieb in deinen Worten.",
    "flag-not-understood": "{{flag}} {{value}} war nicht zu verstehen und blieb in deinen Worten.",
    "ratio-out-of-range":
      "Das Format {{ratio}} wurde nicht verwendet, weil es jenseits von 3:1 liegt.",
    "hint-ignored": "{{model}} kann damit nichts anfangen, darum blieb es weg: {{hintName}}.",
    "parameter-ignored": "{{model}} kennt {{parameter}} nicht, darum blieb es weg.",
    "picture-ignored": "{{model}} kann Bilder nicht bearbeiten, darum malte es nur aus den Worten.",
    "other-model":
      "Der Dienst malte mit {{made}}, obwohl {{expected}} erwartet war. Der Betreiber findet die richtige Nummer mit npm run doctor -- --find-model oder setzt SD_MODEL_INDEX=auto.",
    "asked-twice": "Der Server wurde unterbrochen, darum wurde dieses Bild zweimal bestellt.",
    "pictures-failed": "{{failed}} von {{of}} Bildern sind gescheitert.",
    sketched: "Skizze: Es ist kein Bilddienst eingerichtet. Erkannt: {{words}}.",
    sketched_nothing:
      "Skizze: Es ist kein Bilddienst eingerichtet. Sie kennt Tiere, Menschen, Essen, Dinge, Orte und Wetter.",
    "sketched-and": ", ",
    "picture-gone":
      "Das frühere Bild ist nicht mehr da, darum wurde dieses nur aus den Worten gemalt.",
    "album-part":
      "Telegram zeigt mir nur ein Bild dieses Albums. Wo ich Administrator bin, oder mit dir allein, sehe ich alle.",
    "pictures-left-out":
      "{{model}} nimmt nicht mehr als {{used}}, darum wurden von {{of}} Bildern die ersten verwendet.",
    "mask-ignored":
      "{{model}} kann nicht nur einen Teil eines Bildes ändern, darum blieb die Maske weg.",
  },

  failures: {
    "timed-out": "es dauerte zu lange",
    unreachable: "nicht zu erreichen",
    "bad-key": "falscher Schlüssel",
    "rate-limited": "überlastet",
    other: "die Antwort war nicht zu gebrauchen",
  },

  hints: {
    seed: "Seed",
    negative: "Negativ-Prompt",
    steps: "Zahl der Schritte",
    guidance: "Führung",
    quality: "Qualität",
  },

  commands,
  options,
  link,
  presets,
  presetVerbs,
};
