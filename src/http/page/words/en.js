/** The page in English. */

import { pages } from "./en-pages.js";
import { facts, failures, hints, notices } from "./en-sentences.js";
import { failureFacts, failureSentence, noticeSentence, spelledDuration } from "./say.js";

export const english = {
  locale: "en",
  bar: {
    make: "Make",
    keep: "Gallery",
    connect: "Connect",
    admin: "Admin",
    docs: "API",
    language: "Language",
    theme: "Light or dark",
    key: "Key",
    sketch: "Sketch: no image service.",
    setUp: "Set one up",
    /** @param {string} models */
    painted: (models) => `Painted with ${models}`,
    /** @param {number} left @param {number} limit */
    quota: (left, limit) => `${left} of ${limit} left`,
  },
  key: {
    heading: "First, the key",
    label: "Key of this server",
    hint: "The address that the server prints at its start brings it along; otherwise ask whoever runs it. It stays in this browser.",
    save: "Use this key",
    refused: "The server does not know the key that this browser remembers.",
    invalid: "A key is one piece of letters, digits and signs. Please copy it again, whole.",
    other: "This link brings another key than the one that this browser remembers. Both work here.",
    linkRefused: "The server does not know the key in this link. The one that you had stays.",
    take: "Use the link's key",
    stay: "Keep mine",
    remembered: "The key is remembered in this browser.",
    forget: "Forget it",
  },
  make: {
    composer: "New picture",
    prompt: "What would you like to see?",
    placeholder: "A lighthouse in a storm, seen from the sea",
    hint: "Ctrl + Enter draws, Esc cancels, ↑ brings the last words back.",
    flags: "What the words say themselves (ratio 16:9, --seed 42) wins over the form.",
    ratio: "Ratio",
    auto: "Auto",
    exact: "Exact",
    width: "Width",
    height: "Height",
    pixels: "pixels",
    count: "Pictures",
    seed: "Seed",
    seedPlaceholder: "random",
    seedClear: "Random again",
    asTyped: "Paint my words as they are",
    asTypedHint: "Otherwise the enhancer enriches them.",
    noEnhancer: "There is no enhancer here: words are painted as they are.",
    preview: "Show me the prompt first",
    previewing: "The enhancer is writing…",
    previewHeading: "The prompt, to be edited",
    previewDraw: "Paint this",
    previewDrop: "Back to my words",
    settings: "Settings",
    more: "More settings",
    negative: "Leave out",
    negativePlaceholder: "text, watermark",
    quality: "Quality",
    qualities: { "": "Usual", low: "Low, quick", medium: "Medium", high: "High, slow" },
    model: "Model",
    preset: "Preset",
    noPreset: "None",
    draw: "Draw",
    results: "Pictures",
    emptyHeading: "What shall cross the bridge first?",
    emptyText: "Write a few words, or begin with one of these:",
    all: "All pictures",
    sources: "Start from pictures",
    addSource: "Add a picture",
    sourceHint: "Drop or paste one, too.",
    /** @param {string} name */
    removeSource: (name) => `Remove ${name}`,
    mask: "Paint a mask",
    maskChange: "Change the mask",
    brush: "Brush",
    maskHint: "Paint over what may change: by pointer, or by the arrow keys and the space bar.",
    maskDone: "Done",
    maskClear: "Clear",
    problems: {
      prompt: "Write first what you would like to see.",
      seed: "A seed is a whole number from 1 to 2147483647. Leave it empty for a random one.",
      size: "Each side is a whole number of pixels from 64 to 4096.",
    },
  },
  examples: [
    "A fox asleep in a snowy forest, first light",
    "A harbour town at night seen from the hill, ratio 16:9",
    "A bookshop sign that says “Open late”, rain on the window",
  ],
  order: {
    label: "An order under way",
    sending: "Sending…",
    /** @param {number} place */
    waiting: (place) => (place <= 1 ? "Next in line" : `Waiting in line, place ${place}`),
    ready: "Getting ready",
    enhancing: "The enhancer is writing the prompt",
    painting: "Painting",
    /** @param {number} percent */
    painted: (percent) => `Painting, ${percent} %`,
    finishing: "Finishing",
    restarting: "The server is away; the picture goes on when it is back.",
    /** @param {string} time */
    eta: (time) => `about ${time} to go`,
    cancel: "Cancel",
    retry: "Try again",
    dismiss: "Dismiss",
    details: "Details",
    enterKey: "Enter the key",
    preview: "Unfinished picture",
  },
  picture: {
    own: "Your words",
    enhanced: "As enhanced",
    edited: "As you edited it",
    facts: "How it was made",
    more: "Show all",
    less: "Show less",
    ratio: "Ratio",
    customRatio: "Custom",
    size: "Size",
    seed: "Seed",
    code: "Code",
    model: "Model",
    time: "Took",
    made: "Made",
    door: "From",
    steps: "Steps",
    negative: "Left out",
    parent: "Made from",
    notices: "Notices",
    again: "Again",
    vary: "Vary",
    mine: "My words",
    edit: "Edit",
    reference: "Use as reference",
    settings: "Use these settings",
    copyPrompt: "Copy prompt",
    copyLink: "Copy link",
    download: "Download",
    favorite: "Favourite",
    /** @param {string} action @param {number} number */
    ofNumber: (action, number) => `${action}: picture ${number}`,
    remove: "Delete",
    /** @param {number} count */
    removeAsk: (count) =>
      count > 1
        ? `Delete these ${count} pictures and what is known of them? This cannot be undone.`
        : "Delete this picture and what is known of it? This cannot be undone.",
    yes: "Yes, delete",
    no: "No, keep",
    lost: "The picture could not be loaded here. Its link may still open.",
    /** @param {string} what @param {string} value */
    copy: (what, value) => `Copy ${what}: ${value}`,
    /** @param {string} words */
    alt: (words) => `Picture: ${words}`,
    /** @param {string} words */
    open: (words) => `Open: ${words}`,
    close: "Close",
    previous: "Previous picture",
    next: "Next picture",
    hints: {
      again: "the same prompt, another seed",
      vary: "the words enhanced anew",
      another: "another seed",
      mine: "without the enhancer",
      edit: "starts from this picture alone",
      reference: "adds it to the pictures that the next order starts from",
    },
  },
  keep: {
    heading: "Gallery",
    search: "Search words, or enter a code",
    favorites: "Favourites",
    allModels: "All models",
    select: "Select",
    selectAll: "Select all shown",
    done: "Done",
    /** @param {number} count */
    selected: (count) => `${count} selected`,
    together: "Pictures of one order go together.",
    zip: "Download as ZIP",
    zipping: "Packing…",
    more: "More",
    empty: "Nothing here yet. What you draw is kept here.",
    none: "Nothing matches.",
    ended: "That is all.",
    offline: "The server cannot be reached: this is what was seen last.",
    loading: "Loading…",
    how: "How was this made?",
    howHint:
      "Drop a picture anywhere here, or choose one: what its file says is read in this browser.",
    choose: "Choose a picture",
    unknown: "This file does not say how it was made, and it is none of yours here.",
    /** @param {string} program */
    from: (program) => `This file was made by ${program}`,
    use: "Use these settings",
  },
  ...pages,
  said: {
    started: "Ordered.",
    /** @param {string} time */
    done: (time) => `The picture is ready. It took ${time}.`,
    copied: "Copied.",
    notCopied: "The clipboard is out of reach. Select the text and press Ctrl + C.",
    cancelled: "Cancelled. Your words are still here.",
    favored: "Kept as a favourite.",
    unfavored: "No favourite any more.",
    /** @param {number} count */
    referenced: (count) =>
      count > 1
        ? `The next order starts from ${count} pictures.`
        : "The next order starts from it.",
    /** @param {number} most */
    tooMany: (most) => `An order starts from ${most} at most.`,
    /** @param {string} name */
    noPicture: (name) => `“${name}” is no picture.`,
    settingsUsed: "The form has these settings now.",
    keyForgotten: "The key is forgotten.",
    removed: "Deleted.",
  },
  /** @param {import("../api.js").Failure} failure */
  failure: (failure) => failureSentence(failures, failure, " "),
  /** @param {import("../api.js").Failure} failure */
  factsOf: (failure) => failureFacts(facts, failure),
  /** @param {Record<string, unknown>} notice */
  notice: (notice) => noticeSentence(notices, hints, notice, ", "),
  /** @param {string} wait */
  waitFor: (wait) => `Please wait ${wait}.`,
  spelledDuration: spelledDuration("en"),
  /** @param {number} seconds */
  seconds: (seconds) => `${seconds} s`,
  /** @param {number} ms */
  date: (ms) =>
    new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" }).format(ms),
};
