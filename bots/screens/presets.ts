import type { Job } from "../../core/job.ts";
import { optional } from "../../core/optional.ts";
import {
  type Preset,
  type PresetDraft,
  type PresetOwner,
  presetPictures,
} from "../../core/presets.ts";
import { type Given, keepGiven } from "../edits.ts";
import type { Translator } from "../i18n.ts";
import type { Platform } from "../platform.ts";
import { cut, mixed, type Screen } from "../screen.ts";
import type { Actor, ChatTools } from "../use-cases.ts";

/** What people do with presets. */
export const presetVerbs = ["list", "save", "show", "delete", "share", "take"] as const;
/** One of `presetVerbs`. */
export type PresetVerb = (typeof presetVerbs)[number];

/** What a person wants to do with a preset. */
export interface PresetAsk {
  readonly verb: PresetVerb;
  /** The name of a preset; of one to be taken, its share code. */
  readonly name: string;
  /** What is to be saved. Codes of pictures among the words become its reference pictures. */
  readonly draft?: Omit<PresetDraft, "name" | "pictures"> | undefined;
  /** Pictures that were sent with it, for the preset to keep. */
  readonly given?: readonly Given[] | undefined;
}

/** Who wants it, and whose presets are to change: the scope of a person, or of a place that they manage. */
export interface PresetAsker {
  readonly actor: Actor;
  readonly scope: string;
  readonly t: Translator;
  readonly platform: Platform;
}

type Tools = Pick<ChatTools, "studio">;

/** Does what is asked and tells what came of it. Throws `unknown-preset`, and what `Presets.save` and `Presets.take` throw. */
export async function presetScreen(
  ask: PresetAsk,
  asker: PresetAsker,
  tools: Tools,
): Promise<Screen> {
  const { presetsTyped: hint } = asker.platform;
  const answer = [mixed(cut(await answerTo(ask, asker, tools), longest))];
  const isList = ask.verb === "list" && hint !== undefined;
  return { lines: isList ? [answer, [], [mixed(asker.t(hint))]] : [answer] };
}

/** What is told at most, so that every platform shows it in one message. */
const longest = 3000;

/** In sentences that contain what people typed. */
async function answerTo(
  { verb, name, draft, given }: PresetAsk,
  asker: PresetAsker,
  tools: Tools,
): Promise<string> {
  const { presets } = tools.studio;
  const { actor, scope, t } = asker;
  switch (verb) {
    case "list":
      return listText(await presets.list(actor), t);
    case "save": {
      const saved = await presets.save(scope, await drafted({ name, draft, given }, asker, tools));
      return t("presets.saved", { name: saved.name });
    }
    case "show":
      return presetText(await presets.find(name, actor), t);
    case "delete": {
      await presets.remove(scope, name);
      return t("presets.deleted", { name });
    }
    case "share": {
      const { code, name: shared } = await presets.find(name, {
        requester: { id: scope },
      });
      return code === undefined
        ? t("presets.builtInShared", { name: shared })
        : t("presets.shared", { name: shared, code });
    }
    case "take": {
      const taken = await presets.take(name, scope, actor.requester);
      return t("presets.saved", { name: taken.name });
    }
  }
}

const pictureCode = /(?<!\S)zi-[0-9a-z]{10}(?:\.\d{1,2})?(?!\S)/gi;

async function drafted(
  { name, draft = { words: "" }, given = [] }: Omit<PresetAsk, "verb">,
  { actor }: PresetAsker,
  { studio }: Tools,
): Promise<PresetDraft> {
  const codes = draft.words.match(pictureCode) ?? [];
  const find = (code: string): Promise<Job> => studio.find(code, actor.requester);
  const sent = given.map((picture) => async () => (await keepGiven(picture, studio)).id);
  const named = [...sent, ...codes];
  const pictures = named.length > 0 ? await presetPictures(named, find) : undefined;
  const words = draft.words.replace(pictureCode, "").trim();
  return { ...draft, name, words, ...optional({ pictures }) };
}

/** How much of its words a preset shows in the list. */
const excerpt = 60;

function listText(all: readonly (readonly [PresetOwner, Preset])[], t: Translator): string {
  const of = (owner: PresetOwner) => all.flatMap(([one, preset]) => (one === owner ? preset : []));
  const lines = (owner: "own" | "place") => {
    const rows = of(owner).map(
      ({ name, words }) => `${name}: ${cut(words.replace(/\s+/g, " "), excerpt)}`,
    );
    return rows.length > 0 ? [t(`presets.${owner}`), ...rows] : [];
  };
  const builtIn = of("built-in").map(({ name }) => name);
  return [
    ...lines("own"),
    ...lines("place"),
    t("presets.builtIn", { names: builtIn.join(t("presets.and")) }),
    t("presets.use"),
  ].join("\n");
}

function presetText(preset: Preset, t: Translator): string {
  const { name, words, negative, ratio, model, quality, pictures } = preset;
  const row = (option: "negative" | "ratio" | "model" | "quality", value: string | undefined) =>
    value && t("settings.row", { setting: t(`options.${option}.name`), value });
  const rows = [
    row("negative", negative),
    row("ratio", ratio),
    row("model", model),
    row("quality", quality && t(`qualities.${quality}`)),
    pictures && t("presets.pictures", { count: pictures.length }),
  ];
  return [name, words, ...rows.filter((row) => row !== undefined)].join("\n");
}
