import {
  type APIApplicationCommandInteraction,
  type APIApplicationCommandInteractionDataOption,
  type APIInteraction,
  type APIModalSubmission,
  ApplicationCommandOptionType,
  ApplicationCommandType,
  InteractionType,
} from "discord-api-types/v10";
import { isImageError } from "../../core/errors.ts";
import { parseAction } from "../button-data.ts";
import { type CommandId, commands, type OptionId, type OptionValues } from "../commands.ts";
import { jobOf, paintAgain } from "../actions.ts";
import { describeError } from "../conversation.ts";
import { Refused } from "../refused.ts";
import { type Translator, translatorFor } from "../i18n.ts";
import { said } from "../screen.ts";
import { explanationScreen } from "../screens/job.ts";
import { press, runCommand } from "./answers.ts";
import type { DiscordApi } from "./api.ts";
import { Autocompletes } from "./autocompletes.ts";
import { submitEdit } from "./edit-pictures.ts";
import { consequenceOf, DiscordFailure, failureOf } from "./errors.ts";
import {
  type Access,
  type DoorTools,
  type Interaction,
  isAllowed,
  readInteraction,
} from "./interaction.ts";
import { drawWithPreset, menuHandlers, menus } from "./menus.ts";
import { placeIn } from "./place.ts";
import { namesIn, type Names, readable } from "./readable.ts";
import { type Reply, replyTo } from "./reply.ts";
import { changesIn, filledWith, readForm } from "./reword-form.ts";
import { type candidates, suggestions } from "./suggestions.ts";

/** What answering interactions needs. */
export interface DispatchOptions {
  readonly api: DiscordApi;
  readonly tools: DoorTools;
  readonly access: Access;
}

/**
 * Answers every interaction, and never rejects. The first answer waits for no network: a refusal is sent at once, and a
 * job is on disk before its interaction is acknowledged.
 */
export function interactionHandler({ api, tools, access }: DispatchOptions) {
  /** Ids of interactions being answered: a duplicate could otherwise be refused before the first one is a job. */
  const underWay = new Set<string>();

  async function answer(payload: APIInteraction): Promise<void> {
    const place = placeIn(payload);
    const reply = replyTo(place, api);
    let t = translatorFor("locale" in payload ? payload.locale : undefined);
    try {
      const interaction = await readInteraction(payload, reply, tools);
      ({ t } = interaction);
      if (isAllowed(place, access)) await handle(payload, interaction);
      else await refuse(payload, interaction);
    } catch (error) {
      await explain(error, reply, { tools, t });
    }
  }

  async function answerSafely(payload: APIInteraction): Promise<void> {
    underWay.add(payload.id);
    try {
      await answer(payload);
    } catch (error) {
      tools.log.error({ error }, "an interaction cannot be read");
    } finally {
      underWay.delete(payload.id);
    }
  }

  const autocompletes = new Autocompletes(answerSafely);
  return async (payload: APIInteraction): Promise<void> => {
    if (payload.type === InteractionType.Ping || underWay.has(payload.id)) return;
    autocompletes.arrived(payload.id);
    const suggests = payload.type === InteractionType.ApplicationCommandAutocomplete;
    await (suggests ? autocompletes.add(payload) : answerSafely(payload));
  };
}

async function refuse(payload: APIInteraction, { reply, t }: Interaction): Promise<void> {
  const suggests = payload.type === InteractionType.ApplicationCommandAutocomplete;
  await (suggests ? reply.suggest([]) : reply.say(said(t("ask.notAllowed"))));
}

/** Tells the person what went wrong, if Discord still takes an answer. */
export async function explain(
  error: unknown,
  reply: Reply,
  { tools, t }: { tools: DoorTools; t: Translator },
): Promise<void> {
  const expected = error instanceof Refused || (isImageError(error) && error.code !== "internal");
  if (error instanceof DiscordFailure) {
    tools.log.warn({ reason: error.message }, "an answer did not reach Discord");
    if (!reply.started && consequenceOf(error) === "closed") return;
  } else if (!expected) tools.log.error({ error }, "a bug in answering an interaction");
  const screen = explanationScreen(describeError(error, t, tools.now()));
  const told = reply.started ? reply.show(screen) : reply.say(screen);
  await told.catch((failure: unknown) =>
    tools.log.warn({ reason: failureOf(failure).message }, "a failure could not be explained"),
  );
}

async function handle(payload: APIInteraction, interaction: Interaction): Promise<void> {
  switch (payload.type) {
    case InteractionType.ApplicationCommand:
      return readCommand(payload, interaction);
    case InteractionType.ApplicationCommandAutocomplete:
      return suggest(payload.data.options, interaction);
    case InteractionType.MessageComponent: {
      const { data } = payload;
      const values = "values" in data ? data.values : [];
      return handlePress(data.custom_id, values, interaction);
    }
    case InteractionType.ModalSubmit:
      return handleForm(payload.data, interaction);
    case InteractionType.Ping:
      return;
  }
}

// === Commands

const english = translatorFor();
const commandIds: ReadonlyMap<string, CommandId> = new Map(
  commands.map(({ id }) => [english(`commands.${id}.name`), id]),
);
const optionIds: ReadonlyMap<string, OptionId> = new Map(
  commands.flatMap(({ options, verbs = [] }) =>
    [...options, ...verbs.flatMap((verb) => verb.options)].map(
      ({ id }) => [english(`options.${id}.name`), id] as const,
    ),
  ),
);

async function readCommand(
  { data }: APIApplicationCommandInteraction,
  interaction: Interaction,
): Promise<void> {
  if (data.type === ApplicationCommandType.Message) {
    const menu = menus.find((id) => english(`buttons.${id}`) === data.name);
    const message = data.resolved.messages[data.target_id];
    if (menu && message) return menuHandlers[menu](message, interaction);
    if (message && (await drawWithPreset(data.name, message, interaction))) return;
  }
  const command = commandIds.get(data.name);
  if (data.type !== ApplicationCommandType.ChatInput || !command) {
    return interaction.reply.say(said(interaction.t("ask.outdated")));
  }
  const names = namesIn(data.resolved);
  const values = valuesOf(data.options, names);
  await runCommand(command, values, interaction);
  // The answer comes first: what Discord has of the server's presets can wait.
  if (command === "presets" && values.get("scope") === "place")
    await interaction.tools.refreshMenus(interaction.place);
}

/** The options by our own names; options of earlier versions that no longer exist are dropped. */
function valuesOf(
  options: readonly APIApplicationCommandInteractionDataOption[] = [],
  names: Names,
): OptionValues {
  const [verb] = options;
  if (verb?.type === ApplicationCommandOptionType.Subcommand) {
    return new Map([["verb", verb.name], ...valuesOf(verb.options, names)]);
  }
  const values = new Map<OptionId, string | number | boolean>();
  for (const option of options) {
    const id = optionIds.get(option.name);
    if (!id || !("value" in option)) continue;
    const { value } = option;
    values.set(id, typeof value === "string" ? readable(value, names) : value);
  }
  return values;
}

async function suggest(
  options: readonly APIApplicationCommandInteractionDataOption<InteractionType.ApplicationCommandAutocomplete>[],
  interaction: Interaction,
): Promise<void> {
  const all = options.flatMap((option) =>
    option.type === ApplicationCommandOptionType.Subcommand ? (option.options ?? []) : [option],
  );
  const typed = all.find((option) => "focused" in option && option.focused);
  const text = typed?.type === ApplicationCommandOptionType.String ? typed.value : "";
  const of = suggested[optionIds.get(typed?.name ?? "") ?? "model"] ?? "models";
  await interaction.reply.suggest(await suggestions(of, text, interaction));
}

/** What is suggested for an option; models for any other. */
const suggested: Partial<Record<OptionId, keyof typeof candidates>> = {
  code: "codes",
  preset: "presets",
  name: "presets",
};

// === Buttons, menus and forms

async function handlePress(
  customId: string,
  values: readonly string[],
  interaction: Interaction,
): Promise<void> {
  const action = parseAction(customId);
  if (action) return press(action, values, interaction);
  await interaction.reply.say(said(interaction.t("ask.outdated")));
}

async function handleForm(form: APIModalSubmission, interaction: Interaction): Promise<void> {
  const action = parseAction(form.custom_id);
  if (action?.action === "edit") return submitEdit(action, form, interaction);
  const { tools } = interaction;
  const { picture } = action ?? {};
  const job = await jobOf(action ?? {}, interaction, tools);
  const changes = changesIn(readForm(form), filledWith(job, picture), picture);
  await paintAgain(job, changes, interaction, tools);
}
