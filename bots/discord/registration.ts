import type { Definition } from "./definitions.ts";
import type { Rest } from "./rest.ts";

/** Where commands are registered. */
export interface RegistrationOptions {
  readonly application: string;
  /** The server; undefined for everywhere. */
  readonly guild: string | undefined;
}

/** Registers these commands, and no others, unless Discord has exactly these. Resolves with whether it did. */
export async function registerCommands(
  rest: Rest,
  { application, guild }: RegistrationOptions,
  wanted: readonly Definition[],
): Promise<boolean> {
  const place = guild === undefined ? "" : `/guilds/${guild}`;
  const route = `/applications/${application}${place}/commands` as const;
  const known = await rest({ method: "GET", route, query: { with_localizations: "true" } });
  if (summary(known) === summary(wanted)) return false;
  await rest({ method: "PUT", route, body: wanted });
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

/** The same for the same commands, in whatever order: Discord returns them in its own. */
function summary(commands: unknown): string {
  const list = Array.isArray(commands) ? commands.map((one) => JSON.stringify(essence(one))) : [];
  return list.toSorted().join("\n");
}

/** A definition without the fields that Discord adds and without empty ones; `whole`: with every field. */
function essence(definition: unknown, whole = false): unknown {
  if (Array.isArray(definition)) return definition.map((one) => essence(one));
  if (typeof definition !== "object" || definition === null) return definition;
  const entries = Object.entries(definition).flatMap(([key, value]: [string, unknown]) => {
    const isEmpty = value == null || value === false || value === "";
    const isCompared = whole || compared.has(key);
    if (!isCompared || isEmpty || (Array.isArray(value) && value.length === 0)) return [];
    return [[key, essence(value, key.endsWith("_localizations"))] as const];
  });
  return Object.fromEntries(entries.toSorted(([a], [b]) => a.localeCompare(b)));
}
