import { isFinished } from "../../core/job.ts";
import type { CommandId } from "../commands.ts";
import { commands } from "../commands.ts";
import type { Button } from "../conversation.ts";
import { codeFor } from "../imagine.ts";
import type { Words } from "../words.ts";
import { draw, drawAgain, type OptionValues } from "./asking.ts";
import { drawName, historySheet, queueSheet, readTrail } from "./lists.ts";
import type { Sheet } from "./message.ts";
import { changeSettings, type SettingScope, scopeOf, settingsSheet } from "./settings.ts";
import { answerFitting, showJob } from "./show.ts";
import type { DoorTools } from "./tools.ts";
import type { Visit } from "./visit.ts";

type CommandHandler = (values: OptionValues, visit: Visit, tools: DoorTools) => Promise<void>;

/** What each command does. A handler that asks for a picture answers by that picture's delivery. */
export const commandHandlers: Readonly<Record<CommandId, CommandHandler>> = {
  async draw(values, visit, tools) {
    await draw(values, visit, tools);
  },

  async again(values, visit, tools) {
    const code = await codeFor(textIn(values), visit.asker, tools);
    await drawAgain(code, { seed: "new" }, visit, tools);
  },

  async show(values, visit, tools) {
    const code = await codeFor(textIn(values), visit.asker, tools);
    const job = await tools.studio.find(code, visit.asker.requester);
    await showJob(job, visit, { tools, hidden: job.private || !isFinished(job) });
  },

  async queue(_, visit, tools) {
    await visit.reply.say(await queueSheet(visit.asker, visit.words, tools));
  },

  async history(_, visit, tools) {
    await visit.reply.promise({ hidden: true });
    await answerFitting(visit, tools, () => firstPage(visit, tools));
  },

  async settings(values, visit, tools) {
    const whose: SettingScope = values.get("scope") === "place" ? "place" : "own";
    const scope = scopeOf(whose, visit);
    if (scope === undefined) return visit.reply.say({ text: whyNot(visit) });
    const saved = await changeSettings(scope, values, tools);
    const settings = await tools.settings.get(scope);
    await visit.reply.say(settingsSheet(settings, whose, { words: visit.words, saved }));
  },

  help: (_, { reply, words }) => reply.say({ text: helpText(words) }),
  privacy: (_, { reply, words }) => reply.say({ text: words.say("privacy.text") }),
  forgetme: (_, { reply, words }) => reply.say(forgetSheet(words)),
};

function textIn(values: OptionValues): string {
  return String(values.get("code") ?? "");
}

function firstPage({ asker, words, place }: Visit, tools: DoorTools): Promise<Sheet> {
  const { restricted } = place;
  return historySheet(asker, readTrail(), { words, tools, restricted });
}

/** Why somebody has no part in these settings: there are none here, or they are for those who manage the server. */
export function whyNot({ asker, words }: Visit): string {
  return words.say(asker.place === undefined ? "ask.notHere" : "ask.adminsOnly");
}

function helpText(words: Words): string {
  const lines = commands.map(({ id }) => {
    const description = words.say(`commands.${id}.description`);
    return `/${words.say(`commands.${id}.name`)} — ${description}`;
  });
  const intro = words.say("help.intro", { command: drawName(words) });
  const explained = [intro, words.say("help.flags"), words.say("help.buttons")];
  return [...explained, words.say("help.commands"), ...lines].join("\n");
}

function forgetSheet(words: Words): Sheet {
  const yes: Button = {
    label: words.say("buttons.confirmForget"),
    data: { action: "forget", argument: "yes" },
    style: "danger",
  };
  const no: Button = {
    label: words.say("buttons.keep"),
    data: { action: "forget", argument: "no" },
  };
  return { text: words.say("privacy.confirm"), buttons: [yes, no] };
}
