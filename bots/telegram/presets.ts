import { parseShareCode } from "../../core/job.ts";
import { languages, translatorFor } from "../i18n.ts";
import { type PresetAsk, type PresetVerb, presetAnswer, presetVerbs } from "../presets.ts";
import { refuse, say } from "./answers.ts";
import type { Context, DoorTools } from "./context.ts";
import { limits } from "./limits.ts";
import { chatScope } from "./place.ts";
import { cut, mixed } from "./rich-text.ts";

/** What is typed behind /presets; `here`: for the whole group. */
interface Typed extends PresetAsk {
  readonly here: boolean;
}

/** The verbs by their names in every language. */
const verbs: ReadonlyMap<string, PresetVerb> = new Map(
  languages.flatMap(({ tag }) => {
    const t = translatorFor(tag);
    return presetVerbs.map((verb) => [t(`presetVerbs.${verb}.name`), verb] as const);
  }),
);

const here = new Set(["here", "本群"]);

/** Lists, saves, shows, deletes, shares and takes presets, as the words behind the command say. */
export async function presets(context: Context, text: string, tools: DoorTools): Promise<void> {
  const { actor, t } = context;
  const ask = readAsk(text);
  if (!ask) {
    say(context, [mixed(t("presets.telegram"))], tools);
    return;
  }
  try {
    const scope = ask.here ? await scopeHere(context, tools) : actor.requester.id;
    if (scope === undefined) {
      say(context, [mixed(t("ask.adminsOnly"))], tools);
      return;
    }
    const answer = await presetAnswer(ask, { actor, scope, t }, tools);
    const more = ask.verb === "list" ? `\n\n${t("presets.telegram")}` : "";
    say(context, [mixed(cut(answer, limits.textLength - more.length) + more)], tools);
  } catch (error) {
    refuse(context, error, tools);
  }
}

/** The group's scope, for its administrators and for who writes as the group; undefined for others. */
async function scopeHere({ place, user }: Context, { moderators }: DoorTools) {
  const may = place.group && (user === place.chat || (await moderators.include(place, user)));
  return may ? chatScope(place.chat) : undefined;
}

/** Undefined where it is not known what is meant. */
function readAsk(text: string): Typed | undefined {
  if (text === "") return { verb: "list", name: "", here: false };
  const [first, afterVerb] = firstWord(text);
  if (parseShareCode(first)) return { verb: "take", name: first, here: false };
  const verb = verbs.get(first.toLowerCase());
  if (!verb) return undefined;
  const [second, afterHere] = firstWord(afterVerb);
  const isHere = here.has(second.toLowerCase());
  const [name, words] = isHere ? firstWord(afterHere) : [second, afterHere];
  if (name === "" && verb !== "list") return undefined;
  return { verb, name, here: isHere, draft: { words } };
}

function firstWord(text: string): readonly [string, string] {
  const [, quoted, word = ""] = /^(?:["“](.+?)["”]|(\S+))/.exec(text) ?? [];
  const first = quoted ?? word;
  return [first, text.slice(first.length + (quoted === undefined ? 0 : 2)).trim()];
}
