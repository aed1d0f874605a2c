import { InputFile } from "grammy";
import type { InlineKeyboardMarkup } from "grammy/types";
import { optional } from "../../core/optional.ts";
import type { Action } from "../actions.ts";
import type { Button } from "../conversation.ts";
import { historyOf, type Page, thumbnailOf } from "../use-cases.ts";
import { sayNothingYet } from "./answers.ts";
import type { Context, DoorTools } from "./context.ts";
import { keyboard, titleOf } from "./job-message.ts";
import type { Sendable } from "./messenger.ts";
import type { Target } from "./place.ts";
import { lines, plain, type RichText, richText, verbatim } from "./rich-text.ts";

/** Pictures on a page. */
const pageSize = 9;

/** How much of its prompt a picture shows in the list. */
const titleLength = 60;

/** Three in a row, as the numbered buttons below them. */
const layout = { columns: 3, side: 320, gap: 8, background: "#1e1e1e" } as const;

/** As large as its field; this format keeps what one can see through. */
const thumbnail = { format: "webp", maxSide: layout.side } as const;

interface ShownPage {
  readonly file: Sendable;
  readonly caption: RichText;
  readonly buttons: InlineKeyboardMarkup;
}

/** Shows the newest page of the person's pictures as one photo with a thumbnail of each. */
export async function history(context: Context, tools: DoorTools): Promise<void> {
  const page = await historyOf(context.actor, { size: pageSize }, tools);
  if (page.jobs.length === 0) {
    sayNothingYet(context, tools);
    return;
  }
  tools.later(async () => {
    const { file, caption, buttons } = await renderPage(page, context, tools);
    await tools.messenger.sendPicture(context.place, file, { caption, keyboard: buttons });
  });
}

/** Shows another page in the same message: pictures from before this time, or the newest page for undefined. */
export async function turnPage(
  target: Target,
  before: number | undefined,
  context: Context,
  tools: DoorTools,
): Promise<void> {
  const wanted = { size: pageSize, ...optional({ before }) };
  const page = await historyOf(context.actor, wanted, tools);
  if (page.jobs.length === 0) return;
  tools.later(async () => {
    const { file, caption, buttons } = await renderPage(page, context, tools, before);
    await tools.messenger.editPicture(target, file, caption, buttons);
  });
}

async function renderPage(
  page: Page,
  context: Context,
  tools: DoorTools,
  before?: number,
): Promise<ShownPage> {
  const count = page.jobs.length;
  const pictures = await Promise.all(page.jobs.map((job) => thumbnailOf(job, thumbnail, tools)));
  const label = page.jobs.map(({ code }) => code).join(" ");
  const sheet = await tools.imaging.sheet(pictures, { ...layout, label });
  const rows = page.jobs.map((job, index) => [
    plain(`${index + 1}. ${job.code} `),
    verbatim(titleOf(job, titleLength)),
  ]);
  return {
    file: { kind: "photo", media: new InputFile(sheet, "history.jpg") },
    caption: richText(lines([plain(context.t("ask.history", { count }))], ...rows)),
    buttons: keyboard(buttonsOf(page, context, before)),
  };
}

/** A number for each picture, and buttons to the pages before and after. */
function buttonsOf({ jobs, older }: Page, { t, user }: Context, before?: number): Button[][] {
  const numbers = jobs.map(
    ({ code }, index): Button => ({ label: `${index + 1}`, data: { action: "show", code } }),
  );
  const rows = [numbers.slice(0, 3), numbers.slice(3, 6), numbers.slice(6)];
  const turning: Button[] = [];
  const page = (time: number | "") => ({ action: "history", argument: `${user} ${time}` }) as const;
  if (before !== undefined) turning.push({ label: t("buttons.newer"), data: page("") });
  if (older !== undefined) turning.push({ label: t("buttons.older"), data: page(older) });
  return [...rows, turning];
}

/** Whose history a page button belongs to, and which page it opens: `before` is undefined for the newest page. */
export function readPage({ argument = "" }: Action): { owner: number; before: number | undefined } {
  const [owner = "", before = ""] = argument.split(" ");
  return { owner: Number(owner), before: before === "" ? undefined : Number(before) };
}
