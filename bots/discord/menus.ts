import { createHash } from "node:crypto";
import { type APIMessage, ComponentType } from "discord.js";
import { ImageError } from "../../core/errors.ts";
import { readCapped } from "../../core/wire/fetch.ts";
import type { Job } from "../../core/job.ts";
import { draw } from "./asking.ts";
import { pictureSheet } from "./cards.ts";
import { limits } from "./limits.ts";
import type { DoorTools } from "./tools.ts";
import type { Visit } from "./visit.ts";

/** The commands of a message's menu, by the key of their words. */
export const menus = ["drawThis", "howMade"] as const;
export type MenuId = (typeof menus)[number];

type MenuHandler = (message: APIMessage, visit: Visit, tools: DoorTools) => Promise<void>;

export const menuHandlers: Readonly<Record<MenuId, MenuHandler>> = {
  async drawThis(message, visit, tools) {
    await draw(new Map([["prompt", textOf(message).slice(0, limits.modalText)]]), visit, tools);
  },

  /** By a code in its words, or else by its files, byte for byte. */
  async howMade(message, visit, tools) {
    const { words, place, reply } = visit;
    await reply.promise({ hidden: true });
    const job =
      (await jobByCode(message, visit, tools)) ?? (await jobByFile(message, visit, tools));
    if (!job) return reply.show({ text: words.say("ask.unknownPicture") });
    const { restricted } = place;
    const { pictures: _, ...card } = pictureSheet({ job, words, pictures: [], restricted });
    await reply.show(card);
  },
};

type Part = Pick<APIMessage, "content" | "components" | "attachments">;

/** A message, and what it hands on. */
function partsOf(message: APIMessage): readonly Part[] {
  return [message, ...(message.message_snapshots ?? []).map((snapshot) => snapshot.message)];
}

/** What a message says, whether in its content or in its components. */
function textOf(message: APIMessage): string {
  const texts = partsOf(message).flatMap(({ content, components = [] }) => [
    content,
    ...components.map((shown) => (shown.type === ComponentType.TextDisplay ? shown.content : "")),
  ]);
  return texts.filter((text) => text !== "").join("\n");
}

async function jobByCode(
  message: APIMessage,
  { asker }: Visit,
  { studio }: DoorTools,
): Promise<Job | undefined> {
  const code = /zi-[0-9A-HJKMNP-TV-Z]{10}/.exec(textOf(message))?.[0];
  return code === undefined ? undefined : studio.find(code, asker.requester).catch(unlessMissing);
}

function unlessMissing(error: unknown): undefined {
  if (!(error instanceof ImageError) || error.code !== "not-found") throw error;
}

async function jobByFile(
  message: APIMessage,
  { asker }: Visit,
  { studio, fetch, log }: DoorTools,
): Promise<Job | undefined> {
  for (const url of partsOf(message).flatMap(filesOf)) {
    try {
      const signal = AbortSignal.timeout(limits.requestMs);
      const response = await fetch(url, { signal });
      if (!response.ok) continue;
      const bytes = await readCapped(response, limits.requestBytes);
      const hash = createHash("sha256").update(bytes).digest("hex");
      const job = await studio.findByHash(hash, asker.requester);
      if (job) return job;
    } catch (error) {
      log.warn({ error }, "the file of a message cannot be read");
    }
  }
  return undefined;
}

/** Addresses of files that Discord itself keeps. What else a message shows may be anywhere. */
function filesOf({ attachments, components = [] }: Part): readonly string[] {
  const shown = components.flatMap((component) =>
    component.type === ComponentType.MediaGallery ? component.items : [],
  );
  const kept = shown.filter(({ media }) => media.attachment_id !== undefined);
  return [...attachments.map(({ url }) => url), ...kept.map(({ media }) => media.url)];
}
