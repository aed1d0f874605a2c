import { isDeepStrictEqual } from "node:util";
import { ApplicationCommandType } from "discord.js";
import { refusal } from "./errors.ts";
import type { Json } from "./payloads.ts";
import type { CommandForm } from "./schema-commands.ts";

/** Where commands are registered: everywhere, or in the server of that id. */
export type CommandScope = string;
export const GLOBAL: CommandScope = "global";

/** A command that people can use. */
export interface Command {
  readonly id: string;
  readonly scope: CommandScope;
  readonly type: ApplicationCommandType;
  /** Changes with what the command is. */
  readonly version: string;
  readonly form: CommandForm;
}

/** How many commands of a type a place may have. */
const LIMITS: Readonly<Record<number, number>> = {
  [ApplicationCommandType.ChatInput]: 100,
  [ApplicationCommandType.User]: 15,
  [ApplicationCommandType.Message]: 15,
};

/** The registered commands. */
export interface CommandStore {
  /** How often an app asked to change the commands of a place. */
  readonly registrations: { readonly scope: CommandScope; readonly method: string }[];
  list(scope: CommandScope): readonly Command[];
  find(scope: CommandScope, id: string): Command;
  /** Replaces all. */
  overwrite(scope: CommandScope, forms: readonly CommandForm[]): readonly Command[];
  /** Adds one, or replaces the one of that type and name. */
  put(
    scope: CommandScope,
    form: CommandForm,
  ): { readonly command: Command; readonly added: boolean };
  replace(command: Command, form: CommandForm): Command;
  remove(command: Command): void;
}

/** Keeps commands in memory. */
export function createCommandStore(nextId: () => string): CommandStore {
  const commands = new Map<string, Command>();
  const list = (scope: CommandScope) => [...commands.values()].filter((it) => it.scope === scope);

  function save(scope: CommandScope, form: CommandForm, before: Command | undefined): Command {
    const type = form.type ?? before?.type ?? ApplicationCommandType.ChatInput;
    const unchanged = before !== undefined && isDeepStrictEqual(before.form, form);
    const version = unchanged ? before.version : nextId();
    const command: Command = { id: before?.id ?? nextId(), scope, type, version, form };
    commands.set(command.id, command);
    return command;
  }

  function same(scope: CommandScope, { type, name }: CommandForm): Command | undefined {
    const wanted = type ?? ApplicationCommandType.ChatInput;
    return list(scope).find((command) => command.type === wanted && command.form.name === name);
  }

  return {
    registrations: [],
    list,
    find(scope, id) {
      const found = commands.get(id);
      if (found?.scope !== scope) throw refusal("unknown-command");
      return found;
    },
    overwrite(scope, forms) {
      checkCounts(forms);
      const before = forms.map((form) => same(scope, form));
      for (const command of list(scope)) commands.delete(command.id);
      return forms.map((form, index) => save(scope, form, before[index]));
    },
    put(scope, form) {
      const before = same(scope, form);
      if (!before) checkCounts([...list(scope).map((command) => command.form), form]);
      return { command: save(scope, form, before), added: before === undefined };
    },
    replace: (command, form) => save(command.scope, form, command),
    remove: (command) => {
      commands.delete(command.id);
    },
  };
}

function checkCounts(forms: readonly CommandForm[]): void {
  for (const [type, limit] of Object.entries(LIMITS)) {
    const count = forms.filter((form) => String(form.type ?? 1) === type).length;
    if (count > limit) throw refusal("too-many-commands");
  }
}

/** A command as the API tells of it; lists leave the translations out unless asked for them. */
export function commandPayload(
  { id, scope, type, version, form }: Command,
  applicationId: string,
  withLocalizations = true,
): Json {
  const { id: _id, ...fields } = form;
  const payload = {
    ...fields,
    id,
    application_id: applicationId,
    version,
    type,
    description: form.description ?? "",
    name_localizations: form.name_localizations ?? null,
    description_localizations: form.description_localizations ?? null,
    default_member_permissions: form.default_member_permissions ?? null,
    nsfw: form.nsfw ?? false,
    ...(scope === GLOBAL
      ? {
          dm_permission: form.dm_permission ?? true,
          contexts: form.contexts ?? null,
          integration_types: form.integration_types ?? [0],
        }
      : { guild_id: scope }),
  };
  return withLocalizations ? payload : withoutTranslations(payload);
}

function withoutTranslations<Value>(value: Value): Value {
  if (Array.isArray(value)) return value.map(withoutTranslations) as Value;
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => !key.endsWith("_localizations"));
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutTranslations(inner)])) as Value;
}
