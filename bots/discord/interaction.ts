import {
  type APIAttachment,
  type APIInteraction,
  PermissionFlagsBits,
} from "discord-api-types/v10";
import type { Picture } from "../../core/job.ts";
import { optional } from "../../core/optional.ts";
import type { ConversationTools, Conversing } from "../context.ts";
import { translatorFor } from "../i18n.ts";
import type { Platform } from "../platform.ts";
import type { UploadLimits } from "./show.ts";
import { guildScope, type Place, placeIn, readPlace } from "./place.ts";
import type { Reply } from "./reply.ts";
import type { FileFetcher } from "./sent-files.ts";

/** What the handlers of interactions need. */
export interface DoorTools extends ConversationTools {
  readonly uploads: UploadLimits;
  /** The public address of a picture; undefined where none is configured. */
  readonly publicUrl: (picture: Picture) => string | undefined;
  readonly files: FileFetcher;
  /** Brings the menus of messages to the presets that the server of this place has. Never rejects. */
  readonly refreshMenus: (place: Place) => Promise<void>;
}

/** The files of an interaction, by id. */
export type Attachments = Readonly<Record<string, APIAttachment>>;

/** What Discord offers. It shows the original files anyway where they fit, and answers are seen by one person alone. */
export const discord: Platform = {
  lacks: ["back"],
  settings: ["ratio", "enhance", "model", "quality", "language", "private"],
  settingsBelow: false,
  nameOf: (command, t) => t(`commands.${command}.name`),
};

/** One thing that a person did in Discord, and how to answer. */
export interface Interaction extends Conversing {
  readonly place: Place;
  readonly reply: Reply;
  /** What answering it needs. */
  readonly tools: DoorTools;
  /** The files that came with it, by id. */
  readonly attachments: Attachments;
}

/** What an interaction tells beside its place. */
export interface Told {
  readonly reply: Reply;
  /** The languages of the person's client and of the server, the nearer first. */
  readonly locales: readonly (string | undefined)[];
  /** What the person may do there, in digits; nothing without it. */
  readonly permissions?: string | undefined;
  readonly attachments?: Attachments;
}

/** Reads an interaction as Discord sent it. */
export function readInteraction(
  payload: APIInteraction,
  reply: Reply,
  tools: DoorTools,
): Promise<Interaction> {
  const clientLocale = "locale" in payload ? payload.locale : undefined;
  const told = {
    reply,
    locales: [clientLocale, payload.guild_locale],
    permissions: payload.member?.permissions,
    attachments: attachmentsOf(payload),
  };
  return interactionAt(placeIn(payload), told, tools);
}

/** What happened at a place. Its language is the one that the person set, or else the first of these that is known. */
export async function interactionAt(
  place: Place,
  { reply, locales, permissions = "0", attachments = {} }: Told,
  tools: DoorTools,
): Promise<Interaction> {
  const { settings, people } = tools;
  const person = await people.of(`discord:${place.user}`);
  const { language } = await settings.get(person.id);
  const t = translatorFor(language, ...locales);
  const placeScope = place.guild ? guildScope(place.guild) : undefined;
  const actor = { requester: { ...person, locale: t.tag }, ...optional({ placeScope }) };
  const may = (permission: bigint) =>
    (BigInt(permissions) & (permission | PermissionFlagsBits.Administrator)) !== 0n;
  return {
    ...{ place, reply, tools, attachments, actor, t },
    platform: discord,
    owner: undefined,
    isSecret: true,
    isPlace: false,
    publicUrl: undefined,
    submitter: (isPrivate) => ({
      ...actor,
      key: place.interaction,
      delivery: { door: "discord", place },
      ...optional({ private: isPrivate }),
    }),
    mayModerate(what) {
      if (what === "settings") return may(PermissionFlagsBits.ManageGuild);
      const { door, place: madeAt } = what.delivery;
      const isHere = door === "discord" && readPlace(madeAt).channel === place.channel;
      return may(PermissionFlagsBits.ManageMessages) && place.guild !== null && isHere;
    },
  };
}

function attachmentsOf({ data }: APIInteraction): Attachments {
  const { resolved } = (data ?? {}) as { readonly resolved?: { attachments?: Attachments } };
  return resolved?.attachments ?? {};
}

/** The servers and people that may use the bot; two empty lists let everyone in. */
export interface Access {
  readonly guilds: readonly string[];
  readonly users: readonly string[];
}

/** Whether the person or the server of this place is on a list, or there is no list. */
export function isAllowed({ user, guild }: Place, { guilds, users }: Access): boolean {
  if (guilds.length === 0 && users.length === 0) return true;
  return users.includes(user) || (guild !== null && guilds.includes(guild));
}
