import { InputFile } from "grammy";
import type { InlineKeyboardMarkup } from "grammy/types";
import type { Action } from "../actions.ts";
import type { Button } from "../conversation.ts";
import { historyOf, type Page } from "../imagine.ts";
import { titleOf } from "./captions.ts";
import { nothingYet, say } from "./commands.ts";
import { keyboard } from "./keyboards.ts";
import type { Sendable, Target } from "./messenger.ts";
import { asWords, lines, plain, type RichText, richText } from "./rich-text.ts";
import type { DoorTools, Visit } from "./visit.ts";

/** Pictures on a page. */
const pageSize = 9;

/** What a line says of a picture. */
const titleLength = 60;

/** Three in a row, as the numbered buttons below them. */
const layout = { columns: 3, side: 320, gap: 8, background: "#1e1e1e" } as const;

/** How long reading a page's pictures may take. */
const readMs = 30_000;

interface ShownPage {
  readonly file: Sendable;
  readonly caption: RichText;
  readonly buttons: InlineKeyboardMarkup;
}

/** Shows the newest page of one's own pictures, as one photo with a thumbnail of each. */
export async function history(visit: Visit, tools: DoorTools): Promise<void> {
  const page = await historyOf(visit.asker, { size: pageSize }, tools);
  if (page.jobs.length === 0) {
    say(visit, nothingYet(visit.words), tools);
    return;
  }
  tools.later(async () => {
    const { file, caption, buttons } = await layOut(page, visit, tools);
    await tools.messenger.sendPicture(visit.place, file, { caption, keyboard: buttons });
  });
}

/** Turns the page in the message that shows it. */
export async function turnPage(
  target: Target,
  before: number | undefined,
  visit: Visit,
  tools: DoorTools,
): Promise<void> {
  const wanted = before === undefined ? { size: pageSize } : { size: pageSize, before };
  const page = await historyOf(visit.asker, wanted, tools);
  if (page.jobs.length === 0) return;
  tools.later(async () => {
    const { file, caption, buttons } = await layOut(page, visit, tools, before);
    await tools.messenger.editPicture(target, file, caption, buttons);
  });
}

async function layOut(
  page: Page,
  visit: Visit,
  { studio, imaging }: DoorTools,
  before?: number,
): Promise<ShownPage> {
  const { words } = visit;
  const count = page.jobs.length;
  const signal = AbortSignal.timeout(readMs);
  const thumbnails = await Promise.all(
    page.jobs.map(async (job) => {
      const [picture] = job.pictures;
      return picture && studio.bytesOf(picture, job, signal).catch(() => undefined);
    }),
  );
  const sheet = await imaging.sheet(thumbnails, layout);
  const rows = page.jobs.map((job, index) => [
    plain(`${index + 1}. ${job.code} `),
    asWords(titleOf(job, titleLength)),
  ]);
  return {
    file: { kind: "photo", media: new InputFile(sheet, "history.jpg") },
    caption: richText(lines([plain(words.say("ask.history", { count }))], ...rows)),
    buttons: keyboard(buttonsOf(page, visit, before)),
  };
}

/** A number for each picture, and the ways to the pages before and after. */
function buttonsOf({ jobs, older }: Page, { words, user }: Visit, before?: number): Button[][] {
  const numbers = jobs.map(
    ({ code }, index): Button => ({ label: `${index + 1}`, data: { action: "show", code } }),
  );
  const rows = [numbers.slice(0, 3), numbers.slice(3, 6), numbers.slice(6)];
  const turning: Button[] = [];
  const page = (time: number | "") => ({ action: "history", argument: `${user} ${time}` }) as const;
  if (before !== undefined) turning.push({ label: words.say("buttons.newer"), data: page("") });
  if (older !== undefined) turning.push({ label: words.say("buttons.older"), data: page(older) });
  return [...rows, turning];
}

/** Whose page a button turns, and to what: `before` is undefined for the newest page. */
export function readPage({ argument = "" }: Action): { owner: number; before: number | undefined } {
  const [owner = "", before = ""] = argument.split(" ");
  return { owner: Number(owner), before: before === "" ? undefined : Number(before) };
}
