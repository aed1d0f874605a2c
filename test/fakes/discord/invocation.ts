import { InteractionContextType, type InteractionType, PermissionFlagsBits } from "discord.js";
import type { Interaction } from "./interactions.ts";
import type { StoredMessage } from "./messages.ts";
import { type Json, memberPayload, partialChannelPayload, userPayload } from "./payloads.ts";
import type { Platform } from "./platform.ts";
import { type Channel, type User, advertisedLimit, may, permissionsIn } from "./world.ts";

/** Where somebody uses the app, and what a test wants the interaction to say otherwise. */
export interface Place {
  readonly channel: Channel;
  /** Instead of what follows from who installed the app: `"0"` a server's id, `"1"` a user's. */
  readonly integrationOwners?: Readonly<Record<string, string>>;
  readonly context?: InteractionContextType;
  readonly appPermissions?: bigint;
  /** The language of the person's client. */
  readonly locale?: string;
  /** In bytes; what is told, not what is taken. */
  readonly attachmentSizeLimit?: number;
  readonly entitlements?: readonly Json[];
}

/** A place as most tests name it: by its channel. */
export type Where = Channel | Place;

export function placeOf(where: Where): Place {
  return "channel" in where ? where : { channel: where };
}

const CONTEXTS: Readonly<Record<Channel["kind"], InteractionContextType>> = {
  guild: InteractionContextType.Guild,
  "bot-dm": InteractionContextType.BotDM,
  private: InteractionContextType.PrivateChannel,
};

/** The context of a place, as commands name it. */
export function contextOf({ channel, context }: Place): InteractionContextType {
  return context ?? CONTEXTS[channel.kind];
}

/** Who installed the app so that this person can use it here; empty where nobody did. */
export function ownersOf(
  { channel, integrationOwners }: Place,
  user: User,
): Record<string, string> {
  if (integrationOwners) return { ...integrationOwners };
  const owners: Record<string, string> = {};
  if (channel.kind === "guild" && channel.guild.installed) owners["0"] = channel.guild.id;
  if (channel.kind === "bot-dm") owners["0"] = "0";
  if (user.installed) owners["1"] = user.id;
  return owners;
}

/** What a person did: everything but the place. */
export interface Deed {
  readonly type: InteractionType;
  readonly user: User;
  readonly place: Place;
  readonly owners: Readonly<Record<string, string>>;
  readonly data: Json;
  readonly source?: StoredMessage | undefined;
}

/** Makes an interaction of it and sends it to the app. Throws where nobody installed the app there. */
export function invoke(platform: Platform, deed: Deed): Interaction {
  const { type, user, place, owners, source } = deed;
  if (Object.keys(owners).length === 0) {
    throw new Error(`Neither the server nor ${user.username} installed the app`);
  }
  const interaction = platform.interactions.create({
    type,
    user,
    channel: place.channel,
    owners,
    source,
    answersHidden: mustHide(place.channel, user, owners),
    payload: (id, token) => interactionPayload(platform, deed, { id, token }),
  });
  deliver(platform, interaction);
  return interaction;
}

/** Sends an interaction, once more if it was sent before. */
export function deliver(platform: Platform, interaction: Interaction): void {
  const { channel, payload } = interaction;
  if (platform.endpoint.url !== null) {
    platform.endpoint.send(payload);
    interaction.deliveries += 1;
    return;
  }
  const guildId = channel.kind === "guild" ? channel.guild.id : undefined;
  interaction.deliveries += platform.gateway.dispatch("INTERACTION_CREATE", payload, { guildId });
}

/** Apps that only the person installed speak in public only to those who may use external apps. */
function mustHide(channel: Channel, user: User, owners: Readonly<Record<string, string>>): boolean {
  if (channel.kind !== "guild" || "0" in owners) return false;
  return !may(channel, user.id, PermissionFlagsBits.UseExternalApps);
}

function interactionPayload(
  { world, messages }: Platform,
  { type, user, place, owners, data, source }: Deed,
  identity: { readonly id: string; readonly token: string },
): Json {
  const { channel } = place;
  return {
    ...identity,
    application_id: world.app.id,
    type,
    version: 1,
    data,
    ...whoPayload(channel, user),
    channel_id: channel.id,
    channel: partialChannelPayload(channel, user.id),
    app_permissions: String(place.appPermissions ?? appPermissions(channel, world.app, user)),
    locale: place.locale ?? user.locale,
    entitlements: place.entitlements ?? [],
    authorizing_integration_owners: owners,
    context: contextOf(place),
    attachment_size_limit: place.attachmentSizeLimit ?? advertisedLimit(channel, user),
    ...(source ? { message: messages.payload(source) } : {}),
  };
}

function whoPayload(channel: Channel, user: User): Json {
  if (channel.kind !== "guild") return { user: userPayload(user) };
  const { guild } = channel;
  const member = guild.members.get(user.id);
  if (!member) throw new Error(`${user.username} is not a member of ${guild.name}`);
  const permissions = String(permissionsIn(channel, user.id));
  return {
    guild_id: guild.id,
    guild_locale: guild.locale,
    guild: { id: guild.id, locale: guild.locale, features: [] },
    member: { ...memberPayload(guild, member), user: userPayload(user), permissions },
  };
}

/** Where the app's bot is not, the app may do what the person who brought it may. */
function appPermissions(channel: Channel, app: User, user: User): bigint {
  const bound = channel.kind === "guild" && !channel.guild.installed ? user : app;
  return permissionsIn(channel, bound.id);
}
