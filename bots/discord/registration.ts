import { isDeepStrictEqual } from "node:util";
import { type REST, Routes } from "discord.js";
import { definitions } from "./definitions.ts";

export interface RegistrationOptions {
  readonly application: string;
  /** Registers to this server alone, where changes are seen at once. */
  readonly guild: string | undefined;
}

/** Tells Discord the commands, unless it knows exactly these. Answers whether it did. */
export async function registerCommands(
  rest: REST,
  { application, guild }: RegistrationOptions,
): Promise<boolean> {
  const route =
    guild === undefined
      ? Routes.applicationCommands(application)
      : Routes.applicationGuildCommands(application, guild);
  const wanted = definitions(guild === undefined ? "global" : "guild");
  const query = new URLSearchParams({ with_localizations: "true" });
  const known = await rest.get(route, { query });
  if (isDeepStrictEqual(byName(essence(known)), byName(essence(wanted)))) return false;
  await rest.put(route, { body: wanted });
  return true;
}

/** What a definition says, however Discord writes it down. */
const telling: ReadonlySet<string> = new Set([
  "type",
  "name",
  "name_localizations",
  "description",
  "description_localizations",
  "options",
  "required",
  "choices",
  "value",
  "min_value",
  "max_value",
  "max_length",
  "autocomplete",
  "contexts",
  "integration_types",
]);

/** Commands by their names, as Discord keeps them in an order of its own. */
function byName(commands: unknown): ReadonlyMap<unknown, unknown> {
  const list = Array.isArray(commands) ? (commands as readonly { name?: unknown }[]) : [];
  return new Map(list.map((command) => [command.name, command]));
}

/** Without the fields that Discord adds and those that say nothing. */
function essence(definition: unknown): unknown {
  if (Array.isArray(definition)) return definition.map(essence);
  if (typeof definition !== "object" || definition === null) return definition;
  const entries = Object.entries(definition).flatMap(([key, value]: [string, unknown]) => {
    const isEmpty = value == null || value === false || value === "";
    if (!telling.has(key) || isEmpty || (Array.isArray(value) && value.length === 0)) return [];
    return [[key, key.endsWith("_localizations") ? value : essence(value)] as const];
  });
  return Object.fromEntries(entries.toSorted(([a], [b]) => a.localeCompare(b)));
}
