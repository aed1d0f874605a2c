import type { EnhanceFailure } from "../../core/enhance.ts";
import type { ErrorCode, ProviderFault } from "../../core/errors.ts";
import type { Hint, NoticeCode } from "../../core/notices.ts";
import type { Quality } from "../../core/request.ts";
import type { Settings } from "../../core/settings.ts";
import type { CommandId, OptionId } from "../commands.ts";

/** A sentence for each of a closed list, and further ones for the cases that a sentence has (`code_case`). */
type Total<Key extends string> = { readonly [K in Key]: string } & Readonly<Record<string, string>>;

interface Described {
  readonly name: string;
  readonly description: string;
}

/**
 * Everything that the chat doors say, in English. Keys that end in `_one`, `_other` and so on are plural forms of the
 * number `count`; those with another ending are the case that `context` names.
 */
export const en = {
  language: { tag: "en", name: "English" },

  progress: {
    taken: "In line",
    place: "In line, {{place}}",
    placeAndTime: "In line, {{place}} · {{duration}}",
    painting: "Painting …",
    elapsed: "Painting · {{duration}}",
    percent: "Painting · {{percent}} %",
    finishing: "Finishing …",
    ordinal_ordinal_one: "{{count}}st",
    ordinal_ordinal_two: "{{count}}nd",
    ordinal_ordinal_few: "{{count}}rd",
    ordinal_ordinal_other: "{{count}}th",
  },

  duration: {
    seconds: "{{count}} s",
    minutes: "{{count}} min",
    hours: "{{count}} h",
    about: "about {{duration}}",
    in: "in about {{duration}}",
  },

  buttons: {
    again: "Again",
    vary: "Vary",
    own: "My words",
    ratio: "Ratio",
    edit: "Edit",
    original: "Original",
    delete: "Delete",
    cancel: "Cancel",
    retry: "Try again",
    share: "Share",
    back: "Back",
    older: "Older",
    newer: "Newer",
    show: "Show",
    confirmForget: "Yes, erase everything",
    keep: "No, keep it",
    mySettings: "My settings",
    placeSettings: "For this chat",
    unset: "As usual",
    yes: "Yes",
    no: "No",
    auto: "Let the enhancer choose",
    drawThis: "Draw this",
    howMade: "How was this made?",
  },

  picture: {
    enhanced: "Enhanced prompt",
    facts: "{{ratio}} · {{size}} · seed {{seed}} · {{code}}",
    factsWithoutSize: "seed {{seed}} · {{code}}",
    seeds: "{{first}}–{{last}}",
    cancelled: "Cancelled.",
    deleted: "Deleted.",
    swept: "The picture is not kept any more. Its recipe is: press Again.",
    expired: "This picture came too late to be shown here. /show {{code}} brings it.",
    unsure: "The picture of this message may not have arrived. /show {{code}} brings it.",
    unsureAlbum: "The pictures may not have arrived: press Original, or /show {{code}}.",
    unsureOriginals: "The original files may not have arrived: press Original, or /show {{code}}.",
    unsureSend: "The pictures of {{code}} may not have arrived. /show {{code}} brings them.",
    chooseRatio: "Which ratio? The seed stays the same.",
    choosePicture: "Work on one of them",
    noPicture: "No picture was kept for {{code}}.",
    shared: "This is shared already. /show {{code}} brings it anywhere.",
  },

  ask: {
    prompt: "What should the picture show? Answer this message with your words.",
    placeholder: "a cat reading, ratio 3:2",
    code: "Which code? Write it after the command, like /show zi-7K3QF9X2WM.",
    nothingYet: "You have no pictures yet. Ask for one with /{{command}}.",
    nothingWaiting: "Nothing of yours is waiting.",
    queue: "Your jobs, the next one first:",
    history_one: "Your picture",
    history_other: "Your pictures, the newest first",
    notForYou: "This button is not yours.",
    outdated: "This button does not work any more.",
    adminsOnly: "Only administrators may do this.",
    notAllowed: "This bot is not open to everybody, and you are not on its list.",
    adminsUnknown: "Telegram does not say right now who runs this group. Press again in a moment.",
    photoNotFetched: "Telegram does not hand over this photo right now.",
    notHere: "This cannot be shown here.",
    unknownPicture: "There is no code in this message, and its picture was not made here.",
  },

  inline: {
    draw: "Draw: {{prompt}}",
    drawDescription: "A new picture from these words",
    placeholder: "Drawing …",
  },

  settings: {
    own: "Your settings",
    place: "The settings of this chat, for everybody who has none of their own",
    choose: "{{setting}}: choose",
    unset: "as usual",
    saved: "Saved.",
    names: {
      ratio: "Ratio",
      enhance: "Enhance my words",
      model: "Model",
      quality: "Quality",
      originals: "Send original files too",
      language: "Language",
      private: "Show pictures to me alone",
    } satisfies { readonly [Name in Exclude<keyof Settings, "uploadLimit">]: string },
  },

  qualities: {
    low: "Low",
    medium: "Medium",
    high: "High",
    standard: "Standard",
    hd: "HD",
  } satisfies { readonly [Name in Quality]: string },

  help: {
    intro:
      "I paint pictures from words. Write /{{command}} and what the picture should show, in any language.",
    flags:
      "In your words you can also say: ratio 3:2, --seed 42, --n 4 (four pictures), --no fog, --raw (paint my words as they are), --model, --steps, --cfg, --quality.",
    buttons:
      "Again: the same prompt, another seed. Vary: your words enhanced anew. My words: without enhancement. Ratio: the same in another shape. Original: the untouched file.",
    commands: "Commands:",
    links: "More: {{url}}",
  },

  privacy: {
    text: "Kept: your words, the recipes and pictures made from them, your settings, and how many pictures you asked for lately. What you ask for is sent to an image service and, where enhancement is on, to a language model. Whoever has the code of a picture can see it, unless it is private. /forgetme erases your jobs, pictures and settings; what you have used of your quota stays counted.",
    confirm:
      "Erase all your jobs, pictures and settings? Codes of yours will lead nowhere. What you have used of your quota stays counted.",
    forgotten:
      "Erased. Nothing of yours is kept here any more, except how much of your quota you used.",
    kept: "Nothing was erased.",
  },

  errors: {
    "invalid-request": "That does not work: {{problem}}",
    "invalid-request_prompt": "Say in words what the picture should show.",
    "invalid-request_promptLength": "A prompt ends at {{limit}} characters. Say it in fewer words.",
    "invalid-request_aspectRatio": "A ratio is written like 16:9 and lies between 1:3 and 3:1.",
    "invalid-request_size": "A size is written like 1024x768, both sides between 64 and 2048.",
    "unknown-model": "There is no model “{{model}}” here.",
    unsupported: "{{model}} cannot make variations of pictures.",
    unsupported_edit: "{{model}} cannot edit pictures; it paints from words alone.",
    "content-refused": "These words were refused: {{reason}}",
    "content-refused_provider": "The image service refused these words: {{reason}}",
    "quota-exceeded":
      "Your quota of {{limit}} pictures a day is used up ({{left}} left). It starts anew {{wait}}, at {{time}}.",
    "quota-exceeded_minute":
      "That is more than {{limit}} pictures a minute ({{left}} left). Try again {{wait}}.",
    "queue-full": "The line is full: {{limit}} jobs are waiting. Try again {{wait}}.",
    "queue-full_requester":
      "{{limit}} of your jobs are waiting already. Try again {{wait}}, or cancel one of them.",
    "provider-busy": "The image service is busy. Try again {{wait}}.",
    "provider-failed": "The image service failed: {{fault}}.",
    "provider-failed_paid":
      "The image service failed: {{fault}}. It may have charged for the picture.",
    "timed-out": "The image service took longer than {{duration}}.",
    cancelled: "Cancelled.",
    restarting:
      "The server is restarting. Ask again in a minute; pictures under way go on by themselves.",
    interrupted: "The server was interrupted twice while this picture was being made.",
    expired: "This took longer than {{duration}} and was given up.",
    "not-found": "There is no picture with the code {{code}}.",
    "not-yours": "This is somebody else’s.",
    "key-reused": "This was asked for already.",
    overloaded: "The server has too much to do at once. Try again {{wait}}.",
    "too-many-lookups": "Too many codes that do not exist. Try again {{wait}}.",
    "storage-failed": "The server cannot write to its disk, so nothing was made.",
    "storage-failed_paid": "The server cannot write to its disk, so the picture is lost.",
    "storage-failed_unreachable":
      "The server cannot reach its database, so nothing was made. Try again in a moment.",
    internal: "Something went wrong here. The owner can find it in the log.",
  } satisfies Total<ErrorCode>,

  faults: {
    unreachable: "it cannot be reached",
    challenge: "it answered with a challenge for browsers",
    "bad-key": "it does not accept the key of this bot",
    "no-points": "the account of this bot has no points left",
    rejected: "it rejected the request",
    "server-error": "it has a problem of its own",
    "bad-reply": "its answer made no sense",
    "bad-image": "what it sent is no picture",
    "other-format": "it sent a picture in a format that is not read here",
    "unsafe-link": "it linked to a place that is not to be trusted",
  } satisfies { readonly [Fault in ProviderFault]: string },

  notices: {
    "enhancement-failed": "Enhancement failed ({{failure}}), so your own words were painted.",
    "enhancement-skipped":
      "Your words were not enhanced because they are longer than {{limit}} characters.",
    "prompt-cut": "{{model}} takes {{limit}} characters, so the end of the prompt was left out.",
    "size-adjusted": "The size {{asked}} became {{made}}.",
    "size-differs": "The service made {{made}} although {{ordered}} was ordered.",
    "value-adjusted": "The {{hintName}} {{asked}} became {{made}}.",
    "unknown-flag": "{{flag}} is not known here and stayed in your words.",
    "flag-not-understood": "{{flag}} {{value}} was not understood and stayed in your words.",
    "ratio-out-of-range": "The ratio {{ratio}} was not used because it is beyond 3:1.",
    "hint-ignored": "{{model}} cannot use the {{hintName}}, so it was left out.",
    "parameter-ignored": "{{model}} does not know {{parameter}}, so it was left out.",
    "picture-ignored": "{{model}} cannot edit pictures, so the one that was sent was left out.",
    "other-model": "The service painted with {{made}} although {{expected}} was expected.",
    "asked-twice": "The server was interrupted meanwhile, so this picture was asked for twice.",
    "pictures-failed": "{{failed}} of {{of}} pictures failed.",
    sketched: "Sketch: no image service is configured. Recognised: {{words}}.",
    sketched_nothing:
      "Sketch: no image service is configured. It knows animals, people, food, things, places and weather.",
    "sketched-and": ", ",
  } satisfies Total<NoticeCode>,

  failures: {
    "timed-out": "it took too long",
    unreachable: "it cannot be reached",
    "bad-key": "its key is wrong",
    "rate-limited": "it is busy",
    other: "its answer was of no use",
  } satisfies Partial<Record<EnhanceFailure, string>> & { readonly other: string },

  hints: {
    seed: "seed",
    negative: "negative prompt",
    steps: "number of steps",
    guidance: "guidance",
    quality: "quality",
  } satisfies { readonly [Name in Hint]: string },

  commands: {
    draw: { name: "imagine", description: "Paint a picture from words" },
    again: {
      name: "again",
      description: "Make your last picture, or this one, again with another seed",
    },
    show: { name: "show", description: "Show a picture and its recipe by its code" },
    queue: { name: "queue", description: "What of yours is waiting, to cancel it" },
    history: { name: "history", description: "Your pictures, newest first" },
    settings: { name: "settings", description: "What your pictures are like by default" },
    help: { name: "help", description: "What this bot can do" },
    privacy: { name: "privacy", description: "What is kept about you" },
    forgetme: { name: "forgetme", description: "Erase your jobs, pictures and settings" },
  } satisfies { readonly [Id in CommandId]: Described },

  options: {
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
    private: { name: "private", description: "Show the picture to you alone" },
    code: { name: "code", description: "The code of a picture, like zi-7K3QF9X2WM" },
    originals: { name: "originals", description: "Also send the untouched files" },
    language: { name: "language", description: "The language of this bot" },
    scope: { name: "for", description: "Whose settings: yours or this place’s" },
  } satisfies { readonly [Id in OptionId]: Described },
} as const;
