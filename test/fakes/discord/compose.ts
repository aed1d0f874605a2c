import { MessageFlags } from "discord.js";
import { componentFaults, everyComponent, isTooManyBytes, shownText } from "./component-rules.ts";
import { type Fault, type RefusalName, invalidForm, refusal } from "./errors.ts";
import type { FileStore, RequestBody, StoredFile } from "./files.ts";
import { type Pings, pingsOf } from "./mentions.ts";
import { checkSizes, planFiles, mediaFaults, storeFiles } from "./message-files.ts";
import type { Component } from "./schema-components.ts";
import {
  type AllowedMentions,
  type Embed,
  type MessageForm,
  embedWords,
  legacyMessage,
  newMessage,
} from "./schema-message.ts";
import { readForm } from "./schema.ts";
import type { Channel } from "./world.ts";

/** What a message says at one time. */
export interface MessageContent extends Words {
  readonly flags: number;
  readonly files: readonly StoredFile[];
  readonly pings: Pings;
  /** As the API tells of it. */
  readonly poll?: object | undefined;
}

interface Words {
  readonly text: string;
  readonly embeds: readonly Embed[];
  readonly components: readonly Component[];
}

/** Where and how a message is sent or edited. */
export interface Situation {
  readonly channel: Channel;
  readonly authorId: string;
  /** What the message says now, if it is edited. */
  readonly before?: MessageContent | undefined;
  /** How much one file may have, in bytes. */
  readonly limit: number;
  readonly ephemeral: boolean;
  readonly defaultMentions: AllowedMentions;
  /** The author of the message that is replied to. */
  readonly repliedTo?: string | undefined;
  /** Whether an edit that does not speak of attachments leaves them. */
  readonly keepsFiles: boolean;
  /** Where the message is in the request's JSON. */
  readonly path: readonly PropertyKey[];
  /** How Discord fails where a text has too many bytes. */
  readonly whenTooManyBytes: RefusalName;
}

/** The form of a message, and whether the message will have IS_COMPONENTS_V2. */
interface Read {
  readonly form: MessageForm;
  readonly isNew: boolean;
}

const { IsComponentsV2, SuppressEmbeds, SuppressNotifications } = MessageFlags;

function flagOf({ flags }: { readonly flags?: unknown }): number {
  return typeof flags === "number" ? flags : 0;
}

function readMessage(json: unknown, { before, path }: Situation): Read {
  const raw = (json ?? {}) as Partial<MessageForm>;
  const wasNew = before !== undefined && (before.flags & IsComponentsV2) !== 0;
  // An edit that changes what a message says has to repeat the flag, and no edit can take it away.
  const fields = [raw.content, raw.embeds, raw.components, raw.flags];
  const speaks = before === undefined || fields.some((field) => field !== undefined);
  const isNew = speaks ? (flagOf(raw) & IsComponentsV2) !== 0 : wasNew;
  const form: MessageForm = isNew
    ? readForm(newMessage, raw, path)
    : readForm(legacyMessage, raw, path);
  if (isNew || !wasNew) return { form, isNew };
  throw invalidForm([
    {
      path: [...path, "flags"],
      code: "MESSAGE_CANNOT_REMOVE_COMPONENTS_V2_FLAG",
      message: "The IS_COMPONENTS_V2 flag cannot be removed",
    },
  ]);
}

/** `null` empties a field and `undefined` leaves it. */
function edited<Value>(
  asked: Value | null | undefined,
  before: Value | undefined,
  empty: Value,
): Value {
  return asked === null ? empty : (asked ?? before ?? empty);
}

function wordsOf(form: MessageForm, before: MessageContent | undefined): Words {
  return {
    text: edited(form.content, before?.text, "").trim(),
    embeds: edited<readonly Embed[]>(form.embeds, before?.embeds, []),
    components: edited<readonly Component[]>(form.components, before?.components, []),
  };
}

function* legacyFieldFaults({ text, embeds }: Words): Generator<Fault> {
  const used = { content: text !== "", embeds: embeds.length > 0 };
  for (const field of ["content", "embeds"] as const) {
    if (!used[field]) continue;
    yield {
      path: [field],
      code: "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
      message: `The '${field}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2`,
    };
  }
}

/** Throws what Discord answers to a message that is well-formed and yet cannot be. */
function refuseUnfit(
  words: Words,
  hasFiles: boolean,
  { channel, whenTooManyBytes }: Situation,
): void {
  const { text, embeds, components } = words;
  if (text === "" && embeds.length + components.length === 0 && !hasFiles) {
    throw refusal("empty-message");
  }
  if (isTooManyBytes(components)) throw refusal(whenTooManyBytes);
  const spoken = [text, ...embeds.map(embedWords), shownText(components)].join("\n").toLowerCase();
  const blocked = channel.kind === "guild" ? channel.guild.blockedWords : [];
  if (blocked.some((word) => spoken.includes(word.toLowerCase()))) {
    throw refusal("blocked-by-automod");
  }
}

/** Gives each component the number by which it is known, leaving those that the app chose. */
function numberComponents(components: readonly Component[]): void {
  const all = [...everyComponent(components)].map(({ component }) => component);
  const taken = new Set(all.map(({ id }) => id));
  let next = 1;
  for (const component of all) {
    if (component.id) continue;
    while (taken.has(next)) next += 1;
    component.id = next++;
  }
}

function flagsOf({ form, isNew }: Read, before: MessageContent | undefined): number {
  const settable = SuppressEmbeds | SuppressNotifications;
  const chosen = form.flags === undefined ? (before?.flags ?? 0) : (form.flags ?? 0);
  return (chosen & settable) | (isNew ? IsComponentsV2 : 0);
}

/**
 * What a message will say if the request is accepted; its new files are stored.
 * Throws the refusal that Discord would answer.
 */
export function compose(
  store: FileStore,
  request: RequestBody,
  situation: Situation,
): MessageContent {
  const { before, channel, ephemeral, path } = situation;
  checkSizes(request.files, situation.limit);
  const read = readMessage(request.json, situation);
  const words = wordsOf(read.form, before);
  const { components } = words;
  const plan = planFiles({
    uploads: request.files,
    attachments: read.form.attachments,
    present: before?.files ?? [],
    staysByDefault: situation.keepsFiles,
    components,
  });
  const faults = [
    ...plan.faults,
    ...componentFaults(components, read.isNew),
    ...(read.isNew ? [...legacyFieldFaults(words), ...mediaFaults(components, plan.files)] : []),
  ];
  if (faults.length > 0) {
    throw invalidForm(faults.map((fault) => ({ ...fault, path: [...path, ...fault.path] })));
  }
  refuseUnfit(words, plan.files.length > 0, situation);

  numberComponents(components);
  const where = { channelId: channel.id, ephemeral };
  const files = storeFiles(store, { files: plan.files, components }, where);
  const pings = pingsOf({
    text: `${words.text}\n${shownText(components)}`,
    channel,
    authorId: situation.authorId,
    allowed: read.form.allowed_mentions ?? situation.defaultMentions,
    repliedTo: situation.repliedTo,
  });
  return { ...words, flags: flagsOf(read, before), files, pings };
}
