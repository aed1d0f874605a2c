import { isDeepStrictEqual } from "node:util";
import { type REST, Routes } from "discord.js";
import { definitions } from "./definitions.ts";

/** Where commands are registered. */
export interface RegistrationOptions {
  readonly application: string;
  /** Registers for this server only, where changes take effect at once. */
  readonly guild: string | undefined;
  /** The most pictures that a model edits at once; 0 where none edits. */
  readonly sources: number;
}

/** Registers the commands unless Discord has exactly these. Resolves with whether it did. */
export async function registerCommands(
  rest: REST,
  { application, guild, sources }: RegistrationOptions,
): Promise<boolean> {
  const route =
    guild === undefined
      ? Routes.applicationCommands(application)
      : Routes.applicationGuildCommands(application, guild);
  const wanted = definitions(guild === undefined ? "global" : "guild", sources);
  const query = new URLSearchParams({ with_localizations: "true" });
  const known = await rest.get(route, { query });
  if (isDeepStrictEqual(byName(essence(known)), byName(essence(wanted)))) return false;
  await rest.put(route, { body: wanted });
  return true;
}

/** The fields that are compared; Discord adds others. */
const compared: ReadonlySet<string> = new Set([
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
  "file_types",
  "contexts",
  "integration_types",
]);

/** Commands by name: Discord returns them in its own order. */
function byName(commands: unknown): ReadonlyMap<unknown, unknown> {
  const list = Array.isArray(commands) ? (commands as readonly { name?: unknown }[]) : [];
  return new Map(list.map((command) => [command.name, command]));
}

/** A definition without the fields that Discord adds and without empty ones. */
function essence(definition: unknown): unknown {
  if (Array.isArray(definition)) return definition.map(essence);
  if (typeof definition !== "object" || definition === null) return definition;
  const entries = Object.entries(definition).flatMap(([key, value]: [string, unknown]) => {
    const isEmpty = value == null || value === false || value === "";
    if (!compared.has(key) || isEmpty || (Array.isArray(value) && value.length === 0)) return [];
    return [[key, key.endsWith("_localizations") ? value : essence(value)] as const];
  });
  return Object.fromEntries(entries.toSorted(([a], [b]) => a.localeCompare(b)));
}
