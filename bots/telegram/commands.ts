import { isImageError } from "../../core/errors.ts";
import { commands } from "../commands.ts";
import { describeProgress, type Button } from "../conversation.ts";
import { codeFor, queueOf, remake } from "../imagine.ts";
import type { Words } from "../words.ts";
import { titleOf } from "./captions.ts";
import { refuse } from "./drawing.ts";
import { keyboard } from "./keyboards.ts";
import { limits } from "./limits.ts";
import { asWords, lines, type Piece, plain, richText } from "./rich-text.ts";
import { showJob } from "./show-job.ts";
import { type DoorTools, pictureAsker, type Visit } from "./visit.ts";

/** Makes the newest job, or the one with this code, again with another seed. */
export async function again(visit: Visit, words: string, tools: DoorTools): Promise<void> {
  try {
    const code = await codeFor(words, visit.asker, tools);
    await remake(code, { seed: "new" }, pictureAsker(visit), tools);
  } catch (error) {
    if (isNothingYet(error)) {
      say(visit, nothingYet(visit.words), tools);
      return;
    }
    refuse(visit, error, tools);
  }
}

/** Shows a job of any door by its code. */
export async function show(visit: Visit, words: string, tools: DoorTools): Promise<void> {
  if (words === "") {
    say(visit, [plain(visit.words.say("ask.code"))], tools);
    return;
  }
  try {
    const code = await codeFor(words, visit.asker, tools);
    const job = await tools.studio.find(code, visit.asker.requester);
    tools.later(() => showJob(job, visit, tools));
  } catch (error) {
    refuse(visit, error, tools);
  }
}

/** Lists one's own unfinished jobs, each with its Cancel. */
export async function queue(visit: Visit, tools: DoorTools): Promise<void> {
  const { words, asker, place } = visit;
  const waiting = await queueOf(asker, tools);
  if (waiting.length === 0) {
    say(visit, [plain(words.say("ask.nothingWaiting"))], tools);
    return;
  }
  const rows = waiting.map(({ job, view }, index): readonly Piece[] => [
    plain(`${index + 1}. `),
    asWords(titleOf(job, 60)),
    plain(` · ${describeProgress(view, words, tools.now())}`),
  ]);
  const label = words.say("buttons.cancel");
  const buttons = waiting.map(({ job: { code } }, index): readonly Button[] => [
    { label: `${label} ${index + 1}`, data: { action: "cancel", code } },
  ]);
  const content = richText(lines([plain(words.say("ask.queue"))], ...rows));
  tools.later(() => tools.messenger.sendText(place, content, keyboard(buttons)));
}

export function help(visit: Visit, tools: DoorTools): void {
  const { words } = visit;
  const { publicUrl: url } = tools;
  const list = commands.map(({ id }) => `/${id} – ${words.say(`commands.${id}.description`)}`);
  const rows = [
    words.say("help.intro", { command: "draw" }),
    words.say("help.flags"),
    words.say("help.buttons"),
    [words.say("help.commands"), ...list].join("\n"),
    ...(url === undefined ? [] : [words.say("help.links", { url })]),
  ];
  say(visit, [plain(rows.join("\n\n").slice(0, limits.textLength))], tools);
}

export function privacy(visit: Visit, tools: DoorTools): void {
  say(visit, [plain(visit.words.say("privacy.text"))], tools);
}

/** The button carries whose it is: in a group everybody can press it. */
export function askWhetherToForget(visit: Visit, tools: DoorTools): void {
  const { words, user, place } = visit;
  const argument = String(user);
  const yes: Button = {
    label: words.say("buttons.confirmForget"),
    data: { action: "forget", argument },
    style: "danger",
  };
  const no: Button = {
    label: words.say("buttons.keep"),
    data: { action: "forget", argument: `${argument} no` },
  };
  const content = richText([plain(words.say("privacy.confirm"))]);
  tools.later(() => tools.messenger.sendText(place, content, keyboard([[yes], [no]])));
}

export function say({ place }: Visit, pieces: readonly Piece[], tools: DoorTools): void {
  tools.later(() => tools.messenger.sendText(place, richText(pieces)));
}

export function nothingYet(words: Words): readonly Piece[] {
  return [plain(words.say("ask.nothingYet", { command: "draw" }))];
}

function isNothingYet(error: unknown): boolean {
  return isImageError(error) && error.code === "not-found" && error.details.code === "";
}
