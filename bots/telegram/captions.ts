import type { Job } from "../../core/job.ts";
import { describeJob } from "../conversation.ts";
import type { Words } from "../words.ts";
import { limits } from "./limits.ts";
import { asWords, cut, lines, mixed, plain, type RichText, richText, share } from "./rich-text.ts";

/** Notices may take this much of a caption before they are cut. */
const noticesLength = 300;

/** Line breaks and the label of the quotation. */
const separatorsLength = 40;

/**
 * The words, the enhanced prompt, the facts and the notices of a finished job in no more UTF-16 units than a caption
 * may have. Long words and prompts are cut; the facts with the code never are.
 */
export function captionOf(job: Job, words: Words): RichText {
  const text = describeJob(job, words);
  const notices = cut(text.notices.join("\n"), noticesLength);
  const label = text.enhanced === undefined ? "" : words.say("picture.enhanced");
  const fixed = text.facts.length + notices.length + label.length + separatorsLength;
  const [own = "", enhanced = ""] = share(
    [text.words, text.enhanced ?? ""],
    limits.captionLength - fixed,
  );
  return richText(
    lines(
      [asWords(own)],
      [plain(label)],
      [{ text: enhanced, as: "quote" }],
      [plain(text.facts)],
      [mixed(notices)],
    ),
  );
}

/** One line that names a job by its words. */
export function titleOf({ brief }: Job, length: number): string {
  return cut(brief.words.replace(/\s+/g, " "), length);
}
