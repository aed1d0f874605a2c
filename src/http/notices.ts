import type { NoticeCode, NoticeDetails, Notice } from "../../core/notices.ts";

const hints = {
  seed: "seed",
  negative: "negative prompt",
  steps: "number of steps",
  guidance: "guidance",
  quality: "quality",
} as const;

/** One English sentence for each notice: a new code does not compile until it has one. */
const sentences: { readonly [Code in NoticeCode]: (details: NoticeDetails[Code]) => string } = {
  "enhancement-failed": () => "Enhancement failed, using original prompt",
  "enhancement-skipped": ({ limit }) =>
    `Your words were not enhanced because they are longer than ${limit} characters`,
  "prompt-cut": ({ model, limit }) =>
    `${model} takes ${limit} characters, so the end of the prompt was left out`,
  "size-adjusted": ({ asked, made }) => `The size ${asked} became ${made}`,
  "size-differs": ({ ordered, made }) =>
    `The service made the picture in ${made} although ${ordered} was ordered`,
  "value-adjusted": ({ hint, asked, made }) => `The ${hints[hint]} ${asked} became ${made}`,
  "unknown-flag": ({ flag }) => `${flag} is not known here and stayed in your words`,
  "flag-not-understood": ({ flag, value }) =>
    `${flag} ${value} was not understood and stayed in your words`.replace(/ {2,}/g, " "),
  "ratio-out-of-range": ({ ratio }) => `The ratio ${ratio} was not used because it is beyond 3:1`,
  "hint-ignored": ({ hint, model }) => `${model} cannot use a ${hints[hint]}, so it was left out`,
  "parameter-ignored": ({ parameter, model }) =>
    `${model} does not know ${parameter}, so it was left out`,
  "picture-ignored": ({ model }) =>
    `${model} cannot edit pictures, so it painted from the words alone`,
  "picture-gone": () =>
    "The earlier picture is not here any more, so this one was painted from the words alone",
  "pictures-left-out": ({ model, used, of }) =>
    `${model} takes no more than ${used}, so of ${of} pictures the first were used`,
  "album-part": () => "Only one picture of the album was shown to the bot, and that one was used",
  "mask-ignored": ({ model }) =>
    `${model} cannot change a part of a picture alone, so the mask was left out`,
  "other-model": ({ expected, made }) =>
    `The service painted with ${made} although ${expected} was expected; the owner can find the right number with npm run doctor -- --find-model, or set SD_MODEL_INDEX=auto`,
  "asked-twice": () =>
    "The server was interrupted while this picture was being made, so it was asked for twice",
  "pictures-failed": ({ failed, of }) => `${failed} of ${of} pictures failed`,
  sketched: ({ recognised }) =>
    `Sketch: no image service is configured. ${recognised.length > 0 ? `Recognised: ${recognised.join(", ")}` : "It knows animals, people, food, things, places and weather"}`,
};

/** The sentence alone, without a full stop. */
export function noticeText(notice: Notice): string {
  const say = sentences[notice.code] as (details: Notice) => string;
  return oneLine(say(notice));
}

/** The text for one line of Markdown: no line breaks, and no markup that loads or hides something. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").replaceAll("![", "!\\[").trim();
}
