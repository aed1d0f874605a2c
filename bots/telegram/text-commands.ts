import { isImageError } from "../../core/errors.ts";
import { type CommandId, commands } from "../commands.ts";
import { type Button, describeProgress } from "../conversation.ts";
import { describeUsage } from "../usage.ts";
import { mostSources } from "../edits.ts";
import { codeFor, queueOf, remake } from "../use-cases.ts";
import { usageOf } from "../usage.ts";
import { refuse, say, sayNothingYet } from "./answers.ts";
import { type Context, type DoorTools, submitterOf } from "./context.ts";
import { keyboard, titleOf } from "./job-message.ts";
import { limits } from "./limits.ts";
import { lines, type Piece, plain, richText, verbatim } from "./rich-text.ts";
import { showJob } from "./show-job.ts";

// === Reading commands

/** A command as a person typed it. */
export interface TypedCommand {
  readonly id: CommandId;
  /** What is typed behind the command. */
  readonly text: string;
}

/** Punctuation may follow at once, as in "/draw: a cat" and "/draw，一只猫": Telegram reads a command there too. */
const pattern = /^\/([a-z0-9_]{1,32})(?:@([a-z0-9_]{1,64}))?(?=[\s,:;，：；、]|$)[\s,:;，：；、]*/i;

/** Other names by which people know a command. */
const aliases: Readonly<Record<string, CommandId>> = { start: "help", imagine: "draw" };

/** Reads a command at the beginning of a text or caption; undefined without one, and for a command to another bot. */
export function readCommand(text: string, username: string): TypedCommand | undefined {
  const match = pattern.exec(text);
  const [head = "", name = "", addressee] = match ?? [];
  if (addressee !== undefined && addressee.toLowerCase() !== username.toLowerCase()) {
    return undefined;
  }
  const wanted = name.toLowerCase();
  const id = commands.find((command) => command.id === wanted)?.id ?? aliasOf(wanted);
  return id && { id, text: text.slice(head.length).trim() };
}

function aliasOf(name: string): CommandId | undefined {
  return Object.hasOwn(aliases, name) ? aliases[name] : undefined;
}

// === Running commands

/** Makes the job with this code, or the newest job, again with another seed. */
export async function again(context: Context, text: string, tools: DoorTools): Promise<void> {
  try {
    const code = await codeFor(text, context.actor, tools);
    await remake(code, { seed: "new" }, submitterOf(context), tools);
  } catch (error) {
    if (isNothingYet(error)) sayNothingYet(context, tools);
    else refuse(context, error, tools);
  }
}

/** Shows the job with this code, of any door. */
export async function show(context: Context, text: string, tools: DoorTools): Promise<void> {
  const { actor, t } = context;
  if (text === "") {
    say(context, [plain(t("ask.code"))], tools);
    return;
  }
  try {
    const code = await codeFor(text, actor, tools);
    const job = await tools.studio.find(code, actor.requester);
    tools.later(() => showJob(job, context, tools));
  } catch (error) {
    refuse(context, error, tools);
  }
}

/** Lists the person's unfinished jobs, each with a Cancel button. */
export async function queue(context: Context, tools: DoorTools): Promise<void> {
  const { t, actor, place } = context;
  const waiting = await queueOf(actor, tools);
  if (waiting.length === 0) {
    say(context, [plain(t("ask.nothingWaiting"))], tools);
    return;
  }
  const rows = waiting.map(({ job, view }, index): readonly Piece[] => [
    plain(`${index + 1}. `),
    verbatim(titleOf(job, 60)),
    plain(` · ${describeProgress(view, t, tools.now())}`),
  ]);
  const label = t("buttons.cancel");
  const buttons = waiting.map(({ job: { code } }, index): readonly Button[] => [
    { label: `${label} ${index + 1}`, data: { action: "cancel", code } },
  ]);
  const content = richText(lines([plain(t("ask.queue"))], ...rows));
  tools.later(() => tools.messenger.sendText(place, content, keyboard(buttons)));
}

/** Explains the bot and its commands. */
export function help(context: Context, tools: DoorTools): void {
  const { t } = context;
  const { publicUrl: url } = tools;
  const list = commands.map(({ id }) => `/${id} – ${t(`commands.${id}.description`)}`);
  const rows = [
    t("help.intro", { command: "draw" }),
    t("help.flags"),
    t("help.buttons"),
    ...(mostSources(tools.catalogue) > 0 ? [t("help.edits")] : []),
    [t("help.commands"), ...list].join("\n"),
    ...(url === undefined ? [] : [t("help.links", { url })]),
  ];
  say(context, [plain(rows.join("\n\n").slice(0, limits.textLength))], tools);
}

/** Says what the person has used, and what is left. */
export async function usage(context: Context, tools: DoorTools): Promise<void> {
  const now = tools.now();
  const text = describeUsage(await usageOf(context.actor, now, tools), context.t, now);
  say(context, [plain(text)], tools);
}

/** Says what is kept about a person. */
export function privacy(context: Context, tools: DoorTools): void {
  say(context, [plain(context.t("privacy.text"))], tools);
}

/** Asks for a confirmation. The button carries the person's id, because in a group every member can press it. */
export function askWhetherToForget(context: Context, tools: DoorTools): void {
  const { t, user, own } = context;
  const argument = String(user);
  const yes: Button = {
    label: t("buttons.confirmForget"),
    data: { action: "forget", argument },
    style: "danger",
  };
  const no: Button = {
    label: t("buttons.keep"),
    data: { action: "forget", argument: `${argument} no` },
  };
  const content = richText([plain(t("privacy.confirm"))]);
  tools.later(() => tools.messenger.sendText(own, content, keyboard([[yes], [no]])));
}

function isNothingYet(error: unknown): boolean {
  return isImageError(error) && error.code === "not-found" && error.details.code === "";
}
