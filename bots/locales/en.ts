import type { EnhanceFailure } from "../../core/enhance.ts";
import type { ErrorCode, ProviderFault } from "../../core/errors.ts";
import type { Hint, NoticeCode } from "../../core/notices.ts";
import type { Quality } from "../../core/request.ts";
import { commands, link, options, presets, presetVerbs, settings } from "./en-commands.ts";

/** A sentence for each of a closed list, and further ones for the cases that a sentence has (`code_case`). */
type Total<Key extends string> = { readonly [K in Key]: string } & Readonly<Record<string, string>>;

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
    reword: "Reword",
    edit: "Edit",
    undo: "Undo",
    original: "Original",
    hide: "Hide",
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
    reset: "Set back to usual",
    yes: "Yes",
    no: "No",
    auto: "Let the enhancer choose",
    makeKey: "Make an API key",
    unlink: "Unlink {{name}}",
    paint: "Paint {{count}} pictures",
    drawThis: "Draw this",
    editPicture: "Edit picture",
    howMade: "How was this made?",
  },

  picture: {
    enhanced: "Enhanced prompt",
    facts: "{{ratio}} · {{size}} · seed {{seed}} · {{code}}",
    factsWithoutSize: "seed {{seed}} · {{code}}",
    seeds: "{{first}}–{{last}}",
    deleted: "Deleted.",
    swept: "The picture is not kept any more, but its recipe is: Again paints it anew.",
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
    change: "What should change? Answer the picture itself with /draw and your words.",
    nothingEdits:
      "No model here edits pictures; whoever runs this bot would have to set one up. /draw paints from words.",
    changeWords: "What should change?",
    morePictures: "Further pictures to take from",
    also: "Also",
    noPictureHere: "There is no picture in this message that can be changed.",
    notAPicture:
      "{{name}} cannot be changed: only PNG, JPEG, WebP, AVIF, GIF and TIFF pictures can.",
    formTooOld: "This form is too old. Open it again.",
    fileNotFetched: "Discord does not hand over this picture right now.",
    onlyStill: "Only pictures that do not move can be changed.",
    tooLarge: "A picture may have {{limit}} MB at most.",
    photoNotFetched: "Telegram does not hand over this photo right now.",
    cannotWrite:
      "I may not write in the group where you asked for a picture, so nothing was painted. Those who run the group can allow it.",
    startFirst:
      "I cannot show you that here without others seeing it. Press Start in a private chat with me, then ask again.",
    notHere: "This cannot be shown here.",
    inPrivate: "Only in a private chat with me: others must not see this.",
    batch: "These words ask for {{count}} pictures. Do you want that many?",
    batchOfQuota:
      "These words ask for {{count}} pictures, and you have {{left}} left. Do you want that many?",
    oneInline: "One picture at a time here. Ask in a chat with me for several.",
    unknownPicture: "There is no code in this message, and its picture was not made here.",
  },

  inline: {
    draw: "Draw: {{prompt}}",
    drawDescription: "A new picture from these words",
    placeholder: "Drawing …",
  },

  settings,

  usage: {
    today_one: "Today: {{count}} picture.",
    today_other: "Today: {{count}} pictures.",
    none: "There is no quota here.",
    quota:
      "{{used}} of {{limit}} pictures a day are used, {{left}} are left. It starts anew {{wait}}, at {{time}}.",
    quota_minute: "{{used}} of {{limit}} pictures a minute are used, {{left}} are left.",
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
      "In your words you can also say: ratio 3:2, --seed 42, --n 4 (four pictures), --no fog, --raw (paint my words as they are), --model, --steps, --cfg, --quality, --preset watercolour; {red|blue} paints a picture of each.",
    buttons:
      "Again: the same prompt, another seed. Vary: your words enhanced anew. My words: without enhancement. Ratio: the same in another shape. Original: the untouched file.",
    edits: "Pictures can be changed, too: send some with the command, and say what should change.",
    commands: "Commands:",
    links: "More: {{url}}",
  },

  privacy: {
    text: "Kept: your words, the recipes and pictures made from them, your presets, settings and linked accounts, and how many pictures you asked for lately. What you ask for is sent to an image service and, where enhancement is on, to a language model. Anyone with the code of a picture can see it, unless it is private. /forgetme erases your jobs, pictures, presets, settings, links and API keys; what you have used of your quota stays counted.",
    confirm:
      "Erase all your jobs, pictures, presets, settings, links and API keys? Codes of yours will lead nowhere. What you have used of your quota stays counted.",
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
    "invalid-request_source":
      "That picture cannot be used. Send a whole PNG, JPEG, WebP, AVIF, GIF or TIFF of 64 megapixels at most.",
    "unknown-model": "There is no model “{{model}}” here.",
    "invalid-request_batch":
      "That is more than {{most}} pictures at once. Write \\{ where a brace is meant.",
    "unknown-preset": "There is no preset “{{preset}}” here.",
    unsupported: "{{model}} cannot do that.",
    unsupported_edit:
      "{{model}} cannot edit pictures; it paints from words alone. Whoever runs this bot would have to set up a model that edits.",
    unsupported_edit_able: "{{model}} cannot edit pictures. {{able}} can: add --model {{able}}.",
    unsupported_pictures: "{{model}} takes {{limit}} pictures at most. Send fewer.",
    unsupported_pictures_able:
      "{{model}} takes {{limit}} pictures at most. {{able}} takes more: add --model {{able}}.",
    unsupported_mask: "{{model}} cannot change a part of a picture alone. Send it without a mask.",
    unsupported_mask_able:
      "{{model}} cannot change a part of a picture alone. {{able}} can: add --model {{able}}.",
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
    "not-found_link":
      "This code links nothing: each is used once, within ten minutes. /link shows a new one.",
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
    "picture-ignored": "{{model}} cannot edit pictures, so it painted from the words alone.",
    "picture-gone":
      "The earlier picture is not here any more, so this one was painted from the words alone.",
    "album-part":
      "Telegram shows me only one picture of this album. Where I am an administrator, or alone with you, I see all of them.",
    "pictures-left-out":
      "{{model}} takes no more than {{used}}, so of {{of}} pictures the first were used.",
    "mask-ignored": "{{model}} cannot change a part of a picture alone, so the mask was left out.",
    "other-model":
      "The service painted with {{made}} although {{expected}} was expected. The owner can find the right number with npm run doctor -- --find-model, or set SD_MODEL_INDEX=auto.",
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

  commands,
  options,
  link,
  presets,
  presetVerbs,
} as const;
