import {
  APP_PERMISSIONS,
  type Channel,
  DEFAULT_ATTACHMENT_LIMIT,
  type Guild,
  type GuildChannel,
  MEMBER_PERMISSIONS,
  type Member,
  type PrivateChannel,
  type Role,
  type User,
} from "./world.ts";

/** Everybody and everything there is, and how a test adds to it. */
export interface World {
  /** The app's own bot. */
  readonly app: User;
  readonly users: ReadonlyMap<string, User>;
  readonly guilds: ReadonlyMap<string, Guild>;
  readonly channels: ReadonlyMap<string, Channel>;
  /** Somebody new; a person who accepts messages and installed nothing. */
  user(options?: Partial<Omit<User, "id" | "bot">>): User;
  /** A server; the app is in it unless `installed: false`. */
  guild(options?: GuildOptions): Guild;
  /** A text channel of a server. */
  channel(guild: Guild, options?: ChannelOptions): GuildChannel;
  /** Somebody becomes a member, with the usual permissions and `permissions` besides. */
  member(guild: Guild, user: User, options?: MemberOptions): Member;
  role(guild: Guild, options?: Partial<Omit<Role, "id">>): Role;
  /** The conversation of a person with the app's bot; the same one each time. */
  directMessages(user: User): PrivateChannel;
  /** A conversation of people in which the bot is not. */
  privateChannel(...recipients: readonly User[]): PrivateChannel;
}

export interface GuildOptions {
  readonly name?: string;
  readonly owner?: User;
  readonly locale?: string;
  readonly installed?: boolean;
  readonly attachmentLimit?: number;
  readonly realAttachmentLimit?: number;
  /** What the app's bot may do in the server, instead of the usual. */
  readonly appPermissions?: bigint;
  readonly blockedWords?: readonly string[];
}

export interface ChannelOptions {
  readonly name?: string;
  readonly nsfw?: boolean;
  /** What the app's bot may do in the channel, instead of what it may in the server. */
  readonly appPermissions?: bigint;
}

export interface MemberOptions {
  readonly permissions?: bigint;
  readonly roles?: readonly Role[];
}

interface Tools {
  readonly nextId: () => string;
  readonly now: () => number;
  /** Called for what a connected client hears of. */
  readonly added: (what: Guild | GuildChannel) => void;
}

/** An empty world with the app's bot in it. */
export function createWorld({ nextId, now, added }: Tools): World {
  const users = new Map<string, User>();
  const guilds = new Map<string, Guild>();
  const channels = new Map<string, Channel>();

  function account(options: Partial<Omit<User, "id">>): User {
    const user: User = {
      id: nextId(),
      username: options.username ?? `user${users.size}`,
      bot: options.bot ?? false,
      locale: options.locale ?? "en-US",
      acceptsMessages: options.acceptsMessages ?? true,
      installed: options.installed ?? false,
      attachmentLimit: options.attachmentLimit ?? DEFAULT_ATTACHMENT_LIMIT,
    };
    users.set(user.id, user);
    return user;
  }

  const app = account({ username: "drawbridge", bot: true });

  function join(
    guild: Guild,
    user: User,
    permissions: bigint,
    roles: readonly Role[] = [],
  ): Member {
    const member = { user, roles: [...roles], permissions, joinedAt: now() };
    guild.members.set(user.id, member);
    return member;
  }

  function guild(options: GuildOptions = {}): Guild {
    const attachmentLimit = options.attachmentLimit ?? DEFAULT_ATTACHMENT_LIMIT;
    const made: Guild = {
      id: nextId(),
      name: options.name ?? `guild ${guilds.size + 1}`,
      owner: options.owner ?? account({ username: `owner${guilds.size + 1}` }),
      locale: options.locale ?? "en-US",
      installed: options.installed ?? true,
      attachmentLimit,
      realAttachmentLimit: options.realAttachmentLimit ?? attachmentLimit,
      blockedWords: [...(options.blockedWords ?? [])],
      members: new Map(),
      roles: [],
      appRoleId: nextId(),
      channels: [],
    };
    join(made, made.owner, MEMBER_PERMISSIONS);
    if (made.installed) join(made, app, options.appPermissions ?? APP_PERMISSIONS);
    guilds.set(made.id, made);
    added(made);
    return made;
  }

  function channel(of: Guild, options: ChannelOptions = {}): GuildChannel {
    const made: GuildChannel = {
      kind: "guild",
      id: nextId(),
      name: options.name ?? `channel-${of.channels.length + 1}`,
      guild: of,
      nsfw: options.nsfw ?? false,
      overrides: new Map(),
      deleted: false,
    };
    if (options.appPermissions !== undefined) made.overrides.set(app.id, options.appPermissions);
    of.channels.push(made);
    channels.set(made.id, made);
    added(made);
    return made;
  }

  function conversation(kind: PrivateChannel["kind"], recipients: readonly User[]): PrivateChannel {
    const name = recipients.map(({ username }) => username).join(", ");
    const made = { kind, id: nextId(), name, recipients, deleted: false };
    channels.set(made.id, made);
    return made;
  }

  function directMessages(user: User): PrivateChannel {
    for (const found of channels.values()) {
      if (found.kind === "bot-dm" && found.recipients[0] === user) return found;
    }
    return conversation("bot-dm", [user]);
  }

  return {
    app,
    users,
    guilds,
    channels,
    user: (options = {}) => account(options),
    guild,
    channel,
    member: (of, user, options = {}) =>
      join(of, user, MEMBER_PERMISSIONS | (options.permissions ?? 0n), options.roles),
    role: (of, options = {}) => {
      const name = options.name ?? `role ${of.roles.length + 1}`;
      const made = { id: nextId(), name, mentionable: options.mentionable ?? false };
      of.roles.push(made);
      return made;
    },
    directMessages,
    privateChannel: (...recipients) => conversation("private", recipients),
  };
}
