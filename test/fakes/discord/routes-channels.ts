import { PermissionFlagsBits } from "discord.js";
import { compose } from "./compose.ts";
import { invalidForm, refusal, tooManyRequests } from "./errors.ts";
import { MESSAGE_DEFAULT } from "./mentions.ts";
import type { StoredMessage } from "./messages.ts";
import { channelPayload } from "./payloads.ts";
import { type Answer, type Call, type Route, parameter, routes } from "./router.ts";
import { type MessageForm, legacyMessage } from "./schema-message.ts";
import { readForm } from "./schema.ts";
import { type Channel, type Guild, may, realLimit } from "./world.ts";

const { AttachFiles, ManageMessages, ReadMessageHistory, SendMessages, ViewChannel } =
  PermissionFlagsBits;

/** A channel that the app's bot can see. Throws 10003 and 50001. */
function channelOf(call: Call): Channel {
  const { app, channels } = call.platform.world;
  const channel = channels.get(parameter(call, "channel"));
  if (!channel || channel.deleted) throw refusal("unknown-channel");
  const seen =
    channel.kind === "guild" ? may(channel, app.id, ViewChannel) : channel.kind === "bot-dm";
  if (!seen) throw refusal("missing-access");
  return channel;
}

/** A message that everybody in the channel sees. Throws 10008: ephemeral ones are known by their token alone. */
function messageOf(call: Call, channel: Channel): StoredMessage {
  const message = call.platform.messages.find(parameter(call, "message"));
  const there = message?.channel === channel && message.deletedAt === undefined;
  if (!there || message.visibleTo) throw refusal("unknown-message");
  return message;
}

/** Throws 50013, or, in a conversation, what Discord says of people that cannot be written to. */
function checkMaySend(call: Call, channel: Channel): void {
  const { app } = call.platform.world;
  if (channel.kind === "guild") {
    const needed = call.files.length > 0 ? SendMessages | AttachFiles : SendMessages;
    if (!may(channel, app.id, needed)) throw refusal("missing-permissions");
    return;
  }
  const [recipient] = channel.recipients;
  if (!recipient) return;
  if (!recipient.acceptsMessages) throw refusal("direct-messages-closed");
  const together = (guild: Guild) => guild.installed && guild.members.has(recipient.id);
  const known = recipient.installed || [...call.platform.world.guilds.values()].some(together);
  if (!known) throw refusal("no-mutual-guild");
}

/** For how long a nonce is remembered; the documentation says "the past few minutes". */
const NONCE_LIFE_MS = 5 * 60_000;

function earlierWith(call: Call, channel: Channel, nonce: string): StoredMessage | undefined {
  const { messages, clock } = call.platform;
  return messages
    .in(channel)
    .find(
      (it) => it.nonce === nonce && !it.deletedAt && clock.now() - it.createdAt < NONCE_LIFE_MS,
    );
}

/** The message that is replied to; none where it is gone and that does not matter. */
function repliedTo(
  { platform }: Call,
  channel: Channel,
  reference: NonNullable<MessageForm["message_reference"]>,
): StoredMessage | undefined {
  const found = platform.messages.find(reference.message_id);
  if (found?.channel === channel && found.deletedAt === undefined) return found;
  if (reference.fail_if_not_exists === false) return undefined;
  const fault = { code: "REPLIES_UNKNOWN_MESSAGE", message: "Unknown message" };
  throw invalidForm([{ path: ["message_reference"], ...fault }]);
}

const delivery = legacyMessage.pick({ nonce: true, enforce_nonce: true, message_reference: true });

function send(call: Call): Answer {
  const { platform, json, files } = call;
  const channel = channelOf(call);
  checkMaySend(call, channel);
  const { nonce, enforce_nonce, message_reference } = readForm(delivery, json ?? {});
  const earlier = nonce && enforce_nonce === true ? earlierWith(call, channel, nonce) : undefined;
  if (earlier) return told(call, earlier);
  const repliesTo = message_reference ? repliedTo(call, channel, message_reference) : undefined;
  const content = compose(
    platform.files,
    { json, files },
    { ...situationOf(call, channel), repliedTo: repliesTo?.author.id },
  );
  const author = platform.world.app;
  const message = { channel, author, content, nonce: nonce ?? undefined, repliesTo };
  return told(call, platform.messages.create(message));
}

function situationOf({ platform }: Call, channel: Channel) {
  return {
    channel,
    authorId: platform.world.app.id,
    limit: realLimit(channel),
    ephemeral: false,
    defaultMentions: MESSAGE_DEFAULT,
    keepsFiles: true,
    path: [],
    whenTooManyBytes: "server-error",
  } as const;
}

/** Messages older than an hour can be edited three times in six seconds, in each channel. */
const OLD_MESSAGE = { ageMs: 60 * 60_000, edits: 3, windowMs: 6_000 };

function checkOldEdits({ platform }: Call, message: StoredMessage): void {
  const now = platform.clock.now();
  const isOld = ({ createdAt }: StoredMessage, at: number) => at - createdAt > OLD_MESSAGE.ageMs;
  if (!isOld(message, now)) return;
  const edits = platform.messages
    .in(message.channel)
    .flatMap((it) => it.revisions.slice(1).filter(({ at }) => isOld(it, at)))
    .map(({ at }) => at)
    .filter((at) => now - at < OLD_MESSAGE.windowMs)
    .sort((first, second) => first - second);
  if (edits.length < OLD_MESSAGE.edits) return;
  throw tooManyRequests((edits[0] ?? now) + OLD_MESSAGE.windowMs - now, {
    code: 30046,
    message: "Maximum number of edits to messages older than 1 hour reached. Try again later.",
  });
}

function edit(call: Call): Answer {
  const { platform } = call;
  const channel = channelOf(call);
  const message = messageOf(call, channel);
  if (message.author !== platform.world.app) throw refusal("not-the-author");
  checkOldEdits(call, message);
  const situation = { ...situationOf(call, channel), before: message.content };
  platform.messages.edit(message, compose(platform.files, call, situation));
  return told(call, message);
}

function remove(call: Call): Answer {
  const { app } = call.platform.world;
  const channel = channelOf(call);
  const message = messageOf(call, channel);
  if (message.author !== app && !may(channel, app.id, ManageMessages)) {
    throw refusal("missing-permissions");
  }
  call.platform.messages.delete(message);
  return { status: 204 };
}

function history(call: Call): Answer {
  const { messages, world } = call.platform;
  const channel = channelOf(call);
  if (channel.kind === "guild" && !may(channel, world.app.id, ReadMessageHistory)) {
    return { status: 200, json: [] };
  }
  const visible = messages.in(channel).filter((it) => !it.deletedAt && !it.visibleTo);
  const limit = Number(call.query.get("limit") ?? 50);
  return {
    status: 200,
    json: visible
      .slice(-limit)
      .reverse()
      .map((it) => messages.payload(it)),
  };
}

function told({ platform }: Call, message: StoredMessage): Answer {
  return { status: 200, json: platform.messages.payload(message) };
}

const CHANNEL = "/channels/:channel";

/** Channels and the messages in them. */
export const channelRoutes: readonly Route[] = routes(true, {
  [`GET ${CHANNEL}`]: (call) => ({ status: 200, json: channelPayload(channelOf(call)) }),
  [`POST ${CHANNEL}/typing`]: (call) => {
    checkMaySend(call, channelOf(call));
    return { status: 204 };
  },
  [`GET ${CHANNEL}/messages`]: history,
  [`POST ${CHANNEL}/messages`]: send,
  [`GET ${CHANNEL}/messages/:message`]: (call) => told(call, messageOf(call, channelOf(call))),
  [`PATCH ${CHANNEL}/messages/:message`]: edit,
  [`DELETE ${CHANNEL}/messages/:message`]: remove,
});
