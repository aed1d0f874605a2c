import { ImageError } from "../../core/errors.ts";
import type { Job } from "../../core/job.ts";
import { listedRatios } from "../../core/request.ts";
import type { Action, ActionName } from "../actions.ts";
import type { Button } from "../conversation.ts";
import { type Asker, bytesOf, cancel, erase, forget, press } from "../imagine.ts";
import { pictureAsker } from "./asking.ts";
import { endingOf } from "./attachments.ts";
import { editForm } from "./edit-form.ts";
import { limits } from "./limits.ts";
import { historySheet, inQueue, queueSheet, readTrail } from "./lists.ts";
import type { Link, Sheet } from "./message.ts";
import { readPlace } from "./place.ts";
import { type SettingScope, scopeOf, settingsSheet, unset } from "./settings.ts";
import { answerFitting, showJob } from "./show.ts";
import { whyNot } from "./slash-commands.ts";
import type { DoorTools } from "./tools.ts";
import type { Visit } from "./visit.ts";

/** A press of a button, or a choice in a menu with its values. */
export interface Press {
  readonly action: Action;
  readonly values: readonly string[];
}

type PressHandler = (press: Press, visit: Visit, tools: DoorTools) => Promise<void>;

/** What each button and menu does; those of others than this door's messages do nothing. */
export const pressHandlers: Readonly<Partial<Record<ActionName, PressHandler>>> = {
  again: drawByPress,
  vary: drawByPress,
  own: drawByPress,
  retry: drawByPress,

  async ratio(pressed, visit, tools) {
    if (pressed.action.argument !== undefined) return drawByPress(pressed, visit, tools);
    await visit.reply.say(ratioSheet(pressed.action, visit));
  },

  async edit({ action }, visit, tools) {
    const job = await tools.studio.find(action.code ?? "", visit.asker.requester);
    await visit.reply.ask(editForm(job, action, visit.words));
  },

  async original({ action }, visit, tools) {
    const job = await tools.studio.find(action.code ?? "", visit.asker.requester);
    await visit.reply.promise({ hidden: true });
    const kept = await bytesOf(job, tools, AbortSignal.timeout(limits.requestMs));
    const { picture } = action;
    const wanted = [...kept].filter(([number]) => picture === undefined || number === picture);
    await answerFitting(visit, tools, ({ fileBytes }) =>
      originalSheet(job, new Map(wanted), { visit, tools, fileBytes }),
    );
  },

  async delete({ action }, visit, tools) {
    const code = action.code ?? "";
    const moderator = await moderates(code, visit, tools);
    await erase(code, { ...visit.asker, moderator }, tools);
    await visit.reply.promiseChange();
    const gone = { text: visit.words.say("picture.deleted") };
    await visit.reply.remove().catch(() => visit.reply.show(gone));
  },

  async cancel({ action }, visit, tools) {
    const code = action.code ?? "";
    await cancel(code, await cancellerOf(code, visit, tools), tools);
    if (action.argument !== inQueue) return visit.reply.promiseChange();
    await visit.reply.change(await queueSheet(visit.asker, visit.words, tools));
  },

  async share({ action }, visit, tools) {
    const { asker, words, reply } = visit;
    const { code, private: hidden } = await tools.studio.find(action.code ?? "", asker.requester);
    if (!hidden) return reply.say({ text: words.say("picture.shared", { code }) });
    const job = await tools.studio.publish(code, asker.requester);
    await showJob(job, visit, { tools, hidden: false, ...only(action) });
  },

  async show({ action, values: [code = action.code ?? ""] }, visit, tools) {
    const job = await tools.studio.find(code, visit.asker.requester);
    await showJob(job, visit, { tools, hidden: true });
  },

  async pick({ action, values: [number] }, visit, tools) {
    const job = await tools.studio.find(action.code ?? "", visit.asker.requester);
    await showJob(job, visit, { tools, hidden: true, ...only({ picture: Number(number) }) });
  },

  async history({ action }, visit, tools) {
    const { asker, words, place, reply } = visit;
    const { restricted } = place;
    await reply.promiseChange();
    await answerFitting(visit, tools, () =>
      historySheet(asker, readTrail(action.argument), { words, tools, restricted }),
    );
  },

  async settings({ action, values }, visit, tools) {
    const whose: SettingScope = action.argument === "place" ? "place" : "own";
    const scope = scopeOf(whose, visit);
    if (scope === undefined) return visit.reply.say({ text: whyNot(visit) });
    await unset(scope, values, tools);
    const settings = await tools.settings.get(scope);
    await visit.reply.change(settingsSheet(settings, whose, { words: visit.words, saved: true }));
  },

  async forget({ action }, { asker, words, reply }, tools) {
    if (action.argument !== "yes") return reply.change({ text: words.say("privacy.kept") });
    await reply.promiseChange();
    await forget(asker, tools);
    await reply.show({ text: words.say("privacy.forgotten") });
  },
};

function only({ picture }: Pick<Action, "picture">): { only?: number } {
  return picture === undefined ? {} : { only: picture };
}

/** The new job is this person's, and private where the old one was. */
async function drawByPress({ action }: Press, visit: Visit, tools: DoorTools): Promise<void> {
  const parent = await tools.studio.find(action.code ?? "", visit.asker.requester);
  await press(action, pictureAsker(visit, parent.private || undefined), tools);
}

function ratioSheet({ code, picture }: Action, { words }: Visit): Sheet {
  const about = {
    ...(code === undefined ? {} : { code }),
    ...(picture === undefined ? {} : { picture }),
  };
  const buttons = listedRatios.map(
    (ratio): Button => ({ label: ratio, data: { action: "ratio", ...about, argument: ratio } }),
  );
  return { text: words.say("picture.chooseRatio"), buttons };
}

interface OriginalPlace {
  readonly visit: Visit;
  readonly tools: DoorTools;
  readonly fileBytes: number;
}

/** The untouched files where they fit, and links to those that do not. */
function originalSheet(
  job: Job,
  kept: ReadonlyMap<number, Uint8Array>,
  { visit: { words, place }, tools, fileBytes }: OriginalPlace,
): Sheet {
  if (kept.size === 0) return { text: words.say("picture.noPicture", { code: job.code }) };
  const most = Math.min(fileBytes, Math.floor(limits.requestBytes / kept.size));
  const fits = [...kept].filter(([, bytes]) => bytes.byteLength <= most);
  const fitting = new Map(fits);
  const others = job.pictures.filter(({ number }) => kept.has(number) && !fitting.has(number));
  const links = others.flatMap((picture): Link[] => {
    const url = tools.publicUrl(picture);
    return url === undefined ? [] : [{ label: `${job.code}.${picture.number}`, url }];
  });
  const missing = links.length < others.length ? [words.say("ask.notHere")] : [];
  return {
    pictures: fits.map(([number, bytes]) => ({
      name: `${job.code}-${number}-original.${endingOf(bytes)}`,
      bytes,
      alternative: job.brief.words,
      spoiler: (job.brief.spoiler ?? false) && !place.restricted,
    })),
    text: [job.code, ...missing].join("\n"),
    buttons: links,
  };
}

// === Rights

/** Members who may manage messages here may do it to what was asked for in this channel. */
async function moderates(code: string, visit: Visit, { studio }: DoorTools): Promise<boolean> {
  if (!visit.moderates || visit.place.guild === null) return false;
  const { delivery } = await studio.find(code, visit.asker.requester);
  return delivery.door === "discord" && readPlace(delivery.place).channel === visit.place.channel;
}

/** Who cancels: a moderator does it in the owner's name. */
async function cancellerOf(code: string, visit: Visit, tools: DoorTools): Promise<Asker> {
  if (code === "") throw new ImageError("not-found", { code });
  if (!(await moderates(code, visit, tools))) return visit.asker;
  const { requester } = await tools.studio.find(code, visit.asker.requester);
  return { ...visit.asker, requester };
}
