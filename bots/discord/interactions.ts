import {
  type APIApplicationCommandInteraction,
  type APIApplicationCommandInteractionDataOption,
  type APIInteraction,
  ApplicationCommandOptionType,
  ApplicationCommandType,
  InteractionType,
} from "discord.js";
import { isImageError } from "../../core/errors.ts";
import { parseAction } from "../actions.ts";
import { type CommandId, commands, type OptionId } from "../commands.ts";
import { describeError } from "../conversation.ts";
import { wordsFor } from "../words.ts";
import type { DiscordApi } from "./api.ts";
import { drawAgain, type OptionValues } from "./asking.ts";
import { type Press, pressHandlers } from "./buttons.ts";
import { changesIn, filledWith, readForm } from "./edit-form.ts";
import { consequenceOf, DiscordFailure, failureOf } from "./errors.ts";
import { menuHandlers, menus } from "./menus.ts";
import { type Reply, replyTo } from "./reply.ts";
import { commandHandlers } from "./slash-commands.ts";
import { suggestCodes, suggestModels } from "./suggestions.ts";
import { inert } from "./text.ts";
import type { DoorTools } from "./tools.ts";
import { type Access, isAllowed, placeIn, type Visit, visitOf } from "./visit.ts";

export interface InteractionOptions {
  readonly api: DiscordApi;
  readonly tools: DoorTools;
  readonly access: Access;
}

/**
 * Answers whatever people do, and never rejects. Nothing is asked of the network before the first answer: what is
 * refused is refused at once, and a job is on disk before its interaction is told so.
 */
export function interactionHandler({ api, tools, access }: InteractionOptions) {
  /** A second copy of what is being answered could be refused before the first one is a job. */
  const underWay = new Set<string>();

  async function answer(interaction: APIInteraction): Promise<void> {
    const place = placeIn(interaction);
    const reply = replyTo(place, api);
    try {
      const visit = await visitOf(interaction, reply, tools.settings);
      if (isAllowed(place, access)) await handle(interaction, visit, tools);
      else await refuse(interaction, visit);
    } catch (error) {
      const locale = "locale" in interaction ? interaction.locale : undefined;
      await explain(error, reply, { tools, locale });
    }
  }

  return async (interaction: APIInteraction): Promise<void> => {
    if (interaction.type === InteractionType.Ping || underWay.has(interaction.id)) return;
    underWay.add(interaction.id);
    try {
      await answer(interaction);
    } catch (error) {
      tools.log.error({ error }, "an interaction cannot be read");
    } finally {
      underWay.delete(interaction.id);
    }
  };
}

async function refuse(interaction: APIInteraction, { reply, words }: Visit): Promise<void> {
  const suggests = interaction.type === InteractionType.ApplicationCommandAutocomplete;
  await (suggests ? reply.suggest([]) : reply.say({ text: words.say("ask.notAllowed") }));
}

/** Tells a person what went wrong, as far as Discord lets us. */
async function explain(
  error: unknown,
  reply: Reply,
  { tools, locale }: { tools: DoorTools; locale: string | undefined },
): Promise<void> {
  const expected = isImageError(error) && error.code !== "internal";
  if (error instanceof DiscordFailure) {
    tools.log.warn({ reason: error.message }, "an answer did not reach Discord");
    if (!reply.begun && consequenceOf(error) === "closed") return;
  } else if (!expected) tools.log.error({ error }, "a bug in answering an interaction");
  const { text } = describeError(error, wordsFor(locale), tools.now());
  const sheet = { text: inert(text) };
  const told = reply.begun ? reply.show(sheet) : reply.say(sheet);
  await told.catch((failure: unknown) =>
    tools.log.warn({ reason: failureOf(failure).message }, "a failure could not be explained"),
  );
}

async function handle(interaction: APIInteraction, visit: Visit, tools: DoorTools): Promise<void> {
  switch (interaction.type) {
    case InteractionType.ApplicationCommand:
      return obey(interaction, visit, tools);
    case InteractionType.ApplicationCommandAutocomplete:
      return suggest(interaction.data.options, visit, tools);
    case InteractionType.MessageComponent: {
      const { data } = interaction;
      const values = "values" in data ? data.values : [];
      return respond(data.custom_id, values, { visit, tools });
    }
    case InteractionType.ModalSubmit: {
      const { picture, code = "" } = parseAction(interaction.data.custom_id) ?? {};
      const job = await tools.studio.find(code, visit.asker.requester);
      const changes = changesIn(readForm(interaction.data), filledWith(job, picture), picture);
      await drawAgain(code, changes, visit, tools);
      return;
    }
    case InteractionType.Ping:
      return;
  }
}

// === Commands

const english = wordsFor();
const commandIds: ReadonlyMap<string, CommandId> = new Map(
  commands.map(({ id }) => [english.say(`commands.${id}.name`), id]),
);
const optionIds: ReadonlyMap<string, OptionId> = new Map(
  commands.flatMap(({ options }) =>
    options.map(({ id }) => [english.say(`options.${id}.name`), id] as const),
  ),
);

async function obey(
  { data }: APIApplicationCommandInteraction,
  visit: Visit,
  tools: DoorTools,
): Promise<void> {
  if (data.type === ApplicationCommandType.Message) {
    const menu = menus.find((id) => english.say(`buttons.${id}`) === data.name);
    const message = data.resolved.messages[data.target_id];
    if (menu && message) return menuHandlers[menu](message, visit, tools);
  }
  const command = commandIds.get(data.name);
  if (data.type !== ApplicationCommandType.ChatInput || !command) {
    return visit.reply.say({ text: visit.words.say("ask.outdated") });
  }
  return commandHandlers[command](valuesOf(data.options), visit, tools);
}

/** By our own names, whatever a command of an earlier version had besides. */
function valuesOf(
  options: readonly APIApplicationCommandInteractionDataOption[] = [],
): OptionValues {
  const values = new Map<OptionId, string | number | boolean>();
  for (const option of options) {
    const id = optionIds.get(option.name);
    if (id && "value" in option) values.set(id, option.value);
  }
  return values;
}

async function suggest(
  options: readonly APIApplicationCommandInteractionDataOption<InteractionType.ApplicationCommandAutocomplete>[],
  { asker, reply }: Visit,
  tools: DoorTools,
): Promise<void> {
  const typed = options.find((option) => "focused" in option && option.focused);
  const text = typed?.type === ApplicationCommandOptionType.String ? typed.value : "";
  const suggestions =
    optionIds.get(typed?.name ?? "") === "code"
      ? await suggestCodes(text, asker, tools)
      : suggestModels(text, tools);
  await reply.suggest(suggestions);
}

// === Buttons and menus

async function respond(
  customId: string,
  values: Press["values"],
  { visit, tools }: { visit: Visit; tools: DoorTools },
): Promise<void> {
  const action = parseAction(customId);
  const handler = action && pressHandlers[action.action];
  if (handler) return handler({ action, values }, visit, tools);
  await visit.reply.say({ text: visit.words.say("ask.outdated") });
}
