import { type Button, type Choice, plain, type Screen, titleOf, typed } from "../screen.ts";
import { describeProgress } from "../conversation.ts";
import type { Translator } from "../i18n.ts";
import type { Page, Waiting } from "../use-cases.ts";

/** Who sees a list: in their language, and alone able to press its buttons where others see them. */
interface Reader {
  readonly t: Translator;
  readonly owner: string | undefined;
}

// === Unfinished jobs

/** The argument of a Cancel button in the list of unfinished jobs. */
export const inQueue = "queue";

/** A person's unfinished jobs, each with a Cancel button. */
export function queueScreen(
  waiting: readonly Waiting[],
  { t, owner }: Reader,
  now: number,
): Screen {
  if (waiting.length === 0) return { lines: [[plain(t("ask.nothingWaiting"))]] };
  const lines = waiting.map(({ job, view }, index) => [
    plain(`${index + 1}. `),
    typed(titleOf(job, 60)),
    plain(` · ${describeProgress(view, t, now)}`),
  ]);
  const buttons = waiting.map(
    ({ job }, index): Button => ({
      label: `${t("buttons.cancel")} ${index + 1}`,
      data: { action: "cancel", code: job.code, owner, argument: inQueue },
    }),
  );
  return {
    lines: [[plain(t("ask.queue"))], ...lines],
    buttons: buttons.map((button) => [button]),
  };
}

// === The history

/** Pictures on a page. */
export const pageSize = 9;

/** A page of the history: jobs created before this time; `back` are the times of the newer pages, the nearest last. */
export interface Trail {
  readonly before: number | undefined;
  readonly back: readonly number[];
}

/** Times are written in base 36, so that some fit into a button's data. */
const radix = 36;
const maxDepth = 4;

/** Reads the argument of a page button; the newest page without one. */
export function readTrail(argument = ""): Trail {
  const times = argument
    .slice(1)
    .split(".")
    .map((part) => Number.parseInt(part, radix));
  const known = times.filter((time) => Number.isSafeInteger(time) && time > 0);
  return { before: known.at(-1), back: known.slice(0, -1) };
}

/** One page of a person's pictures: thumbnails, a list to choose from, and buttons to the next pages. */
export function historyScreen(page: Page, trail: Trail, reader: Reader): Screen {
  const { t } = reader;
  const options = page.jobs.map(
    (job): Choice => ({ label: titleOf(job), value: job.code, description: job.code }),
  );
  return {
    pictures: page.jobs.map((job) => ({ job, thumbnail: true })),
    lines: [[plain(t("ask.history", { count: page.jobs.length }))]],
    choices: { data: { action: "show" }, label: t("buttons.show"), options },
    buttons: [pageButtons(page, trail, reader)],
  };
}

function pageButtons({ older }: Page, { before, back }: Trail, { t, owner }: Reader): Button[] {
  const here = before === undefined ? back : [...back, before];
  const button = (name: "newer" | "older", times: readonly number[]): Button => {
    const written = times.slice(-maxDepth).map((time) => time.toString(radix));
    const argument = `${name[0] ?? ""}${written.join(".")}`;
    return { label: t(`buttons.${name}`), data: { action: "history", owner, argument } };
  };
  return [
    ...(before === undefined ? [] : [button("newer", back)]),
    ...(older === undefined ? [] : [button("older", [...here, older])]),
  ];
}
