/** What the server tells of in codes, in English. */

/** What failed, by code and by the detail that tells cases apart. @satisfies {import("./say.js").FailureSentences} */
export const failures = {
  "key-missing": "The server wants its key first.",
  "key-refused": "The server does not know this key.",
  network: "The server cannot be reached. See whether it still runs, and whether you are online.",
  "not-understood": "Something answered that is not Drawbridge. Is a proxy in between?",
  refused: "The server refuses this.",
  failed: "Something broke in the server.",
  "invalid-request": "The server cannot draw this as it is.",
  "invalid-request prompt": "Say in words what the picture should show; at most 20,000 characters.",
  "invalid-request aspectRatio": "A ratio is written like 16:9 and lies between 1:3 and 3:1.",
  "invalid-request size": "The server cannot make this size.",
  "invalid-request source": "The picture that you sent cannot be used.",
  "invalid-request image": "The picture that you sent cannot be used.",
  "invalid-request mask": "The mask does not fit the first picture.",
  "invalid-request seed": "A seed is a whole number from 1 to 2147483647.",
  "invalid-request count": "An order is for 1 to 10 pictures.",
  "invalid-request batch": "The choices in the words make more than 10 pictures.",
  "invalid-request negative": "What is to be left out is too long.",
  "unknown-model": "There is no model “{model}” here.",
  "unknown-preset": "There is no preset “{preset}” here.",
  unsupported: "{model} cannot do this.",
  "unsupported edit": "{model} cannot start from a picture; it paints from words alone.",
  "unsupported pictures": "{model} takes no more than {limit} pictures.",
  "unsupported mask": "{model} takes no mask.",
  "content-refused": "These words are refused here.",
  "content-refused provider": "The image service refuses these words.",
  "quota-exceeded": "Your {limit} pictures of today are used up.",
  "quota-exceeded minute": "That is more than {limit} pictures a minute.",
  "queue-full": "The line is full: {limit} orders are waiting.",
  "queue-full requester": "{limit} of your orders are waiting already.",
  "provider-busy": "The image service is busy.",
  "provider-failed": "The image service failed.",
  "provider-failed unreachable": "The image service cannot be reached.",
  "provider-failed challenge": "The image service answered with a check for browsers.",
  "provider-failed bad-key": "The image service does not accept this server's key.",
  "provider-failed no-points": "This server's account at the image service is empty.",
  "provider-failed rejected": "The image service did not accept the order.",
  "provider-failed server-error": "The image service has a problem of its own.",
  "provider-failed bad-reply": "The answer of the image service was not understood.",
  "provider-failed bad-image": "What the image service sent is not a whole picture.",
  "provider-failed other-format": "The image service sent a format that is not read here.",
  "provider-failed unsafe-link": "The image service sent a link that is not safe to follow.",
  paid: "It may have been charged all the same; another try would be charged again.",
  "timed-out": "The image service took too long, and the picture was given up.",
  cancelled: "The picture was cancelled.",
  restarting: "The server is restarting.",
  interrupted: "The server was interrupted twice while the picture was being made.",
  expired: "The server was away for too long, and the picture was given up.",
  "not-found": "There is no picture {code} here.",
  "not-yours": "This is somebody else's.",
  "key-reused": "This was ordered already.",
  "too-many-lookups": "That were too many codes that do not exist.",
  overloaded: "The server has too much to do at once.",
  "storage-failed": "The server cannot write to its disk.",
  "storage-failed full": "The server's disk is full.",
  request_too_large: "That is more than the server takes at once.",
  internal: "Something broke in the server. Its log has the details.",
};

/** What is said beside a picture, by code. @satisfies {import("./say.js").NoticeSentences} */
export const notices = {
  "enhancement-failed": "The enhancer failed, so your own words were painted.",
  "enhancement-skipped": "Longer than {limit} characters, so the words were painted as they are.",
  "prompt-cut": "{model} takes {limit} characters, so the end was left out.",
  "size-adjusted": "The size {asked} became {made}.",
  "size-differs": "The service made {made} although {ordered} was ordered.",
  "value-adjusted": "The {hint} {asked} became {made}.",
  "unknown-flag": "{flag} is not known here and stayed in your words.",
  "flag-not-understood": "{flag} {value} was not understood and stayed in your words.",
  "ratio-out-of-range": "The ratio {ratio} was not used because it is beyond 3:1.",
  "hint-ignored": "{model} cannot use a {hint}, so it was left out.",
  "parameter-ignored": "{model} does not know {parameter}, so it was left out.",
  "picture-ignored": "{model} cannot start from pictures, so yours was left out.",
  "picture-gone": "The earlier picture is not here any more, so the words were painted alone.",
  "pictures-left-out": "{model} used {used} of your {of} pictures.",
  "album-part": "Only one picture of the album was shown to the bot, and that one was used.",
  "mask-ignored": "{model} takes no mask, so yours was left out.",
  "other-model":
    "The service painted with {made} although {expected} was expected. The owner can find the right number with npm run doctor -- --find-model, or set SD_MODEL_INDEX=auto.",
  "asked-twice": "The server was interrupted meanwhile, so this picture was asked for twice.",
  "pictures-failed": "{failed} of {of} pictures failed.",
  sketched: "Sketch: there is no image service. Recognised: {recognised}.",
  "sketched nothing":
    "Sketch: there is no image service. It knows animals, people, food, things, places and weather.",
};

/** What the details of a failure are called. */
export const facts = {
  kind: "Code",
  provider: "Service",
  reason: "Reason given",
  field: "Field",
  model: "Model",
  code: "Picture",
  requestId: "Request",
};

export const hints = {
  seed: "seed",
  negative: "negative prompt",
  steps: "number of steps",
  guidance: "guidance",
  quality: "quality",
};

/** Why the server did not take settings, by code. @type {Readonly<Record<string, string>>} */
export const setupRefusals = {
  "setup-key": "That is not the one-time key of this start. The server's log shows it.",
  "settings-unreadable": "The server cannot read these settings.",
  "setting-unwritable": "{variable} has a sign that no setting holds. Copy it again.",
  "settings-unkept": "The server cannot write to its data directory. Its log has the reason.",
  network: "The server cannot be reached. See whether it still runs.",
};

/** What went wrong at an image service, in a few words. @type {Readonly<Record<string, string>>} */
export const faults = {
  unreachable: "it cannot be reached",
  challenge: "it answered with a check for browsers",
  "bad-key": "it does not accept the key",
  "no-points": "the account is empty",
  rejected: "it did not accept the order",
  "server-error": "a problem of its own",
  "bad-reply": "its answer was not understood",
  "bad-image": "what it sent is no whole picture",
  "other-format": "its format is not read here",
  "unsafe-link": "its link is not safe",
  "timed-out": "it took too long",
  busy: "it is busy",
};

/** @type {Readonly<Record<string, string>>} */
export const doorNames = { http: "HTTP and this page", discord: "Discord", telegram: "Telegram" };

/** @type {Readonly<Record<string, string>>} */
export const doorStates = {
  connected: "connected",
  connecting: "connecting",
  failed: "failed; the log has the reason",
};
