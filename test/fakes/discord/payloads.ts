import { OverwriteType, PermissionFlagsBits } from "discord.js";
import {
  type Channel,
  type Guild,
  type GuildChannel,
  MEMBER_PERMISSIONS,
  type Member,
  type Role,
  type User,
  permissionsIn,
  typeOf,
} from "./world.ts";

// How Discord writes down who and what there is.

/** A piece of JSON as it goes over the wire. */
export type Json = Record<string, unknown>;

const ALL_PERMISSIONS = Object.values(PermissionFlagsBits).reduce((all, bit) => all | bit, 0n);

export function userPayload({ id, username, bot }: User): Json {
  return {
    id,
    username,
    global_name: null,
    discriminator: "0",
    avatar: null,
    public_flags: 0,
    flags: 0,
    primary_guild: null,
    ...(bot ? { bot: true } : {}),
  };
}

/** A member as the API tells of them; `user` is left out where Discord sends it beside. */
export function memberPayload(guild: Guild, member: Member): Json {
  return {
    nick: null,
    avatar: null,
    banner: null,
    roles: member.roles.map(({ id }) => id).concat(managedRole(guild, member)),
    joined_at: new Date(member.joinedAt).toISOString(),
    premium_since: null,
    pending: false,
    communication_disabled_until: null,
    deaf: false,
    mute: false,
    flags: 0,
  };
}

/** The role that Discord makes for each bot, whose permissions are the bot's. */
function managedRole(guild: Guild, { user }: Member): readonly string[] {
  return user.bot ? [guild.appRoleId] : [];
}

function rolePayload(role: Pick<Role, "id" | "name" | "mentionable">, permissions: bigint): Json {
  return {
    id: role.id,
    name: role.name,
    color: 0,
    colors: { primary_color: 0, secondary_color: null, tertiary_color: null },
    hoist: false,
    position: 0,
    permissions: String(permissions),
    managed: false,
    icon: null,
    unicode_emoji: null,
    mentionable: role.mentionable,
    flags: 0,
  };
}

/**
 * The roles of a server: @everyone, the app's own, and those a test made.
 * A client adds them up, so @everyone has nothing that the app's bot has not.
 */
export function rolePayloads(guild: Guild, app: User): readonly Json[] {
  const everyone = { id: guild.id, name: "@everyone", mentionable: false };
  const own = { id: guild.appRoleId, name: app.username, mentionable: false };
  const member = guild.members.get(app.id);
  return [
    rolePayload(everyone, member ? member.permissions & MEMBER_PERMISSIONS : MEMBER_PERMISSIONS),
    ...(member
      ? [{ ...rolePayload(own, member.permissions), managed: true, tags: { bot_id: app.id } }]
      : []),
    ...guild.roles.map((role) => rolePayload(role, 0n)),
  ];
}

/** A channel as an interaction of that person tells of it. */
export function partialChannelPayload(channel: Channel, userId: string): Json {
  return { ...plainChannel(channel), permissions: String(permissionsIn(channel, userId)) };
}

/** A channel as the API tells of it. */
export function channelPayload(channel: Channel): Json {
  if (channel.kind !== "guild") return plainChannel(channel);
  return { ...plainChannel(channel), permission_overwrites: overwrites(channel) };
}

function plainChannel(channel: Channel): Json {
  const common = { id: channel.id, type: typeOf(channel), flags: 0, last_message_id: null };
  if (channel.kind !== "guild")
    return { ...common, recipients: channel.recipients.map(userPayload) };
  return {
    ...common,
    name: channel.name,
    guild_id: channel.guild.id,
    parent_id: null,
    position: channel.guild.channels.indexOf(channel),
    topic: null,
    nsfw: channel.nsfw,
    rate_limit_per_user: 0,
  };
}

function overwrites({ overrides }: GuildChannel): readonly Json[] {
  return Array.from(overrides, ([id, permissions]) => ({
    id,
    type: OverwriteType.Member,
    allow: String(permissions),
    deny: String(ALL_PERMISSIONS & ~permissions),
  }));
}

/** A server as the API tells of it. */
export function guildPayload(guild: Guild, app: User): Json {
  return {
    id: guild.id,
    name: guild.name,
    icon: null,
    splash: null,
    banner: null,
    description: null,
    owner_id: guild.owner.id,
    preferred_locale: guild.locale,
    features: [],
    roles: rolePayloads(guild, app),
    emojis: [],
    stickers: [],
    premium_tier: 0,
    verification_level: 0,
    default_message_notifications: 1,
    explicit_content_filter: 0,
    mfa_level: 0,
    nsfw_level: 0,
    afk_timeout: 300,
    afk_channel_id: null,
    system_channel_id: null,
    system_channel_flags: 0,
    rules_channel_id: null,
    public_updates_channel_id: null,
    safety_alerts_channel_id: null,
    application_id: null,
    vanity_url_code: null,
    home_header: null,
    discovery_splash: null,
    region: "us-east",
    widget_enabled: false,
    widget_channel_id: null,
    max_presences: null,
    max_members: 500_000,
    max_stage_video_channel_users: 50,
    max_video_channel_users: 25,
    premium_subscription_count: 0,
    nsfw: false,
    incidents_data: null,
    premium_progress_bar_enabled: false,
  };
}

/** A server as the gateway tells of it when a session begins. */
export function guildCreatePayload(guild: Guild, app: User): Json {
  const own = guild.members.get(app.id);
  return {
    ...guildPayload(guild, app),
    joined_at: new Date(own?.joinedAt ?? 0).toISOString(),
    large: false,
    unavailable: false,
    member_count: guild.members.size,
    members: own ? [{ ...memberPayload(guild, own), user: userPayload(app) }] : [],
    channels: guild.channels.filter(({ deleted }) => !deleted).map(channelPayload),
    threads: [],
    presences: [],
    voice_states: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
  };
}
