import {
  type APIAttachment,
  type APIInteraction,
  PermissionFlagsBits,
} from "discord-api-types/v10";
import type { Picture } from "../../core/job.ts";
import type { Log } from "../../core/observe.ts";
import { optional } from "../../core/optional.ts";
import { type Translator, translatorFor } from "../i18n.ts";
import type { Actor, ChatTools, Submitter } from "../use-cases.ts";
import type { UploadLimits } from "./attachments.ts";
import { guildScope, type Place, placeIn } from "./place.ts";
import type { Reply } from "./reply.ts";
import type { FileFetcher } from "./sent-files.ts";

/** What the handlers of interactions need. */
export interface DoorTools extends ChatTools {
  readonly uploads: UploadLimits;
  /** The public address of a picture; undefined where none is configured. */
  readonly publicUrl: (picture: Picture) => string | undefined;
  readonly files: FileFetcher;
  /** Brings the menus of messages to the presets that the server of this place has. Never rejects. */
  readonly refreshMenus: (place: Place) => Promise<void>;
  readonly now: () => number;
  readonly log: Log;
}

/** The files of an interaction, by id. */
export type Attachments = Readonly<Record<string, APIAttachment>>;

/** One thing that a person did in Discord: who, where, with which rights, and how to answer. */
export interface Interaction {
  readonly place: Place;
  readonly actor: Actor;
  readonly t: Translator;
  /** May delete messages of others in this channel. */
  readonly moderates: boolean;
  /** May change the settings of this server. */
  readonly manages: boolean;
  readonly reply: Reply;
  /** The files that came with it, by id. */
  readonly attachments: Attachments;
}

/** Reads an interaction. Its language is the one that the person set, or else that of their client. */
export async function readInteraction(
  payload: APIInteraction,
  reply: Reply,
  { settings, people }: Pick<ChatTools, "settings" | "people">,
): Promise<Interaction> {
  const place = placeIn(payload);
  const person = await people.of(`discord:${place.user}`);
  const { language } = await settings.get(person.id);
  const clientLocale = "locale" in payload ? payload.locale : undefined;
  const t = translatorFor(language, clientLocale, payload.guild_locale);
  const placeScope = place.guild ? guildScope(place.guild) : undefined;
  const may = (permission: bigint) =>
    (BigInt(payload.member?.permissions ?? 0) & permission) !== 0n;
  return {
    place,
    actor: { requester: { ...person, locale: t.tag }, ...optional({ placeScope }) },
    t,
    moderates: may(PermissionFlagsBits.ManageMessages | PermissionFlagsBits.Administrator),
    manages: may(PermissionFlagsBits.ManageGuild | PermissionFlagsBits.Administrator),
    reply,
    attachments: attachmentsOf(payload),
  };
}

function attachmentsOf({ data }: APIInteraction): Attachments {
  const { resolved } = (data ?? {}) as { readonly resolved?: { attachments?: Attachments } };
  return resolved?.attachments ?? {};
}

/** The interaction's person as one who asks for pictures; `isPrivate` counts before their settings. */
export function submitterOf({ actor, place }: Interaction, isPrivate?: boolean): Submitter {
  return {
    ...actor,
    key: place.interaction,
    delivery: { door: "discord", place },
    ...optional({ private: isPrivate }),
  };
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
