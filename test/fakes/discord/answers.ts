import { InteractionType, MessageFlags } from "discord.js";
import { z } from "zod";
import { type MessageContent, type Situation, compose } from "./compose.ts";
import { invalidForm, refusal } from "./errors.ts";
import type { RequestBody } from "./files.ts";
import { type AcknowledgementKind, type Interaction, originOf } from "./interactions.ts";
import { INTERACTION_DEFAULT } from "./mentions.ts";
import { NO_CONTENT, type StoredMessage } from "./messages.ts";
import type { Platform } from "./platform.ts";
import { modal } from "./schema-modal.ts";
import { list, readForm, text } from "./schema.ts";
import { realLimit } from "./world.ts";

// The first answer to an interaction, and what may follow it:
// https://docs.discord.com/developers/interactions/receiving-and-responding

const { ApplicationCommand, ApplicationCommandAutocomplete, MessageComponent, ModalSubmit } =
  InteractionType;

interface Callback {
  readonly kind: AcknowledgementKind;
  readonly answers: readonly InteractionType[];
  /** Only where the interaction came from a message. */
  readonly needsSource?: boolean;
  readonly perform: (step: Step) => void;
}

interface Step {
  readonly platform: Platform;
  readonly interaction: Interaction;
  readonly request: RequestBody;
}

const USED_BY_PEOPLE = [ApplicationCommand, MessageComponent, ModalSubmit];

/** By the number of the callback's type. */
const CALLBACKS: Readonly<Record<number, Callback>> = {
  4: { kind: "message", answers: USED_BY_PEOPLE, perform: reply },
  5: { kind: "deferred-message", answers: USED_BY_PEOPLE, perform: defer },
  6: {
    kind: "deferred-update",
    answers: [MessageComponent, ModalSubmit],
    needsSource: true,
    perform: ({ interaction }) => {
      interaction.answer = interaction.source;
    },
  },
  7: {
    kind: "update",
    answers: [MessageComponent, ModalSubmit],
    needsSource: true,
    perform: update,
  },
  8: { kind: "choices", answers: [ApplicationCommandAutocomplete], perform: suggest },
  9: { kind: "modal", answers: [ApplicationCommand, MessageComponent], perform: open },
};

/** Does what a callback asks for. Throws Discord's refusal and changes nothing where it may not. */
export function acknowledge(step: Step, receivedAt: number): AcknowledgementKind {
  const { type } = readForm(z.object({ type: z.int() }), step.request.json ?? {});
  const callback = CALLBACKS[type];
  const fits =
    callback?.answers.includes(step.interaction.type) === true &&
    (callback.needsSource !== true || step.interaction.source !== undefined);
  if (!fits) {
    const message = "This callback type does not answer this interaction.";
    throw invalidForm([{ path: ["type"], code: "BASE_TYPE_CHOICES", message }]);
  }
  callback.perform(step);
  step.interaction.acknowledgement = { kind: callback.kind, at: receivedAt };
  return callback.kind;
}

function dataOf({ json }: RequestBody): Record<string, unknown> {
  const { data } = json as { data?: Record<string, unknown> | null };
  return data ?? {};
}

function hasFlag({ flags }: Record<string, unknown>, flag: number): boolean {
  return typeof flags === "number" && (flags & flag) !== 0;
}

function situationOf(
  { platform, interaction }: Step,
  more: Pick<Situation, "before" | "ephemeral" | "keepsFiles" | "path">,
): Situation {
  const { channel, user } = interaction;
  return {
    channel,
    authorId: platform.world.app.id,
    limit: realLimit(channel, user),
    defaultMentions: INTERACTION_DEFAULT,
    whenTooManyBytes: more.path.length > 0 ? "unknown-interaction" : "server-error",
    ...more,
  };
}

function composeNew(step: Step, json: Record<string, unknown>, path: readonly PropertyKey[]) {
  const ephemeral = step.interaction.answersHidden || hasFlag(json, MessageFlags.Ephemeral);
  const situation = situationOf(step, { before: undefined, ephemeral, keepsFiles: false, path });
  const content = compose(step.platform.files, { json, files: step.request.files }, situation);
  return { content, ephemeral };
}

function post(
  { platform, interaction }: Step,
  {
    content,
    ephemeral,
    loading,
  }: { content: MessageContent; ephemeral: boolean; loading?: boolean },
): StoredMessage {
  return platform.messages.create({
    channel: interaction.channel,
    author: platform.world.app,
    content,
    origin: originOf(interaction),
    repliesTo: interaction.type === MessageComponent ? interaction.source : undefined,
    visibleTo: ephemeral ? interaction.user : undefined,
    loading: loading ?? false,
  });
}

function reply(step: Step): void {
  const composed = composeNew(step, dataOf(step.request), ["data"]);
  step.interaction.answer = post(step, composed);
}

function defer(step: Step): void {
  const data = dataOf(step.request);
  if (hasFlag(data, ~MessageFlags.Ephemeral)) {
    const message = "Only EPHEMERAL can be set on a deferred response";
    throw invalidForm([{ path: ["data", "flags"], code: "BASE_TYPE_CHOICES", message }]);
  }
  const ephemeral = step.interaction.answersHidden || hasFlag(data, MessageFlags.Ephemeral);
  step.interaction.answer = post(step, { content: NO_CONTENT, ephemeral, loading: true });
}

function update(step: Step): void {
  const { source } = step.interaction;
  if (source === undefined || source.deletedAt !== undefined) throw refusal("unknown-message");
  // Unlike other edits, this one drops files that it does not name or show:
  // https://github.com/discord/discord-api-docs/issues/6277
  change(step, source, { json: dataOf(step.request), path: ["data"], keepsFiles: false });
  step.interaction.answer = source;
}

function change(
  step: Step,
  message: StoredMessage,
  { json, path, keepsFiles }: { json: unknown } & Pick<Situation, "path" | "keepsFiles">,
): void {
  const ephemeral = message.visibleTo !== undefined;
  const situation = situationOf(step, { before: message.content, ephemeral, keepsFiles, path });
  const { files } = step.request;
  step.platform.messages.edit(message, compose(step.platform.files, { json, files }, situation));
}

/** The documentation allows 100 characters in a value: https://docs.discord.com/developers/interactions/application-commands */
const suggestions = z.object({
  choices: list(
    z.object({
      name: text({ min: 1, max: 100 }),
      value: z.union([text({ max: 100 }), z.number()]),
    }),
    { max: 25 },
  ),
});

function suggest({ interaction, request }: Step): void {
  interaction.choices = readForm(suggestions, dataOf(request), ["data"]).choices;
}

function open({ interaction, request }: Step): void {
  interaction.modal = readForm(modal, dataOf(request), ["data"]);
}

/** The message that a path of the interaction's webhook means. Throws 10008. */
export function answerNamed({ answer, followups }: Interaction, id: string): StoredMessage {
  const found =
    id === "@original" ? answer : [answer, ...followups].find((message) => message?.id === id);
  if (found === undefined || found.deletedAt !== undefined) throw refusal("unknown-message");
  return found;
}

/** Edits an answer by the interaction's token. */
export function editAnswer(step: Step, message: StoredMessage): void {
  change(step, message, { json: step.request.json, path: [], keepsFiles: true });
}

const MAX_FOLLOWUPS_OF_USER_INSTALL = 5;

/** Sends what follows the answer; directly after a deferral it is the answer. */
export function followUp(step: Step): StoredMessage {
  const { interaction } = step;
  const { answer, followups, owners } = interaction;
  if (answer?.loading === true && answer.deletedAt === undefined) {
    editAnswer(step, answer);
    return answer;
  }
  if (!("0" in owners) && followups.length >= MAX_FOLLOWUPS_OF_USER_INSTALL) {
    throw refusal("too-many-followups");
  }
  const json = (step.request.json ?? {}) as Record<string, unknown>;
  const message = post(step, composeNew(step, json, []));
  followups.push(message);
  return message;
}
