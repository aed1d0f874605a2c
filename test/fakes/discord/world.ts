import { ChannelType, PermissionFlagsBits } from "discord.js";

// Who and what there is: people, servers, channels. A test changes the world by changing these objects.

const MIB = 1024 * 1024;

/** What anybody may upload: https://docs.discord.com/developers/reference#uploading-files */
export const DEFAULT_ATTACHMENT_LIMIT = 10 * MIB;

/** Somebody with an account: a person, or the app's bot. */
export interface User {
  readonly id: string;
  readonly username: string;
  readonly bot: boolean;
  /** The language of their client. */
  locale: string;
  /** Whether apps may write to them. */
  acceptsMessages: boolean;
  /** Whether they installed the app for themselves. */
  installed: boolean;
  /** What they may upload, in bytes; more with a subscription. */
  attachmentLimit: number;
}

/** A group of members that can be mentioned. */
export interface Role {
  readonly id: string;
  readonly name: string;
  mentionable: boolean;
}

/** Somebody in a server. */
export interface Member {
  readonly user: User;
  readonly roles: Role[];
  permissions: bigint;
  readonly joinedAt: number;
}

/** A server. */
export interface Guild {
  readonly id: string;
  readonly name: string;
  readonly owner: User;
  readonly locale: string;
  /** Whether the app's bot is a member. */
  installed: boolean;
  /** What the interactions say may be uploaded, in bytes. */
  attachmentLimit: number;
  /** What is really taken, in bytes; the API has been seen to take less than it says. */
  realAttachmentLimit: number;
  /** Words that the server's moderation refuses, in any case. */
  readonly blockedWords: string[];
  readonly members: Map<string, Member>;
  readonly roles: Role[];
  /** The role that Discord makes for the app's bot. */
  readonly appRoleId: string;
  readonly channels: Channel[];
}

interface AnyChannel {
  readonly id: string;
  readonly name: string;
  /** Set when the channel was deleted. */
  deleted: boolean;
}

/** A text channel of a server. */
export interface GuildChannel extends AnyChannel {
  readonly kind: "guild";
  readonly guild: Guild;
  /** Age-restricted. */
  nsfw: boolean;
  /** By user id: what a member may do here, where it differs from what they may in the server. */
  readonly overrides: Map<string, bigint>;
}

/** A conversation: of one person with the app's bot, or of people among themselves. */
export interface PrivateChannel extends AnyChannel {
  readonly kind: "bot-dm" | "private";
  readonly recipients: readonly User[];
}

export type Channel = GuildChannel | PrivateChannel;

const {
  AddReactions,
  Administrator,
  AttachFiles,
  EmbedLinks,
  MentionEveryone,
  ReadMessageHistory,
  SendMessages,
  UseApplicationCommands,
  UseExternalApps,
  UseExternalEmojis,
  ViewChannel,
} = PermissionFlagsBits;

/** What the app's bot may do in a server unless a test says otherwise. */
export const APP_PERMISSIONS =
  ViewChannel | SendMessages | EmbedLinks | AttachFiles | ReadMessageHistory;
/** What a member may do unless a test says otherwise. */
export const MEMBER_PERMISSIONS =
  APP_PERMISSIONS | AddReactions | UseApplicationCommands | UseExternalApps;

/** What an interaction says of conversations: https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object */
const PRIVATE_PERMISSIONS = {
  "bot-dm": AttachFiles | EmbedLinks | MentionEveryone | UseExternalEmojis,
  private: AttachFiles | EmbedLinks | MentionEveryone,
};

/** What somebody may do in a channel; nothing where they are not. */
export function permissionsIn(channel: Channel, userId: string): bigint {
  if (channel.kind !== "guild") return PRIVATE_PERMISSIONS[channel.kind];
  const member = channel.guild.members.get(userId);
  if (member === undefined) return 0n;
  const everything =
    userId === channel.guild.owner.id || (member.permissions & Administrator) !== 0n;
  if (everything) return Object.values(PermissionFlagsBits).reduce((all, bit) => all | bit, 0n);
  return channel.overrides.get(userId) ?? member.permissions;
}

/** Whether somebody may do all of that in a channel. */
export function may(channel: Channel, userId: string, permissions: bigint): boolean {
  return (permissionsIn(channel, userId) & permissions) === permissions;
}

/** What an interaction of this person in this channel says may be uploaded. */
export function advertisedLimit(channel: Channel, user: User): number {
  const ofPlace = channel.kind === "guild" ? channel.guild.attachmentLimit : 0;
  return Math.max(user.attachmentLimit, ofPlace);
}

/** What is taken there; `user` is whoever's interaction is answered. */
export function realLimit(channel: Channel, user?: User): number {
  if (channel.kind !== "guild") return user?.attachmentLimit ?? DEFAULT_ATTACHMENT_LIMIT;
  const { attachmentLimit, realAttachmentLimit } = channel.guild;
  if (realAttachmentLimit < attachmentLimit) return realAttachmentLimit;
  return Math.max(realAttachmentLimit, user?.attachmentLimit ?? 0);
}

/** The number Discord has for such a channel. */
export function typeOf(channel: Channel): ChannelType {
  if (channel.kind === "guild") return ChannelType.GuildText;
  return channel.kind === "private" && channel.recipients.length > 2
    ? ChannelType.GroupDM
    : ChannelType.DM;
}
