import { ChannelType } from "discord.js";
import { z } from "zod";
import { refusal } from "./errors.ts";
import {
  channelPayload,
  guildPayload,
  memberPayload,
  rolePayloads,
  userPayload,
} from "./payloads.ts";
import type { Platform } from "./platform.ts";
import { type Answer, type Call, type Route, parameter, routes } from "./router.ts";
import { id, readForm } from "./schema.ts";
import type { Guild } from "./world.ts";

const ok = (json: unknown): Answer => ({ status: 200, json });

function gatewayUrl({ origin }: Platform): string {
  return origin().replace(/^http/, "ws");
}

function gatewayBot({ platform }: Call): Answer {
  const { shards, maxConcurrency, sessionsLeft } = platform.gateway;
  return ok({
    url: gatewayUrl(platform),
    shards,
    session_start_limit: {
      total: 1000,
      remaining: sessionsLeft(),
      reset_after: 24 * 60 * 60 * 1000,
      max_concurrency: maxConcurrency,
    },
  });
}

/** The app as it is told to itself. */
function application({ world, endpoint }: Platform) {
  const { id: appId, username } = world.app;
  return {
    id: appId,
    name: username,
    icon: null,
    description: "",
    type: null,
    bot: userPayload(world.app),
    bot_public: true,
    bot_require_code_grant: false,
    verify_key: endpoint.publicKey,
    flags: 0,
    flags_new: "0",
    redirect_uris: [],
    interactions_endpoint_url: endpoint.url,
    role_connections_verification_url: null,
    owner: userPayload(world.app),
    team: null,
    approximate_guild_count: world.guilds.size,
    approximate_user_install_count: [...world.users.values()].filter((user) => user.installed)
      .length,
    approximate_user_authorization_count: 0,
    explicit_content_filter: 0,
    eligible_oauth2_scopes: [],
    integration_types_config: { 0: {}, 1: {} },
  };
}

const applicationForm = z.object({ interactions_endpoint_url: z.url().nullish() });

/** Of what an app may change of itself, where its interactions go. */
async function changeApplication({ platform, json }: Call): Promise<Answer> {
  const { interactions_endpoint_url: url } = readForm(applicationForm, json ?? {});
  if (url !== undefined) await platform.endpoint.change(url);
  return ok(application(platform));
}

/** A server that the app's bot is in. Throws 10004 or 50001. */
function guildOf(call: Call): Guild {
  const guild = call.platform.world.guilds.get(parameter(call, "guild"));
  if (!guild) throw refusal("unknown-guild");
  if (!guild.installed) throw refusal("missing-access");
  return guild;
}

function guildMember(call: Call): Answer {
  const guild = guildOf(call);
  const asked = parameter(call, "user");
  const { app, users } = call.platform.world;
  const user = users.get(asked === "@me" ? app.id : asked);
  if (!user) throw refusal("unknown-user");
  const member = guild.members.get(user.id);
  if (!member) throw refusal("unknown-member");
  return ok({ ...memberPayload(guild, member), user: userPayload(user) });
}

function openDirectMessages({ platform, json }: Call): Answer {
  const { recipient_id } = readForm(z.object({ recipient_id: id }), json ?? {});
  const user = platform.world.users.get(recipient_id);
  if (!user) throw refusal("unknown-user");
  // Discord opens the channel also of those who accept no messages, and refuses the message (50007).
  if (user.bot) throw refusal("direct-messages-closed");
  return ok({ ...channelPayload(platform.world.directMessages(user)), type: ChannelType.DM });
}

function userNamed(call: Call): Answer {
  const user = call.platform.world.users.get(parameter(call, "user"));
  if (!user) throw refusal("unknown-user");
  return ok(userPayload(user));
}

/** The app, people and servers. */
export const applicationRoutes: readonly Route[] = [
  ...routes(false, { "GET /gateway": ({ platform }) => ok({ url: gatewayUrl(platform) }) }),
  ...routes(true, {
    "GET /gateway/bot": gatewayBot,
    "GET /users/@me": ({ platform }) =>
      ok({
        ...userPayload(platform.world.app),
        verified: true,
        mfa_enabled: false,
        locale: "en-US",
      }),
    "GET /users/:user": userNamed,
    "POST /users/@me/channels": openDirectMessages,
    "GET /applications/@me": ({ platform }) => ok(application(platform)),
    "PATCH /applications/@me": changeApplication,
    "GET /oauth2/applications/@me": ({ platform }) => ok(application(platform)),
    "GET /guilds/:guild": (call) => ok(guildPayload(guildOf(call), call.platform.world.app)),
    "GET /guilds/:guild/roles": (call) => ok(rolePayloads(guildOf(call), call.platform.world.app)),
    "GET /guilds/:guild/channels": (call) =>
      ok(
        guildOf(call)
          .channels.filter(({ deleted }) => !deleted)
          .map(channelPayload),
      ),
    "GET /guilds/:guild/members/:user": guildMember,
  }),
];
